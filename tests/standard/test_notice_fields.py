"""What the national forms call a field: every fact that a publisher can fill is there, and nothing else."""

from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.notice_fields import DUTY_BY_NOTICE_TYPE, NOTICE_FIELD_BY_CODE
from threepoint.standard.sdes import SDES_TABLES

OF_NOTICES = ("contracting_process", "award", "contract")


def test_every_core_and_important_field_that_a_notice_fills_has_its_place():
    judged = {(name, field.name): field for name in OF_NOTICES for field in SDES_TABLES[name].judged}
    ours = {key for key, field in judged.items() if field.source == "ours"}
    first = {key for key in judged if key[1].endswith("_first")}  # what was left out at first cannot be put in later
    references = {("contract", "ocid"), ("contract", "award_id"), ("award", "ocid")}  # told by where it stands
    derived = {("contracting_process", "is_framework"), ("contract", "is_call_off")}  # yes or no, never missing
    assert {
        (place.table, place.name) for place in NOTICE_FIELD_BY_CODE.values()
    } == judged.keys() - ours - first - references - derived


def test_every_place_names_a_notice_that_there_is():
    assert {place.notice for place in NOTICE_FIELD_BY_CODE.values()} - {""} <= NOTICE_TYPES.keys()
    assert DUTY_BY_NOTICE_TYPE.keys() <= NOTICE_TYPES.keys()


def test_a_field_is_named_by_form_path_and_duty():
    place = NOTICE_FIELD_BY_CODE["contract.value_final"]
    assert (place.form, place.path, place.notice_words) == (
        "", "contracts/implementation/finalValue", "UK11 (Contract termination notice)",
    )  # fmt: skip
    assert place.duty.startswith("section 80 of the Procurement Act 2023")
    assert NOTICE_FIELD_BY_CODE["contract.status"].duty == ""
