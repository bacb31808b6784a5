"""Tests of the page cache: one snapshot for a request, the new one for the next, and an error page if there is none."""

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
    """A built store of one notice, which a test may change."""
    settings.STORE = shutil.copytree(built_store, tmp_path / "store", symlinks=True)
    cache.clear()
    return settings.STORE


def retitle(store, title="Second title"):
    load(store, [make_release(OCID, "2026-01-11", "UK4", tender={"title": title})], f"{title}.jsonl")
    pipeline.build(store, AS_OF)


def test_next_request_reads_new_snapshot(store):
    assert b"First title" in Client().get(f"/processes/{OCID}").content
    retitle(store)
    assert b"Second title" in Client().get(f"/processes/{OCID}").content


def test_get_snapshot_stays_the_same_during_request(store):
    request = RequestFactory().get("/")
    before = snapshot_access.get_snapshot(request)
    retitle(store)
    assert snapshot_access.get_snapshot(request) is before
    assert snapshot_access.resolve_identifier(before, OCID).title == "First title"
    shutil.rmtree(before.folder)  # a later build may do this
    assert snapshot_access.resolve_identifier(before, OCID).title == "First title"
    assert (
        snapshot_access.resolve_identifier(snapshot_access.get_snapshot(RequestFactory().get("/")), OCID).title
        == "Second title"
    )


def test_page_not_modified_is_304(store):
    first = Client().get(f"/processes/{OCID}")
    again = Client().get(f"/processes/{OCID}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    retitle(store)
    assert Client().get(f"/processes/{OCID}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/search/", "/compare/", f"/processes/{OCID}", "/find/?q=a", "/search.csv"])
def test_page_without_snapshot_says_what_to_run(path, settings, tmp_path):
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
def test_page_with_unreadable_snapshot_says_what_to_run(store, spoil):
    spoil((store / "current").resolve())
    answer = Client().get("/")
    assert answer.status_code == 503
    assert b"threepoint build" in answer.content


def test_pages_during_build_are_of_one_snapshot(store):
    from concurrent.futures import ThreadPoolExecutor

    answers = set()
    with ThreadPoolExecutor(1) as executor:
        build = executor.submit(retitle, store)
        while not build.done():
            answer = Client().get(f"/processes/{OCID}")
            answers.add((answer.status_code, b"First title" in answer.content, b"Second title" in answer.content))
        build.result()
    assert answers <= {(200, True, False), (200, False, True)}
    assert answers >= {(200, True, False)}


def read_answer(answer):
    """Return status, content and headers of an answer, without the request id."""
    return (
        answer.status_code, answer.content,
        {name: value for name, value in answer.headers.items() if name != "X-Request-ID"},
    )  # fmt: skip


def test_cached_page_is_identical(store, monkeypatch):
    path = f"/processes/{OCID}"
    gzip_client = Client(headers={"Accept-Encoding": "gzip"})
    plain, compressed = Client().get(path), gzip_client.get(path)
    assert (plain.headers.get("Content-Encoding"), compressed.headers["Content-Encoding"]) == (None, "gzip")
    for name in ("Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy", "ETag"):
        assert name in plain.headers
    monkeypatch.setattr(views.record_page, "make_record_page", None)  # so the next page comes from the cache
    again = Client().get(path)
    assert read_answer(again) == read_answer(plain)
    assert read_answer(gzip_client.get(path)) == read_answer(compressed)
    assert again.headers["X-Request-ID"] != plain.headers["X-Request-ID"]
    assert Client().head(path).content == b""


def test_cached_page_depends_on_host_scheme_and_query(store, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    path = f"/processes/{OCID}"
    first = Client(headers={"host": "one.example"}).get(path)
    assert Client(headers={"host": "two.example"}).get(path).headers["ETag"] != first.headers["ETag"]
    assert Client(headers={"host": "three.example"}).get(path).status_code == 400
    assert Client(headers={"host": "one.example"}).get(path, secure=True).headers["ETag"] != first.headers["ETag"]
    assert Client(headers={"host": "one.example"}).get(path, {"c": OCID}).content != first.content
    assert Client(headers={"host": "one.example"}).post(path, {"id": OCID}).status_code in (200, 403)


def test_cache_skips_pages_with_cookie_and_other_responses(store):
    for path in ("/check/", f"/cite/?id={OCID}", "/healthz", "/nothing-here", "/api/v1/"):
        Client().get(path)
    assert list_cached_pages() == []
    Client().get("/")
    assert len(list_cached_pages()) == 1


def list_cached_pages():
    return [key for key in cache._cache if key.endswith(("-packed", "-plain"))]


def ignore_request(request):
    pass


def read_session(request):
    request.session.get("name")


@pytest.mark.parametrize(("use_request", "cached"), [(ignore_request, 1), (get_token, 0), (read_session, 0)])
def test_cache_skips_pages_with_token_or_session(store, use_request, cached):
    @cache_per_snapshot
    def view(request):
        use_request(request)
        return HttpResponse("page")

    request = RequestFactory().get("/")
    request.session = SessionStore()
    assert view(request).content == b"page"
    assert len(list_cached_pages()) == cached


def test_cache_separates_languages(store):
    pages = []
    for language in ("en-gb", "cy"):
        with translation.override(language):
            pages.append(Client().get("/"))
    assert pages[0]["ETag"] != pages[1]["ETag"]
    assert len(list_cached_pages()) == 2


@pytest.mark.parametrize("path", ["/", "/design/", "/method/", "/check/", "/privacy/", "/accessibility/", "/nothing/"])
def test_page_names_its_snapshot(store, path):
    assert b"This page uses a copy of the data (a snapshot) made on" in Client().get(path).content
