"""Rows of tables out of dossiers: together the pages are the table, each row once, whatever layers it lies in."""

from operator import itemgetter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.world import AS_OF, load, party, release
from tests.website import shelf
from threepoint import pipeline, sample
from threepoint.facts import open_snapshot, tables
from threepoint.standard.sdes import SDES
from threepoint.store import layers


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A snapshot of a synthetic world and drawn things, built upon another: some of its rows replace older ones."""
    folder = tmp_path_factory.mktemp("tables")
    sample.write(folder / "world", 150, seed=3)
    pipeline.load(folder / "store", [folder / "world" / "releases.jsonl"])
    shelf.build(folder / "store")
    # An ocid that begins another one, at both ends: their addresses are not in the order of the ocids.
    ends = ("ocds-000000-1", "ocds-000000-1-2", "ocds-zzzzzz-1", "ocds-zzzzzz-1-2")
    load(folder / "store", [release(ocid, "2026-06-01", "UK6", awards=[{"id": "1", "suppliers": [{"id": "s"}]}],
                                    parties=[party("s", "Delta Ltd", "GB-COH-01234567", roles="supplier")]) for ocid in ends],
         "ends.json")  # fmt: skip
    load(folder / "store", [release(shelf.DEAL, "2026-06-10", "UK10", id="000999-2026", contracts=[{"id": "1", "title": "New title"}]),
                            release("ocds-aaaaaa-new", "2026-06-11", "UK4", tender={"title": "Newest"})])  # fmt: skip
    pipeline.build(folder / "store", AS_OF)
    with open_snapshot(folder / "store") as snapshot:
        yield snapshot


def walk(snapshot, table, size, **only):
    """All pages from the first to the last."""
    place, pages = tables.START, []
    while place is not None:
        page = tables.page(snapshot, table, only, place, size)
        pages.append(page.rows)
        place = page.next
    return pages


def every_row(snapshot, table):
    rows = snapshot.rows(f'SELECT * FROM "{table.name}"')
    return sorted(rows, key=itemgetter(*table.key))


WALKED = [table for table in SDES.values() if tables.walked(table)]


def test_the_world_has_rows_in_all_layers(world):
    kinds = {path.name.partition("-")[0] for path in (world.folder / "contract").glob("*.parquet")}
    assert kinds == {layers.BASE, layers.DELTA}
    assert {
        row["title"] for row in tables.page(world, SDES["contract"], {"ocid": shelf.DEAL}, tables.START, 9).rows
    } == {"New title"}


@pytest.mark.parametrize("table", WALKED, ids=lambda table: table.name)
def test_all_pages_together_are_the_table(world, table):
    if table in tables.held(world):
        rows = [row for page in walk(world, table, 40) for row in page]
        assert sorted(rows, key=itemgetter(*table.key)) == every_row(world, table)
        assert len(rows) == tables.total(world, table)


@given(st.sampled_from(["contract", "notice", "field_state", "organisation", "spend", "change", "scheme_year"]), st.integers(1, 60),
       st.integers(1, 50))  # fmt: skip
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_many_rows_a_page_has(world, monkeypatch, name, size, dossiers):
    monkeypatch.setattr(tables, "MOST_DOSSIERS", dossiers)
    table = SDES[name]
    pages = walk(world, table, max(size, 20) if name == "field_state" else size)
    rows = [row for page in pages for row in page]
    assert sorted(rows, key=itemgetter(*table.key)) == every_row(world, table)
    assert max(len(page) for page in pages) <= max(size, 20)


@pytest.mark.parametrize("table", WALKED, ids=lambda table: table.name)
def test_each_column_that_rows_are_asked_for_by_tells_whose_dossier_they_stand_in(world, table):
    if table not in tables.held(world):
        return
    rows = every_row(world, table)
    for name in tables.filters(table):
        for value in {row[name] for row in rows[:40]} - {None}:
            found = [row for page in walk(world, table, 7, **{name: value}) for row in page]
            assert sorted(found, key=itemgetter(*table.key)) == [row for row in rows if row[name] == value]


def test_every_table_but_those_of_whole_lists_can_be_asked():
    assert {table.name for table in SDES.values()} - {table.name for table in WALKED} == {
        "payment_total", "check_summary", "coverage_report", "register_entry", "vanished_notice"
    }  # fmt: skip
    assert [table.name for table in WALKED if not tables.filters(table)] == []


def test_no_page_reads_more_dossiers_than_it_may(world, monkeypatch):
    read = []
    dossier = world.dossier
    monkeypatch.setattr(world, "dossier", lambda group: read.append(group) or dossier(group))
    monkeypatch.setattr(tables, "MOST_DOSSIERS", 5)
    page = tables.page(world, SDES["milestone"], {}, tables.START, 1_000)
    assert (len(read), page.next) == (5, (f"{read[-1]}\0", 0))


def test_rows_of_two_things_at_once_are_none(world):
    page = tables.page(
        world, SDES["contract"], {"ocid": shelf.DEAL, "contract_id": f"{shelf.OPEN}/contracts/1"}, tables.START, 9
    )
    assert page == tables.Page([], None)


def test_a_small_table_is_found_without_going_through_all_bodies(world, monkeypatch):
    read = []
    dossier = world.dossier
    monkeypatch.setattr(world, "dossier", lambda group: read.append(group) or dossier(group))
    assert len(tables.page(world, SDES["scheme_year"], {}, tables.START, 100).rows) == 2
    assert read == [f"sdes-gmpp-{shelf.GMPP}"]
