"""The search page: words, choices and order are all in the address."""

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
    ("asked", "expected"),
    [
        ({"q": "case management"}, [CONTRACT]),
        ({"q": "managment sistem"}, [CONTRACT]),
        ({"q": '"case management"'}, [CONTRACT]),
        ({"q": '"management case"'}, []),
        ({"q": "license"}, [FIXED, SOLD]),  # the other spelling
        ({"q": "000901-2026"}, [FIXED]),
        ({"q": "1234567"}, [f"/organisations/{ALPHA}"]),  # 01234567
        ({"q": "licences " * 60}, [FIXED, SOLD]),  # no half a word at its end
        ({"q": "road works"}, []),  # no technology
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
def test_words_and_choices_find(reader, asked, expected):
    assert read_results(reader.get("/search/", asked)) == expected


def test_a_word_nothing_has_beside_one_that_something_has_finds_that(reader):
    answer = reader.get("/search/", {"q": "licences zzqqy"})
    assert read_results(answer) == [FIXED, SOLD]
    assert "Nothing has all of these words." in read_text(answer)


def test_the_words_are_marked_where_they_stand(reader):
    page = reader.get("/search/", {"q": "case"}).content.decode()
    assert re.findall(r"<mark>([^<]+)</mark>", page)[:1] == ["Case"]
    assert re.findall(
        r"Supplier: .*?<mark>([^<]+)</mark>", reader.get("/search/", {"q": "alpha"}).content.decode()
    ) == ["Alpha", "Alpha"]  # of a contract, and of a sale


def test_a_choice_can_be_made_and_taken_back(reader):
    page = html.unescape(reader.get("/search/", {"q": "", "kind": "contract"}).content.decode())
    assert 'href="?q="' in page  # takes the kind away
    assert f'href="?q=&kind=contract&buyer={OFFICE}"' not in page  # one buyer alone is no choice
    assert 'href="?q=&kind=contract&status=award"' in page


def test_nothing_found_says_what_to_do(reader):
    said = read_text(reader.get("/search/", {"q": "road works"}))
    assert "Nothing in technology What has these words is not counted as technology." in said
    assert "Search everything: 1 found" in said
    said = read_text(reader.get("/search/", {"q": "zzqqy xqzzy", "all": "1"}))
    assert "Nothing was found" in said
    assert "What follows has some of them" not in said


def test_what_else_was_looked_for_is_said(reader):
    said = read_text(reader.get("/search/", {"q": "licence"}))
    assert "Also looked for: license. Words in “quotes” are looked for alone." in said
    assert "Also looked for" not in read_text(reader.get("/search/", {"q": '"licence"'}))
    said = read_text(reader.get("/search/", {"q": "sistem"}))
    assert "No record has “sistem” as it stands. What follows has words that are spelt nearly like it." in said


def test_contracts_that_end_next_are_listed_with_their_ends(reader):
    answer = reader.get("/search/", {"order": "ending"})
    assert read_results(answer) == [CONTRACT]
    assert "Ends 30 November 2027" in read_text(answer)


def test_what_was_found_can_be_taken_away(reader):
    answer = reader.get("/search.csv", {"q": "road works", "all": "1"})
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert [row[:3] for row in rows] == [["kind", "id", "title"], ["Procurement", FIELD, "'=HYPERLINK(road works)"]]
    assert re.search(r'filename="three-point-search-\d{8}T\d{6}Z-1-of-1.csv"', answer["Content-Disposition"])


def test_a_file_that_has_not_all_of_it_says_so_in_its_name_and_in_the_link_to_it(reader, monkeypatch):
    assert "Download what was found (CSV)" in read_text(reader.get("/search/?kind=contract&all=1&q="))
    monkeypatch.setattr(search_page, "MAX_CSV_ROWS", 2)
    cache.clear()
    assert "Download the first 2 of what was found (CSV)" in read_text(reader.get("/search/?kind=contract&all=1&q="))
    answer = reader.get("/search.csv?kind=contract&all=1")
    assert answer["Content-Disposition"].endswith('-2-of-4.csv"')
    assert len(answer.content.splitlines()) == 3


def test_what_is_chosen_for_comparing_goes_along(reader):
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
def test_any_query_has_an_answer(reader, asked, address):
    query = {}
    for name, value in asked:
        query.setdefault(name, []).append(value)
    assert reader.get(address, query).status_code in (200, 302)


@given(ANYTHING, st.sampled_from(["contracts", "processes", "projects", "payments", "organisations", "find", "zz"]))
@settings(max_examples=bound_examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_id_has_an_answer(reader, ident, place):
    from urllib.parse import quote

    assert reader.get(f"/{place}/{quote(ident, safe='')}").status_code in (200, 301, 302, 404)


def test_what_was_bought_is_said_in_the_words_of_the_register_where_it_is_loaded(reader, small_store, tmp_path):
    store = tmp_path / "store"
    codes = ["code", "numericCode", "parent", "version", "type", "name"]
    rows = [
        ["30100000-0", "30100000", "30000000-9", "2", "1", "Office machinery"],
        ["45000000-7", "45000000", "", "2", "3", "Construction work"],
    ]
    (tmp_path / "cpv.csv").write_bytes(write_csv(codes, *rows))
    pipeline.load(store, [tmp_path / "cpv.csv"])
    of = {number: {"scheme": "CPV", "id": cpv} for number, cpv in enumerate(("30123000", "45000000", "99999999"))}
    load(store, [
        make_release(f"ocds-h6vhtk-0fff0{number}", "2026-01-10", "UK4", tender={"title": "One", "classification": code})
        for number, code in of.items()
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    with override_settings(STORE=store):
        page = read_text(reader.get("/search/", {"all": "1"}))
    told = page.partition("What was bought (CPV)")[2]
    assert all(words in told for words in ("301: Office machinery", "450: Construction work", "999 1"))


def test_what_is_no_technology_is_said_to_be_found_and_nothing_else_stands_for_it(reader):
    """`works` has another hit in technology; all of the words stand in one procurement that is none."""
    answer = reader.get("/search/", {"q": "road works hyperlink"})
    assert read_results(answer) == []
    assert "Nothing has all of these words." not in read_text(answer)
    assert "Search everything: 1 found" in read_text(answer)
