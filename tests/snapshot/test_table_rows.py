"""Rows of tables, a page at a time: together, the pages have each row of the table once, in order."""

from operator import itemgetter

import pytest

from tests.merge.release_factory import load, make_party, make_release
from tests.website import sample_records
from threepoint import pipeline, sample
from threepoint.snapshot import open_snapshot, table_rows
from threepoint.standard.sdes import SDES_TABLES


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A snapshot of synthetic releases and sample records."""
    folder = tmp_path_factory.mktemp("tables")
    sample.write_world(folder / "world", 150, seed=3)
    pipeline.load(folder / "store", [folder / "world" / "releases.jsonl"])
    # Ocids that are prefixes of others, at both ends of the order: their addresses are not in the order of the ocids.
    ocids = ("ocds-000000-1", "ocds-000000-1-2", "ocds-zzzzzz-1", "ocds-zzzzzz-1-2", "ocds-zzzzzz-1/2")
    load(folder / "store", [make_release(ocid, "2026-06-01", "UK6", awards=[{"id": "1", "suppliers": [{"id": "s"}]}],
                                    parties=[make_party("s", "Delta Ltd", "GB-COH-01234567", roles="supplier")]) for ocid in ocids],
         "ends.json")  # fmt: skip
    sample_records.build(folder / "store")
    with open_snapshot(folder / "store") as snapshot:
        yield snapshot


def read_pages(snapshot, table, size, **only):
    after, pages = None, []
    while True:
        page = table_rows.read_rows_page(snapshot, table, only, after, size)
        pages.append(page.rows)
        after = page.next
        if after is None:
            return pages


def read_rows(snapshot, table):
    rows = snapshot.rows(f'SELECT * FROM "{table.name}"')
    return sorted(rows, key=itemgetter(*table.key))


PAGED_TABLES = [table for table in SDES_TABLES.values() if table_rows.has_row_access(table)]


@pytest.mark.parametrize("table", PAGED_TABLES, ids=lambda table: table.name)
def test_read_rows_page_all_pages_equal_table(world, table):
    if table in table_rows.list_tables(world):
        rows = [row for page in read_pages(world, table, 40) for row in page]
        assert rows == read_rows(world, table)
        assert len(rows) == table_rows.count_rows(world, table)


@pytest.mark.parametrize("table", PAGED_TABLES, ids=lambda table: table.name)
def test_read_rows_page_filters_by_each_column(world, table):
    if table not in table_rows.list_tables(world):
        return
    rows = read_rows(world, table)
    for name in table_rows.list_filter_columns(table):
        for value in {row[name] for row in rows[:40]} - {None}:
            filtered = [row for page in read_pages(world, table, 7, **{name: value}) for row in page]
            assert filtered == [row for row in rows if row[name] == value]


def test_has_row_access_excludes_download_only_tables():
    assert {table.name for table in SDES_TABLES.values()} - {table.name for table in PAGED_TABLES} == {
        "payment_total", "check_summary", "coverage_report", "register_entry", "vanished_notice"
    }  # fmt: skip
    assert [table.name for table in PAGED_TABLES if not table_rows.list_filter_columns(table)] == []


def test_read_rows_page_conflicting_filters_return_nothing(world):
    page = table_rows.read_rows_page(
        world, SDES_TABLES["contract"], {"ocid": sample_records.DEAL, "contract_id": f"{sample_records.OPEN}/contracts/1"},
        None, 9,
    )  # fmt: skip
    assert page == table_rows.TableRowsPage([], None)
