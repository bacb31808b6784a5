"""What the API says of itself, of its sources and of how full they are."""

from tests.website.pages import read_csv
from threepoint.presentation.jsonable import make_jsonable
from threepoint.snapshot import open_snapshot, read_coverage, read_sources
from threepoint.standard.sdes import ATTRIBUTION_TEXTS
from website.common.record_urls import KIND_BY_PATH

HERE = "http://testserver"


def test_the_root_names_the_snapshot_and_where_to_go(ask, small_store):
    with open_snapshot(small_store) as snapshot:
        name, made = snapshot.name, snapshot.made
    places = ("search", "compare", "tables", "sources", "coverage", "openapi.json")
    assert ask("/") == {
        "name": "Three Point", "kinds": list(KIND_BY_PATH),
        "links": {place: f"{HERE}/api/v1/{place}" for place in places} | {"api": f"{HERE}/api/", "downloads": f"{HERE}/downloads/"},
        "about": {"snapshot": name, "as_of": "2026-06-30", "made": made.isoformat(), "standard": "1.0.0",
                  "licence": ATTRIBUTION_TEXTS["data"]},
    }  # fmt: skip


def test_sources_are_those_of_the_page(ask, small_store):
    told = ask("/sources")
    del told["about"], told["links"]
    with open_snapshot(small_store) as snapshot:
        assert told == make_jsonable(read_sources(snapshot))
    assert [(one["publisher"], one["releases"], one["contracts"]) for one in told["sources"]] == [
        ("Find a Tender", 7, 1)
    ]


def test_coverage_is_that_of_the_page(ask, reader, small_store):
    told = ask("/coverage")
    with open_snapshot(small_store) as snapshot:
        found = read_coverage(snapshot)
    assert told["groups"] == {"uk": {"processes": 4, "contracts": 1, "outcomes": 0}}
    by_states = {
        (one["publisher"], one["fact"]): (one["due"], one["filled"], one["missing"])
        for one in told["facts"]
        if one["notice"] is None
    }
    assert by_states == {key: (cell.due, cell.filled, cell.missing) for key, cell in found.cells.items()}
    assert {one["notice"] for one in told["facts"]} - {None} == {
        name for name, cells in found.of_notices.items() if cells
    }
    rows = read_csv(reader.get("/api/v1/coverage?format=csv"))
    assert len(rows) == 1 + len(told["facts"])
