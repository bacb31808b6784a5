"""Any id, any question, any header: an answer in one of the two forms, never a failure; and what schemathesis makes of it."""

import logging
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.size import FULL_SIZE, bound_examples
from tests.website.api.conftest import THINGS
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
PLACES = ["/", "/search", "/compare", "/tables", "/tables/contract", "/tables/notice", "/tables/payment_total", "/sources", "/coverage",
          f"/processes/{DEAL}", f"/organisations/{OFFICE}", f"/projects/sdes-gmpp-{GMPP}", "/openapi.json"]  # fmt: skip
FORMS = {"application/json", "text/csv; charset=utf-8", PROBLEM_MEDIA_TYPE}


@pytest.fixture
def free(reader, settings):
    """Someone who may ask as often as they like."""
    settings.API_RATE = 0
    return reader


def is_an_answer(answer):
    """Whether it is one that a program can read: data, an address, or a problem in words."""
    if answer.status_code == 302:
        return answer["Location"].startswith("/api/v1/")
    if answer.status_code == 304:  # If-None-Match: *
        return answer.content == b"" and "ETag" in answer.headers
    if answer.status_code >= 400:
        told = answer.json()
        return (
            answer["Content-Type"] == PROBLEM_MEDIA_TYPE
            and told["status"] == answer.status_code < 500
            and bool(told["what_to_do"])
        )
    return answer["Content-Type"] in FORMS


@given(st.lists(st.tuples(NAMES, ANYTHING), max_size=5), st.sampled_from(PLACES))
@settings(max_examples=bound_examples(150), suppress_health_check=QUIET)
def test_any_query(free, asked, place):
    query = {}
    for name, value in asked:
        query.setdefault(name, []).append(value)
    assert is_an_answer(free.get(f"/api/v1{place}", query))


@given(st.binary(max_size=30), st.sampled_from(PLACES))
@settings(max_examples=bound_examples(60), suppress_health_check=QUIET)
def test_any_bytes_for_a_query(free, raw, place):
    assert is_an_answer(free.get(f"/api/v1{place}", QUERY_STRING=raw.decode("latin-1")))


@given(ANYTHING, st.sampled_from([*KIND_BY_PATH, "tables", "zz"]), st.sampled_from(["", "?format=csv", "?format=xml"]))
@settings(max_examples=bound_examples(150), suppress_health_check=QUIET)
def test_any_id(free, ident, place, query):
    assert is_an_answer(free.get(f"/api/v1/{place}/{quote(ident, safe='')}{query}"))


HEADERS = st.sampled_from(
    ["Accept", "If-None-Match", "X-Forwarded-For", "Origin", "Accept-Language", "Range", "Accept-Encoding"]
)
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30) | st.sampled_from(
    ["*", '"', 'W/"', "text/csv;q=x", ";", "a/b/c", "bytes=0-", "q=" + "9" * 30]
)


@given(st.dictionaries(HEADERS, TEXT), st.sampled_from(PLACES))
@settings(max_examples=bound_examples(100), suppress_health_check=QUIET)
def test_any_header(free, headers, place):
    assert is_an_answer(free.get(f"/api/v1{place}", headers=headers))


@pytest.fixture
def quiet(db):
    """No line of log for each of a thousand requests. `db`: after each request the site looks at its connections."""
    logging.getLogger("website.requests").setLevel(logging.WARNING)
    yield
    logging.getLogger("website.requests").setLevel(logging.NOTSET)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
schema.config.phases.coverage.enabled = FULL_SIZE  # it writes out 2,600 requests, which takes seconds in each worker


@schema.parametrize()
@seed(20261001)
@settings(
    max_examples=bound_examples(4), phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    database=None,
)  # fmt: skip
def test_every_answer_is_as_the_openapi_says(case, free, quiet):
    case.call_and_validate(headers={"Accept-Encoding": "identity"})  # the WSGI client does not unpack what it asks for


REAL = [*((f"/{place}/{{ident}}", {"ident": ident}, {}) for place, ident in THINGS.items()),
        ("/compare", {}, {"id": [DEAL, CORRECTED]}), ("/search", {}, {"all": "1"}), ("/tables/field_state", {}, {"size": 100}),
        ("/processes/{ident}", {"ident": CORRECTED}, {"format": "csv"})]  # fmt: skip


@pytest.mark.parametrize(("path", "named", "asked"), REAL)
def test_what_is_there_is_as_the_openapi_says(free, quiet, path, named, asked):
    case = schema[f"/api/v1{path}"]["GET"].Case(path_parameters=named, query=asked)
    assert case.call_and_validate(headers={"Accept-Encoding": "identity"}).status_code == 200
