"""The truth, held against the releases as another program merges them."""

import json
from collections import Counter

import ocdsmerge
import pytest

from threepoint.sample.vocabulary import RATING_CODES


@pytest.fixture(scope="module")
def merged(processes):
    """Some hundred processes: truth, compiled release, releases. No rules: every list with ids is merged by id."""
    merger = ocdsmerge.Merger(merge_rules={})
    found = []
    for process in processes[:400]:
        releases = [json.loads(release) for release in process.releases]
        found.append((process.truth, merger.create_compiled_release(releases), releases))
    return found


def list_contracts(merged):
    """Every contract: the truth of its process, its own, as merged, and the releases."""
    for truth, compiled, releases in merged:
        published = {contract["id"]: contract for contract in compiled.get("contracts", ())}
        assert len(published) == len(truth["contracts"])
        for told in truth["contracts"]:
            ocid, _, local = told["id"].partition("/contracts/")
            assert ocid == truth["ocid"]
            yield truth, told, published[local], releases


def find_open_fields(truth, kind):
    """The fields of this kind (withheld, missing, wrong) that no later notice put right."""
    return {
        entry["field"] for entry in truth[kind] if entry.get("corrected_by") is None and entry.get("given_by") is None
    }


def test_the_last_value_is_what_merging_finds(merged):
    agreed = 0
    for truth, told, contract, _ in list_contracts(merged):
        field = f"contracts/{contract['id']}/value"
        wrong = {entry["field"]: entry["published"] for entry in truth["wrong"] if entry["corrected_by"] is None}
        if field in find_open_fields(truth, "withheld") | find_open_fields(truth, "missing"):
            assert "value" not in contract
        elif f"{field}/amount" in wrong:
            assert contract["value"]["amount"] == wrong[f"{field}/amount"] != told["last_value"]
        else:
            assert contract["value"]["amount"] == told["last_value"]
            agreed += 1
    assert agreed > 300


def test_the_last_end_is_what_merging_finds(merged):
    agreed = 0
    for truth, told, contract, _ in list_contracts(merged):
        field = f"contracts/{contract['id']}/period/endDate"
        if field in find_open_fields(truth, "missing"):
            assert "endDate" not in contract["period"]
        elif field in find_open_fields(truth, "wrong"):
            assert contract["period"]["endDate"][:10] != told["last_end"]
        else:
            assert contract["period"]["endDate"][:10] == told["last_end"]
            agreed += 1
    assert agreed > 300


def find_first(releases, local):
    return next(c for release in releases for c in release.get("contracts", ()) if c["id"] == local)


def test_the_first_value_is_in_the_first_notice_that_has_the_contract(merged):
    agreed = 0
    for truth, told, contract, releases in list_contracts(merged):
        spoilt = {entry["field"] for kind in ("withheld", "missing", "wrong") for entry in truth[kind]}
        if not any(field.startswith(f"contracts/{contract['id']}/value") for field in spoilt):
            assert find_first(releases, contract["id"])["value"]["amount"] == told["first_value"]
            agreed += 1
    assert agreed > 300


def test_changes_lead_from_the_first_value_and_end_to_the_last(merged):
    changed = [told for _, told, _, _ in list_contracts(merged) if told["changes"]]
    assert len(changed) > 80
    for told in changed:
        steps = told["changes"]
        assert (steps[0]["old_value"], steps[0]["old_end"]) == (told["first_value"], told["first_end"])
        assert (steps[-1]["new_value"], steps[-1]["new_end"]) == (told["last_value"], told["last_end"])


def test_ratings_are_counted(merged):
    for _, told, contract, _ in list_contracts(merged):
        metrics = contract.get("implementation", {}).get("metrics", [])
        found = Counter(one["measureClassification"]["id"] for metric in metrics for one in metric["observations"])
        assert {rating: found[rating] for rating in RATING_CODES} == told["ratings"]


def test_payments_failures_and_milestones_are_counted(merged):
    for _, told, contract, _ in list_contracts(merged):
        running = contract.get("implementation", {})
        amounts = [transaction["value"]["amount"] for transaction in running.get("transactions", ())]
        met = [milestone.get("dateMet", "")[:10] for milestone in running.get("milestones", ())]
        assert (len(amounts), pytest.approx(sum(amounts))) == (told["payments"], told["paid"])
        assert len(running.get("performanceFailures", ())) == told["failures"]
        assert not met or [date or None for date in met] == [one["met"] for one in told["milestones"]]


def test_an_ended_contract_says_when_and_for_how_much(merged):
    ended = 0
    for truth, told, contract, _ in list_contracts(merged):
        running = contract.get("implementation", {})
        assert (contract["status"] == "terminated") == (told["ended"] is not None)
        if told["ended"]:
            ended += 1
            hidden = f"contracts/{contract['id']}/implementation/finalValue" in find_open_fields(truth, "withheld")
            assert running["endDate"][:10] == told["ended"]
            assert running.get("finalValue", {}).get("amount") == (None if hidden else told["final_value"])
    assert ended > 50


def test_nothing_withheld_is_published(merged):
    hidden = 0
    for truth, compiled, _ in merged:
        named = {entry["field"] for entry in compiled.get("withheldInformation", ())}
        assert named == find_open_fields(truth, "withheld")
        for section, local, *path in (field.split("/") for field in named):
            if path == ["suppliers"]:
                continue  # published, as a supplier without a name
            hidden += 1
            thing = next(one for one in compiled[section] if one["id"] == local)
            for word in path:
                thing = thing.get(word, {})
            assert thing == {}
    assert hidden > 20


def test_a_secret_supplier_is_named_nowhere(processes):
    secrets = 0
    for process in processes:
        fields = {entry["field"] for entry in process.truth["withheld"] if entry["field"].endswith("/suppliers")}
        secret = [award for award in process.truth["awards"] if f"awards/{award['id']}/suppliers" in fields]
        told = [award for award in process.truth["awards"] if award not in secret]
        named = {supplier["ppon"] for award in told for supplier in award["suppliers"]}
        text = b"".join(process.releases).decode()
        for supplier in (supplier for award in secret for supplier in award["suppliers"]):
            secrets += 1
            signs = {supplier["ppon"], supplier["name"], supplier["company_number"]}
            assert supplier["ppon"] in named or not signs & set(text.split('"'))
    assert secrets > 3


def test_an_award_published_twice_has_the_same_supplier_and_date_under_both_ids(merged):
    pairs = 0
    for truth, compiled, _ in merged:
        published = {award["id"]: award for award in compiled.get("awards", ())}
        for told in truth["awards"]:
            if told["superseded_by"]:
                pairs += 1
                old, new = published[told["id"]], published[told["superseded_by"]]
                assert {s["id"] for s in old["suppliers"]} & {s["id"] for s in new["suppliers"]}
                assert old["date"] == new["date"]
    assert pairs > 5


def test_bids_are_true_unless_said_to_be_wrong(merged):
    for truth, compiled, _ in merged:
        statistics = compiled.get("bids", {}).get("statistics", ())
        found = {(s["relatedLot"], s["value"]) for s in statistics if s["measure"] == "bids"}
        wrong = {(w["field"].split("/")[-1], w["published"]) for w in truth["wrong"] if w["field"].startswith("bids")}
        assert found - wrong <= set(truth["bids"].items())
        assert wrong <= found


def test_a_call_off_names_its_framework_and_buys_from_its_suppliers(processes):
    by_ocid = {process.ocid: process.truth for process in processes}
    call_offs = [truth for truth in by_ocid.values() if truth["route"] == "call_off"]
    assert len(call_offs) > 100
    for truth in call_offs:
        framework = by_ocid[truth["framework_ocid"]]
        assert framework["route"] == "framework"
        offered = {supplier["id"] for award in framework["awards"] for supplier in award["suppliers"]}
        bought = {supplier["id"] for contract in truth["contracts"] for supplier in contract["suppliers"]}
        assert not offered or bought <= offered


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
