"""Charts of records: what is drawn, what is not, and that each table says the same."""

import html
import re
from decimal import Decimal

import pytest
from django.test import override_settings

from tests.merge.world import AS_OF, load, money, portfolio, release
from tests.website.catalogue.test_records import leads, text_of
from tests.website.shelf import CORRECTED, DEAL, GMPP, OPEN
from threepoint import pipeline
from threepoint.standard.amounts import Amount
from website.catalogue import charts

PROJECT = f"sdes-gmpp-{GMPP}"


def figures(page):
    """Of each figure of a page: how many shapes of values are drawn, and the rows of its table as text."""
    made = {}
    for one in re.findall(r"(?s)<figure.*?</figure>", page):
        title = re.search(r'tp-figure__title">(.*?)</span>', one)[1]
        shapes = len(
            re.findall(r'<(?:circle|rect|polygon)[^>]*class="tp-chart__dot"|<rect[^>]*class="tp-chart__changed"', one)
        )
        rows = re.findall(r"(?s)<tr.*?</tr>", one.partition("<tbody")[2])
        made[title] = shapes, [" ".join(re.sub(r"<[^>]+>", " ", html.unescape(row)).split()) for row in rows]
    return made


def test_a_project_shows_its_cost_and_its_end_as_each_report_gave_them(reader):
    answer = reader.get(f"/projects/{PROJECT}")
    assert leads(answer)[1].startswith("Value now £120m nominal prices, first published £100m nominal prices, +20%")
    assert figures(answer.content.decode()) == {
        "Whole-life cost by report": (2, [
            "2024 £100m , exactly £100,000,000 the day (nominal) – report of 2024",
            "2025 £120m , exactly £120,000,000 the day (nominal) new report of 2025"]),
        "End by report": (2, ["2024 31 Mar 2027 – report of 2024", "2025 31 Mar 2027 – report of 2025"]),
    }  # fmt: skip
    diamonds = answer.content.decode().count('class="tp-chart__changed"')
    assert diamonds == 1  # the new baseline is one of the cost, not of the end


def test_what_a_notice_changed_is_drawn_against_what_was_first_published(reader):
    drawn = figures(reader.get(f"/contracts/{DEAL}/contracts/1").content.decode())
    assert drawn == {
        "Value by change": (
            2,
            ["first published £11m , exactly £11,000,000 –", "10 Mar 2026 £14.2m , exactly £14,200,000 +29%"],
        ),
        "End by change": (2, ["first published 28 Feb 2027 –", "10 Mar 2026 30 Nov 2027 +275"]),
    }
    corrected = figures(reader.get(f"/processes/{CORRECTED}").content.decode())
    assert {title: shapes for title, (shapes, _rows) in corrected.items()} == {"Value by change": 2}
    assert figures(reader.get(f"/processes/{OPEN}").content.decode()) == {}  # nothing changed


def test_a_project_of_one_report_has_no_chart(reader, small_store):
    store = small_store.parent / "one-report" / "store"
    store.parent.mkdir(exist_ok=True)
    (store.parent / "gmpp-2025.csv").write_text(
        portfolio(2025, (GMPP, "Identity Checks", "120", "31/03/2027", "Amber"))
    )
    pipeline.load(store, [store.parent / "gmpp-2025.csv"])
    pipeline.build(store, AS_OF)
    with override_settings(STORE=store):
        assert "tp-chart" not in reader.get(f"/projects/{PROJECT}").content.decode()


def _contract(net, end=None, currency="GBP", ident="1", **more):
    period = {"period": {"startDate": "2026-03-01", "endDate": end}} if end else {}
    return {"id": ident, "awardID": "1", "status": "active", "value": money(net, currency=currency), **period, **more}


def _figures_of(reader, place, *steps, path=f"contracts/{DEAL}/contracts/1"):
    """The figures of a page, where each step is what one notice says of the contracts, in the order of publication."""
    load(place, [
        release(DEAL, f"2026-0{number + 1}-10", "UK7" if number == 1 else "UK10", id=f"n{number}", contracts=contracts)
        for number, contracts in enumerate(steps, 1)
    ])  # fmt: skip
    pipeline.build(place, AS_OF)
    with override_settings(STORE=place):
        return figures(reader.get(f"/{path}").content.decode())


@pytest.mark.parametrize(
    "steps",
    [
        [[_contract(11_000_000)], [_contract(14_000_000, currency="EUR")]],  # no growth across currencies
        [[_contract(1)], [_contract(14_000_000)]],  # a value that only fills the form
        [[_contract(5_000_000)], [_contract(5_000_000, description="the same")]],
    ],
)
def test_nothing_is_drawn_of_what_no_growth_is_told(reader, tmp_path, steps):
    assert _figures_of(reader, tmp_path / "store", *steps) == {}


def test_a_chart_of_one_of_two_contracts_does_not_stand_for_their_procurement(reader, tmp_path):
    other = _contract(50_000_000, ident="2")
    steps = [_contract(1_000_000), other], [_contract(2_000_000), other]
    assert set(_figures_of(reader, tmp_path / "store", *steps)) == {"Value by change"}
    with override_settings(STORE=tmp_path / "store"):
        drawn = figures(reader.get(f"/processes/{DEAL}").content.decode())
    assert set(drawn) == {"Value of each contract, first and now"}


def test_changes_are_drawn_in_the_order_they_were_published(reader, tmp_path):
    """The second amendment says that it was made before the first: what was published last stands, all the same."""
    steps = (
        [_contract(10_000_000)],
        [_contract(12_000_000, amendments=[{"id": "a", "date": "2026-03-01T00:00:00Z"}])],
        [_contract(14_000_000, amendments=[{"id": "b", "date": "2026-01-15T00:00:00Z"}])],
    )
    (shapes, rows) = _figures_of(reader, tmp_path / "store", *steps)["Value by change"]
    assert (shapes, re.findall(r"£\d+m", " ".join(rows))) == (3, ["£10m", "£12m", "£14m"])


def test_each_contract_of_several_is_drawn_against_its_own_first_value(reader, tmp_path):
    """A ceiling is no worth, and what is in another currency is on no scale with the rest."""
    first = [_contract(value, ident=ident) for ident, value in (("1", 10_000_000), ("2", 4_000_000), ("3", 1_000_000))]
    changed = [_contract(12_000_000, ident="1"), _contract(3_000_000, ident="2")]
    figure = _figures_of(reader, tmp_path / "store", first, changed, path=f"processes/{DEAL}")
    (shapes, rows) = figure["Value of each contract, first and now"]
    assert shapes == 6
    assert [" ".join(re.sub(r", exactly £[\d,]+", "", row).split()) for row in rows] == [
        "contract 1 £10m £12m +20%", "contract 2 £4m £3m -25%", "contract 3 £1m £1m –",
    ]  # fmt: skip
    with override_settings(STORE=tmp_path / "store"):
        assert "Of 3 contracts that can be drawn, 2 have another value now." in text_of(
            reader.get(f"/processes/{DEAL}")
        )


def test_several_contracts_none_of_which_changed_are_not_drawn(reader, tmp_path):
    contracts = [_contract(value, ident=ident) for ident, value in (("1", 10_000_000), ("2", 4_000_000))]
    assert _figures_of(reader, tmp_path / "store", contracts, path=f"processes/{DEAL}") == {}


def test_contracts_in_several_currencies_are_not_drawn_on_one_scale(reader, tmp_path):
    euros = _contract(10_000_000, currency="EUR", ident="2")
    dearer = _contract(12_000_000, ident="1")
    figures_ = _figures_of(
        reader, tmp_path / "store", [_contract(10_000_000, ident="1"), euros], [dearer], path=f"processes/{DEAL}"
    )
    assert "Value of each contract, first and now" not in figures_


def test_what_is_below_zero_is_drawn_within_the_chart():
    five, three, four = (Amount(Decimal(value), "GBP") for value in (-5, -3, -4))
    drawing = charts.against_first([("first published", five), ("then", three)], "Value")
    bars = [(float(x), float(width)) for x, width in re.findall(r'<rect x="([\d.-]+)"[^>]* width="([\d.]+)"', drawing)]
    assert bars == [(4.0, 472.0), (192.8, 283.2)]
    dots = [charts.Dot(2020, Amount(Decimal(4), "GBP")), charts.Dot(2021, four)]
    drawing = charts.by_report(dots, set(), "Cost")
    assert [float(y) for y in re.findall(r'<circle[^>]* cy="([\d.-]+)"', drawing)] == [16.0, 216.0]


def test_a_project_without_an_end_in_sight_has_a_page(reader, tmp_path):
    for year, end in ((2024, "31/12/9998"), (2025, "31/12/9999")):
        (tmp_path / f"gmpp-{year}.csv").write_text(
            portfolio(year, (GMPP, "For ever", "120", end, "Amber")), encoding="utf-8"
        )
    pipeline.load(tmp_path / "store", [tmp_path / "gmpp-2024.csv", tmp_path / "gmpp-2025.csv"])
    pipeline.build(tmp_path / "store", AS_OF)
    with override_settings(STORE=tmp_path / "store"):
        shapes, rows = figures(reader.get(f"/projects/{PROJECT}").content.decode())["End by report"]
    assert (shapes, rows) == (2, ["2024 31 Dec 9998 – report of 2024", "2025 31 Dec 9999 new report of 2025"])
