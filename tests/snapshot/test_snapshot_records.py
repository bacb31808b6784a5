"""Resolving identifiers to records, and the facts of a record with their state, source and date."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest

from tests.merge.release_factory import (
    AS_OF,
    AT,
    World,
    build,
    load,
    load_and_build,
    make_money,
    make_party,
    make_release,
    read_drawing,
    write_portfolio,
)
from threepoint import api, pipeline
from threepoint.errors import AmbiguousIdError, NothingLoadedError, UserError
from threepoint.snapshot import get_by_id, open_snapshot, read_record, resolve_identifier

WORLD = World()
DEAL = WORLD.add(
    make_release(AT, "2026-01-10", "UK6", id="000123-2026", buyer={"id": "b", "name": "Home Office"},
            parties=[make_party("b", "Home Office", "GB-GOR-D16", roles="buyer"),
                     make_party("s", "Alpha Ltd", "GB-PPON-PABC-1234-WXYZ", also="GB-COH-01234567")],
            awards=[{"id": "1", "status": "active", "date": "2026-01-09", "value": make_money(1000, 1200),
                     "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}], tender={"title": "Licences"}),
    make_release(AT, "2026-02-10", "UK7", id="000456-2026",
            contracts=[{"id": "1", "awardID": "1", "title": "Licences 2026", "status": "active", "value": make_money(1000, 1200),
                        "period": {"startDate": "2026-03-01", "endDate": "2027-02-28"}}]),
    make_release(AT, "2026-03-10", "UK10", id="000789-2026",
            contracts=[{"id": "1", "value": make_money(1100, 1320), "amendments": [{"id": "a", "rationale": "more users"}]}]),
)  # fmt: skip
# The same notice number in two processes: some publishers do this.
TWINS = [WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK4", id="000999-2026", tender={"title": "Fanned out"}))
         for _ in range(2)]  # fmt: skip
WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK4", id="000555-2026", tender={"title": "One number"}, parties=[
    make_party("a", "A company", "GB-COH-07654321"), make_party("b", "A charity", "GB-CHC-7654321")]))  # fmt: skip
for release in WORLD.releases:
    release["tender"]["documents"][0]["id"] = release["id"]
GMPP = "CO_0001_2021-Q1"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("facts") / "store"
    for year, cost in ((2024, "100"), (2025, "120")):
        file = root.parent / f"gmpp-{year}.csv"
        file.write_text(write_portfolio(year, (GMPP, "Identity Checks", cost, "31/03/2027", "Amber")), encoding="utf-8")
        assert pipeline.load(root, [file]).rows == {"gmpp_year": 1}
    return load_and_build(root, WORLD.releases)


@pytest.fixture(scope="module")
def snapshot(built):
    with open_snapshot(built.root) as opened:
        yield opened


@pytest.mark.parametrize(
    ("identifier", "kind", "address"),
    [
        (DEAL, "contracting_process", DEAL), (f"  {DEAL} ", "contracting_process", DEAL),
        (f"{DEAL}/contracts/1", "contract", f"{DEAL}/contracts/1"), (f"{DEAL}/awards/1", "award", f"{DEAL}/awards/1"),
        ("000123-2026", "contracting_process", DEAL), ("000789-2026", "contracting_process", DEAL),
        (GMPP, "scheme", f"sdes-gmpp-{GMPP}"), (f"sdes-gmpp-{GMPP}", "scheme", f"sdes-gmpp-{GMPP}"),
        ("GB-PPON-PABC-1234-WXYZ", "organisation", "GB-PPON-PABC-1234-WXYZ"),
        ("GB-COH-01234567", "organisation", "GB-PPON-PABC-1234-WXYZ"), ("GB-GOR-D16", "organisation", "GB-GOR-D16"),
        ("01234567", "organisation", "GB-PPON-PABC-1234-WXYZ"), ("1234567", "organisation", "GB-PPON-PABC-1234-WXYZ"),
        ("PABC-1234-WXYZ", "organisation", "GB-PPON-PABC-1234-WXYZ"), ("d16", "organisation", "GB-GOR-D16"),
    ],
)  # fmt: skip
def test_resolve_identifier_accepts_any_identifier(snapshot, identifier, kind, address):
    reference = resolve_identifier(snapshot, identifier)
    assert (reference.kind, reference.id) == (kind, address)


def test_resolve_identifier_lists_records_of_shared_notice(snapshot):
    with pytest.raises(AmbiguousIdError) as error:
        resolve_identifier(snapshot, "000999-2026")
    assert error.value.exit_code == 2
    head, *lines = str(error.value).splitlines()
    assert head == "000999-2026 names 2 records; give one of these addresses instead:"
    assert sorted(lines) == [f"  {ocid}  Fanned out" for ocid in sorted(TWINS)]


def test_resolve_identifier_lists_organisations_of_shared_number(snapshot):
    with pytest.raises(AmbiguousIdError) as error:
        resolve_identifier(snapshot, "7654321")
    assert str(error.value).splitlines()[1:] == ["  GB-CHC-7654321  A charity", "  GB-COH-07654321  A company"]


@pytest.mark.parametrize("identifier", ["", "no-such-thing", f"{DEAL}/contracts/2", "'; DROP TABLE contract; --"])
def test_resolve_identifier_unknown_says_what_to_give(snapshot, identifier):
    with pytest.raises(UserError, match="give an ocid, contract, notice, GMPP, company or organisation id") as error:
        resolve_identifier(snapshot, identifier)
    assert error.value.exit_code == 1


def read_record_by_id(snapshot, identifier):
    return read_record(snapshot, resolve_identifier(snapshot, identifier))


def test_read_record_facts_have_state_source_and_date(snapshot):
    record = read_record_by_id(snapshot, f"{DEAL}/contracts/1")
    facts = {
        name: (fact.value, fact.state, fact.source, fact.source_date)
        for name, fact in record.facts.items()
        if name in ("title", "value_net", "value_net_first", "end_current", "date_signed")
    }
    assert facts == {
        "title": ("Licences 2026", "observed", "000456-2026", date(2026, 2, 10)),
        "value_net": (Decimal("1100.00"), "observed", "000789-2026", date(2026, 3, 10)),
        "value_net_first": (Decimal("1000.00"), "observed", "000456-2026", date(2026, 2, 10)),
        "end_current": (date(2027, 2, 28), "observed", "000456-2026", date(2026, 2, 10)),
        "date_signed": (None, "not_reported", "", None),
    }


def test_read_record_contract_has_related_rows(snapshot):
    rows = read_record_by_id(snapshot, f"{DEAL}/contracts/1").rows
    assert [(row["org_id"], row["name"]) for row in rows["suppliers"]] == [("GB-PPON-PABC-1234-WXYZ", "Alpha Ltd")]
    assert [row["name"] for row in rows["buyer"]] == ["Home Office"]
    assert [(row["old_value"], row["new_value"], row["reason"]) for row in rows["changes"]] == [
        (Decimal("1000.00"), Decimal("1100.00"), "more users")
    ]
    assert [row["notice_id"] for row in rows["notices"]] == ["000123-2026", "000456-2026", "000789-2026"]


def test_read_record_organisation_has_names_identifiers_roles(snapshot):
    rows = read_record_by_id(snapshot, "GB-COH-01234567").rows
    assert [(row["identifier"],) for row in rows["identifiers"]] == read_drawing(
        "GB-COH-01234567\nGB-PPON-PABC-1234-WXYZ"
    )
    assert [(row["name"], row["processes"]) for row in rows["names"]] == [("Alpha Ltd", 1)]
    assert [(row["role"], row["processes"]) for row in rows["roles"]] == [("supplier", 1)]


def test_show_before_load_or_build_says_what_to_run(tmp_path):
    with pytest.raises(NothingLoadedError, match="run `threepoint load FILE…` and then `threepoint build`") as error:
        api.show(DEAL, tmp_path / "store")
    assert error.value.exit_code == 5
    load(tmp_path / "store", WORLD.releases[:1])
    with pytest.raises(NothingLoadedError, match="`threepoint build`"):
        api.show(DEAL, tmp_path / "store")


def test_show_rejects_snapshot_of_another_major_version(tmp_path):
    build_result = load_and_build(tmp_path / "store", WORLD.releases[:1])
    path = build_result.snapshot / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"standard_version": "2.3.0"}))
    with pytest.raises(UserError, match=r"follows SDES 2\.3\.0; run `threepoint build`"):
        api.show(DEAL, build_result.root)
    path.write_text(json.dumps(manifest | {"standard_version": "1.9.0"}))
    assert api.show(DEAL, build_result.root).id == DEAL


def test_open_snapshot_keeps_reading_after_new_build(tmp_path):
    build_result = load_and_build(tmp_path / "store", WORLD.releases[:2])
    with open_snapshot(build_result.root) as old_snapshot:
        load(build_result.root, WORLD.releases[2:3], "more.jsonl")
        build(build_result.root)
        assert read_record_by_id(old_snapshot, f"{DEAL}/contracts/1").value("value_net") == Decimal("1000.00")
    assert api.show(f"{DEAL}/contracts/1", build_result.root).value("value_net") == Decimal("1100.00")


def test_open_snapshot_rejects_records_of_another_version(tmp_path):
    """Rows of the record store have no column names, so a reader of another version would misread them."""
    load(tmp_path / "store", [make_release("ocds-h6vhtk-0fff00", "2026-01-10", "UK4", tender={"title": "One"})])
    pipeline.build(tmp_path / "store", AS_OF)
    with closing(sqlite3.connect(tmp_path / "store" / "current" / "records.sqlite")) as connection:
        connection.execute("PRAGMA user_version=7")
    with (
        pytest.raises(UserError, match="another version of Three Point; run `threepoint build`"),
        open_snapshot(tmp_path / "store"),
    ):
        pass
    pipeline.build(tmp_path / "store", AS_OF)
    with open_snapshot(tmp_path / "store") as snapshot:
        assert get_by_id(snapshot, "ocds-h6vhtk-0fff00").title == "One"
