"""The page of each kind of record; the `reader` fixture fails on any query to the site's database."""

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


def test_contract_page_starts_with_progress_and_value(reader):
    response = reader.get(f"/contracts/{DEAL}/contracts/1")
    assert read_leads(response) == [
        "In delivery. Signed 1 February 2026, now due 30 November 2027, 9 months later than first published.",
        "Value now: £14.2m (net of VAT). First published: £11m (net of VAT). Growth: +29% (+£3.2m). Changes to value or end date: 2.",
    ]


def test_corrected_award_shows_both_values(reader):
    response = reader.get(f"/processes/{CORRECTED}")
    assert read_leads(response) == [
        "Awarded.",
        "Value now: £188k (net of VAT). First published: £18.8m (net of VAT). Growth: -99% (-£18.7m). Changes to value or end date: 1.",
        "An earlier notice gave the award as £18,848,731. A newer one gives it as £188,487. We use the newer value.",
    ]
    assert "£18,848,731 £188,487" in read_text(response)


def test_payment_page_says_who_paid_whom(reader, small_store):
    first = next(ident for kind, ident in list_records(small_store) if kind == "spend")
    response = reader.get(f"/payments/{first}")
    assert read_leads(response) == ["Barts paid Alpha Ltd £25,000.50. Date: 30 April 2020."]
    assert "Coverage of this record" not in read_text(response)


def test_organisation_page_shows_both_sides(reader):
    assert "As buyer (4)" in read_text(reader.get(f"/organisations/{OFFICE}"))
    supplier = read_text(reader.get(f"/organisations/{ALPHA}"))
    assert "As supplier (1)" in supplier
    assert "As buyer" not in supplier


def test_format_totals_note_says_what_it_leaves_out():
    line = {"amount": Decimal("10.50"), "currency": "GBP", "possible_duplicate": False}
    duplicate, empty = line | {"possible_duplicate": True}, line | {"amount": None}
    assert format_totals_note([line]) == ""
    assert format_totals_note([line, line | {"currency": "EUR"}]) == ""
    assert format_totals_note([line, line]) == "Total: £21 in 2 lines."
    assert format_totals_note([line, duplicate, empty]) == (
        "Total: £21 in 3 lines, £10.50 without 1 possible duplicate, leaving out 1 line without an amount."
    )
    total = {
        "amount": Decimal(100), "currency": "GBP", "lines": 7, "without_amount": 2, "duplicates": 3,
        "amount_once": Decimal(60),
    }  # fmt: skip
    assert format_totals_note([total, total | {"duplicates": 0, "amount_once": Decimal(100)}]) == (
        "Total: £200 in 14 lines, £160 without 3 possible duplicates, leaving out 4 lines without an amount."
    )


def test_contract_page_lists_its_payments(reader, synthetic_store, settings):
    settings.STORE = synthetic_store
    with open_snapshot(synthetic_store) as snapshot:
        (row,) = snapshot.rows(
            "SELECT contract_id, count(*) AS n, sum(amount) AS amount FROM spend GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )
    assert row["n"] > 1
    text = read_text(reader.get(f"/contracts/{row['contract_id']}"))
    assert f"Payments ({row['n']})" in text
    assert f"Total: {formatting.format_money(row['amount'])} in {row['n']} lines" in text


def test_total_of_sales_links_to_other_side_and_sales(reader, small_store):
    with open_snapshot(small_store) as snapshot:
        (sale,) = snapshot.rows("SELECT sale_id, customer_org_id, supplier_org_id FROM sale")
    for side, other_side in (("customer", "supplier"), ("supplier", "customer")):
        response = reader.get(f"/organisations/{sale[f'{side}_org_id']}")
        page = response.content.decode()
        assert "Mar 2014" in read_text(response)
        assert f'href="/organisations/{sale[f"{other_side}_org_id"]}"' in page
        (url,) = {html.unescape(href) for href in re.findall(r'href="(/search/[^"]*kind=sale[^"]*)"', page)}
        assert re.findall(r'href="(/sales/[^"?]*)"', reader.get(url).content.decode()) == [f"/sales/{sale['sale_id']}"]


def test_published_text_is_escaped(reader):
    page = reader.get(f"/processes/{OPEN}").content.decode()
    assert html.escape(HOSTILE, quote=False).replace("&quot;", '"') in page.replace("&quot;", '"')
    assert "<script>alert" not in page


def test_every_page_and_every_link_on_it_opens(reader, small_store):
    visited, queue = (
        set(),
        {build_record_url(*record) for record in list_records(small_store)} | {"/", "/search/?all=1", "/compare/"},
    )
    assert len(queue) > 15
    while queue:
        url = queue.pop()
        visited.add(url)
        response = reader.get(url)
        assert response.status_code == (302 if url.startswith("/find/") else 200), url
        if not url.startswith(("/search", "/compare", "/find")):  # the choices on these pages give endless links
            links = re.findall(r'(?:href|action)="(/[^"#]*)', response.content.decode())
            queue |= {html.unescape(link) for link in links if not link.startswith("/static")} - visited
    assert {url.split("/")[1] for url in visited} >= set(PATH_BY_KIND.values())


def test_every_synthetic_record_has_a_page(reader, synthetic_store, settings):
    """The synthetic data has withheld, missing and wrong values of every kind."""
    settings.STORE = synthetic_store
    urls = [build_record_url(*record) for record in list_records(synthetic_store)]
    responses = {url: reader.get(url) for url in urls[:: pick_size(3, 1)]}
    assert {url for url, response in responses.items() if response.status_code != 200} == set()
    assert {url for url, response in responses.items() if b"nothing here is real" not in response.content} == set()
    assert len(responses) > 200


@pytest.mark.parametrize("ident", ["000456-2026", "1234567", GMPP])
def test_other_id_redirects_to_record(reader, ident):
    expected = {"000456-2026": f"/processes/{DEAL}", "1234567": f"/organisations/{ALPHA}", GMPP: f"/projects/{PROJECT}"}
    assert reader.get("/find/", {"q": ident}).url == expected[ident]
    assert reader.get(f"/contracts/{ident}").url == expected[ident]


def test_unknown_id_redirects_to_search(reader):
    assert reader.get("/find/", {"q": "no such thing"}).url == "/search/?q=no+such+thing&all=1"
    assert reader.get("/contracts/no-such-thing").status_code == 404


def test_record_page_names_its_snapshot(reader, small_store):
    with open_snapshot(small_store) as snapshot:
        name = snapshot.name
    assert f"({name}). Labels such as “not yet due” were correct on 30 June 2026." in read_text(
        reader.get(f"/processes/{DEAL}")
    )


OCID = "ocds-b5fd17-e0d4b2ec-d437-468f-82c7-1d751544e9ea"


@pytest.mark.parametrize(
    ("ident", "expected"),
    [(f"{OCID}/awards/{OCID}-2", ("award 2", "")), (f"{OCID}/contracts/1", ("contract 1", "")),
     (f"{OCID}/awards/3f2504e0-4f89-11d3-9a0c-0305e82c3301", ("award 3f2504e0", "3f2504e0-4f89-11d3-9a0c-0305e82c3301")),
     (f"{OCID}/awards/083468-2026-2", ("award 083468-2026-2", "")),  # Find a Tender numbers awards -1, -2, -3
     (f"{OCID}/contracts/CONTRACT-2026-000000000000000017", ("contract CONTRACT…000000000017", "CONTRACT-2026-000000000000000017")),
     ("GB-COH-01234567", ("GB-COH-01234567", ""))],
)  # fmt: skip
def test_format_part_name_keeps_distinguishing_part(ident, expected):
    assert format_part_name(ident, OCID) == expected


CHANGED, PAST, AWARDED, PLANNED, EXAMPLE = (
    "ocds-h6vhtk-0ab101", "ocds-h6vhtk-0ab102", "ocds-h6vhtk-0ab103", "ocds-h6vhtk-0ab104", "ocds-213czf-000-00001"
)  # fmt: skip
REASON = ("The whole-life cost has risen since the outline business case. " * 8).strip()
DESCRIPTION = ("Software for officers who plan journeys. " * 20).strip()


@pytest.fixture(scope="module")
def odd_store(tmp_path_factory):
    """A store of cases that the small store lacks: long texts, past end dates, and a cost ten times the first."""
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
    tender = {"title": "Journeys", "status": "active", "description": DESCRIPTION, "value": make_money(2_500_000)}
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


def test_long_reason_is_folded_and_complete(odd):
    page = odd.get(f"/contracts/{CHANGED}/contracts/1").content.decode()
    shown, rest = re.search(r'<details class="tp-long"><summary>(.*?)<span.*?</summary>(.*?)</details>', page).groups()
    assert len(shown) <= 160
    assert html.unescape(shown + rest) == REASON


def test_describe_value_names_prices_of_growth():
    """The two amounts in the sentence have different price bases, so the growth must not look like theirs."""
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
        "Value now: £18.1bn (in 2024/25 real prices). First published: £16.8m (in nominal prices)."
        " Growth: +114,407% (+£19.2bn). Figures compared: GMPP 2014 and GMPP 2025, both nominal."
    )


def test_past_end_was_due(odd):
    assert "Was due 31 December 2025." in read_leads(odd.get(f"/contracts/{PAST}/contracts/1"))[0]
    assert read_leads(odd.get(f"/processes/{AWARDED}"))[0] == "Awarded. Was due 31 December 2025."


def test_procurement_without_award_shows_estimate_and_description(odd):
    response = odd.get(f"/processes/{PLANNED}")
    assert read_leads(response)[1] == "Estimated at £2.5m."
    shown, rest = re.search(
        r'<details class="tp-long"><summary>(.*?)<span.*?</summary>(.*?)</details>', response.content.decode()
    ).groups()
    assert (len(shown) <= 300, shown + rest) == (True, DESCRIPTION)


def test_tenfold_cost_shows_warning_instead_of_growth(odd, small_store, settings):
    sentence = read_leads(odd.get(f"/projects/{PROJECT}"))[1]
    assert "These two are so far apart that they probably differ in scope, so we show no growth." in sentence
    settings.STORE = small_store
    assert "so far apart" not in read_leads(odd.get(f"/projects/{PROJECT}"))[1]  # from 100 to 120


def test_worked_example_is_marked_synthetic(odd):
    """The example names real organisations."""
    assert "nothing here is real" in read_text(odd.get(f"/processes/{EXAMPLE}"))
    assert "· synthetic" in read_text(odd.get("/search/", {"q": "cycle", "all": "1"}))


def test_department_and_its_major_projects_link_to_each_other(odd):
    office = re.search(r'"(/organisations/[^"]+)"', odd.get(f"/processes/{PLANNED}").content.decode())[1]
    for page in (office, f"/projects/{PROJECT}"):
        href = re.search(r'href="([^"]+)">Major projects of Home Office', odd.get(page).content.decode())[1]
        assert f'href="/projects/{PROJECT}"' in odd.get(html.unescape(href)).content.decode()
