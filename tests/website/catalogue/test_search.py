"""The search page and its CSV file."""

import csv
import html
import io
import re

import pytest
from django.core.cache import cache
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.release_factory import AS_OF, load, make_release
from tests.payments.reference_rows import write_csv
from tests.size import bound_examples
from tests.website.pages import read_results, read_text
from tests.website.sample_records import ALPHA, CORRECTED, DEAL, FIELD, OFFICE, OPEN, find_line
from threepoint import pipeline
from website.catalogue import search_page

SOLD, PLANNED = f"/sales/{find_line('sale')}", f"/plans/{find_line('plan')}"
CONTRACT, FIXED = f"/contracts/{DEAL}/contracts/1", f"/processes/{CORRECTED}"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"q": "case management"}, [CONTRACT]),
        ({"q": "managment sistem"}, [CONTRACT]),
        ({"q": '"case management"'}, [CONTRACT]),
        ({"q": '"management case"'}, []),
        ({"q": "license"}, [FIXED, SOLD]),  # the other spelling
        ({"q": "000901-2026"}, [FIXED]),
        ({"q": "1234567"}, [f"/organisations/{ALPHA}"]),  # 01234567
        ({"q": "licences " * 60}, [FIXED, SOLD]),  # a long query is not cut inside a word
        ({"q": "road works"}, []),  # not technology
        ({"q": "road works", "all": "1"}, [f"/processes/{FIELD}"]),
        ({"kind": "contract", "order": "largest"}, [CONTRACT, FIXED, f"/processes/{OPEN}"]),
        ({"kind": "contract", "order": "newest"}, [f"/processes/{OPEN}", CONTRACT, FIXED]),
        ({"supplier": ALPHA}, [CONTRACT]),
        ({"q": "licences", "buyer": OFFICE}, [FIXED]),
        ({"q": "licences", "kind": "contract"}, [FIXED]),
        ({"kind": "plan"}, [PLANNED]),
        ({"kind": "sale", "q": "alpha"}, [SOLD]),
        ({"kind": ["contract", "project"], "q": "identity", "all": "1"}, ["/projects/sdes-gmpp-CO_0001_2021-Q1"]),
    ],
)
def test_search_finds_by_words_filters_and_order(reader, parameters, expected):
    assert read_results(reader.get("/search/", parameters)) == expected


def test_search_falls_back_to_records_with_some_words(reader):
    response = reader.get("/search/", {"q": "licences zzqqy"})
    assert read_results(response) == [FIXED, SOLD]
    assert "No record contains all of these words." in read_text(response)


def test_search_marks_words_in_results(reader):
    page = reader.get("/search/", {"q": "case"}).content.decode()
    assert re.findall(r"<mark>([^<]+)</mark>", page)[:1] == ["Case"]
    assert re.findall(
        r"Supplier: .*?<mark>([^<]+)</mark>", reader.get("/search/", {"q": "alpha"}).content.decode()
    ) == ["Alpha", "Alpha"]  # of a contract, and of a sale


def test_search_page_links_to_add_and_remove_filters(reader):
    page = html.unescape(reader.get("/search/", {"q": "", "kind": "contract"}).content.decode())
    assert 'href="?q="' in page  # removes the kind
    assert f'href="?q=&kind=contract&buyer={OFFICE}"' not in page  # a single buyer is no choice
    assert 'href="?q=&kind=contract&status=award"' in page


def test_empty_search_page_says_what_to_do(reader):
    text = read_text(reader.get("/search/", {"q": "road works"}))
    assert "No results in technology The matching records do not count as technology." in text
    assert "Search everything: 1 found" in text
    text = read_text(reader.get("/search/", {"q": "zzqqy xqzzy", "all": "1"}))
    assert "No results We have no matching records." in text
    assert "The records below have some of them" not in text


def test_search_page_names_other_words_searched_for(reader):
    text = read_text(reader.get("/search/", {"q": "licence"}))
    assert "We also searched for: license. To search for exact words only, put them in “quotes”." in text
    assert "We also searched for" not in read_text(reader.get("/search/", {"q": '"licence"'}))
    text = read_text(reader.get("/search/", {"q": "sistem"}))
    assert "No record contains “sistem”. The records below contain words with a similar spelling." in text


def test_search_by_next_end_shows_ends(reader):
    response = reader.get("/search/", {"order": "ending"})
    assert read_results(response) == [CONTRACT]
    assert "Ends 30 November 2027" in read_text(response)


def test_search_csv_has_escaped_rows_and_named_file(reader):
    response = reader.get("/search.csv", {"q": "road works", "all": "1"})
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert [row[:3] for row in rows] == [["kind", "id", "title"], ["Procurement", FIELD, "'=HYPERLINK(road works)"]]
    assert re.search(r'filename="three-point-search-\d{8}T\d{6}Z-1-of-1.csv"', response["Content-Disposition"])


def test_search_csv_says_when_it_is_cut(reader, monkeypatch):
    assert "Download these results (CSV)" in read_text(reader.get("/search/?kind=contract&all=1&q="))
    monkeypatch.setattr(search_page, "MAX_CSV_ROWS", 2)
    cache.clear()
    assert "Download the first 2 of these results (CSV)" in read_text(reader.get("/search/?kind=contract&all=1&q="))
    response = reader.get("/search.csv?kind=contract&all=1")
    assert response["Content-Disposition"].endswith('-2-of-4.csv"')
    assert len(response.content.splitlines()) == 3


def test_search_keeps_records_chosen_for_comparison(reader):
    page = html.unescape(reader.get("/search/", {"q": "licences", "c": f"{DEAL}/contracts/1"}).content.decode())
    assert f'href="/compare/?id={DEAL.replace("/", "%2F")}%2Fcontracts%2F1&id={CORRECTED}"' in page
    assert '<input type="hidden" name="c"' in page


NAMES = ["q", "page", "order", "all", "kind", "buyer", "year", "band", "show", "c", "id", "zz"]
ANYTHING = st.text(max_size=40) | st.sampled_from(
    ["-1", "0", "99999999999", "\uff11", "a" * 5000, '"', "\x00", "../..", "%00"]
)


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), ANYTHING), max_size=6),
    st.sampled_from(["/search/", "/search.csv", "/compare/", "/find/", "/"]),
)
@settings(max_examples=bound_examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_gets_a_page(reader, parameters, path):
    query = {}
    for name, value in parameters:
        query.setdefault(name, []).append(value)
    assert reader.get(path, query).status_code in (200, 302)


@given(ANYTHING, st.sampled_from(["contracts", "processes", "projects", "payments", "organisations", "find", "zz"]))
@settings(max_examples=bound_examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_id_gets_a_page(reader, ident, place):
    from urllib.parse import quote

    assert reader.get(f"/{place}/{quote(ident, safe='')}").status_code in (200, 301, 302, 404)


def test_cpv_facet_uses_names_of_loaded_register(reader, small_store, tmp_path):
    store = tmp_path / "store"
    headings = ["code", "numericCode", "parent", "version", "type", "name"]
    rows = [
        ["30100000-0", "30100000", "30000000-9", "2", "1", "Office machinery"],
        ["45000000-7", "45000000", "", "2", "3", "Construction work"],
    ]
    (tmp_path / "cpv.csv").write_bytes(write_csv(headings, *rows))
    pipeline.load(store, [tmp_path / "cpv.csv"])
    codes = [{"scheme": "CPV", "id": cpv} for cpv in ("30123000", "45000000", "99999999")]
    load(store, [
        make_release(f"ocds-h6vhtk-0fff0{number}", "2026-01-10", "UK4", tender={"title": "One", "classification": code})
        for number, code in enumerate(codes)
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with override_settings(STORE=store):
        page = read_text(reader.get("/search/", {"all": "1"}))
    facet = page.partition("What is bought (CPV)")[2]
    assert all(choice in facet for choice in ("301: Office machinery", "450: Construction work", "999 1"))


def test_search_does_not_replace_a_match_outside_technology(reader):
    """`works` has another hit in technology; the only procurement with all of the words is not technology."""
    response = reader.get("/search/", {"q": "road works hyperlink"})
    assert read_results(response) == []
    assert "No record contains all of these words." not in read_text(response)
    assert "Search everything: 1 found" in read_text(response)
