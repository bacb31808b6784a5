"""The coverage report: the filled rows of each field in the history, by publisher and notice type."""

import ibis
import pyarrow as pa
import pytest

from tests.check.check_tables import make_arrow, make_rows, make_schema
from threepoint import check
from threepoint.check.coverage_report import REPORTED_LIST_TABLES, REPORTED_NOTICE_TABLES, list_reported_fields
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.sdes import SDES_TABLES

NAMES = ["release_key", "publisher", "notice_type"]
RELEASES = [
    (1, "Find a Tender", "UK7"), (2, "Find a Tender", "UK7"), (3, "Find a Tender", "UK4"),
    (4, "Contracts Finder", "award"),
]  # fmt: skip


@pytest.fixture(scope="module")
def counts():
    """Return (rows, filled) by (publisher, notice type, table, field), of a small history."""
    engine = ibis.duckdb.connect()
    drawings = {
        "contract": """
            release_key | local_id | title | date_signed | value_net
            1           | 1        | One   | 2026-01-01  |
            1           | 2        |       | 2026-01-01  | 5
            2           | 1        | One   |             | 5
            9           | 1        | Alien |             |
        """,
        "award": """
            release_key | local_id | date
            4           | 1        | 2026-01-01
            4           | 2        |
        """,
        "sale": """
            source_id | row_number | publisher | supplier_name | month      | month_state
            a         | 2          | Cabinet   | Alpha         | 2014-01-01 | observed
            a         | 3          | Cabinet   | Beta          |            | invalid
        """,
        "metric": """
            release_key | section | parent_id | metric_id | title
            1           | x       | 1         | k         | Uptime
        """,
    }
    tables = {}
    for name in (*REPORTED_NOTICE_TABLES, *REPORTED_LIST_TABLES):
        rows = make_rows(HISTORY_TABLES[name], drawings[name]) if name in drawings else []
        tables[name] = engine.create_table(
            name, make_arrow(HISTORY_TABLES[name], rows), schema=make_schema(HISTORY_TABLES[name])
        )
    releases = ibis.memtable(pa.Table.from_pylist([dict(zip(NAMES, row, strict=True)) for row in RELEASES]))
    report = check.build_coverage_report(tables, releases).union(check.build_list_coverage_report(tables))
    assert set(report.columns) == set(SDES_TABLES["coverage_report"].names)
    report_rows = engine.to_pyarrow(report).to_pylist()
    return {
        (row["publisher"], row["notice_type"], row["table"], row["field"]): (row["rows"], row["filled"])
        for row in report_rows
    }


def test_coverage_report_counts_filled_rows_of_each_field(counts):
    counts_by_field = {
        key[3]: value for key, value in counts.items() if key[:3] == ("Find a Tender", "UK7", "contract")
    }
    assert {name: counts_by_field[name] for name in ("title", "date_signed", "value_net", "status")} == {
        "title": (3, 2), "date_signed": (3, 2), "value_net": (3, 2), "status": (3, 0),
    }  # fmt: skip
    assert set(counts_by_field) == set(list_reported_fields("contract"))


def test_coverage_report_groups_by_publisher_and_notice_type(counts):
    assert {key[:3] for key in counts} == {
        ("Find a Tender", "UK7", "contract"), ("Find a Tender", "UK7", "metric"), ("Contracts Finder", "award", "award"),
        ("Cabinet", "sale", "sale"),
    }  # fmt: skip
    assert counts["Contracts Finder", "award", "award", "date"] == (2, 1)


def test_coverage_report_counts_list_lines_by_publisher(counts):
    counts_by_field = {key[3]: value for key, value in counts.items() if key[:3] == ("Cabinet", "sale", "sale")}
    assert {name: counts_by_field[name] for name in ("supplier_name", "month", "amount")} == {
        "supplier_name": (2, 2), "month": (2, 1), "amount": (2, 0),
    }  # fmt: skip
    assert not {"publisher", "month_state", "month_text", "month_reason"} & set(counts_by_field)


def test_coverage_report_excludes_keys(counts):
    assert {key[3] for key in counts if key[2] == "metric"} == {"title", "description"}
