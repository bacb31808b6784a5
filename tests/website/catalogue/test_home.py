"""The first page: what is in here, what is missing, what was published last."""

from tests.website.catalogue.test_records import text_of


def test_it_counts_what_is_held_of_each_kind_and_leads_to_what_is_missing(reader):
    answer = reader.get("/")
    said = text_of(answer)
    held = said.partition("What is in here: ")[2].partition(" Find ")[0]
    assert held == (
        "7 notices · 1 major project · 2 payments · 1 sale · 1 plan to buy · 0 parts we could not read. What is missing"
    )
    assert '<a class="govuk-link" href="/coverage/">What is missing</a>' in answer.content.decode()


def test_where_nothing_is_to_be_narrowed_there_is_no_heading_for_it(reader):
    assert "Narrow the list" in text_of(reader.get("/search/", {"all": "1"}))
    assert "Narrow the list" not in text_of(reader.get("/search/", {"q": "zzqqyzzqqy"}))
