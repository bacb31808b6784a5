"""Figures, dates, reasons and ratings in the yearly files of the major projects portfolio."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.read.gmpp_factory import count_days, read_rows, split_cells, write_drawing
from threepoint.read.gmpp.cell_values import parse_cell, parse_days, parse_millions_to_pence, parse_rating, parse_share

# ------------------------------------------------------------------------------------------------ figures


REASONS = """
    not_reported        |        | Reset
    not_reported        |        | #N/A
    not_reported        |        | NA
    not_reported        |        | -
    not_reported        |        | TBD
    not_reported        |        | No end date
    not_reported        |        | Data not provided by department
    not_reported        |        | The project is not in a position to provide this information.
    not_applicable      |        | Not Applicable
    not_yet_due         |        | ARMP adjustments - Project not yet in a position to give cost/schedule
    not_yet_due         |        | Early planning GMPP project (The project has not yet passed SOC, or its equivalent)
    withheld_commercial | 43     | Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests)
    withheld_commercial | 43(2)  | Exempt under Section 43 (2) of the Freedom of Information Act (2000)
    withheld_commercial | 43     | Section 43 - Commercial interests\u200b
    withheld_commercial | 35; 43 | Exempt under Section 35 - Formulation of government policy, Section 43
    withheld_commercial | 43     | The GMPP project is still at the planning stage, Section 43 – Commercial interests
    withheld_security   | 24; 26 | Section 24 - National security, Section 26 - Defence
    withheld_security   | 24; 26; 27 | Exempt under Section 24,26 and 27 of the Freedom of Information Act 2000
    withheld_security   | 24; 35 | Exempt under Freedom of Information Act 2000 sections 24 (National Security) and 35
    withheld_other      | 22     | Exempt under Section 22 of the Freedom of Information Act 2000.
    withheld_other      |        | Exempt
    invalid             |        | No
    invalid             |        | 1/012/2014
    invalid             |        | 31/02/2014
    invalid             |        | 12,34.5
"""


@pytest.mark.parametrize(("state", "section", "text"), [*map(tuple, split_cells(REASONS)), ("not_reported", "", "")])
def test_missing_value_has_state_section_and_text(state, section, text):
    for parse in (parse_days, parse_millions_to_pence, parse_rating):
        cell = parse_cell(text, parse)
        assert (cell.low, cell.mid, cell.high, cell.state, cell.section) == (
            None, None, None, state, section or None,
        )  # fmt: skip
        assert cell.text == (text.replace("\u200b", "") or None)


@pytest.mark.parametrize(
    ("text", "low", "mid", "high"),
    [
        (
            "Low: 31/01/2050, Mid: 31/03/2050, High: 31/03/2060", count_days(2050, 1, 31), count_days(2050, 3, 31),
            count_days(2060, 3, 31),
        ),
        ("Low: 31/07/2025, Mid: 12/02/2026", count_days(2025, 7, 31), count_days(2026, 2, 12), None),
        ("Mid: 27/06/2025, High: 30/03/2026", None, count_days(2025, 6, 27), count_days(2026, 3, 30)),
        ("Low: 28/09/2028, High: 28/09/2028", count_days(2028, 9, 28), None, count_days(2028, 9, 28)),
        ("31/03/2030", None, count_days(2030, 3, 31), None),
    ],
)  # fmt: skip
def test_range_has_low_mid_and_high(text, low, mid, high):
    cell = parse_cell(text, parse_days)
    assert (cell.low, cell.mid, cell.high, cell.state, cell.text) == (low, mid, high, "observed", None)


def test_range_of_amounts_with_commas_is_read():
    cell = parse_cell("Low: 20,300.00, Mid: 26,350.29, High: 53,300.00", parse_millions_to_pence)
    assert (cell.low, cell.mid, cell.high) == (2_030_000_000_000, 2_635_029_000_000, 5_330_000_000_000)


@pytest.mark.parametrize("text", ["Low: 1, Low: 2", "Low: 1, Mid: soon", "Low: , Mid: 2"])
def test_invalid_range_is_not_read(text):
    assert parse_cell(text, parse_millions_to_pence).state == "invalid"


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,234.56", 123_456_000_000),
        ("£5367.08m", 536_708_000_000),
        ("-£2.60m", -260_000_000),
        ("£-7,169.20", -716_920_000_000),
        ("0", 0),
        ("0.000000005", 0),  # half a penny is rounded to the even penny
        ("0.000000015", 2),
        ("5.5 million", 550_000_000),
    ],
)
def test_parse_millions_to_pence_reads_published_forms(text, pence):
    assert parse_millions_to_pence(text) == pence


@pytest.mark.parametrize("text", ["", "£", "5.0.0", "1e3", "--5", "-£-5", "99999999999999"])
def test_parse_millions_to_pence_rejects_other_texts(text):
    with pytest.raises(ValueError, match=r"amount|DECIMAL"):
        parse_millions_to_pence(text)


@given(st.integers(-(10**17), 10**17))
def test_parse_millions_to_pence_round_trips(pence):
    millions = f"{Decimal(abs(pence)) / 10**8:,.8f}"
    assert parse_millions_to_pence(f"{'-' if pence < 0 else ''}£{millions}m") == pence


@given(st.decimals(0, 9_999, places=14))
def test_parse_millions_to_pence_rounds_half_to_even(millions):
    expected = (millions * 10**8).quantize(Decimal(1), ROUND_HALF_EVEN)
    assert parse_millions_to_pence(f"{millions:f}") == int(expected)


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_parse_days_reads_every_form(day):
    forms = (f"{day:%d/%m/%Y}", f"{day:%d/%m/%y}", f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d} 00:00:00")
    assert {date(1970, 1, 1) + timedelta(parse_days(form)) for form in forms} == {day}


@pytest.mark.parametrize(
    ("text", "bare_is_percent", "expected"),
    [
        ("-6.00%", False, -0.06), ("-0.032", False, -0.032), ("-47", True, -0.47), ("12.5%", True, 0.125),
        ("1,050%", False, 10.5),
    ],
)  # fmt: skip
def test_parse_share_converts_percentages(text, bare_is_percent, expected):
    assert parse_share(text, bare_is_percent=bare_is_percent) == expected


# ------------------------------------------------------------------------------------------------ ratings, variance


@pytest.mark.parametrize(
    ("body", "sro", "rating", "rater", "state"),
    [
        ("Amber-Red", "Green", "Amber/Red", "ipa", "observed"), ("", "AMBER", "Amber", "sro", "observed"),
        ("NA", "Green", "Green", "sro", "observed"),
        ("Not Applicable", "Not Applicable", None, None, "not_applicable"),
        ("", "Section 43 - Commercial interests", None, None, "withheld_commercial"),
        ("Reset", "", None, None, "not_reported"),
        ("Legal sensitivity around this programme prevented an assessment.", "", None, None, "not_reported"),
    ],
)  # fmt: skip
def test_rating_has_its_rater(body, sro, rating, rater, state):
    drawing = f"""
        Project Name | Department | Schedule Narrative        | IPA RAG rating | SRO Delivery Confidence Assessment
        Alpha        | CO         | Compared to FY 21/22-Q4   | {body}         | {sro}
    """
    row = read_rows(write_drawing(drawing))[0]
    assert [row[name] for name in ("rating", "rater", "rating_state", "rating_scale")] == [rating, rater, state, "3pt"]


@pytest.mark.parametrize(
    ("heading", "before", "rater", "scale"),
    [
        ("MPA RAG rating", "12/13", "mpa", "5pt"),
        ("IPA RAG rating", "14/15", "ipa", "5pt"),
        ("IPA Delivery Confidence Assessment", "23/24", "ipa", "3pt"),
        ("IPA Delivery Confidence Assessment", "24/25", "nista", "3pt"),  # the body changed, the heading did not
        ("IPA Delivery Confidence Assessment (using a three-point scale)", "19/20", "ipa", "3pt"),
    ],
)
def test_rating_scale_and_body_depend_on_report(heading, before, rater, scale):
    drawing = f"""
        Project Name | Department | {heading} | Schedule Narrative
        Alpha        | CO         | Green     | Compared to financial year {before}-Q4
    """
    row = read_rows(write_drawing(drawing))[0]
    assert (row["rater"], row["rating_scale"]) == (rater, scale)


def test_variance_is_derived_and_published_one_is_kept():
    drawing = """
        Project Name | Department | Whole Life Cost | 2025/26 Budget | 2025/26 Forecast | Financial Year Variance (%)
        Under        | CO         | 1               | 200            | 150              | 25
        Over         | CO         | 1               | 200            | 250              | 25
        From nothing | CO         | 1               | 0              | 5                | Inf
        Withheld     | CO         | 1               | Section 43     | 5                | Section 43
    """
    names = ("fy_variance_derived", "fy_variance_published", "fy_variance_text")
    assert [[row[name] for name in names] for row in read_rows(write_drawing(drawing))] == [
        [-0.25, 0.25, None], [0.25, 0.25, None], [None, None, "Inf"], [None, None, "Section 43"],
    ]  # fmt: skip


def test_variance_column_can_mix_percentages_and_shares():
    drawing = """
        Project Name | Department | Whole Life Cost | 2013/2014 Variance %age | 2013/2014 Variance (£million)
        Alpha        | CO         | 1               | -6.00%                  | -0.5
        Beta         | CO         | 1               | -0.032                  | n/a
    """
    names = ("fy_variance_published", "fy_variance_amount")
    assert [[row[name] for name in names] for row in read_rows(write_drawing(drawing))] == [
        [-0.06, -50_000_000],
        [-0.032, None],
    ]


@pytest.mark.parametrize(
    ("heading", "base"),
    [("Whole Life Cost (£m, Presented in 2024/25 Real Prices)", "2024/25 real"), ("Whole Life Cost (£m)", "nominal")],
)
def test_price_base_is_read_from_heading(heading, base):
    assert read_rows(write_drawing(f"Project Name|Department|{heading}\nAlpha|CO|12"))[0]["price_base"] == base
