"""Tests of the API's root, sources and coverage."""

from tests.website.pages import read_csv
from threepoint.presentation.jsonable import make_jsonable
from threepoint.snapshot import open_snapshot, read_coverage, read_sources
from threepoint.standard.sdes import ATTRIBUTION_TEXTS
from website.common.record_urls import KIND_BY_PATH

SITE = "http://testserver"


def test_root_names_snapshot_and_links(ask, small_store):
    with open_snapshot(small_store) as snapshot:
        name, built_at = snapshot.name, snapshot.built_at
    endpoints = ("search", "compare", "tables", "sources", "coverage", "openapi.json")
    assert ask("/") == {
        "name": "Three Point", "kinds": list(KIND_BY_PATH),
        "links": {name: f"{SITE}/api/v1/{name}" for name in endpoints} | {"api": f"{SITE}/api/", "downloads": f"{SITE}/downloads/"},
        "about": {"snapshot": name, "as_of": "2026-06-30", "built_at": built_at.isoformat(), "standard": "1.0.0",
                  "licence": ATTRIBUTION_TEXTS["data"]},
    }  # fmt: skip


def test_sources_match_snapshot(ask, small_store):
    sources = ask("/sources")
    del sources["about"], sources["links"]
    with open_snapshot(small_store) as snapshot:
        assert sources == make_jsonable(read_sources(snapshot))
    counts = [(source["publisher"], source["releases"], source["contracts"]) for source in sources["sources"]]
    assert counts == [("Find a Tender", 7, 1)]


def test_coverage_matches_snapshot(ask, reader, small_store):
    answer = ask("/coverage")
    with open_snapshot(small_store) as snapshot:
        coverage = read_coverage(snapshot)
    assert answer["groups"] == {"uk": {"processes": 4, "contracts": 1, "outcomes": 0}}
    by_states = {
        (fact["publisher"], fact["fact"]): (fact["due"], fact["filled"], fact["missing"])
        for fact in answer["facts"]
        if fact["notice"] is None
    }
    assert by_states == {key: (cell.due, cell.filled, cell.missing) for key, cell in coverage.cells.items()}
    assert {fact["notice"] for fact in answer["facts"]} - {None} == {
        name for name, cells in coverage.of_notices.items() if cells
    }
    rows = read_csv(reader.get("/api/v1/coverage?format=csv"))
    assert len(rows) == 1 + len(answer["facts"])
