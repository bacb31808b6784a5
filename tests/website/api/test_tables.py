"""Tests of the table endpoints: every row once, in the format of the standard, and no foreign cursors."""

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

TABLES_WITH_ROWS = [name for name, table in SDES_TABLES.items() if table_rows.has_row_access(table)]


def test_tables_list_has_columns(ask, reader, small_store):
    descriptions = ask("/tables")["tables"]
    with open_snapshot(small_store) as snapshot:
        assert {table["name"]: table["rows"] for table in descriptions} == snapshot.manifest["tables"]
    contract = next(table for table in descriptions if table["name"] == "contract")
    field = SDES_TABLES["contract"].field("value_net")
    assert contract["key"] == ["contract_id"]
    assert contract["filters"] == ["contract_id", "ocid", "award_id"]
    assert contract["data"] == "http://testserver/api/v1/tables/contract"
    assert next(column for column in contract["columns"] if column["name"] == "value_net") == {
        "name": "value_net", "type": "money", "unit": field.unit, "level": "Core", "source": field.source, "meaning": field.meaning,
    }  # fmt: skip
    rows = read_csv(reader.get("/api/v1/tables?format=csv"))
    assert [row[3] for row in rows[1:] if row[0] == "contract"] == list(SDES_TABLES["contract"].names)


def test_rows_of_one_record(ask):
    answer = ask("/tables/award_supplier", award_id=f"{CORRECTED}/awards/1")
    assert {name: answer[name] for name in ("table", "rows", "links")} == {
        "table": "award_supplier", "links": {},
        "rows": [{"award_id": f"{CORRECTED}/awards/1", "org_id": BETA, "name": None, "current": True}],
    }  # fmt: skip
    assert answer["rows_in_table"] == 2


@pytest.mark.parametrize(
    ("table", "query", "key", "values"),
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
def test_rows_are_filtered_by_exact_values(ask, table, query, key, values):
    assert [row[key] for row in ask(f"/tables/{table}", **query)["rows"]] == values


def read_pages(reader, url):
    """Return the answers of all pages."""
    pages = []
    while url:
        pages.append(reader.get(url).json())
        url = pages[-1]["links"].get("next", "").removeprefix("http://testserver")
    return pages


@pytest.mark.parametrize("name", TABLES_WITH_ROWS)
def test_rows_of_all_pages_match_table_and_schema(ask, reader, settings, small_store, name):
    settings.API_RATE = 0
    with open_snapshot(small_store) as snapshot:
        stored_rows = snapshot.rows(f'SELECT * FROM "{name}"')
    rows = [row for page in read_pages(reader, f"/api/v1/tables/{name}?size=40") for row in page["rows"]]
    schema = jsonschema_rs.validator_for(make_json_schema(SDES_TABLES[name]))
    assert [error.message for row in rows for error in schema.iter_errors(row)] == []
    key = SDES_TABLES[name].key
    assert sorted(tuple(row[column] for column in key) for row in rows) == sorted(
        tuple(row[column] for column in key) for row in stored_rows
    )


@given(st.sampled_from(["field_state", "notice", "change", "organisation_name"]), st.integers(1, 30))
@settings(max_examples=bound_examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_pages_are_full_without_repeats(reader, settings, name, size):
    settings.API_RATE = 0
    size = min(size * 5, 100) if name == "field_state" else size
    pages = read_pages(reader, f"/api/v1/tables/{name}?size={size}")
    assert {len(page["rows"]) for page in pages[:-1]} <= {size}
    keys = [tuple(row[column] for column in SDES_TABLES[name].key) for page in pages for row in page["rows"]]
    row_count = reader.get(f"/api/v1/tables/{name}").json()["rows_in_table"]
    assert (len(keys), len(set(keys))) == (row_count, row_count)


def test_rows_csv_has_columns_of_standard(reader, ask):
    answer = reader.get(f"/api/v1/tables/notice?ocid={DEAL}&format=csv&size=2")
    heading, *rows = read_csv(answer)
    assert (tuple(heading), len(rows)) == (SDES_TABLES["notice"].names, 2)
    assert dict(zip(heading, rows[0], strict=True))["date"] == "2026-01-10T12:00:00Z"
    next_url = answer["Link"].partition("<http://testserver")[2].partition(">")[0]
    assert len(list(csv.reader(io.StringIO(reader.get(next_url).content.decode(), newline="")))) == 2


@pytest.mark.parametrize("key", [["", float("inf")], ["\ud800", 0], ["", 1.5], ["", -1], [None, 0], ["", 2**40]])
def test_rows_refuse_forged_cursor(ask, small_store, key):
    snapshot_name = ask("/tables/notice")["about"]["snapshot"]
    content = json.dumps([snapshot_name, "notice", tables._hash_filters({}), *key])
    cursor = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    assert ask("/tables/notice", 409, after=cursor)["title"]


@pytest.mark.parametrize("after", ["", "x", "W10", "bnVsbA", "WzEsMiwzLDQsNV0", "é", "W" * 900, "=" * 5])
def test_rows_refuse_invalid_cursor(ask, after):
    advice = ask("/tables/notice", 409, after=after)["what_to_do"]
    assert advice == "Start again without “after”. To get all rows at once, download the files at /downloads/."


def test_rows_refuse_cursor_of_other_request(ask, reader):
    cursor = ask("/tables/notice", size=1)["links"]["next"].partition("after=")[2]
    assert reader.get(f"/api/v1/tables/notice?size=1&after={cursor}").status_code == 200
    assert reader.get(f"/api/v1/tables/contract?size=1&after={cursor}").status_code == 409
    assert reader.get(f"/api/v1/tables/notice?ocid={DEAL}&after={cursor}").status_code == 409


def test_rows_of_table_missing_from_snapshot(ask, monkeypatch):
    monkeypatch.setattr(table_rows, "list_tables", lambda _snapshot: [])
    assert ask("/tables/contract", 404)["detail"] == "This snapshot has no table contract."


def test_rows_of_table_without_row_access(ask):
    assert ask("/tables/payment_total", 404)["what_to_do"] == "Download the table from /downloads/."
    assert ask("/tables/zzz", 404)["detail"] == "There is no table “zzz”."
