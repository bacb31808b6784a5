"""Tables through the API: every row once, in the standard's own form, and nothing of another question."""

import base64
import csv
import io
import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.size import bound_examples
from tests.website.pages import read_csv
from tests.website.sample_records import ALPHA, BETA, CORRECTED, DEAL, GMPP, OFFICE
from threepoint.snapshot import open_snapshot, table_rows
from threepoint.standard.schema_export import make_json_schema
from threepoint.standard.sdes import SDES_TABLES
from website.api import tables

WALKED = [name for name, table in SDES_TABLES.items() if table_rows.has_row_access(table)]


def test_the_tables_are_told_with_their_columns(ask, reader, small_store):
    told = ask("/tables")["tables"]
    with open_snapshot(small_store) as snapshot:
        assert {one["name"]: one["rows"] for one in told} == snapshot.manifest["tables"]
    contract = next(one for one in told if one["name"] == "contract")
    field = SDES_TABLES["contract"].field("value_net")
    assert contract["key"] == ["contract_id"]
    assert contract["filters"] == ["contract_id", "ocid", "award_id"]
    assert contract["data"] == "http://testserver/api/v1/tables/contract"
    assert next(one for one in contract["columns"] if one["name"] == "value_net") == {
        "name": "value_net", "type": "money", "unit": field.unit, "level": "Core", "source": field.source, "meaning": field.meaning,
    }  # fmt: skip
    rows = read_csv(reader.get("/api/v1/tables?format=csv"))
    assert [row[3] for row in rows[1:] if row[0] == "contract"] == list(SDES_TABLES["contract"].names)


def test_rows_of_a_thing_in_full(ask):
    told = ask("/tables/award_supplier", award_id=f"{CORRECTED}/awards/1")
    assert {name: told[name] for name in ("table", "rows", "links")} == {
        "table": "award_supplier", "links": {},
        "rows": [{"award_id": f"{CORRECTED}/awards/1", "org_id": BETA, "name": None, "current": True}],
    }  # fmt: skip
    assert told["rows_in_table"] == 2


@pytest.mark.parametrize(
    ("table", "asked", "key", "found"),
    [
        ("organisation", {"org_id": ALPHA}, "name", ["Alpha Hosting Ltd"]),
        ("contract", {"ocid": DEAL}, "contract_id", [f"{DEAL}/contracts/1"]),
        ("contract", {"ocid": CORRECTED}, "contract_id", []),
        ("notice", {"ocid": DEAL}, "notice_id", ["000123-2026", "000456-2026", "000789-2026"]),
        ("scheme_year", {"scheme_id": f"sdes-gmpp-{GMPP}"}, "report_year", [2024, 2025]),
        ("organisation", {"org_id": "no-such"}, "name", []),
        ("organisation", {"org_id": OFFICE, "size": "1"}, "name", ["Home Office"]),
        ("contract", {"ocid": DEAL, "contract_id": f"{CORRECTED}/contracts/1"}, "contract_id", []),
    ],
)
def test_rows_are_found_by_exact_values(ask, table, asked, key, found):
    assert [row[key] for row in ask(f"/tables/{table}", **asked)["rows"]] == found


def walk(reader, address):
    """The answers of all pages."""
    pages = []
    while address:
        pages.append(reader.get(address).json())
        address = pages[-1]["links"].get("next", "").removeprefix("http://testserver")
    return pages


@pytest.mark.parametrize("name", WALKED)
def test_all_pages_of_a_table_are_all_of_its_rows_as_the_standard_has_them(ask, reader, settings, small_store, name):
    settings.API_RATE = 0
    with open_snapshot(small_store) as snapshot:
        wanted = snapshot.rows(f'SELECT * FROM "{name}"')
    rows = [row for page in walk(reader, f"/api/v1/tables/{name}?size=40") for row in page["rows"]]
    schema = jsonschema_rs.validator_for(make_json_schema(SDES_TABLES[name]))
    assert [error.message for row in rows for error in schema.iter_errors(row)] == []
    key = SDES_TABLES[name].key
    assert sorted(tuple(row[one] for one in key) for row in rows) == sorted(
        tuple(row[one] for one in key) for row in wanted
    )


@given(st.sampled_from(["field_state", "notice", "change", "organisation_name"]), st.integers(1, 30))
@settings(max_examples=bound_examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_page_but_the_last_is_full_and_each_row_comes_once(reader, settings, name, size):
    settings.API_RATE = 0
    size = min(size * 5, 100) if name == "field_state" else size
    pages = list(walk(reader, f"/api/v1/tables/{name}?size={size}"))
    assert {len(page["rows"]) for page in pages[:-1]} <= {size}
    keys = [tuple(row[one] for one in SDES_TABLES[name].key) for page in pages for row in page["rows"]]
    with_all = reader.get(f"/api/v1/tables/{name}").json()["rows_in_table"]
    assert (len(keys), len(set(keys))) == (with_all, with_all)


def test_as_csv_the_columns_are_those_of_the_standard(reader, ask):
    answer = reader.get(f"/api/v1/tables/notice?ocid={DEAL}&format=csv&size=2")
    heading, *rows = read_csv(answer)
    assert (tuple(heading), len(rows)) == (SDES_TABLES["notice"].names, 2)
    assert dict(zip(heading, rows[0], strict=True))["date"] == "2026-01-10T12:00:00Z"
    after = answer["Link"].partition("<http://testserver")[2].partition(">")[0]
    assert len(list(csv.reader(io.StringIO(reader.get(after).content.decode(), newline="")))) == 2


@pytest.mark.parametrize("beyond", [["", float("inf")], ["\ud800", 0], ["", 1.5], ["", -1], [None, 0], ["", 2**40]])
def test_a_place_that_was_made_up_is_refused(ask, small_store, beyond):
    name = ask("/tables/notice")["about"]["snapshot"]
    told = json.dumps([name, "notice", tables._hash_filters({}), *beyond])
    made = base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")
    assert ask("/tables/notice", 409, after=made)["title"]


@pytest.mark.parametrize("after", ["", "x", "W10", "bnVsbA", "WzEsMiwzLDQsNV0", "é", "W" * 900, "=" * 5])
def test_a_place_that_is_none_is_refused(ask, after):
    told = ask("/tables/notice", 409, after=after)
    assert told["what_to_do"] == "Begin again without “after”. For all rows at once, take the files at /downloads/."


def test_a_place_of_another_table_or_question_is_refused(ask, reader):
    onward = ask("/tables/notice", size=1)["links"]["next"].partition("after=")[2]
    assert reader.get(f"/api/v1/tables/notice?size=1&after={onward}").status_code == 200
    assert reader.get(f"/api/v1/tables/contract?size=1&after={onward}").status_code == 409
    assert reader.get(f"/api/v1/tables/notice?ocid={DEAL}&after={onward}").status_code == 409


def test_a_table_that_an_older_snapshot_lacks_is_not_found(ask, monkeypatch):
    monkeypatch.setattr(table_rows, "list_tables", lambda _snapshot: [])
    assert ask("/tables/contract", 404)["detail"] == "This snapshot has no table contract."


def test_a_table_of_no_one_thing_says_where_it_is(ask):
    assert ask("/tables/payment_total", 404)["what_to_do"] == "Take the table from /downloads/."
    assert ask("/tables/zzz", 404)["detail"] == "There is no table “zzz”."
