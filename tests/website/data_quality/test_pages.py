"""Tests of the pages of sources, coverage and missing fields, and of the pages with fixed text."""

import csv
import html
import io
import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.merge.release_factory import build, load, make_money, make_release
from tests.website.data_quality.conftest import make_ocid
from tests.website.pages import read_text
from website.common import snapshot_access

GAP = "/coverage/Find%20a%20Tender/"
ESTIMATE = f"{GAP}?field=contracting_process.estimate_net"
PAGES = [
    "/sources/", "/coverage/", "/coverage/?group=all", "/coverage/?notice=UK7", GAP, "/method/", "/accessibility/",
    "/privacy/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_needs_no_cookie_or_database(reader, path):
    answer = reader.get(path)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


def test_sources_page_counts_loaded_and_unread(reader):
    text = read_text(reader.get("/sources/"))
    assert "We loaded 2 files, with 6 notices and 0 lines from other lists. We could not read 1 part of a file." in text
    assert "Find a Tender UK publisher 6 6 1 6 Mar 2026" in text
    assert "this is not valid JSON" in text
    assert "secret-bytes" not in text
    assert "Regions not loaded Countries not loaded If" in text


def test_coverage_page_starts_with_summary(reader):
    assert "Of 6 procurements, 1 has a published contract and none says how it went." in read_text(
        reader.get("/coverage/")
    )


def test_coverage_page_keeps_groups_separate(reader):
    assert "UK publisher: Of 6 procurements, 1 has a published contract" in read_text(
        reader.get("/coverage/?group=all")
    )


def test_coverage_cell_has_share_and_count(reader):
    text = read_text(reader.get("/coverage/"))
    # Three of six have an estimate. The award of a dynamic market does not count, so one award date is due.
    assert "Find a Tender 50% of 6" in text
    cells = snapshot_access.read_coverage(snapshot_access.get_snapshot(reader.get("/coverage/").wsgi_request)).cells
    award_date, final_value = (cells["Find a Tender", fact] for fact in ("award.date", "contract.value_final"))
    assert (award_date.filled, award_date.due, final_value.filled, final_value.due) == (1, 1, 0, 1)


def test_coverage_page_of_one_notice_type(reader):
    text = read_text(reader.get("/coverage/?notice=UK7"))
    assert "Share published: UK publisher, UK7 Contract details notice" in text
    assert "KPIs" not in text.partition("Where the facts in each column come from")[0].partition("Publisher award")[2]


@pytest.mark.parametrize(
    "query", ["?group=nobody", "?notice=UK99", "?notice=%00", "?group=&notice=&x=1", "?notice=%F0%9F%92%A9"]
)
def test_coverage_page_ignores_unknown_choices(reader, query):
    assert read_text(reader.get(f"/coverage/{query}")) == read_text(reader.get("/coverage/"))


def test_missing_fields_page_names_field_records_and_duty(reader):
    text = read_text(reader.get(ESTIMATE))
    assert "3 records without estimate" in text
    assert (
        "In the national form, the field is probably “Total value (estimated)”. We have not checked this against the form."
        in text
    )
    assert "In OCDS: tender/value/amount ." in text
    assert "Duty, if the Act applies: section 21 of the Procurement Act 2023: a tender notice." in text
    assert re.findall(r"\d{6}-2026", text.partition("A letter to copy")[0]) == [
        "000003-2026", "000002-2026", "000001-2026",
    ]  # fmt: skip


def test_letter_names_field_records_and_exceptions(reader):
    page = reader.get(ESTIMATE).content.decode()
    letter = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
    lines = letter.splitlines()
    assert lines[0] == "To: Find a Tender"
    assert "  In the form, probably: Total value (estimated)" in lines
    assert f"    http://testserver/processes/{make_ocid(3)}" in lines
    assert "  <script>alert(1)</script>" in lines
    assert "The fact is not missing by mistake if" in lines
    assert "In the notices from your service that we have read, 3 records are missing one fact: estimate." in letter
    assert "The buyers need to provide it." in letter
    assert re.search(
        r"We have \d notices from this publisher, dated .* 2026 to .* 2026\. We have not seen anything else that it published\.",
        letter,
    )


def test_missing_award_value_given_in_contract_is_marked(reader, tmp_path, settings):
    awards = [{"id": ident, "status": "active", "date": "2026-01-09T00:00:00Z"} for ident in "12"]
    contract = {"id": "1", "awardID": "1", "title": "One", "status": "active", "value": make_money(100)}
    load(
        tmp_path / "store",
        [
            make_release(
                make_ocid(9), "2026-03-01", "UK7", id="1-2026", awards=awards, contracts=[contract],
                tender={"title": "T"},
            )
        ],
    )  # fmt: skip
    build(tmp_path / "store")
    settings.STORE = tmp_path / "store"
    cache.clear()
    url = f"{GAP}?field=award.value_net"
    text = read_text(reader.get(url))
    assert "awards/1; its contract has it" in text
    assert "awards/2; its contract has it" not in text
    assert text.count(", its contract has it") == 1  # in the letter
    rows = list(csv.DictReader(io.StringIO(reader.get(f"{url}&form=csv").content.decode())))
    assert {row["id"]: row["its contract gives it"] for row in rows} == {
        f"{make_ocid(9)}/awards/1": "yes",
        f"{make_ocid(9)}/awards/2": "no",
    }


def test_letter_to_one_buyer(reader):
    page = reader.get(f"{ESTIMATE}&buyer=GB-GOR-D16").content.decode()
    assert "To: Home Office" in page
    assert "In your notices that we have read" in page
    assert "Show all buyers" in page


def test_missing_fields_page_escapes_titles(reader):
    assert "<script>alert" not in reader.get(ESTIMATE).content.decode()


def test_missing_fields_csv_guards_formulas(reader):
    answer = reader.get(f"{ESTIMATE}&form=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["id"], row["title"], row["ocds path"]) for row in rows] == [
        (make_ocid(3), "Third", "tender/value/amount"), (make_ocid(2), "'=HYPERLINK(1)", "tender/value/amount"),
        (make_ocid(1), "<script>alert(1)</script>", "tender/value/amount"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["page=0", "page=99999", "page=9999999999", "page=x", "page=²", "field=nothing", "buyer=%00", "buyer=x'"]
)
def test_missing_fields_page_answers_any_query(reader, query):
    assert reader.get(f"{ESTIMATE}&{query}").status_code == 200


@pytest.mark.parametrize("url", ["/coverage/Nobody/", "/coverage/%00/", f"{GAP}?form=csv", f"{GAP}?form=csv&field=x"])
def test_missing_fields_page_unknown_is_404(reader, url):
    assert reader.get(url).status_code == 404


def test_missing_fields_page_numbers_and_synthetic_banner(synthetic_store, settings):
    settings.STORE = synthetic_store
    publisher = "/coverage/Three%20Point%20synthetic%20data%20(not%20real)/?field=contract.scheme_id"
    first, second = (read_text(Client().get(f"{publisher}&page={number}")) for number in (1, 2))
    first_ids, second_ids = (
        re.findall(r"ocds-sample-[0-9a-z-]+", page.partition("The records")[2]) for page in (first, second)
    )
    assert "Synthetic data: nothing here is real." in first
    assert len(first_ids) == 20
    assert not set(first_ids) & set(second_ids)


@pytest.mark.parametrize("page", ["/accessibility/", "/privacy/"])
def test_contact_address_given_or_missing(reader, settings, page):
    assert "The operator of this site has not given a contact address." in read_text(reader.get(page))
    settings.CONTACT = "help@example.org"
    assert (
        '<a class="govuk-link" href="mailto:help@example.org">help@example.org</a>' in reader.get(page).content.decode()
    )
