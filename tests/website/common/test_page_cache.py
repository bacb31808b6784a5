"""One snapshot to a request; a new one for the next; none, and a page that says so."""

import json
import shutil

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils import translation

from tests.merge.release_factory import AS_OF, load, make_release
from threepoint import pipeline
from website.catalogue import views
from website.common import snapshot_access
from website.common.page_cache import cache_per_snapshot

OCID = "ocds-h6vhtk-0abcde"


@pytest.fixture(scope="module")
def built_store(tmp_path_factory):
    root = tmp_path_factory.mktemp("snapshots") / "store"
    load(root, [make_release(OCID, "2026-01-10", "UK4", tender={"title": "First title"})])
    pipeline.build(root, AS_OF)
    return root


@pytest.fixture
def store(built_store, tmp_path, settings):
    """A store of one notice, built; a test may change it."""
    settings.STORE = shutil.copytree(built_store, tmp_path / "store", symlinks=True)
    cache.clear()
    return settings.STORE


def retitle(store, title="Second title"):
    load(store, [make_release(OCID, "2026-01-11", "UK4", tender={"title": title})], f"{title}.jsonl")
    pipeline.build(store, AS_OF)


def test_a_build_is_seen_by_the_next_request_without_a_restart(store):
    assert b"First title" in Client().get(f"/processes/{OCID}").content
    retitle(store)
    assert b"Second title" in Client().get(f"/processes/{OCID}").content


def test_a_request_reads_one_snapshot_to_its_end(store):
    request = RequestFactory().get("/")
    before = snapshot_access.get_snapshot(request)
    retitle(store)
    assert snapshot_access.get_snapshot(request) is before
    assert snapshot_access.resolve_identifier(before, OCID).title == "First title"
    shutil.rmtree(before.folder)  # as a later build may
    assert snapshot_access.resolve_identifier(before, OCID).title == "First title"
    assert (
        snapshot_access.resolve_identifier(snapshot_access.get_snapshot(RequestFactory().get("/")), OCID).title
        == "Second title"
    )


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


def lose_records(folder):
    (folder / "records.sqlite").unlink()


def lose_index(folder):
    shutil.rmtree(folder / "search")


@pytest.mark.parametrize("spoil", [spoil_manifest, lose_manifest, halve_manifest, lose_records, lose_index])
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


def read_answer(answer):
    """All that an answer says but for the name of its request."""
    return (
        answer.status_code, answer.content,
        {name: said for name, said in answer.headers.items() if name != "X-Request-ID"},
    )  # fmt: skip


def test_a_page_that_was_made_is_given_again_as_it_was(store, monkeypatch):
    path = f"/processes/{OCID}"
    packed = Client(headers={"Accept-Encoding": "gzip"})
    plain, small = Client().get(path), packed.get(path)
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    for name in ("Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy", "ETag"):
        assert name in plain.headers
    monkeypatch.setattr(views.record_page, "make_record_page", None)  # nothing is made anew
    again = Client().get(path)
    assert read_answer(again) == read_answer(plain)
    assert read_answer(packed.get(path)) == read_answer(small)
    assert again.headers["X-Request-ID"] != plain.headers["X-Request-ID"]
    assert Client().head(path).content == b""


def test_what_is_kept_is_for_its_address_host_and_scheme_alone(store, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    path = f"/processes/{OCID}"
    first = Client(headers={"host": "one.example"}).get(path)
    assert Client(headers={"host": "two.example"}).get(path).headers["ETag"] != first.headers["ETag"]
    assert Client(headers={"host": "three.example"}).get(path).status_code == 400
    assert Client(headers={"host": "one.example"}).get(path, secure=True).headers["ETag"] != first.headers["ETag"]
    assert Client(headers={"host": "one.example"}).get(path, {"c": OCID}).content != first.content
    assert Client(headers={"host": "one.example"}).post(path, {"id": OCID}).status_code in (200, 403)


def test_an_answer_with_a_cookie_or_of_another_kind_is_not_kept(store):
    for path in ("/check/", f"/cite/?id={OCID}", "/healthz", "/nothing-here", "/api/v1/"):
        Client().get(path)
    assert list_kept_pages() == []
    Client().get("/")
    assert len(list_kept_pages()) == 1


def list_kept_pages():
    return [key for key in cache._cache if key.endswith(("-packed", "-plain"))]


def leave_alone(request):
    pass


def look_at_session(request):
    request.session.get("name")


@pytest.mark.parametrize(("look", "kept"), [(leave_alone, 1), (get_token, 0), (look_at_session, 0)])
def test_a_page_with_a_form_or_about_who_asks_is_not_kept(store, look, kept):
    @cache_per_snapshot
    def view(request):
        look(request)
        return HttpResponse("page")

    request = RequestFactory().get("/")
    request.session = SessionStore()
    assert view(request).content == b"page"
    assert len(list_kept_pages()) == kept


def test_a_page_is_kept_for_each_language(store):
    pages = []
    for language in ("en-gb", "cy"):
        with translation.override(language):
            pages.append(Client().get("/"))
    assert pages[0]["ETag"] != pages[1]["ETag"]
    assert len(list_kept_pages()) == 2


@pytest.mark.parametrize("path", ["/", "/design/", "/method/", "/check/", "/privacy/", "/accessibility/", "/nothing/"])
def test_every_page_says_which_snapshot_is_shown(store, path):
    assert b"From the snapshot made on" in Client().get(path).content
