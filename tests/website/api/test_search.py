"""Tests of the search endpoint: the same results as the search page, and pages without gaps or repeats."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.size import bound_examples
from tests.website.pages import read_csv, read_results
from tests.website.sample_records import ALPHA, CORRECTED, DEAL, FIELD, OFFICE, find_line
from website.common import snapshot_access

LICENCES = {
    "kind": "contract", "id": CORRECTED, "contract": None, "title": "Licences", "buyer": "Home Office", "suppliers": ["Beta Ltd"],
    "more_suppliers": 0, "value": "188487.00", "currency": "GBP", "value_of": "award", "no_value": None, "status": "awarded",
    "newest": "2026-01-21", "ends": None, "to_market": None, "may_repeat": False, "synthetic": False, "extract": "", "page": f"http://testserver/processes/{CORRECTED}",
    "data": f"http://testserver/api/v1/processes/{CORRECTED}",
}  # fmt: skip
SOLD = LICENCES | {
    "kind": "sale", "id": find_line("sale"), "suppliers": ["Alpha Ltd"], "value": "1250.50", "value_of": "sale", "status": "",
    "newest": "2014-03-01", "page": f"http://testserver/sales/{find_line('sale')}", "data": f"http://testserver/api/v1/sales/{find_line('sale')}",
}  # fmt: skip


def test_search_returns_full_results(ask):
    answer = ask("/search", q="licences")
    assert {name: value for name, value in answer.items() if name not in ("about", "facets")} == {
        "total": 2, "everything": 2, "loosened": False, "page": 1, "size": 20, "results": [LICENCES, SOLD],
        "short": {}, "also": [], "nearly": [], "links": {},
    }  # fmt: skip
    assert {"value": OFFICE, "count": 1} in answer["facets"]["buyer"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "managment sistem"}, {"q": "road works"}, {"q": "road works", "all": "1"}, {"kind": "contract", "order": "newest"},
        {"kind": ["contract", "project"], "q": "identity", "all": "1"}, {"supplier": ALPHA}, {"q": "licences zzqqy"},
        {"order": "largest", "all": "1"},
    ],
)  # fmt: skip
def test_search_matches_search_page(ask, reader, query):
    answer = ask("/search", **query)
    assert [hit["page"].removeprefix("http://testserver") for hit in answer["results"]] == read_results(
        reader.get("/search/", query)
    )


def test_search_gives_reason_for_missing_value(ask):
    hits = {hit["id"]: hit for hit in ask("/search", all="1")["results"]}
    assert (hits[FIELD]["value"], hits[FIELD]["no_value"], hits[FIELD]["value_of"]) == (None, "not reported", None)
    assert (hits[DEAL]["value"], hits[DEAL]["no_value"]) == ("14200000.00", None)
    assert (hits[OFFICE]["value"], hits[OFFICE]["no_value"]) == (None, None)


@given(st.integers(1, 12), st.sampled_from(["best", "newest", "largest"]))
@settings(max_examples=bound_examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_pages_have_each_result_once(ask, reader, size, order):
    ids, url, previous_url = [], f"/api/v1/search?all=1&order={order}&size={size}", None
    while url:
        answer = reader.get(url).json()
        assert answer["links"].get("prev", "").replace("http://testserver", "") == (previous_url or "")
        ids += [hit["id"] for hit in answer["results"]]
        previous_url = url if answer["page"] > 1 else f"{url}&page=1"
        url = answer["links"].get("next", "").removeprefix("http://testserver")
    assert (len(ids), len(set(ids))) == (answer["total"], answer["total"])


def test_search_csv_has_row_for_each_result(reader, ask):
    answer = reader.get("/api/v1/search", {"q": "road works", "all": "1", "format": "csv"})
    heading, row = read_csv(answer)
    cells = dict(zip(heading, row, strict=True))
    assert answer["Content-Disposition"] == 'attachment; filename="search.csv"'
    assert (cells["title"], cells["value"], cells["synthetic"], cells["no_value"]) == (
        "'=HYPERLINK(road works)", "", "false", "not reported"
    )  # fmt: skip


def test_search_csv_links_next_page(reader, ask):
    answer = reader.get("/api/v1/search", {"all": "1", "size": "2", "format": "csv"})
    assert answer["Link"] == '<http://testserver/api/v1/search?all=1&size=2&format=csv&page=2>; rel="next"'
    assert answer.content.count(b"\r\n") == 3


@pytest.mark.parametrize(
    ("query", "detail", "what_to_do"),
    [
        ({"page": "0"}, "The parameter “page” cannot have this value.", "It should be: 1 or more."),
        ({"page": "101"}, "The parameter “page” cannot have this value.", "It should be: 100 or less."),
        ({"size": "101"}, "The parameter “size” cannot have this value.", "It should be: 100 or less."),
        ({"size": "x"}, "The parameter “size” cannot have this value.", "It should be: a whole number."),
        (
            {"order": "x"}, "The parameter “order” cannot have this value.",
            "It should be: one of 'best', 'newest', 'largest' or 'ending'.",
        ),
        ({"all": "yes"}, "The parameter “all” cannot have this value.", "It should be: one of '0' or '1'."),
        ({"q": "x" * 301}, "The parameter “q” cannot have this value.", "It should be: at most 300 characters long."),
        ({"page": ["1", "2"]}, "The parameter “page” is given more than once.", "Give it once."),
    ],
)  # fmt: skip
def test_search_refuses_invalid_value_with_advice(ask, query, detail, what_to_do):
    problem = ask("/search", 400, **query)
    assert (problem["detail"], problem["what_to_do"]) == (detail, what_to_do)


def test_search_suggests_nearest_parameter(ask):
    problem = ask("/search", 400, bayer="x")
    assert problem["detail"] == "There is no parameter “bayer”."
    assert problem["what_to_do"].startswith("Did you mean “buyer”? This address takes: all, band, buyer,")


def test_search_has_parameter_for_every_facet():
    from website.api.search import SearchParameters
    from website.common.search_labels import FACET_LABELS

    assert {name for name, field in SearchParameters.model_fields.items() if "list" in str(field.annotation)} == set(
        FACET_LABELS
    )
    assert snapshot_access.SearchRequest().size == SearchParameters().size
