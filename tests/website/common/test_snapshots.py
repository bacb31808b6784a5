"""One snapshot to a request; a new one for the next; none, and a page that says so."""

import json
import shutil

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from tests.merge.world import AS_OF, load, release
from threepoint import pipeline
from website.common import facts

OCID = "ocds-h6vhtk-0abcde"


@pytest.fixture
def store(tmp_path, settings):
    """A store of one notice, built."""
    settings.STORE = tmp_path / "store"
    cache.clear()
    load(settings.STORE, [release(OCID, "2026-01-10", "UK4", tender={"title": "First title"})])
    pipeline.build(settings.STORE, AS_OF)
    return settings.STORE


def retitle(store, title="Second title"):
    load(store, [release(OCID, "2026-01-11", "UK4", tender={"title": title})], f"{title}.jsonl")
    pipeline.build(store, AS_OF)


def test_a_build_is_seen_by_the_next_request_without_a_restart(store):
    assert b"First title" in Client().get(f"/processes/{OCID}").content
    retitle(store)
    assert b"Second title" in Client().get(f"/processes/{OCID}").content


def test_a_request_reads_one_snapshot_to_its_end(store):
    request = RequestFactory().get("/")
    before = facts.current(request)
    retitle(store)
    assert facts.current(request) is before
    assert facts.find(before, OCID).title == "First title"
    shutil.rmtree(before.folder)  # as a later build may
    assert facts.find(before, OCID).title == "First title"
    assert facts.find(facts.current(RequestFactory().get("/")), OCID).title == "Second title"


def test_a_browser_that_has_the_newest_page_is_told_so(store):
    first = Client().get(f"/processes/{OCID}")
    again = Client().get(f"/processes/{OCID}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    retitle(store)
    assert Client().get(f"/processes/{OCID}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/search/", "/compare/", f"/processes/{OCID}", "/find/?q=a", "/search.csv"])
def test_without_a_snapshot_a_page_says_what_to_run(path, settings, tmp_path):
    settings.STORE = tmp_path / "nothing"
    answer = Client().get(path)
    assert answer.status_code == 503
    assert b"threepoint load FILE" in answer.content


def spoil_manifest(folder):
    (folder / "manifest.json").write_text(json.dumps({"standard_version": "2.0.0", "layout": 3}))


def lose_manifest(folder):
    (folder / "manifest.json").unlink()


def halve_manifest(folder):
    (folder / "manifest.json").write_text('{"standard_ver')


def lose_shelf(folder):
    shutil.rmtree(folder / "shelf")


def lose_index(folder):
    shutil.rmtree(folder / "search")


@pytest.mark.parametrize("spoil", [spoil_manifest, lose_manifest, halve_manifest, lose_shelf, lose_index])
def test_a_snapshot_that_cannot_be_read_is_said_to_be_so(store, spoil):
    spoil((store / "current").resolve())
    answer = Client().get("/")
    assert answer.status_code == 503
    assert b"threepoint build" in answer.content


def test_readers_meet_no_half_state_while_a_build_goes_on(store):
    """Pages asked for between all steps of a build are of one snapshot or the other."""
    from concurrent.futures import ThreadPoolExecutor

    seen = set()
    with ThreadPoolExecutor(1) as beside:
        going = beside.submit(retitle, store)
        while not going.done():
            answer = Client().get(f"/processes/{OCID}")
            seen.add((answer.status_code, b"First title" in answer.content, b"Second title" in answer.content))
        going.result()
    assert seen <= {(200, True, False), (200, False, True)}
    assert seen >= {(200, True, False)}
