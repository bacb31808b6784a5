"""NOTICE_FIELD_BY_CODE has every field that a publisher can fill in a notice, and no other."""

from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.notice_fields import DUTY_BY_NOTICE_TYPE, NOTICE_FIELD_BY_CODE
from threepoint.standard.sdes import SDES_TABLES

NOTICE_TABLES = ("contracting_process", "award", "contract")


def test_notice_fields_are_the_judged_fields_that_notices_fill():
    judged = {(name, field.name): field for name in NOTICE_TABLES for field in SDES_TABLES[name].judged}
    calculated = {key for key, field in judged.items() if field.source == "ours"}
    first = {key for key in judged if key[1].endswith("_first")}  # a publisher cannot add these later
    references = {("contract", "ocid"), ("contract", "award_id"), ("award", "ocid")}  # known from the position in OCDS
    derived = {("contracting_process", "is_framework"), ("contract", "is_call_off")}  # yes or no, never missing
    fields = {(field.table, field.name) for field in NOTICE_FIELD_BY_CODE.values()}
    assert fields == judged.keys() - calculated - first - references - derived


def test_notice_fields_and_duties_name_known_notices():
    assert {field.notice for field in NOTICE_FIELD_BY_CODE.values()} - {""} <= NOTICE_TYPES.keys()
    assert DUTY_BY_NOTICE_TYPE.keys() <= NOTICE_TYPES.keys()


def test_notice_field_has_form_path_and_duty():
    field = NOTICE_FIELD_BY_CODE["contract.value_final"]
    assert (field.form, field.path, field.notice_words) == (
        "", "contracts/implementation/finalValue", "UK11 (Contract termination notice)",
    )  # fmt: skip
    assert field.duty.startswith("section 80 of the Procurement Act 2023")
    assert NOTICE_FIELD_BY_CODE["contract.status"].duty == ""
