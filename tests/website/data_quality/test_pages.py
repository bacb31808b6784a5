"""The pages of sources, coverage, gaps and texts."""

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
READ = [
    "/sources/", "/coverage/", "/coverage/?group=all", "/coverage/?notice=UK7", GAP, "/method/", "/accessibility/",
    "/privacy/",
]  # fmt: skip


@pytest.mark.parametrize("address", READ)
def test_reading_sets_no_cookie_and_asks_no_database(reader, address):
    answer = reader.get(address)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


def test_sources_count_what_was_loaded_and_what_could_not_be_read(reader):
    said = read_text(reader.get("/sources/"))
    assert (
        "2 files were loaded. They gave 6 notices and 0 lines of other lists. We could not read 1 part of a file."
        in said
    )
    assert "Find a Tender UK publisher 6 6 1 6 Mar 2026" in said
    assert "this is not valid JSON" in said
    assert "secret-bytes" not in said
    assert "Regions not loaded Countries not loaded Where" in said


def test_coverage_says_first_how_few_publish_a_contract(reader):
    assert "Of 6 processes, 1 publishes a contract and none says how it went." in read_text(reader.get("/coverage/"))


def test_groups_of_publishers_are_never_added_up(reader):
    assert "UK publisher: Of 6 processes, 1 publishes a contract" in read_text(reader.get("/coverage/?group=all"))


def test_a_cell_says_its_share_and_of_how_many(reader):
    said = read_text(reader.get("/coverage/"))
    # Estimates of 3 of 6; the award of a dynamic market is no award, so one date of one is due.
    assert "Find a Tender 50% of 6" in said
    cells = snapshot_access.read_coverage(snapshot_access.get_snapshot(reader.get("/coverage/").wsgi_request)).cells
    found = {fact: cells["Find a Tender", fact] for fact in ("award.date", "contract.value_final")}
    assert {fact: (cell.filled, cell.due) for fact, cell in found.items()} == {
        "award.date": (1, 1),
        "contract.value_final": (0, 1),
    }


def test_coverage_of_one_type_of_notice(reader):
    said = read_text(reader.get("/coverage/?notice=UK7"))
    assert "Share published: UK publisher, UK7 Contract details notice" in said
    assert "KPIs" not in said.partition("What would fill")[0].partition("Publisher award")[2]


@pytest.mark.parametrize(
    "asked", ["?group=nobody", "?notice=UK99", "?notice=%00", "?group=&notice=&x=1", "?notice=%F0%9F%92%A9"]
)
def test_what_is_not_held_is_not_obeyed(reader, asked):
    assert read_text(reader.get(f"/coverage/{asked}")) == read_text(reader.get("/coverage/"))


def test_a_gap_names_the_field_the_records_and_the_duty(reader):
    said = read_text(reader.get(ESTIMATE))
    assert "3 records without estimate" in said
    assert "In the national form probably “Total value (estimated)”; we have not checked it against the form." in said
    assert "In OCDS: tender/value/amount ." in said
    assert "Duty, where the Act applies: section 21 of the Procurement Act 2023: a tender notice." in said
    assert re.findall(r"\d{6}-2026", said.partition("A letter to copy")[0]) == [
        "000003-2026", "000002-2026", "000001-2026",
    ]  # fmt: skip


def test_the_letter_names_field_records_duty_and_when_it_is_no_mistake(reader):
    page = reader.get(ESTIMATE).content.decode()
    letter = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
    lines = letter.splitlines()
    assert lines[0] == "To: Find a Tender"
    assert "  In the form, probably: Total value (estimated)" in lines
    assert f"    http://testserver/processes/{make_ocid(3)}" in lines
    assert "  <script>alert(1)</script>" in lines
    assert "This is not a mistake where" in lines
    assert "In the notices on your service that we hold, 3 records do not give one fact: estimate." in letter
    assert "It is for the buyers to fill." in letter
    assert re.search(
        r"We hold \d notices of it, from .* 2026 to .* 2026. What else it published we have not seen.", letter
    )


def test_what_the_contract_gives_is_said_of_an_award_that_misses_it(reader, tmp_path, settings):
    awards = [{"id": one, "status": "active", "date": "2026-01-09T00:00:00Z"} for one in "12"]
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
    address = "/coverage/Find%20a%20Tender/?field=award.value_net"
    said = read_text(reader.get(address))
    assert "awards/1; its contract gives it" in said
    assert "awards/2; its contract gives it" not in said
    assert said.count("given in its contract") == 1
    rows = list(csv.DictReader(io.StringIO(reader.get(f"{address}&form=csv").content.decode())))
    assert {row["id"]: row["its contract gives it"] for row in rows} == {
        f"{make_ocid(9)}/awards/1": "yes",
        f"{make_ocid(9)}/awards/2": "no",
    }


def test_a_letter_to_one_buyer_names_it(reader):
    page = reader.get(f"{ESTIMATE}&buyer=GB-GOR-D16").content.decode()
    assert "To: Home Office" in page
    assert "In the notices of yours that we hold" in page
    assert "Show all buyers" in page


def test_titles_are_shown_and_never_obeyed(reader):
    assert "<script>alert" not in reader.get(ESTIMATE).content.decode()


def test_the_list_as_csv_is_guarded_against_formulas(reader):
    answer = reader.get(f"{ESTIMATE}&form=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["id"], row["title"], row["ocds path"]) for row in rows] == [
        (make_ocid(3), "Third", "tender/value/amount"), (make_ocid(2), "'=HYPERLINK(1)", "tender/value/amount"),
        (make_ocid(1), "<script>alert(1)</script>", "tender/value/amount"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "asked", ["page=0", "page=99999", "page=9999999999", "page=x", "page=²", "field=nothing", "buyer=%00", "buyer=x'"]
)
def test_any_question_has_an_answer(reader, asked):
    assert reader.get(f"{ESTIMATE}&{asked}").status_code == 200


@pytest.mark.parametrize(
    "address", ["/coverage/Nobody/", "/coverage/%00/", f"{GAP}?form=csv", f"{GAP}?form=csv&field=x"]
)
def test_what_is_not_there_is_not_found(reader, address):
    assert reader.get(address).status_code == 404


def test_a_long_list_comes_in_pages_and_says_that_it_is_made_up(synthetic_store, settings):
    settings.STORE = synthetic_store
    publisher = "/coverage/Three%20Point%20synthetic%20data%20(not%20real)/?field=contract.scheme_id"
    first, second = (read_text(Client().get(f"{publisher}&page={number}")) for number in (1, 2))
    shown = [re.findall(r"ocds-sample-[0-9a-z-]+", page.partition("The records")[2]) for page in (first, second)]
    assert "Synthetic data: nothing here is real." in first
    assert len(shown[0]) == 20
    assert not set(shown[0]) & set(shown[1])


@pytest.mark.parametrize("page", ["/accessibility/", "/privacy/"])
def test_the_contact_is_shown_or_said_to_be_missing(reader, settings, page):
    assert "The operator of this site has given no contact address." in read_text(reader.get(page))
    settings.CONTACT = "help@example.org"
    assert (
        '<a class="govuk-link" href="mailto:help@example.org">help@example.org</a>' in reader.get(page).content.decode()
    )
