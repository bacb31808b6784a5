"""Tests of ETags, CORS, methods, rate limits, and the format of errors."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.test import Client

from tests.website.api.conftest import RECORD_IDS
from tests.website.sample_records import CORRECTED, DEAL
from website.api.problems import PROBLEM_MEDIA_TYPE
from website.api.v1 import api
from website.common import snapshot_access
from website.common.rate_limits import ReaderThrottle

ADDRESSES = ["/", "/search?q=case", f"/processes/{DEAL}", f"/compare?id={DEAL}&id={CORRECTED}", "/tables", "/tables/contract",
             "/sources", "/coverage"]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_api_not_modified_is_304(ask, reader, path):
    first = reader.get(f"/api/v1{path}")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Accept" in first["Vary"].split(", ")
    again = reader.get(f"/api/v1{path}", headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert reader.get(f"/api/v1{path}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_etag_differs_for_json_and_csv(ask, reader):
    tags = {
        reader.get("/api/v1/search", headers={"Accept": accept})["ETag"]
        for accept in ("text/csv", "application/json", "*/*")
    }
    assert len(tags) == 2


def test_etag_differs_for_another_snapshot(ask, reader, synthetic_store, settings):
    before = reader.get("/api/v1/")["ETag"]
    settings.STORE = synthetic_store
    answer = reader.get("/api/v1/", headers={"If-None-Match": before})
    assert (answer.status_code, answer["ETag"] == before) == (200, False)


@pytest.mark.parametrize("path", [*ADDRESSES, "/zzz", "/search?zz=1", "/openapi.json"])
def test_cors_allows_any_site(ask, reader, path):
    answer = reader.get(f"/api/v1{path}", headers={"Origin": "https://other.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer.cookies == {}


@pytest.mark.parametrize("path", ["/", "/search/", "/api/", "/downloads/", "/api/v10/", "/apis"])
def test_cors_covers_api_only(reader, path):
    answer = reader.get(path, headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_cors_preflight(reader):
    headers = {
        "Origin": "https://other.example", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }  # fmt: skip
    answer = reader.options("/api/v1/search", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Methods"] == answer["Allow"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/", "/search", "/zzz"])
def test_api_refuses_other_methods(reader, method, path):
    answer = getattr(reader, method)(f"/api/v1{path}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json() == {
        "title": "The API is read-only", "status": 405, "what_to_do": "Use GET.",
        "detail": f"“{method.upper()}” is not possible: you cannot change anything through the API.",
    }  # fmt: skip


@pytest.mark.parametrize("path", [f"/processes/{DEAL}", "/zzz"])
def test_head_matches_get(ask, reader, path):
    get, head = reader.get(f"/api/v1{path}"), reader.head(f"/api/v1{path}")
    assert (head.status_code, head.content, head["Content-Length"]) == (get.status_code, b"", str(len(get.content)))
    assert head.get("ETag") == get.get("ETag")


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/zzz", {}, 404), ("/search?zz=1", {}, 400), ("/processes/", {}, 404), ("/search", {"Accept": "image/png"}, 406),
        ("/sources", {"Accept": "text/csv"}, 406), ("/sources?format=csv", {}, 400), ("/search", {"Host": "other.example"}, 400),
        ("/search", {"Accept": "text/csv;q=0, application/json;q=0"}, 406), ("/a%0Ab", {}, 404), ("/processes/a%0Ab", {}, 404),
    ],
)  # fmt: skip
def test_errors_have_one_format(ask, reader, path, headers, status):
    answer = reader.get(f"/api/v1{path}", headers=headers)
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        status,
        PROBLEM_MEDIA_TYPE,
        "no-store",
    )
    assert sorted(problem) == ["detail", "status", "title", "what_to_do"]
    assert all(problem.values())
    assert problem["status"] == status


def test_server_error_has_request_id(ask, reader, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(snapshot_access, "search_records", broken)
    reader.raise_request_exception = False
    answer = reader.get("/api/v1/search", headers={"X-Request-ID": "quote-me-1234"})
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM_MEDIA_TYPE)
    assert answer.json()["request_id"] == "quote-me-1234"
    assert b"secret" not in answer.content


@pytest.mark.parametrize("path", ["/", "/search", f"/processes/{DEAL}", "/tables/contract", "/coverage"])
def test_api_without_snapshot_is_503(client, settings, tmp_path, path):
    caches["limits"].clear()
    settings.STORE = tmp_path / "none"
    answer = client.get(f"/api/v1{path}")
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "300", PROBLEM_MEDIA_TYPE)
    assert "threepoint build" in answer.json()["detail"]


# ---------------------------------------------------------------------------------------------- rate limits


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when a test sets clock["now"]."""
    clock = {"now": 6_000_000_000.0}
    monkeypatch.setattr(ReaderThrottle, "timer", staticmethod(lambda: clock["now"]))
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: clock["now"])
    caches["limits"].clear()
    return clock


@pytest.fixture
def allow(settings, monkeypatch):
    """A function that sets how many requests a minute one reader may send."""

    def allow_requests(number):
        settings.API_RATE = number
        monkeypatch.setattr(api.throttle, "num_requests", number)

    return allow_requests


def list_statuses(client, number, **meta):
    return [client.get("/api/v1/", **meta).status_code for _ in range(number)]


def test_rate_limit_refuses_until_minute_has_passed(reader, allow, clock):
    allow(3)
    assert list_statuses(reader, 4) == [200, 200, 200, 429]
    clock["now"] += 18
    answer = reader.get("/api/v1/search")
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (429, "42", PROBLEM_MEDIA_TYPE)
    assert answer.json()["detail"] == "Each reader may send 3 requests a minute, and you have sent more."
    assert answer.json()["what_to_do"].startswith("Wait 42 seconds, then try again.")
    clock["now"] += 42
    assert list_statuses(reader, 1) == [200]


def test_rate_limit_counts_304(reader, allow, clock):
    allow(2)
    tag = reader.get("/api/v1/")["ETag"]
    assert [reader.get("/api/v1/", headers={"If-None-Match": tag}).status_code for _ in range(2)] == [304, 429]


def test_rate_limit_counts_by_reader_and_ipv6_network(reader, allow, clock):
    allow(1)
    assert list_statuses(reader, 2, REMOTE_ADDR="192.0.2.1") == [200, 429]
    assert list_statuses(reader, 1, REMOTE_ADDR="192.0.2.2") == [200]
    assert list_statuses(reader, 1, REMOTE_ADDR="2001:db8::1") == [200]
    assert list_statuses(reader, 1, REMOTE_ADDR="2001:db8::2") == [429]
    assert list_statuses(reader, 1, REMOTE_ADDR="2001:db8:1::1") == [200]


def test_rate_limit_ignores_forged_address(reader, allow, clock):
    allow(1)
    forged = [reader.get("/api/v1/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)]
    assert forged == [200, 429, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "ident"),
    [
        (1, "203.0.113.9", "203.0.113.9"), (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"), (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"), (1, "", "unknown"), (1, "nonsense", "unknown"), (1, None, "127.0.0.1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"), (1, "203.0.113.9:5678", "203.0.113.9"), (1, "[2001:db8:1:2::9]:443", "2001:db8:1:2::"),
        (0, "203.0.113.9", "127.0.0.1"),
    ],
)  # fmt: skip
def test_reader_address_behind_proxies(rf, settings, proxies, forwarded_for, ident):
    settings.NINJA_NUM_PROXIES = proxies
    request = rf.get("/", headers={} if forwarded_for is None else {"X-Forwarded-For": forwarded_for})
    assert ReaderThrottle("any", 1).get_ident(request) == ident


def test_rate_limit_zero_means_no_limit(reader, allow, clock):
    allow(0)
    assert list_statuses(reader, 5) == [200] * 5


def test_throttle_separates_threads(rf):
    """Ninja keeps the reader of the current request on the throttle."""
    throttle = ReaderThrottle("shared", 2)
    assert throttle.allow_request(rf.get("/", REMOTE_ADDR="192.0.2.1"))
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(throttle.allow_request, rf.get("/", REMOTE_ADDR="192.0.2.2")).result()
    assert throttle.key.endswith("192.0.2.1")


def test_rate_limit_does_not_apply_to_pages(reader, allow, clock):
    allow(1)
    assert [reader.get("/api/").status_code for _ in range(3)] == [200] * 3


# ---------------------------------------------------------------------------------------------- queries


def test_query_count_does_not_grow_with_page_size(ask, reader, monkeypatch):
    from threepoint.store.record_store import RecordStore

    queries = []
    read = RecordStore._read
    monkeypatch.setattr(RecordStore, "_read", lambda self, *query: queries.append(query) or read(self, *query))

    def count(path):
        queries.clear()
        assert reader.get(path).status_code == 200
        return len(queries)

    assert count(f"/api/v1/tables/notice?ocid={DEAL}&size=1") == count(f"/api/v1/tables/notice?ocid={DEAL}&size=3") == 1
    assert count("/api/v1/search?all=1&size=1") == count("/api/v1/search?all=1&size=3") == 0
    assert count("/api/v1/tables") == count("/api/v1/") == 0


@pytest.mark.parametrize("path", RECORD_IDS)
def test_record_is_the_same_for_every_reader(ask, reader, path):
    url = f"/api/v1/{path}/{RECORD_IDS[path]}"
    first, second = (json.dumps(Client().get(url).json()) for _ in range(2))
    assert first == second
