"""Charts of records and their tables."""

import html
import re
from decimal import Decimal

import pytest

from tests.merge.release_factory import AS_OF, load, make_money, make_release, write_portfolio
from tests.website.pages import read_leads, read_text
from tests.website.sample_records import CORRECTED, DEAL, GMPP, OPEN
from threepoint import pipeline
from threepoint.standard.amounts import Amount
from website.catalogue import record_charts

PROJECT = f"sdes-gmpp-{GMPP}"


def read_figures(page):
    """Return, by title, the number of drawn values of each figure on a page, and the rows of its table as text."""
    figures = {}
    for figure in re.findall(r"(?s)<figure.*?</figure>", page):
        title = re.search(r'tp-figure__title">(.*?)</span>', figure)[1]
        shape_pattern = r'<(?:circle|rect|polygon)[^>]*class="tp-chart__dot"|<rect[^>]*class="tp-chart__changed"'
        shapes = len(re.findall(shape_pattern, figure))
        rows = re.findall(r"(?s)<tr.*?</tr>", figure.partition("<tbody")[2])
        figures[title] = shapes, [" ".join(re.sub(r"<[^>]+>", " ", html.unescape(row)).split()) for row in rows]
    return figures


def test_project_page_draws_cost_and_end_by_report(reader):
    response = reader.get(f"/projects/{PROJECT}")
    assert read_leads(response)[1].startswith(
        "Value now: £120m (in nominal prices). First published: £100m (in nominal prices). Growth: +20%"
    )
    assert read_figures(response.content.decode()) == {
        "Whole-life cost by report": (2, [
            "2024 £100m , exactly £100,000,000 the day (nominal) – report of 2024",
            "2025 £120m , exactly £120,000,000 the day (nominal) new report of 2025"]),
        "End date by report": (2, ["2024 31 Mar 2027 – report of 2024", "2025 31 Mar 2027 – report of 2025"]),
    }  # fmt: skip
    diamonds = response.content.decode().count('class="tp-chart__changed"')
    assert diamonds == 1  # the cost has a new baseline, the end does not


def test_contract_page_draws_changes_from_first_published(reader):
    figures = read_figures(reader.get(f"/contracts/{DEAL}/contracts/1").content.decode())
    assert figures == {
        "Value by change": (
            2, ["first published £11m , exactly £11,000,000 –", "10 Mar 2026 £14.2m , exactly £14,200,000 +29%"],
        ),
        "End date by change": (2, ["first published 28 Feb 2027 –", "10 Mar 2026 30 Nov 2027 +275"]),
    }  # fmt: skip
    corrected = read_figures(reader.get(f"/processes/{CORRECTED}").content.decode())
    assert {title: shapes for title, (shapes, _rows) in corrected.items()} == {"Value by change": 2}
    assert read_figures(reader.get(f"/processes/{OPEN}").content.decode()) == {}  # nothing changed


def make_contract(net, currency="GBP", ident="1", **more):
    return {"id": ident, "awardID": "1", "status": "active", "value": make_money(net, currency=currency), **more}


FIFTY, FOUR = make_contract(50_000_000, ident="2"), make_contract(4_000_000, ident="2")
# For each case, the contracts in each notice of a process, in order of publication.
STEPS = {
    "another currency": ([make_contract(11_000_000)], [make_contract(14_000_000, currency="EUR")]),
    "a value that only fills the form": ([make_contract(1)], [make_contract(14_000_000)]),
    "the same": ([make_contract(5_000_000)], [make_contract(5_000_000, description="the same")]),
    "one of two": ([make_contract(1_000_000), FIFTY], [make_contract(2_000_000), FIFTY]),
    # The second amendment has an earlier date than the first, but the value published last is current.
    "out of order": ([make_contract(10_000_000)],
                     [make_contract(12_000_000, amendments=[{"id": "a", "date": "2026-03-01T00:00:00Z"}])],
                     [make_contract(14_000_000, amendments=[{"id": "b", "date": "2026-01-15T00:00:00Z"}])]),
    "several": ([make_contract(10_000_000), FOUR, make_contract(1_000_000, ident="3")],
                [make_contract(12_000_000), make_contract(3_000_000, ident="2")]),
    "several unchanged": ([make_contract(10_000_000), FOUR],),
    "several currencies": ([make_contract(10_000_000), make_contract(10_000_000, currency="EUR", ident="2")], [make_contract(12_000_000)]),
}  # fmt: skip
OCIDS = {case: f"ocds-h6vhtk-0ac{number:03d}" for number, case in enumerate(STEPS)}
ENDLESS = "CO_0002_2021-Q1"


@pytest.fixture(scope="module")
def changed_store(tmp_path_factory):
    """A store with the processes of STEPS, a project with one report, and one with an end in the year 9999."""
    folder = tmp_path_factory.mktemp("charts")
    for year, end, other_rows in (
        (2024, "31/12/9998", []),
        (2025, "31/12/9999", [(GMPP, "New", "120", "31/03/2027", "Amber")]),
    ):
        file = folder / f"gmpp-{year}.csv"
        file.write_text(
            write_portfolio(year, (ENDLESS, "For ever", "120", end, "Amber"), *other_rows), encoding="utf-8"
        )
        pipeline.load(folder / "store", [file])
    load(folder / "store", [
        make_release(OCIDS[case], f"2026-0{number + 1}-10", "UK7" if number == 1 else "UK10", id=f"n{number}", contracts=contracts)
        for case, steps in STEPS.items() for number, contracts in enumerate(steps, 1)
    ])  # fmt: skip
    pipeline.build(folder / "store", AS_OF)
    return folder / "store"


@pytest.fixture
def draw(reader, changed_store, settings):
    """Return a function that reads the figures of the contract, or of the process, of a case of `changed_store`."""
    settings.STORE = changed_store

    def read_page(case, kind="contracts"):
        return reader.get(
            f"/contracts/{OCIDS[case]}/contracts/1" if kind == "contracts" else f"/processes/{OCIDS[case]}"
        )

    return lambda *page: read_figures(read_page(*page).content.decode())


def test_project_with_one_report_has_no_chart(reader, draw):
    assert "tp-chart" not in reader.get(f"/projects/{PROJECT}").content.decode()


@pytest.mark.parametrize("case", ["another currency", "a value that only fills the form", "the same"])
def test_changes_without_growth_have_no_chart(draw, case):
    assert draw(case) == {}


def test_chart_of_one_contract_is_not_on_page_of_two(draw):
    assert set(draw("one of two")) == {"Value by change"}
    assert set(draw("one of two", "processes")) == {"Value of each contract, first and now"}


def test_changes_are_drawn_in_order_of_publication(draw):
    (shapes, rows) = draw("out of order")["Value by change"]
    assert (shapes, re.findall(r"£\d+m", " ".join(rows))) == (3, ["£10m", "£12m", "£14m"])


def test_procurement_page_draws_each_contract(reader, draw):
    """Contracts in several currencies have no common scale, so they are not drawn."""
    (shapes, rows) = draw("several", "processes")["Value of each contract, first and now"]
    assert shapes == 6
    assert [" ".join(re.sub(r", exactly £[\d,]+", "", row).split()) for row in rows] == [
        "contract 1 £10m £12m +20%", "contract 2 £4m £3m -25%", "contract 3 £1m £1m –",
    ]  # fmt: skip
    text = read_text(reader.get(f"/processes/{OCIDS['several']}"))
    assert "Of 3 contracts that can be drawn, 2 now have a different value." in text
    assert draw("several unchanged", "processes") == {}
    assert "Value of each contract, first and now" not in draw("several currencies", "processes")


def test_project_with_end_in_year_9999_has_a_chart(reader, draw):
    shapes, rows = read_figures(reader.get(f"/projects/sdes-gmpp-{ENDLESS}").content.decode())["End date by report"]
    assert (shapes, rows) == (2, ["2024 31 Dec 9998 – report of 2024", "2025 31 Dec 9999 new report of 2025"])


def test_negative_amounts_are_drawn_within_the_chart():
    five, three, four = (Amount(Decimal(value), "GBP") for value in (-5, -3, -4))
    drawing = record_charts.draw_change_bars([("first published", five), ("then", three)], "Value")
    bars = [(float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.-]+)"[^>]* width="([\d.]+)"', drawing)]
    assert bars == [(4.0, 472.0), (192.8, 283.2)]
    dots = [record_charts.ReportDot(2020, Amount(Decimal(4), "GBP")), record_charts.ReportDot(2021, four)]
    drawing = record_charts.draw_report_chart(dots, set(), "Cost")
    assert [float(y) for y in re.findall(r'<circle[^>]* cy="([\d.-]+)"', drawing)] == [16.0, 216.0]
