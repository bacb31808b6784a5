"""Search: the same things as on the site's page, in pages that together are all of them."""

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


def test_what_is_found_in_full(ask):
    told = ask("/search", q="licences")
    assert {name: value for name, value in told.items() if name not in ("about", "facets")} == {
        "total": 2, "everything": 2, "loosened": False, "page": 1, "size": 20, "results": [LICENCES, SOLD],
        "short": {}, "also": [], "nearly": [], "links": {},
    }  # fmt: skip
    assert {"value": OFFICE, "count": 1} in told["facets"]["buyer"]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "managment sistem"}, {"q": "road works"}, {"q": "road works", "all": "1"}, {"kind": "contract", "order": "newest"},
        {"kind": ["contract", "project"], "q": "identity", "all": "1"}, {"supplier": ALPHA}, {"q": "licences zzqqy"},
        {"order": "largest", "all": "1"},
    ],
)  # fmt: skip
def test_it_finds_what_the_page_finds_in_the_same_order(ask, reader, asked):
    told = ask("/search", **asked)
    assert [hit["page"].removeprefix("http://testserver") for hit in told["results"]] == read_results(
        reader.get("/search/", asked)
    )


def test_what_has_no_value_says_why(ask):
    hits = {hit["id"]: hit for hit in ask("/search", all="1")["results"]}
    assert (hits[FIELD]["value"], hits[FIELD]["no_value"], hits[FIELD]["value_of"]) == (None, "not reported", None)
    assert (hits[DEAL]["value"], hits[DEAL]["no_value"]) == ("14200000.00", None)
    assert (hits[OFFICE]["value"], hits[OFFICE]["no_value"]) == (None, None)


@given(st.integers(1, 12), st.sampled_from(["best", "newest", "largest"]))
@settings(max_examples=bound_examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_pages_together_are_the_whole_each_once(ask, reader, size, order):
    found, address, before = [], f"/api/v1/search?all=1&order={order}&size={size}", None
    while address:
        told = reader.get(address).json()
        assert told["links"].get("prev", "").replace("http://testserver", "") == (before or "")
        found += [hit["id"] for hit in told["results"]]
        before = address if told["page"] > 1 else f"{address}&page=1"
        address = told["links"].get("next", "").removeprefix("http://testserver")
    assert (len(found), len(set(found))) == (told["total"], told["total"])


def test_as_csv_a_row_is_a_hit(reader, ask):
    answer = reader.get("/api/v1/search", {"q": "road works", "all": "1", "format": "csv"})
    heading, row = read_csv(answer)
    told = dict(zip(heading, row, strict=True))
    assert answer["Content-Disposition"] == 'attachment; filename="search.csv"'
    assert (told["title"], told["value"], told["synthetic"], told["no_value"]) == (
        "'=HYPERLINK(road works)", "", "false", "not reported"
    )  # fmt: skip


def test_a_page_of_csv_names_the_next(reader, ask):
    answer = reader.get("/api/v1/search", {"all": "1", "size": "2", "format": "csv"})
    assert answer["Link"] == '<http://testserver/api/v1/search?all=1&size=2&format=csv&page=2>; rel="next"'
    assert answer.content.count(b"\r\n") == 3


@pytest.mark.parametrize(
    ("asked", "detail", "what_to_do"),
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
def test_what_cannot_be_is_refused_with_what_can(ask, asked, detail, what_to_do):
    told = ask("/search", 400, **asked)
    assert (told["detail"], told["what_to_do"]) == (detail, what_to_do)


def test_an_unknown_parameter_is_refused_with_the_nearest(ask):
    told = ask("/search", 400, bayer="x")
    assert told["detail"] == "There is no parameter “bayer”."
    assert told["what_to_do"].startswith("Did you mean “buyer”? Known here: all, band, buyer,")


def test_every_facet_of_the_index_can_be_chosen():
    from website.api.search import Wanted
    from website.common.search_labels import FACET_LABELS

    assert {name for name, one in Wanted.model_fields.items() if "list" in str(one.annotation)} == set(FACET_LABELS)
    assert snapshot_access.SearchRequest().size == Wanted().size
