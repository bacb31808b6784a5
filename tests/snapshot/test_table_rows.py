"""Rows of tables, a page at a time: together the pages are the table, each row once, and every page but the last is full."""

from operator import itemgetter

import pytest

from tests.merge.release_factory import load, make_party, make_release
from tests.website import sample_records
from threepoint import pipeline, sample
from threepoint.snapshot import open_snapshot, table_rows
from threepoint.standard.sdes import SDES_TABLES


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A snapshot of a synthetic world and drawn records."""
    folder = tmp_path_factory.mktemp("tables")
    sample.write_world(folder / "world", 150, seed=3)
    pipeline.load(folder / "store", [folder / "world" / "releases.jsonl"])
    # An ocid that begins another one, at both ends: their addresses are not in the order of the ocids.
    ends = ("ocds-000000-1", "ocds-000000-1-2", "ocds-zzzzzz-1", "ocds-zzzzzz-1-2", "ocds-zzzzzz-1/2")
    load(folder / "store", [make_release(ocid, "2026-06-01", "UK6", awards=[{"id": "1", "suppliers": [{"id": "s"}]}],
                                    parties=[make_party("s", "Delta Ltd", "GB-COH-01234567", roles="supplier")]) for ocid in ends],
         "ends.json")  # fmt: skip
    sample_records.build(folder / "store")
    with open_snapshot(folder / "store") as snapshot:
        yield snapshot


def walk(snapshot, table, size, **only):
    """All pages from the first to the last."""
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


WALKED = [table for table in SDES_TABLES.values() if table_rows.has_row_access(table)]


@pytest.mark.parametrize("table", WALKED, ids=lambda table: table.name)
def test_all_pages_together_are_the_table_in_the_order_of_its_key(world, table):
    if table in table_rows.list_tables(world):
        rows = [row for page in walk(world, table, 40) for row in page]
        assert rows == read_rows(world, table)
        assert len(rows) == table_rows.count_rows(world, table)


@pytest.mark.parametrize("table", WALKED, ids=lambda table: table.name)
def test_rows_can_be_asked_for_by_each_filter(world, table):
    if table not in table_rows.list_tables(world):
        return
    rows = read_rows(world, table)
    for name in table_rows.list_filter_columns(table):
        for value in {row[name] for row in rows[:40]} - {None}:
            found = [row for page in walk(world, table, 7, **{name: value}) for row in page]
            assert found == [row for row in rows if row[name] == value]


def test_every_table_but_those_of_whole_lists_can_be_asked():
    assert {table.name for table in SDES_TABLES.values()} - {table.name for table in WALKED} == {
        "payment_total", "check_summary", "coverage_report", "register_entry", "vanished_notice"
    }  # fmt: skip
    assert [table.name for table in WALKED if not table_rows.list_filter_columns(table)] == []


def test_rows_of_two_things_at_once_are_none(world):
    page = table_rows.read_rows_page(
        world, SDES_TABLES["contract"], {"ocid": sample_records.DEAL, "contract_id": f"{sample_records.OPEN}/contracts/1"},
        None, 9,
    )  # fmt: skip
    assert page == table_rows.TableRowsPage([], None)
