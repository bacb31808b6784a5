"""The 64 header lines under which NHS bodies listed payments in one year: rows are generated under each and read back."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payments.reference_rows import read_rows as rows_of
from tests.read.read_helpers import read_file
from threepoint.read.spend.column_headings import _FIELD_BY_HEADING, find_field, is_heading_row

# What each of the 64 lines holds, by the field that a person reading it would name. The rest is not read.
MEANT = {
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
    "Amount": "amount", "AP Amount": "amount", "Amount in Sterling": "amount", "Amount in Sterling £": "amount",
    "Description": "description", "Supplier Postcode": "supplier_postcode", "VAT Registration Number": "supplier_vat",
    "Month": "month", "Financial Year": "year", "Accounting Year": "year", "Financial Period": "period",
    "Period": "period",
}  # fmt: skip
FOLDED = {heading.lower(): field for heading, field in MEANT.items()}
LINES = 3
VALUES = {
    "payer_family": "Department of Health {}", "payer_name": "Trust {}", "date": "{}", "expense_type": "Type {}",
    "expense_area": "Area {} £", "supplier_name": "Café Supplies {} Ltd", "transaction_number": "T-{}",
    "transaction_type": "Kind {}", "transaction_date": "Second {}", "their_reference": "R {}", "description": "Words {}",
    "supplier_postcode": "E{} 1AA", "supplier_vat": "GB{}", "month": "Apr-{}", "year": "2020/{}", "period": "P{}",
}  # fmt: skip


@pytest.fixture(scope="module")
def headers(shared):
    """(header line, encoding) of each of the 64 lines as published, with its mark at the beginning where it had one."""
    found = {
        (row["header"], row["encoding"]) for row in rows_of(shared / "data" / "spend" / "nhs_raw_header_variants.csv")
    }
    assert len({header for header, _ in found}) == 64
    return sorted(found)


def make_cell(field, number, day):
    if field == "amount":
        return ["£25,000.10", "(30,000.00)", " 26,500 "][number]
    if field == "date":
        return [day.strftime("%d/%m/%Y"), day.strftime("%d-%b-%y"), day.strftime("%Y-%m-%d 00:00:00")][number]
    return VALUES[field].format(number) if field else ""


def make_file(header, encoding):
    """A file under a header line: the bytes, and the fields of its columns as a person would name them."""
    heads = header.removeprefix("\ufeff").split("|")
    fields = [FOLDED[head.lower()] if head.strip() else None for head in heads]
    days = [date(2020, 4, 28) + timedelta(days=n) for n in range(LINES)]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([heads, *[[make_cell(field, n, days[n]) for field in fields] for n in range(LINES)]])
    mark = "\ufeff" if header.startswith("\ufeff") else ""
    return (mark + out.getvalue()).encode("cp1252" if encoding == "cp1252" else "utf-8"), fields, days


@pytest.mark.quirk("Q1.46")
def test_rows_under_every_header_line_are_read_in_its_encoding(headers):
    seen = 0
    for header, encoding in headers:
        data, fields, days = make_file(header, encoding)
        found = read_file(data)
        assert (found.quarantined, found.passed_over, len(found.rows.get("spend_line", []))) == ([], [], LINES), header
        _compare(found, fields, days, header)
        seen += 1
    assert seen >= 64


def _compare(found, fields, days, header):
    whole = [(day - date(1970, 1, 1)).days for day in days]
    assert found.column("spend_line", "amount") == [2500010, -3000000, 2650000], header
    assert found.column("spend_line", "date") == (whole if "date" in fields else [None] * LINES), header
    texts = ("payer_family", "payer_name", "expense_type", "expense_area", "supplier_name", "transaction_number",
             "their_reference", "description", "supplier_postcode", "supplier_vat")  # fmt: skip
    for field in texts:
        wanted = [VALUES[field].format(n) if field in fields else None for n in range(LINES)]
        assert found.column("spend_line", field) == wanted, (header, field)
    other = {"transaction_type", "transaction_date"} & set(fields)
    wanted = [VALUES[other.copy().pop()].format(n) if other else None for n in range(LINES)]
    assert found.column("spend_line", "transaction_other") == wanted, header
    periods = [
        "; ".join(VALUES[f].format(n) for f in ("month", "year", "period") if f in fields) or None for n in range(LINES)
    ]
    assert found.column("spend_line", "period") == periods, header


def test_every_heading_of_the_64_lines_is_told_as_a_person_would(headers):
    heads = {head for header, _ in headers for head in header.removeprefix("\ufeff").split("|")}
    assert {head: find_field(head) for head in heads if head.strip()} == {
        head: FOLDED[head.lower()] for head in heads if head.strip()
    }
    assert find_field("") is None


def test_what_is_near_a_known_name_and_is_another_is_not_taken_for_it():
    others = [
        "Supplier ID", "Supplier No.", "Entity Code", "Amount Type", "Approved by", "Contact", "Email",
        "Budget Holder",
    ]  # fmt: skip
    assert [head for head in others if find_field(head) is not None] == []


def test_tables_of_other_kinds_are_not_taken_for_payments():
    others = (["Date", "Amount"], ["code", "title", "description"], ["Supplier", "Amount", "Date"], ["name", "amount"],
              ["GMPP ID Number", "Project Name", "Department", "Description", "Amount"])  # fmt: skip
    assert [heads for heads in others if is_heading_row(list(heads))] == []


LONG = [name for name in _FIELD_BY_HEADING if len(name) >= 11 and name.isalpha()]


@given(st.sampled_from(LONG), st.data())
def test_a_long_heading_with_two_letters_swapped_is_still_told(name, data):
    at = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert find_field(swapped) == _FIELD_BY_HEADING[name]
