"""The page of each thing, read by anyone without one query to the site's database."""

import html
import re
from decimal import Decimal

import pytest

from tests.merge.release_factory import AS_OF, load, make_money, make_party, make_release, write_portfolio
from tests.size import pick_size
from tests.website.pages import list_records, read_leads, read_text
from tests.website.sample_records import ALPHA, CORRECTED, DEAL, GMPP, HOSTILE, OFFICE, OPEN
from threepoint import pipeline
from threepoint.compare import Aspect, ComparisonCell, Growth
from threepoint.compare.typed_values import Note, NoteReason
from threepoint.presentation import formatting
from threepoint.presentation.records import Record
from threepoint.snapshot import open_snapshot
from threepoint.standard.amounts import Amount
from website.catalogue.fact_display import format_part_name, format_totals_note
from website.catalogue.record_summary import _describe_value
from website.common.record_urls import PATH_BY_KIND, build_record_url

PROJECT = f"sdes-gmpp-{GMPP}"


def test_a_contract_begins_with_what_became_of_it(reader):
    answer = reader.get(f"/contracts/{DEAL}/contracts/1")
    assert read_leads(answer) == [
        "In delivery. Signed 1 February 2026, now due 30 November 2027, 9 months later than first published.",
        "Value now £14.2m net of VAT, first published £11m net of VAT, +29% (+£3.2m). 2 changes published.",
    ]


def test_a_correction_shows_both_values(reader):
    answer = reader.get(f"/processes/{CORRECTED}")
    assert read_leads(answer) == [
        "Awarded.",
        "Value now £188k net of VAT, first published £18.8m net of VAT, -99% (-£18.7m). 1 change published.",
        "An earlier notice gave the award as £18,848,731; a newer one gives it as £188,487, which stands.",
    ]
    assert "£18,848,731 £188,487" in read_text(answer)


def test_a_payment_says_who_paid_whom(reader, small_store):
    first = next(ident for kind, ident in list_records(small_store) if kind == "spend")
    answer = reader.get(f"/payments/{first}")
    assert read_leads(answer) == ["Barts paid Alpha Ltd £25,000.50. Date: 30 April 2020."]
    assert "Coverage of this record" not in read_text(answer)


def test_an_organisation_shows_what_it_bought_and_supplied(reader):
    assert "As buyer (4)" in read_text(reader.get(f"/organisations/{OFFICE}"))
    supplier = read_text(reader.get(f"/organisations/{ALPHA}"))
    assert "As supplier (1)" in supplier
    assert "As buyer" not in supplier


def test_lists_of_amounts_are_added_up_with_what_that_leaves_out():
    line = {"amount": Decimal("10.50"), "currency": "GBP", "possible_duplicate": False}
    alike, empty = line | {"possible_duplicate": True}, line | {"amount": None}
    assert format_totals_note([line]) == ""
    assert format_totals_note([line, line | {"currency": "EUR"}]) == ""
    assert format_totals_note([line, line]) == "Together £21 in 2 lines."
    assert format_totals_note([line, alike, empty]) == (
        "Together £21 in 3 lines, £10.50 without the 1 that look alike, 1 without an amount are in no sum."
    )
    total = {
        "amount": Decimal(100), "currency": "GBP", "lines": 7, "without_amount": 2, "duplicates": 3,
        "amount_once": Decimal(60),
    }  # fmt: skip
    assert format_totals_note([total, total | {"duplicates": 0, "amount_once": Decimal(100)}]) == (
        "Together £200 in 14 lines, £160 without the 3 that look alike, 4 without an amount are in no sum."
    )


def test_payments_under_a_contract_are_listed(reader, synthetic_store, settings):
    settings.STORE = synthetic_store
    with open_snapshot(synthetic_store) as snapshot:
        (row,) = snapshot.rows(
            "SELECT contract_id, count(*) AS n, sum(amount) AS amount FROM spend GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )
    assert row["n"] > 1
    said = read_text(reader.get(f"/contracts/{row['contract_id']}"))
    assert f"Payments ({row['n']})" in said
    assert f"Together {formatting.format_money(row['amount'])} in {row['n']} lines" in said


def test_a_sum_of_sales_leads_to_whom_they_are_with_and_to_the_sales(reader, small_store):
    with open_snapshot(small_store) as snapshot:
        (sale,) = snapshot.rows("SELECT sale_id, customer_org_id, supplier_org_id FROM sale")
    for mine, other in (("customer", "supplier"), ("supplier", "customer")):
        page = reader.get(f"/organisations/{sale[f'{mine}_org_id']}")
        assert "Mar 2014" in read_text(page)
        assert f'href="/organisations/{sale[f"{other}_org_id"]}"' in page.content.decode()
        (address,) = {
            html.unescape(one) for one in re.findall(r'href="(/search/[^"]*kind=sale[^"]*)"', page.content.decode())
        }
        assert re.findall(r'href="(/sales/[^"?]*)"', reader.get(address).content.decode()) == [
            f"/sales/{sale['sale_id']}"
        ]


def test_what_is_published_is_text_and_nothing_else(reader):
    page = reader.get(f"/processes/{OPEN}").content.decode()
    assert html.escape(HOSTILE, quote=False).replace("&quot;", '"') in page.replace("&quot;", '"')
    assert "<script>alert" not in page


def test_every_page_opens_and_every_link_of_it_leads_somewhere(reader, small_store):
    seen, wanted = (
        set(),
        {build_record_url(*one) for one in list_records(small_store)} | {"/", "/search/?all=1", "/compare/"},
    )
    assert len(wanted) > 15
    while wanted:
        address = wanted.pop()
        seen.add(address)
        answer = reader.get(address)
        assert answer.status_code == (302 if address.startswith("/find/") else 200), address
        if not address.startswith(("/search", "/compare", "/find")):  # their links are told by choices, without end
            found = re.findall(r'(?:href|action)="(/[^"#]*)', answer.content.decode())
            wanted |= {html.unescape(one) for one in found if not one.startswith("/static")} - seen
    assert {address.split("/")[1] for address in seen} >= set(PATH_BY_KIND.values())


def test_everything_of_a_synthetic_world_has_a_page(reader, synthetic_store, settings):
    """Withheld, missing and wrong values of every kind; a process's own page for each."""
    settings.STORE = synthetic_store
    addresses = [build_record_url(*record) for record in list_records(synthetic_store)]
    answers = {address: reader.get(address) for address in addresses[:: pick_size(3, 1)]}
    assert {address for address, answer in answers.items() if answer.status_code != 200} == set()
    assert {address for address, answer in answers.items() if b"nothing here is real" not in answer.content} == set()
    assert len(answers) > 200


@pytest.mark.parametrize("ident", ["000456-2026", "1234567", GMPP])
def test_another_name_of_a_thing_leads_to_its_page(reader, ident):
    expected = {"000456-2026": f"/processes/{DEAL}", "1234567": f"/organisations/{ALPHA}", GMPP: f"/projects/{PROJECT}"}
    assert reader.get("/find/", {"q": ident}).url == expected[ident]
    assert reader.get(f"/contracts/{ident}").url == expected[ident]


def test_a_name_of_nothing_is_searched_for(reader):
    assert reader.get("/find/", {"q": "no such thing"}).url == "/search/?q=no+such+thing&all=1"
    assert reader.get("/contracts/no-such-thing").status_code == 404


def test_a_page_says_which_snapshot_it_is_of(reader, small_store):
    with open_snapshot(small_store) as snapshot:
        name = snapshot.name
    assert f"({name}). States such as “not yet due” are as of 30 June 2026." in read_text(
        reader.get(f"/processes/{DEAL}")
    )


OCID = "ocds-b5fd17-e0d4b2ec-d437-468f-82c7-1d751544e9ea"


@pytest.mark.parametrize(
    ("address", "said"),
    [(f"{OCID}/awards/{OCID}-2", ("award 2", "")), (f"{OCID}/contracts/1", ("contract 1", "")),
     (f"{OCID}/awards/3f2504e0-4f89-11d3-9a0c-0305e82c3301", ("award 3f2504e0", "3f2504e0-4f89-11d3-9a0c-0305e82c3301")),
     (f"{OCID}/awards/083468-2026-2", ("award 083468-2026-2", "")),  # as Find a Tender has them: -1, -2, -3
     (f"{OCID}/contracts/CONTRACT-2026-000000000000000017", ("contract CONTRACT…000000000017", "CONTRACT-2026-000000000000000017")),
     ("GB-COH-01234567", ("GB-COH-01234567", ""))],
)  # fmt: skip
def test_awards_and_contracts_are_called_by_what_tells_them_apart(address, said):
    assert format_part_name(address, OCID) == said


CHANGED, PAST, AWARDED, PLANNED, EXAMPLE = (
    "ocds-h6vhtk-0ab101", "ocds-h6vhtk-0ab102", "ocds-h6vhtk-0ab103", "ocds-h6vhtk-0ab104", "ocds-213czf-000-00001"
)  # fmt: skip
REASON = ("The whole-life cost has risen since the outline business case. " * 8).strip()
WHY = ("Software for officers who plan journeys. " * 20).strip()


@pytest.fixture(scope="module")
def odd_store(tmp_path_factory):
    """A store of what the small one has not: long texts, ends that have passed, a cost ten times the first."""
    folder = tmp_path_factory.mktemp("records")
    for year, cost in ((2024, "10"), (2025, "120")):
        rows = write_portfolio(year, (GMPP, "Radio", cost, "31/03/2027", "Amber")).replace("CO,", "HO,")
        (folder / f"gmpp-{year}.csv").write_text(rows, encoding="utf-8")
        pipeline.load(folder / "store", [folder / f"gmpp-{year}.csv"])
    contract = {"id": "1", "awardID": "1", "status": "active", "value": make_money(1_000_000)}
    changed = {"id": "1", "value": make_money(2_000_000), "amendments": [{"id": "a", "rationale": REASON}]}
    period = {"startDate": "2025-02-01", "endDate": "2025-12-31"}
    award = {
        "id": "1", "status": "active", "date": "2025-01-09", "value": make_money(1_000_000),
        "suppliers": [{"id": "s"}],
    }  # fmt: skip
    buyer = make_party("b", "Home Office", roles="buyer")
    tender = {"title": "Journeys", "status": "active", "description": WHY, "value": make_money(2_500_000)}
    load(folder / "store", [
        make_release(CHANGED, "2026-02-10", "UK7", id="1", contracts=[contract]),
        make_release(CHANGED, "2026-03-10", "UK10", id="2", contracts=[changed]),
        make_release(PAST, "2025-01-10", "UK7", id="1", contracts=[contract | {"period": period}]),
        make_release(AWARDED, "2025-01-10", "UK6", id="1", awards=[award | {"contractPeriod": period}],
                tender={"title": "One", "contractPeriod": period}),
        make_release(PLANNED, "2026-04-01", "UK4", id="1", tender=tender, parties=[buyer], buyer=buyer),
        make_release(EXAMPLE, "2026-04-01", "UK4", id="1", tender={"title": "Cycle lanes"}),
    ])  # fmt: skip
    pipeline.build(folder / "store", AS_OF)
    return folder / "store"


@pytest.fixture
def odd(reader, odd_store, settings):
    settings.STORE = odd_store
    return reader


def test_a_long_reason_unfolds_and_loses_nothing(odd):
    page = odd.get(f"/contracts/{CHANGED}/contracts/1").content.decode()
    begun, rest = re.search(r'<details class="tp-long"><summary>(.*?)<span.*?</summary>(.*?)</details>', page).groups()
    assert len(begun) <= 160
    assert html.unescape(begun + rest) == REASON


def test_a_project_whose_prices_changed_says_what_its_growth_is_of():
    """The two amounts in the sentence are in other prices, so no growth may stand beside them as if it were theirs."""
    first, last = Decimal(16_800_000), Decimal(19_237_200_000)
    cells = {
        Aspect.NOW: ComparisonCell(Amount(Decimal(18_100_000_000), "GBP", "2024/25 real")),
        Aspect.FIRST: ComparisonCell(Amount(first, "GBP", "nominal")),
        Aspect.GROWTH: ComparisonCell(
            Growth(first, last, "GBP"), "derived",
            remark=Note(NoteReason.PUBLISHED_NOTE, detail="GMPP 2014 and GMPP 2025, both nominal"),
        ),
        Aspect.CHANGES: ComparisonCell(0),
    }  # fmt: skip
    assert _describe_value(Record("scheme", "x", "", "", False, {}, {}, None, None), cells) == (
        "Value now £18.1bn in 2024/25 real prices, first published £16.8m nominal prices."
        " Growth +114,407% (+£19.2bn): GMPP 2014 and GMPP 2025, both nominal. 0 changes published."
    )


def test_an_end_that_has_passed_was_due(odd):
    assert "Was due 31 December 2025." in read_leads(odd.get(f"/contracts/{PAST}/contracts/1"))[0]
    assert read_leads(odd.get(f"/processes/{AWARDED}"))[0] == "Awarded. Was due 31 December 2025."


def test_a_procurement_without_an_award_says_what_was_estimated_and_what_it_is_for(odd):
    answer = odd.get(f"/processes/{PLANNED}")
    assert read_leads(answer)[1] == "Estimated at £2.5m."
    begun, rest = re.search(
        r'<details class="tp-long"><summary>(.*?)<span.*?</summary>(.*?)</details>', answer.content.decode()
    ).groups()
    assert (len(begun) <= 300, begun + rest) == (True, WHY)


def test_a_cost_ten_times_the_first_is_told_with_a_warning(odd, small_store, settings):
    said = read_leads(odd.get(f"/projects/{PROJECT}"))[1]
    assert "so far apart that they are hardly of the same scope, and no growth is told here" in said
    settings.STORE = small_store
    assert "so far apart" not in read_leads(odd.get(f"/projects/{PROJECT}"))[1]  # from 100 to 120


def test_a_worked_example_is_told_to_be_made_up(odd):
    """It names bodies that are real."""
    assert "nothing here is real" in read_text(odd.get(f"/processes/{EXAMPLE}"))
    assert "· synthetic" in read_text(odd.get("/search/", {"q": "cycle", "all": "1"}))


def test_a_department_and_its_major_projects_lead_to_one_another(odd):
    office = re.search(r'"(/organisations/[^"]+)"', odd.get(f"/processes/{PLANNED}").content.decode())[1]
    for page in (office, f"/projects/{PROJECT}"):
        href = re.search(r'href="([^"]+)">Major projects of Home Office', odd.get(page).content.decode())[1]
        assert f'href="/projects/{PROJECT}"' in odd.get(html.unescape(href)).content.decode()
