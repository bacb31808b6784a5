"""The releases as publications: labelled, shaped as Find a Tender's, whole across the world, valid against OCDS."""

import json
import re
from datetime import datetime

import jsonschema_rs
import pytest

from tests.publish.patched_schemas import read_release_schema
from threepoint.sample.vocabulary import SYNTHETIC_LABEL


@pytest.fixture(scope="module")
def releases(processes):
    return [json.loads(release) for process in processes for release in process.releases]


def walk(thing, path=""):
    """Every value in a release with its path, without places in lists."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            here = f"{path}/{key}" if path else key
            yield here, value
            yield from walk(value, here)
    elif isinstance(thing, list):
        for value in thing:
            yield from walk(value, path)


NAMED = {
    "parties/name", "parties/identifier/legalName", "buyer/name", "awards/suppliers/name", "tender/title",
    "contracts/title", "planning/budget/project", "contracts/implementation/transactions/payee/name",
    "contracts/implementation/transactions/payer/name", "bids/details/tenderers/name",
    "contracts/implementation/performanceFailures/suppliers/name",
}  # fmt: skip


def test_every_name_and_title_says_that_it_is_synthetic(releases):
    found = set()
    for release in releases:
        for path, value in walk(release):
            if path in NAMED:
                found.add(path)
                assert value.endswith(SYNTHETIC_LABEL)
    assert found == NAMED


def test_every_name_in_the_truth_says_so_too(processes):
    names = [value for process in processes for path, value in walk(process.truth) if path.endswith("name")]
    assert len(names) > 1000
    assert [name for name in names if not name.endswith(SYNTHETIC_LABEL)] == []


IDS = {
    "GB-COH": re.compile(r"99\d{6}|OC0?99\d{3}"), "GB-PPON": re.compile(r"SYNT-\d{4}-[A-Z]{4}"),
    "GB-FTS": re.compile(r"\d{1,4}"),
}  # fmt: skip


def test_no_identifier_can_be_a_real_one(releases):
    seen = set()
    for release in releases:
        for party in release["parties"]:
            scheme, number = party["id"][:7].rstrip("-"), party["id"].removeprefix("GB-").partition("-")[2]
            seen.add(scheme)
            assert IDS[scheme].fullmatch(number)
            for identifier in (party.get("identifier", {}), *party.get("additionalIdentifiers", ())):
                if "scheme" in identifier:
                    assert IDS[identifier["scheme"]].fullmatch(identifier["id"])
    assert seen == set(IDS)


def test_party_ids_are_unique_within_a_release_and_everyone_is_introduced(releases):
    for release in releases:
        ids = [party["id"] for party in release["parties"]]
        assert len(set(ids)) == len(ids)
        suppliers = [supplier["id"] for award in release.get("awards", ()) for supplier in award["suppliers"]]
        assert {release["buyer"]["id"], *suppliers} <= set(ids)


def test_one_organisation_goes_by_several_ids_and_names(processes):
    """The first buyer buys often enough to see it."""
    mine = [process for process in processes if process.truth["buyer"]["id"] == "buyer-00000"]
    shown = [json.loads(release)["buyer"] for process in mine for release in process.releases]
    assert len({buyer["id"] for buyer in shown}) > 3
    assert len({buyer["name"] for buyer in shown}) > 3


def test_addresses_lead_nowhere_and_are_there_to_be_dropped(processes):
    text = "\n".join(release.decode() for process in processes for release in process.releases)
    hosts = set(re.findall(r"https?://([^/\"]+)", text)) | set(re.findall(r"@([\w.]+\w)", text))
    assert {host for host in hosts if not host.endswith("example.invalid")} == {"www.legislation.gov.uk"}
    assert "Questions to procurement.desk@example.invalid" in text
    assert set(re.findall(r'"telephone":"(\d{5} \d{3})', text)) == {"01632 960"}


WHERE = {
    "UK1": ("planning", "plannedProcurementNotice"), "UK2": ("planning", "marketEngagementNotice"),
    "UK3": ("planning", "plannedProcurementNotice"), "UK4": ("tender", "tenderNotice"),
    "UK5": ("awards", "awardNotice"), "UK6": ("awards", "awardNotice"), "UK7": ("contracts", "contractNotice"),
    "UK8": ("contracts", "implementationNotice"), "UK9": ("contracts", "implementationNotice"),
    "UK10": ("contracts", "contractNotice"), "UK11": ("contracts", "contractTerminationNotice"),
    "UK12": ("tender", "tenderCancellationNotice"),
}  # fmt: skip


def test_every_notice_type_stands_where_find_a_tender_puts_it(releases):
    found = {}
    for release in releases:
        for path, document in walk(release):
            for one in document if path.endswith("documents") else ():
                if "noticeType" in one:
                    assert one["id"] == release["id"]
                    found.setdefault(one["noticeType"], set()).add((path.split("/")[0], one["documentType"]))
    assert found == {kind: {place} for kind, place in WHERE.items()}


SECTIONS = """
    planning/budget/amount/amount planning/budget/project planning/budget/projectID planning/milestones/dueDate
    planning/noEngagementNoticeRationale tender/value/amount tender/value/amountGross tender/lots/value/amount
    tender/lots/awardCriteria/criteria tender/lots/contractPeriod/endDate tender/items/additionalClassifications/id
    tender/classification/id tender/aboveThreshold tender/procurementMethod tender/procurementMethodDetails
    tender/procurementMethodRationale tender/techniques/hasFrameworkAgreement
    tender/techniques/frameworkAgreement/value/amount tender/amendments/id tender/finalStatusDate
    bids/statistics/value bids/details/value/amount awards/value/amount awards/standstillPeriod/endDate
    awards/assessmentSummariesDateSent awards/milestones/dueDate awards/suppliers/id awards/items/id
    contracts/awardID contracts/value/amountGross contracts/period/endDate contracts/period/maxExtentDate
    contracts/dateSigned contracts/agreedMetrics/observations/measure contracts/noAgreedMetricsRationale
    contracts/milestones/dueDate contracts/amendments/rationaleClassifications/id contracts/amendments/value/amount
    contracts/amendments/period/endDate contracts/terminationRationaleClassifications/id
    contracts/implementation/transactions/value/amount contracts/implementation/transactions/payee/id
    contracts/implementation/metrics/observations/measureClassification/id
    contracts/implementation/metrics/observations/measure contracts/implementation/metrics/observations/unit/name
    contracts/implementation/metrics/observations/period/endDate contracts/implementation/milestones/dateMet
    contracts/implementation/performanceFailures/penaltyValue/amount contracts/implementation/endDate
    contracts/implementation/finalValue/amount relatedProcesses/identifier withheldInformation/field
    withheldInformation/rationaleClassifications/id parties/contactPoint/email parties/details/scale
    parties/details/vcse parties/details/classifications/id parties/additionalIdentifiers/id buyerID
"""


def test_every_section_is_filled_somewhere(releases):
    found = {path for release in releases for path, _ in walk(release)}
    assert set(SECTIONS.split()) - found == set()


@pytest.fixture(scope="module")
def ocds(shared):
    """The core release schema, with the extensions that Find a Tender's notices use."""
    # The performance failures extension defines the one name and refers to the other.
    text = json.dumps(read_release_schema(shared / "data" / "ocds"))
    text = text.replace("definitions/PerformanceFailures", "definitions/PerformanceFailure")
    return jsonschema_rs.Draft4Validator(json.loads(text), validate_formats=True)


def is_date(text):
    """An end before its start is a date, and the schema cannot tell that it is wrong."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def test_only_what_was_planted_breaks_the_schema(ocds, releases, processes):
    planted = {
        (entry["release"], entry["published"])
        for process in processes
        for entry in process.truth["wrong"]
        if isinstance(entry["published"], str) and not is_date(entry["published"])
    }
    assert len(planted) > 5
    errors = {(release["id"], error.instance) for release in releases for error in ocds.iter_errors(release)}
    assert errors == planted
