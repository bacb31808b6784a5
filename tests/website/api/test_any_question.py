"""Property tests of the API: any id, query or header gets data or a problem, and schemathesis finds no mismatch."""

import logging
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.size import FULL_SIZE, bound_examples
from tests.website.api.conftest import RECORD_IDS
from tests.website.sample_records import CORRECTED, DEAL, GMPP, OFFICE
from website.api.problems import PROBLEM_MEDIA_TYPE
from website.common.record_urls import KIND_BY_PATH
from website.wsgi import application

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
ODD = st.sampled_from(
    ["-1", "0", "99999999999", "\uff11", "a" * 5000, '"', "\x00", "../..", "%00", "\r\n", "=1+1", DEAL, OFFICE, "'"]
)
ANYTHING = st.text(max_size=40) | ODD
NAMES = (
    st.sampled_from(
        ["q", "page", "size", "order", "all", "kind", "buyer", "year", "id", "after", "format", "ocid", "org_id", "zz"]
    )
    | ANYTHING
)
PATHS = ["/", "/search", "/compare", "/tables", "/tables/contract", "/tables/notice", "/tables/payment_total", "/sources", "/coverage",
          f"/processes/{DEAL}", f"/organisations/{OFFICE}", f"/projects/sdes-gmpp-{GMPP}", "/openapi.json"]  # fmt: skip
MEDIA_TYPES = {"application/json", "text/csv; charset=utf-8", PROBLEM_MEDIA_TYPE}


@pytest.fixture
def unlimited_reader(reader, settings):
    """A reader without a rate limit."""
    settings.API_RATE = 0
    return reader


def is_valid_answer(answer):
    """Return True for an answer that programs can read: data, a redirect, 304, or a problem with advice."""
    if answer.status_code == 302:
        return answer["Location"].startswith("/api/v1/")
    if answer.status_code == 304:  # If-None-Match: *
        return answer.content == b"" and "ETag" in answer.headers
    if answer.status_code >= 400:
        problem = answer.json()
        return (
            answer["Content-Type"] == PROBLEM_MEDIA_TYPE
            and problem["status"] == answer.status_code < 500
            and bool(problem["what_to_do"])
        )
    return answer["Content-Type"] in MEDIA_TYPES


@given(st.lists(st.tuples(NAMES, ANYTHING), max_size=5), st.sampled_from(PATHS))
@settings(max_examples=bound_examples(150), suppress_health_check=QUIET)
def test_any_query_is_answered(unlimited_reader, parameters, path):
    query = {}
    for name, value in parameters:
        query.setdefault(name, []).append(value)
    assert is_valid_answer(unlimited_reader.get(f"/api/v1{path}", query))


@given(st.binary(max_size=30), st.sampled_from(PATHS))
@settings(max_examples=bound_examples(60), suppress_health_check=QUIET)
def test_any_query_bytes_are_answered(unlimited_reader, query, path):
    assert is_valid_answer(unlimited_reader.get(f"/api/v1{path}", QUERY_STRING=query.decode("latin-1")))


@given(ANYTHING, st.sampled_from([*KIND_BY_PATH, "tables", "zz"]), st.sampled_from(["", "?format=csv", "?format=xml"]))
@settings(max_examples=bound_examples(150), suppress_health_check=QUIET)
def test_any_id_is_answered(unlimited_reader, ident, endpoint, query):
    assert is_valid_answer(unlimited_reader.get(f"/api/v1/{endpoint}/{quote(ident, safe='')}{query}"))


HEADERS = st.sampled_from(
    ["Accept", "If-None-Match", "X-Forwarded-For", "Origin", "Accept-Language", "Range", "Accept-Encoding"]
)
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30) | st.sampled_from(
    ["*", '"', 'W/"', "text/csv;q=x", ";", "a/b/c", "bytes=0-", "q=" + "9" * 30]
)


@given(st.dictionaries(HEADERS, TEXT), st.sampled_from(PATHS))
@settings(max_examples=bound_examples(100), suppress_health_check=QUIET)
def test_any_header_is_answered(unlimited_reader, headers, path):
    assert is_valid_answer(unlimited_reader.get(f"/api/v1{path}", headers=headers))


@pytest.fixture
def quiet_logs(db):
    """No log lines for a thousand requests. `db`: after each request the site checks its database connections."""
    logging.getLogger("website.requests").setLevel(logging.WARNING)
    yield
    logging.getLogger("website.requests").setLevel(logging.NOTSET)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
schema.config.phases.coverage.enabled = FULL_SIZE  # it generates 2,600 requests, which takes seconds in each worker


@schema.parametrize()
@seed(20261001)
@settings(
    max_examples=bound_examples(4), phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    database=None,
)  # fmt: skip
def test_generated_requests_match_openapi(case, unlimited_reader, quiet_logs):
    case.call_and_validate(headers={"Accept-Encoding": "identity"})  # the WSGI client does not decompress answers


EXISTING = [*((f"/{path}/{{ident}}", {"ident": ident}, {}) for path, ident in RECORD_IDS.items()),
        ("/compare", {}, {"id": [DEAL, CORRECTED]}), ("/search", {}, {"all": "1"}), ("/tables/field_state", {}, {"size": 100}),
        ("/processes/{ident}", {"ident": CORRECTED}, {"format": "csv"})]  # fmt: skip


@pytest.mark.parametrize(("path", "path_parameters", "query"), EXISTING)
def test_existing_records_match_openapi(unlimited_reader, quiet_logs, path, path_parameters, query):
    case = schema[f"/api/v1{path}"]["GET"].Case(path_parameters=path_parameters, query=query)
    assert case.call_and_validate(headers={"Accept-Encoding": "identity"}).status_code == 200
