"""Amounts and dates in every published form, and the reasons for missing values."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepoint.read.csv_tables import decode_text
from threepoint.read.table_cells import (
    ParsedCell,
    detect_date_order,
    parse_days,
    parse_pence,
    read_amount_cell,
    read_date_cell,
    read_text_cell,
)

AMOUNTS = {
    "1906262.0": 190626200, "1,234.50": 123450, "£1,234.50": 123450, "(1,234.50)": -123450, "(£1,234.50)": -123450,
    "£(12)": -1200, "-12": -1200, "- 12": -1200, "12-": -1200, "-£12": -1200, "£-12.1": -1210, "12.": 1200,
    ".5": 50, "GBP 1,000": 100000, "\ufffd25,000.00": 2500000, "Â£7": 700, "Ł7": 700, " 25000 ": 2500000,
    "13192.9325": 1319293, "0.005": 0, "0.015": 2, "-0": 0, "0": 0, "1 234": 123400,
}  # fmt: skip
INVALID_AMOUNTS = {
    " 000,": "digits, commas and points that are not a number", "1,23": "digits, commas and points that are not a number",
    "1.234,50": "digits, commas and points that are not a number", "1e9999": "written in powers of ten",
    "1.2E+06": "written in powers of ten", "12 34": "not a number", "£": "a sign without a number",
    "(12": "mismatched brackets or signs", "-12-": "mismatched brackets or signs",
    "(-12)": "mismatched brackets or signs", "see note": "not a number", "inf": "not a number",
    "12345678901234567.00": "the amount 12345678901234567.00 is too large for DECIMAL(18,2)",
}  # fmt: skip
DATES = {
    "2021-03-31": "2021-03-31", "2021-03-31 00:00:00": "2021-03-31", "2021-03-31T10:30:00": "2021-03-31",
    "31/03/2021": "2021-03-31", "31/03/21": "2021-03-31", "1/4/2020": "2020-04-01", "31.03.2021": "2021-03-31",
    "31-03-2021": "2021-03-31", "30-Apr-20": "2020-04-30", "01-DEC-2020 ": "2020-12-01", "31-May-20\n": "2020-05-31",
    "01 Jun 14 00:00": "2014-06-01", "1st April 2020": "2020-04-01", "7/31/2020": "2020-07-31", "1 Sept 2020": "2020-09-01",
    "31/12/69": "2069-12-31", "01/01/70": "1970-01-01",
}  # fmt: skip
INVALID_DATES = {
    "31/02/2021": "there is no day 31 in month 2 of 2021", "13/13/2021": "there is no day 13 in month 13 of 2021",
    "Jun-20": "not a date", "43922": "not a date", "12 Foo 2020": "Foo is not a month",
    "2021-13-01": "there is no day 1 in month 13 of 2021",
}  # fmt: skip
EMPTY_TEXTS = ["", "  ", "-", "None", "n/a", "N/A", "null", "TBC"]


@pytest.mark.parametrize("text", AMOUNTS)
def test_amount_is_read_in_pence(text):
    assert read_amount_cell(text) == ParsedCell(AMOUNTS[text], "observed")


@pytest.mark.parametrize("text", INVALID_AMOUNTS)
def test_invalid_amount_is_kept_with_reason(text):
    assert read_amount_cell(text) == ParsedCell(None, "invalid", text.strip(), INVALID_AMOUNTS[text])


@pytest.mark.parametrize("text", DATES)
def test_date_is_read_in_every_published_form(text):
    assert date(1970, 1, 1) + timedelta(days=read_date_cell(text).value) == date.fromisoformat(DATES[text])


@pytest.mark.parametrize("text", INVALID_DATES)
def test_invalid_date_is_kept_with_reason(text):
    assert read_date_cell(text) == ParsedCell(None, "invalid", text, INVALID_DATES[text])


@pytest.mark.parametrize("text", EMPTY_TEXTS)
def test_word_for_nothing_is_not_reported(text):
    assert {(cell.value, cell.state) for cell in (read_amount_cell(text), read_date_cell(text))} == {
        (None, "not_reported")
    }
    assert read_text_cell(text) is None


def test_detect_date_order_uses_all_dates():
    assert detect_date_order(["08/01/2020", "8/31/2020"]) == "month_first"
    assert detect_date_order(["08/01/2020", "31/8/2020"]) == "day_first"
    assert detect_date_order(["8/31/2020", "31/8/2020"]) == "both"
    assert detect_date_order(["08/01/2020", "05/05/2020", "30-Apr-20", ""]) == "unknown"


@pytest.mark.parametrize(
    ("order", "expected"),
    [("day_first", ("2020-01-08", "observed")), ("month_first", ("2020-08-01", "derived")),
     ("unknown", ("2020-01-08", "derived")), ("both", (None, "invalid"))],
)  # fmt: skip
def test_ambiguous_date_follows_order_of_file(order, expected):
    cell = read_date_cell("08/01/2020", order)
    day = None if cell.value is None else (date(1970, 1, 1) + timedelta(days=cell.value)).isoformat()
    assert (day, cell.state) == expected
    assert read_date_cell("13/01/2020", order) == read_date_cell("2020-01-13") == read_date_cell("01/13/2020", order)


def test_email_address_in_cell_is_removed():
    assert read_amount_cell("ask jane.doe@example.org").text == "ask [email removed]"
    assert read_text_cell("ask jane.doe@example.org") == "ask [email removed]"


AMOUNT_FORMS = [
    lambda a: f"{a}", lambda a: f"{a:,}", lambda a: f"£{a:,}" if a >= 0 else f"-£{-a:,}",
    lambda a: f"({-a:,})" if a < 0 else f" {a} ", lambda a: f"{-a}-" if a < 0 else f"£ {a}",
]  # fmt: skip


@given(st.decimals(Decimal(-(10**12)), Decimal(10**12), places=2), st.sampled_from(AMOUNT_FORMS))
def test_parse_pence_reads_any_form(value, form):
    assert parse_pence(form(value)) == value * 100


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_has_a_reason(text):
    cell = read_amount_cell(text)
    assert cell.state in ("observed", "not_reported", "invalid")
    assert (cell.value is None) == (cell.state != "observed")
    assert (cell.reason is None) == (cell.state != "invalid")


DATE_FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%b-%y", "%d %B %Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00", "%d %b %y %H:%M"]


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(DATE_FORMS))
def test_parse_days_reads_any_form(day, form):
    assert parse_days(day.strftime(form)) == (day - date(1970, 1, 1)).days


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_parse_days_reads_american_dates(day):
    assert parse_days(day.strftime("%m/%d/%Y"), "month_first") == (day - date(1970, 1, 1)).days


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_decode_text_reads_pound_sign_in_any_encoding(encoding):
    assert decode_text("Amount (£),Café".encode(encoding)) == "Amount (£),Café"
