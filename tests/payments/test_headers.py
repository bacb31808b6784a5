"""The 64 header lines that NHS bodies used for payments in one year: rows are generated under each and read again."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payments.reference_rows import read_rows
from tests.read.read_helpers import read_file
from threepoint.read.spend.column_headings import _FIELD_BY_HEADING, find_field, is_heading_row

# The field of each heading of the 64 lines, chosen by hand.
EXPECTED_FIELD_BY_HEADING = {
    "Department": "payer_family", "Department of Health": "payer_family", "Department Family": "payer_family",
    "Dept Family": "payer_family", "CCG": "payer_name", "Entity": "payer_name", "Entuty": "payer_name",
    "Organisation Name": "payer_name", "Date": "date", "Data": "date", "Date Paid": "date", "Date of payment": "date",
    "Expense Type": "expense_type", "Expenses Type": "expense_type", "Expense": "expense_type",
    "Expense Typoe": "expense_type", "Expsene Type": "expense_type", "9AN - Level 9 Account Name": "expense_type",
    "Expense Area": "expense_area", "Expenses Area": "expense_area", "Expsense Area": "expense_area",
    "Expsene Area": "expense_area", "Exepnse Area": "expense_area", "Exepense Area": "expense_area", "Cost Centre Name": "expense_area",
    "Supplier": "supplier_name", "Supplier Name": "supplier_name", "Suppklier": "supplier_name",
    "Suppkuer": "supplier_name", "Transaction Number": "transaction_number", "Transaction": "transaction_number",
    "Transaction Reference": "transaction_number", "Invoice Number": "transaction_number",
    "Transaction Type": "transaction_type", "Transaction Date": "transaction_date", "Their Reference": "their_reference",
    "Amount": "amount", "AP Amount": "amount", "Amount in Sterling": "amount_gbp", "Amount in Sterling £": "amount_gbp",
    "Description": "description", "Supplier Postcode": "supplier_postcode", "VAT Registration Number": "supplier_vat",
    "Month": "month", "Financial Year": "year", "Accounting Year": "year", "Financial Period": "period",
    "Period": "period",
}  # fmt: skip
EXPECTED_FIELD_BY_LOWER_HEADING = {heading.lower(): field for heading, field in EXPECTED_FIELD_BY_HEADING.items()}
ROW_COUNT = 3
VALUE_BY_FIELD = {
    "payer_family": "Department of Health {}", "payer_name": "Trust {}", "date": "{}", "expense_type": "Type {}",
    "expense_area": "Area {} £", "supplier_name": "Café Supplies {} Ltd", "transaction_number": "T-{}",
    "transaction_type": "Kind {}", "transaction_date": "Second {}", "their_reference": "R {}", "description": "Words {}",
    "supplier_postcode": "E{} 1AA", "supplier_vat": "GB{}", "month": "Apr-{}", "year": "2020/{}", "period": "P{}",
}  # fmt: skip


@pytest.fixture(scope="module")
def headers(shared):
    """Return (header line, encoding) of each of the 64 lines as published, with its byte order mark if it had one."""
    variants = {
        (row["header"], row["encoding"]) for row in read_rows(shared / "data" / "spend" / "nhs_raw_header_variants.csv")
    }
    assert len({header for header, _ in variants}) == 64
    return sorted(variants)


def make_cell(field, number, day):
    if field in ("amount", "amount_gbp"):
        return ["£25,000.10", "(30,000.00)", " 26,500 "][number]
    if field == "date":
        return [day.strftime("%d/%m/%Y"), day.strftime("%d-%b-%y"), day.strftime("%Y-%m-%d 00:00:00")][number]
    return VALUE_BY_FIELD[field].format(number) if field else ""


def make_file(header, encoding):
    """Make a file with a header line; return the bytes, the fields of its columns and the dates of its rows."""
    headings = header.removeprefix("\ufeff").split("|")
    fields = [EXPECTED_FIELD_BY_LOWER_HEADING[heading.lower()] if heading.strip() else None for heading in headings]
    days = [date(2020, 4, 28) + timedelta(days=number) for number in range(ROW_COUNT)]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [headings, *[[make_cell(field, number, days[number]) for field in fields] for number in range(ROW_COUNT)]]
    )
    mark = "\ufeff" if header.startswith("\ufeff") else ""
    return (mark + out.getvalue()).encode("cp1252" if encoding == "cp1252" else "utf-8"), fields, days


@pytest.mark.quirk("Q1.46")
def test_every_header_line_is_read_in_its_encoding(headers):
    header_count = 0
    for header, encoding in headers:
        data, fields, days = make_file(header, encoding)
        result = read_file(data)
        rows = result.rows.get("spend_line", [])
        assert (result.quarantined, result.skipped, len(rows)) == ([], [], ROW_COUNT), header
        _compare(result, fields, days, header)
        header_count += 1
    assert header_count >= 64


def _compare(result, fields, days, header):
    day_numbers = [(day - date(1970, 1, 1)).days for day in days]
    assert result.column("spend_line", "amount") == [2500010, -3000000, 2650000], header
    assert result.column("spend_line", "date") == (day_numbers if "date" in fields else [None] * ROW_COUNT), header
    texts = ("payer_family", "payer_name", "expense_type", "expense_area", "supplier_name", "transaction_number",
             "their_reference", "description", "supplier_postcode", "supplier_vat")  # fmt: skip
    for field in texts:
        expected = [VALUE_BY_FIELD[field].format(number) if field in fields else None for number in range(ROW_COUNT)]
        assert result.column("spend_line", field) == expected, (header, field)
    other_fields = {"transaction_type", "transaction_date"} & set(fields)
    expected = [
        VALUE_BY_FIELD[other_fields.copy().pop()].format(number) if other_fields else None
        for number in range(ROW_COUNT)
    ]
    assert result.column("spend_line", "transaction_other") == expected, header
    periods = [
        "; ".join(VALUE_BY_FIELD[name].format(number) for name in ("month", "year", "period") if name in fields) or None
        for number in range(ROW_COUNT)
    ]
    assert result.column("spend_line", "period") == periods, header


def test_find_field_matches_every_published_heading(headers):
    headings = {heading for header, _ in headers for heading in header.removeprefix("\ufeff").split("|")}
    assert {heading: find_field(heading) for heading in headings if heading.strip()} == {
        heading: EXPECTED_FIELD_BY_LOWER_HEADING[heading.lower()] for heading in headings if heading.strip()
    }
    assert find_field("") is None


def test_find_field_rejects_similar_headings():
    headings = [
        "Supplier ID", "Supplier No.", "Entity Code", "Amount Type", "Approved by", "Contact", "Email",
        "Budget Holder",
    ]  # fmt: skip
    assert [heading for heading in headings if find_field(heading) is not None] == []


def test_is_heading_row_rejects_other_tables():
    tables = (["Date", "Amount"], ["code", "title", "description"], ["Supplier", "Amount", "Date"], ["name", "amount"],
              ["GMPP ID Number", "Project Name", "Department", "Description", "Amount"])  # fmt: skip
    assert [headings for headings in tables if is_heading_row(list(headings))] == []


LONG_HEADINGS = [name for name in _FIELD_BY_HEADING if len(name) >= 11 and name.isalpha()]


@given(st.sampled_from(LONG_HEADINGS), st.data())
def test_find_field_accepts_swapped_letters(name, data):
    at = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert find_field(swapped) == _FIELD_BY_HEADING[name]
