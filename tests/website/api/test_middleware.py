"""ETags, other sites, methods, rate limits, and one form for all errors."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.test import Client

from tests.website.api.conftest import THINGS
from tests.website.sample_records import CORRECTED, DEAL
from website.api.problems import PROBLEM_MEDIA_TYPE
from website.api.v1 import api
from website.common import snapshot_access
from website.common.rate_limits import ReaderThrottle

ADDRESSES = ["/", "/search?q=case", f"/processes/{DEAL}", f"/compare?id={DEAL}&id={CORRECTED}", "/tables", "/tables/contract",
             "/sources", "/coverage"]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_answer_that_the_reader_has_is_not_sent_again(ask, reader, path):
    first = reader.get(f"/api/v1{path}")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Accept" in first["Vary"].split(", ")
    again = reader.get(f"/api/v1{path}", headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert reader.get(f"/api/v1{path}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_json_and_csv_have_two_tags(ask, reader):
    tags = {
        reader.get("/api/v1/search", headers={"Accept": accept})["ETag"]
        for accept in ("text/csv", "application/json", "*/*")
    }
    assert len(tags) == 2


def test_another_snapshot_has_other_tags(ask, reader, synthetic_store, settings):
    before = reader.get("/api/v1/")["ETag"]
    settings.STORE = synthetic_store
    answer = reader.get("/api/v1/", headers={"If-None-Match": before})
    assert (answer.status_code, answer["ETag"] == before) == (200, False)


@pytest.mark.parametrize("path", [*ADDRESSES, "/zzz", "/search?zz=1", "/openapi.json"])
def test_any_site_may_read(ask, reader, path):
    answer = reader.get(f"/api/v1{path}", headers={"Origin": "https://other.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer.cookies == {}


@pytest.mark.parametrize("path", ["/", "/search/", "/api/", "/downloads/", "/api/v10/", "/apis"])
def test_other_sites_may_not_read_what_is_no_api(reader, path):
    answer = reader.get(path, headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_browser_that_asks_before_it_reads_is_told(reader):
    asked = {
        "Origin": "https://other.example", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }  # fmt: skip
    answer = reader.options("/api/v1/search", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Methods"] == answer["Allow"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/", "/search", "/zzz"])
def test_nothing_can_be_changed(reader, method, path):
    answer = getattr(reader, method)(f"/api/v1{path}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json() == {
        "title": "Only reading is possible here", "status": 405, "what_to_do": "Use GET.",
        "detail": f"“{method.upper()}” is not possible: nothing can be changed through the API.",
    }  # fmt: skip


@pytest.mark.parametrize("path", [f"/processes/{DEAL}", "/zzz"])
def test_head_tells_what_get_would(ask, reader, path):
    got, told = reader.get(f"/api/v1{path}"), reader.head(f"/api/v1{path}")
    assert (told.status_code, told.content, told["Content-Length"]) == (got.status_code, b"", str(len(got.content)))
    assert told.get("ETag") == got.get("ETag")


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/zzz", {}, 404), ("/search?zz=1", {}, 400), ("/processes/", {}, 404), ("/search", {"Accept": "image/png"}, 406),
        ("/sources", {"Accept": "text/csv"}, 406), ("/sources?format=csv", {}, 400), ("/search", {"Host": "other.example"}, 400),
        ("/search", {"Accept": "text/csv;q=0, application/json;q=0"}, 406), ("/a%0Ab", {}, 404), ("/processes/a%0Ab", {}, 404),
    ],
)  # fmt: skip
def test_errors_have_one_form(ask, reader, path, headers, status):
    answer = reader.get(f"/api/v1{path}", headers=headers)
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        status,
        PROBLEM_MEDIA_TYPE,
        "no-store",
    )
    assert sorted(told) == ["detail", "status", "title", "what_to_do"]
    assert all(told.values())
    assert told["status"] == status


def test_our_own_mistake_gives_an_id_to_quote(ask, reader, monkeypatch):
    def broken(*of):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(snapshot_access, "search_records", broken)
    reader.raise_request_exception = False
    answer = reader.get("/api/v1/search", headers={"X-Request-ID": "quote-me-1234"})
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM_MEDIA_TYPE)
    assert answer.json()["request_id"] == "quote-me-1234"
    assert b"secret" not in answer.content


@pytest.mark.parametrize("path", ["/", "/search", f"/processes/{DEAL}", "/tables/contract", "/coverage"])
def test_without_a_snapshot_it_says_so(client, settings, tmp_path, path):
    caches["limits"].clear()
    settings.STORE = tmp_path / "none"
    answer = client.get(f"/api/v1{path}")
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "300", PROBLEM_MEDIA_TYPE)
    assert "threepoint build" in answer.json()["detail"]


# ---------------------------------------------------------------------------------------------- how often


@pytest.fixture
def at(monkeypatch):
    """A clock that stands still, and is moved by setting at["now"]."""
    clock = {"now": 6_000_000_000.0}
    monkeypatch.setattr(ReaderThrottle, "timer", staticmethod(lambda: clock["now"]))
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: clock["now"])
    caches["limits"].clear()
    return clock


@pytest.fixture
def allow(settings, monkeypatch):
    """Sets how many requests a minute one reader may send."""

    def allow_requests(number):
        settings.API_RATE = number
        monkeypatch.setattr(api.throttle, "num_requests", number)

    return allow_requests


def list_statuses(client, number, **meta):
    return [client.get("/api/v1/", **meta).status_code for _ in range(number)]


def test_too_many_are_refused_until_a_minute_has_gone(reader, allow, at):
    allow(3)
    assert list_statuses(reader, 4) == [200, 200, 200, 429]
    at["now"] += 18
    refused = reader.get("/api/v1/search")
    assert (refused.status_code, refused["Retry-After"], refused["Content-Type"]) == (429, "42", PROBLEM_MEDIA_TYPE)
    assert refused.json()["detail"] == "3 requests a minute are answered for each reader, and you have sent more."
    assert refused.json()["what_to_do"].startswith("Wait 42 seconds, then go on.")
    at["now"] += 42
    assert list_statuses(reader, 1) == [200]


def test_an_answer_that_the_reader_has_counts_too(reader, allow, at):
    allow(2)
    tag = reader.get("/api/v1/")["ETag"]
    assert [reader.get("/api/v1/", headers={"If-None-Match": tag}).status_code for _ in range(2)] == [304, 429]


def test_readers_are_counted_apart_and_a_network_of_ipv6_together(reader, allow, at):
    allow(1)
    assert list_statuses(reader, 2, REMOTE_ADDR="192.0.2.1") == [200, 429]
    assert list_statuses(reader, 1, REMOTE_ADDR="192.0.2.2") == [200]
    assert list_statuses(reader, 1, REMOTE_ADDR="2001:db8::1") == [200]
    assert list_statuses(reader, 1, REMOTE_ADDR="2001:db8::2") == [429]
    assert list_statuses(reader, 1, REMOTE_ADDR="2001:db8:1::1") == [200]


def test_what_a_reader_says_of_its_address_is_not_read(reader, allow, at):
    allow(1)
    forged = [reader.get("/api/v1/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)]
    assert forged == [200, 429, 429]


@pytest.mark.parametrize(
    ("proxies", "told", "seen"),
    [
        (1, "203.0.113.9", "203.0.113.9"), (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"), (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"), (1, "", "unknown"), (1, "nonsense", "unknown"), (1, None, "127.0.0.1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"), (1, "203.0.113.9:5678", "203.0.113.9"), (1, "[2001:db8:1:2::9]:443", "2001:db8:1:2::"),
        (0, "203.0.113.9", "127.0.0.1"),
    ],
)  # fmt: skip
def test_behind_proxies_it_is_what_our_outermost_proxy_saw(rf, settings, proxies, told, seen):
    settings.NINJA_NUM_PROXIES = proxies
    request = rf.get("/", headers={} if told is None else {"X-Forwarded-For": told})
    assert ReaderThrottle("any", 1).get_ident(request) == seen


def test_without_a_limit_nothing_is_refused(reader, allow, at):
    allow(0)
    assert list_statuses(reader, 5) == [200] * 5


def test_threads_that_share_a_throttle_count_each_for_its_own_reader(rf):
    """Ninja keeps the reader of the current request on the throttle."""
    throttle = ReaderThrottle("shared", 2)
    assert throttle.allow_request(rf.get("/", REMOTE_ADDR="192.0.2.1"))
    with ThreadPoolExecutor(1) as other:
        assert other.submit(throttle.allow_request, rf.get("/", REMOTE_ADDR="192.0.2.2")).result()
    assert throttle.key.endswith("192.0.2.1")


def test_pages_have_no_limit(reader, allow, at):
    allow(1)
    assert [reader.get("/api/").status_code for _ in range(3)] == [200] * 3


# ---------------------------------------------------------------------------------------------- however many rows


def test_the_number_of_queries_does_not_grow_with_what_is_shown(ask, reader, monkeypatch):
    from threepoint.store.record_store import RecordStore

    queries = []
    read = RecordStore._read
    monkeypatch.setattr(RecordStore, "_read", lambda self, *given: queries.append(given) or read(self, *given))

    def count(path):
        queries.clear()
        assert reader.get(path).status_code == 200
        return len(queries)

    assert count(f"/api/v1/tables/notice?ocid={DEAL}&size=1") == count(f"/api/v1/tables/notice?ocid={DEAL}&size=3") == 1
    assert count("/api/v1/search?all=1&size=1") == count("/api/v1/search?all=1&size=3") == 0
    assert count("/api/v1/tables") == count("/api/v1/") == 0


@pytest.mark.parametrize("place", THINGS)
def test_readers_get_the_same_bytes(ask, reader, place):
    path = f"/api/v1/{place}/{THINGS[place]}"
    first, second = (json.dumps(Client().get(path).json()) for _ in range(2))
    assert first == second
