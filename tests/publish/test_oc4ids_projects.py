"""Major projects as OC4IDS: published figures with their reports, missing figures with reasons, linked processes."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import jsonschema_rs
import pyarrow.parquet as pq
import pytest

from tests.command_line import run_command
from tests.publish.publish_stores import RELEASE, load_package
from threepoint import api, pipeline
from threepoint.errors import NothingLoadedError

AS_OF = date(2026, 10, 1)
PROJECT = "CO_0033_2122-Q1"  # GOV.UK One Login

# The parts of OC4IDS 0.9 that we write, from its reference (standard.open-contracting.org/infrastructure, "Schema reference"):
# no nulls, only the codes of closed lists, and the required fields.
TEXT, WHEN = {"type": "string", "minLength": 1}, {"type": "string", "format": "date-time"}


def make_object(required: str = "", **fields: dict) -> dict:
    """Return a schema for an object with these fields and no others."""
    return {"type": "object", "properties": fields, "required": required.split(), "additionalProperties": False,
            "minProperties": 1}  # fmt: skip


def make_array(items: dict) -> dict:
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}


AMOUNT = make_object("amount currency", amount={"type": "number"}, currency=TEXT)
PERIOD = make_object(startDate=WHEN, endDate=WHEN)
REFERENCE = make_object("id name", id=TEXT, name=TEXT)
WORDS = {"type": "object", "additionalProperties": TEXT}
SERIES = make_array(
    make_object("id title observations", id=TEXT, title=TEXT, observations=make_array(
        make_object("id period", id=TEXT, period=PERIOD, value=AMOUNT, measure=TEXT, notes=TEXT, dimensions=WORDS,
             unit=make_object("scheme id", scheme=TEXT, id=TEXT)))))  # fmt: skip
CHANGE = make_object("id", id=TEXT, date=WHEN, rationale=TEXT, type={"enum": ["value", "duration"]}, releaseID=TEXT,
              oldContractValue=AMOUNT, newContractValue=AMOUNT, oldContractPeriod=PERIOD, newContractPeriod=PERIOD)  # fmt: skip
SUMMARY = make_object(
    "ocid", ocid=TEXT, title=TEXT, description=TEXT, status={"enum": ["pre-award", "active", "closed"]},
    tender=make_object(procurementMethod={"enum": ["open", "selective", "limited", "direct"]}, procurementMethodDetails=TEXT,
                costEstimate=AMOUNT),
    suppliers=make_array(REFERENCE), contractValue=AMOUNT, contractPeriod=PERIOD, finalValue=AMOUNT, modifications=make_array(CHANGE),
)  # fmt: skip
ENTRY = make_object(
    "id", id=TEXT, updated=WHEN, title=TEXT, description=TEXT, period=PERIOD, budget=make_object("amount", amount=AMOUNT),
    identifiers=make_array(make_object("scheme id", scheme=TEXT, id=TEXT)), publicAuthority=REFERENCE, forecasts=SERIES, metrics=SERIES,
    additionalClassifications=make_array(make_object("scheme id", scheme=TEXT, id=TEXT, description=TEXT)),
    parties=make_array(make_object("id name roles", id=TEXT, name=TEXT, roles=make_array(TEXT))),
    contractingProcesses=make_array(make_object("id", id=TEXT, summary=SUMMARY, synthetic={"const": True})),
)  # fmt: skip
PACKAGE = make_object(
    "uri publishedDate version publisher projects", uri={"type": "string", "format": "uri"}, publishedDate=WHEN,
    version={"const": "0.9"}, publisher=make_object("name", name=TEXT), license={"type": "string", "format": "uri"},
    republished=WORDS, projects=make_array(ENTRY),
)  # fmt: skip


def make_notice(number: int, date_time: str, **sections: object) -> dict:
    """Return a notice of a process that declares its project."""
    firm = {"id": "GB-COH-01234567", "name": "Firm", "roles": ["supplier"]}
    declared = {"planning": {"budget": {"projectID": PROJECT}}, "parties": [firm]}
    return {**RELEASE, "id": str(number), "date": date_time, **declared, **sections}


def make_contracts(value: int, end: str) -> list[dict]:
    contract = {
        "id": "1", "awardID": "1", "value": {"amount": value, "currency": "GBP"},
        "suppliers": [{"id": "GB-COH-01234567"}],
    }  # fmt: skip
    return [contract | {"period": {"startDate": "2026-02-01", "endDate": end}}]


@pytest.fixture(scope="module")
def store(shared, tmp_path_factory) -> Path:
    """A store with all yearly files, a process that declares one of their projects, and one that declares another."""
    folder = tmp_path_factory.mktemp("projects")
    store = load_package(
        folder, make_notice(1, "2026-01-10T00:00:00Z", contracts=make_contracts(1000, "2027-01-31")),
        make_notice(2, "2026-03-10T00:00:00Z", contracts=make_contracts(1300, "2027-06-30")),
        {**RELEASE, "ocid": "ocds-h6vhtk-00000f", "planning": {"budget": {"projectID": "SOME OTHER"}}},
    )  # fmt: skip
    pipeline.load(store, [shared / "data" / "gmpp"])
    pipeline.build(store, AS_OF)
    return store


@pytest.fixture(scope="module")
def package(store) -> dict:
    api.publish_projects(store.parent / "out", store)
    return json.loads((store.parent / "out/000001.json").read_text(encoding="utf-8"))


def read_table(store: Path, name: str) -> list[dict]:
    return pq.read_table(store / "current" / name).to_pylist()


def test_publish_projects_follows_schema(package):
    validator = jsonschema_rs.Draft202012Validator(PACKAGE, validate_formats=True)
    assert [error.message for error in validator.iter_errors(package)] == []
    assert len(package["projects"]) == 714
    assert package["publishedDate"] == "2026-03-31T00:00:00+01:00"


def test_publish_projects_has_every_published_figure(store, package):
    expected, published = Counter(), Counter()
    for row in read_table(store, "scheme_year"):
        for estimate in ("low", "mid", "high"):
            for metric, column in (("whole-life-cost", f"wlc_{estimate}"), ("end-date", f"end_{estimate}")):
                if row[column] is not None:
                    expected[(row["scheme_id"], metric, row["report_year"], estimate, str(row[column]))] += 1
    for project in package["projects"]:
        for metric in project.get("forecasts", []):
            for observation in metric["observations"]:
                if metric["id"] != "benefits" and "dimensions" in observation:
                    value = observation.get("measure") or f"{observation['value']['amount']:.2f}"
                    year, estimate = observation["id"].split("-")
                    assert estimate == observation["dimensions"]["estimate"]
                    published[(project["id"], metric["id"], int(year), estimate, value)] += 1
    assert sum(expected.values()) > 3_000
    assert published == expected


def test_publish_projects_budget_is_first_published_cost(store, package):
    budgets = {
        project["id"]: project.get("budget", {}).get("amount", {}).get("amount") for project in package["projects"]
    }
    assert budgets == {
        row["scheme_id"]: row["baseline_wlc"] and float(row["baseline_wlc"]) for row in read_table(store, "scheme")
    }


def test_publish_projects_explains_withheld_figures(store, package):
    withheld = sum(row["wlc_state"].startswith("withheld") for row in read_table(store, "scheme_year"))
    notes = [
        observation["notes"]
        for project in package["projects"]
        for metric in project.get("forecasts", [])
        if metric["id"] == "whole-life-cost"
        for observation in metric["observations"]
        if observation.get("notes", "").startswith("withheld")
    ]
    assert len(notes) == withheld > 100
    assert "withheld: Freedom of Information Act 2000, section 43 (commercial interests)" in notes


def test_publish_projects_rating_has_scale_and_rater(package):
    (project,) = (project for project in package["projects"] if project["id"] == f"sdes-gmpp-{PROJECT}")
    (ratings,) = project["metrics"]
    assert [(o["id"], o["measure"], o["unit"]["id"], o["dimensions"]["rater"]) for o in ratings["observations"]][-1] == (
        "2026-rating", "Amber", "3pt", "nista"
    )  # fmt: skip


def test_publish_projects_includes_linked_process(package):
    linked = {
        project["id"]: project["contractingProcesses"]
        for project in package["projects"]
        if "contractingProcesses" in project
    }
    assert list(linked) == [f"sdes-gmpp-{PROJECT}"]
    (process,) = linked[f"sdes-gmpp-{PROJECT}"]
    summary = process["summary"]
    assert (process["id"], summary["title"], summary["status"]) == (RELEASE["ocid"], "Licences", "active")
    assert summary["contractValue"] == {"amount": 1000, "currency": "GBP"}
    assert summary["contractPeriod"] == {
        "startDate": "2026-02-01T00:00:00+00:00", "endDate": "2027-01-31T23:59:59+00:00"
    }  # fmt: skip
    assert [(m["type"], m.get("oldContractValue"), m["releaseID"]) for m in summary["modifications"]] == [
        ("duration", None, "2"), ("value", {"amount": 1000, "currency": "GBP"}, "2")
    ]  # fmt: skip
    assert [supplier["name"] for supplier in summary["suppliers"]] == ["Firm"]


def test_publish_oc4ids_command_reports_counts(store, tmp_path, capsys):
    code, out, _ = run_command(capsys, "publish", "oc4ids", tmp_path / "out", "--store", store, "--json")
    assert (code, json.loads(out)["counts"]) == (
        0,
        {"projects": 714, "contracting_processes": 1, "processes_with_several_contracts": 0,
         "processes_of_projects_not_held": 1},
    )  # fmt: skip
    assert (tmp_path / "out/000001.json").read_bytes() == (store.parent / "out/000001.json").read_bytes()


def test_publish_projects_rejects_snapshot_without_projects(tmp_path):
    store = load_package(tmp_path, RELEASE)
    with pytest.raises(NothingLoadedError, match="nothing has been built yet"):
        api.publish_projects(tmp_path / "out", store)
    pipeline.build(store, AS_OF)
    with pytest.raises(NothingLoadedError, match="has no major projects"):
        api.publish_projects(tmp_path / "out", store)
