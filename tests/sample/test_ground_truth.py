"""Tests that compare the truth with the releases as ocdsmerge merges them."""

import json
from collections import Counter

import ocdsmerge
import pytest

from threepoint.sample.vocabulary import RATING_CODES


@pytest.fixture(scope="module")
def merged(processes):
    """Return truth, compiled release and releases of 400 processes. Without rules, lists with ids are merged by id."""
    merger = ocdsmerge.Merger(merge_rules={})
    merged_processes = []
    for process in processes[:400]:
        releases = [json.loads(release) for release in process.releases]
        merged_processes.append((process.truth, merger.create_compiled_release(releases), releases))
    return merged_processes


def list_contracts(merged):
    """Yield for each contract the process truth, contract truth, merged contract and releases."""
    for truth, compiled, releases in merged:
        published = {contract["id"]: contract for contract in compiled.get("contracts", ())}
        assert len(published) == len(truth["contracts"])
        for contract_truth in truth["contracts"]:
            ocid, _, local = contract_truth["id"].partition("/contracts/")
            assert ocid == truth["ocid"]
            yield truth, contract_truth, published[local], releases


def find_open_fields(truth, kind):
    """Return the fields of this kind (withheld, missing, wrong) that no later notice corrects."""
    return {
        entry["field"] for entry in truth[kind] if entry.get("corrected_by") is None and entry.get("given_by") is None
    }


def test_last_value_equals_the_merged_value(merged):
    agreed_count = 0
    for truth, contract_truth, contract, _ in list_contracts(merged):
        field = f"contracts/{contract['id']}/value"
        wrong = {entry["field"]: entry["published"] for entry in truth["wrong"] if entry["corrected_by"] is None}
        if field in find_open_fields(truth, "withheld") | find_open_fields(truth, "missing"):
            assert "value" not in contract
        elif f"{field}/amount" in wrong:
            assert contract["value"]["amount"] == wrong[f"{field}/amount"] != contract_truth["last_value"]
        else:
            assert contract["value"]["amount"] == contract_truth["last_value"]
            agreed_count += 1
    assert agreed_count > 300


def test_last_end_equals_the_merged_end(merged):
    agreed_count = 0
    for truth, contract_truth, contract, _ in list_contracts(merged):
        field = f"contracts/{contract['id']}/period/endDate"
        if field in find_open_fields(truth, "missing"):
            assert "endDate" not in contract["period"]
        elif field in find_open_fields(truth, "wrong"):
            assert contract["period"]["endDate"][:10] != contract_truth["last_end"]
        else:
            assert contract["period"]["endDate"][:10] == contract_truth["last_end"]
            agreed_count += 1
    assert agreed_count > 300


def find_first_contract(releases, local):
    contracts = (contract for release in releases for contract in release.get("contracts", ()))
    return next(contract for contract in contracts if contract["id"] == local)


def test_first_value_equals_the_value_in_the_first_notice(merged):
    agreed_count = 0
    for truth, contract_truth, contract, releases in list_contracts(merged):
        flawed_fields = {entry["field"] for kind in ("withheld", "missing", "wrong") for entry in truth[kind]}
        if not any(field.startswith(f"contracts/{contract['id']}/value") for field in flawed_fields):
            assert find_first_contract(releases, contract["id"])["value"]["amount"] == contract_truth["first_value"]
            agreed_count += 1
    assert agreed_count > 300


def test_changes_lead_from_first_to_last_value_and_end(merged):
    changed_contracts = [
        contract_truth for _, contract_truth, _, _ in list_contracts(merged) if contract_truth["changes"]
    ]
    assert len(changed_contracts) > 80
    for contract_truth in changed_contracts:
        changes = contract_truth["changes"]
        assert (changes[0]["old_value"], changes[0]["old_end"]) == (
            contract_truth["first_value"],
            contract_truth["first_end"],
        )
        assert (changes[-1]["new_value"], changes[-1]["new_end"]) == (
            contract_truth["last_value"],
            contract_truth["last_end"],
        )


def test_ratings_equal_the_published_ratings(merged):
    for _, contract_truth, contract, _ in list_contracts(merged):
        metrics = contract.get("implementation", {}).get("metrics", [])
        observations = [observation for metric in metrics for observation in metric["observations"]]
        counts = Counter(observation["measureClassification"]["id"] for observation in observations)
        assert {rating: counts[rating] for rating in RATING_CODES} == contract_truth["ratings"]


def test_payments_failures_and_milestones_equal_the_published_ones(merged):
    for _, contract_truth, contract, _ in list_contracts(merged):
        implementation = contract.get("implementation", {})
        amounts = [transaction["value"]["amount"] for transaction in implementation.get("transactions", ())]
        dates_met = [milestone.get("dateMet", "")[:10] for milestone in implementation.get("milestones", ())]
        assert (len(amounts), pytest.approx(sum(amounts))) == (contract_truth["payments"], contract_truth["paid"])
        assert len(implementation.get("performanceFailures", ())) == contract_truth["failures"]
        assert not dates_met or [date or None for date in dates_met] == [
            each["met"] for each in contract_truth["milestones"]
        ]


def test_ended_contract_has_end_date_and_final_value(merged):
    ended_count = 0
    for truth, contract_truth, contract, _ in list_contracts(merged):
        implementation = contract.get("implementation", {})
        assert (contract["status"] == "terminated") == (contract_truth["ended"] is not None)
        if contract_truth["ended"]:
            ended_count += 1
            withheld = f"contracts/{contract['id']}/implementation/finalValue" in find_open_fields(truth, "withheld")
            assert implementation["endDate"][:10] == contract_truth["ended"]
            assert implementation.get("finalValue", {}).get("amount") == (
                None if withheld else contract_truth["final_value"]
            )
    assert ended_count > 50


def test_withheld_fields_are_not_published(merged):
    withheld_count = 0
    for truth, compiled, _ in merged:
        withheld_fields = {entry["field"] for entry in compiled.get("withheldInformation", ())}
        assert withheld_fields == find_open_fields(truth, "withheld")
        for section, local, *path in (field.split("/") for field in withheld_fields):
            if path == ["suppliers"]:
                continue  # published, as a supplier without a name
            withheld_count += 1
            value = next(entry for entry in compiled[section] if entry["id"] == local)
            for key in path:
                value = value.get(key, {})
            assert value == {}
    assert withheld_count > 20


def test_withheld_suppliers_are_not_published(processes):
    withheld_count = 0
    for process in processes:
        fields = {entry["field"] for entry in process.truth["withheld"] if entry["field"].endswith("/suppliers")}
        withheld = [award for award in process.truth["awards"] if f"awards/{award['id']}/suppliers" in fields]
        published = [award for award in process.truth["awards"] if award not in withheld]
        published_ppons = {supplier["ppon"] for award in published for supplier in award["suppliers"]}
        text = b"".join(process.releases).decode()
        for supplier in (supplier for award in withheld for supplier in award["suppliers"]):
            withheld_count += 1
            identifiers = {supplier["ppon"], supplier["name"], supplier["company_number"]}
            assert supplier["ppon"] in published_ppons or not identifiers & set(text.split('"'))
    assert withheld_count > 3


def test_republished_award_has_the_same_supplier_and_date(merged):
    pair_count = 0
    for truth, compiled, _ in merged:
        published = {award["id"]: award for award in compiled.get("awards", ())}
        for award_truth in truth["awards"]:
            if award_truth["superseded_by"]:
                pair_count += 1
                old, new = published[award_truth["id"]], published[award_truth["superseded_by"]]
                assert {s["id"] for s in old["suppliers"]} & {s["id"] for s in new["suppliers"]}
                assert old["date"] == new["date"]
    assert pair_count > 5


def test_bids_are_true_unless_recorded_as_wrong(merged):
    for truth, compiled, _ in merged:
        statistics = compiled.get("bids", {}).get("statistics", ())
        published = {(s["relatedLot"], s["value"]) for s in statistics if s["measure"] == "bids"}
        wrong = {(w["field"].split("/")[-1], w["published"]) for w in truth["wrong"] if w["field"].startswith("bids")}
        assert published - wrong <= set(truth["bids"].items())
        assert wrong <= published


def test_call_off_names_its_framework_and_buys_from_its_suppliers(processes):
    by_ocid = {process.ocid: process.truth for process in processes}
    call_offs = [truth for truth in by_ocid.values() if truth["route"] == "call_off"]
    assert len(call_offs) > 100
    for truth in call_offs:
        framework = by_ocid[truth["framework_ocid"]]
        assert framework["route"] == "framework"
        framework_suppliers = {supplier["id"] for award in framework["awards"] for supplier in award["suppliers"]}
        call_off_suppliers = {supplier["id"] for contract in truth["contracts"] for supplier in contract["suppliers"]}
        assert not framework_suppliers or call_off_suppliers <= framework_suppliers


FLAWS = """
    wrong contracts/*/value/amount, wrong contracts/*/period/endDate, wrong awards/*/value/amount, wrong tender/value/amount,
    wrong bids/*/bids/1, missing contracts/*/value, missing contracts/*/period/endDate, missing contracts/*/dateSigned,
    missing tender/value, withheld contracts/*/value, withheld awards/*/value, withheld awards/*/suppliers,
    withheld contracts/*/implementation/finalValue
"""


def test_every_kind_of_flaw_is_planted(processes):
    planted = set()
    for process in processes:
        for kind in ("wrong", "missing", "withheld"):
            for entry in process.truth[kind]:
                section, *path = entry["field"].split("/")
                planted.add(f"{kind} " + "/".join([section, *(["*", *path[1:]] if section != "tender" else path)]))
    assert {flaw.strip() for flaw in FLAWS.split(",")} - planted == set()
