"""Which column of a list of payments is the amount, and in which currency."""

import pytest

from tests.payments.list_files import SPEND, SPEND_HEADS
from tests.payments.reference_rows import write_csv
from tests.read.read_helpers import read_file


def read_amounts(headings: list[str], *rows: list[str]):
    result = read_file(write_csv([*SPEND_HEADS[:7], *headings], *([*SPEND[:7], *row] for row in rows)))
    return list(
        zip(result.column("spend_line", "amount"), result.column("spend_line", "currency"), strict=True)
    ), result.notes


@pytest.mark.parametrize(
    "headings",
    [
        ["Amount", "Currency", "Amount in Sterling"], ["Amount in Sterling", "Amount", "Currency"],
        ["Amount (€)", "Amount (£)"], ["Amount EUR", "Amount GBP"], ["EUR Amount", "Currency", "GBP Amount"],
        ["Foreign amount", "Currency", "Amount"], ["Amount", "Currency", "Original amount"],
        ["Net amount", "Currency", "Net amount (£)"],
    ],
)  # fmt: skip
def test_sterling_column_wins(headings):
    cells = {"Currency": "EUR", "Amount in Sterling": "85", "Amount (£)": "85", "Amount GBP": "85", "GBP Amount": "85",
             "Net amount (£)": "85"}  # fmt: skip
    if "Foreign amount" in headings or "Original amount" in headings:
        cells["Amount"] = "85"
    row = [cells.get(heading, "100") for heading in headings]
    assert read_amounts(headings, row) == ([(8500, "GBP")], [])


def test_amount_is_in_the_currency_that_its_row_or_heading_gives():
    rows = [["100", "EUR", ""], ["100", "£", ""], ["100", "", ""], ["100", "usd", "85"]]
    assert read_amounts(["Amount", "Currency", "Amount in Sterling"], *rows)[0] == [
        (10000, "EUR"), (10000, "GBP"), (10000, "GBP"), (8500, "GBP"),
    ]  # fmt: skip
    assert read_amounts(["Amount (EUR)"], ["100"])[0] == [(10000, "EUR")]
    assert read_amounts(["Foreign amount", "Currency"], ["100", "CHF"], ["100", ""])[0] == [
        (10000, "CHF"),
        (10000, None),
    ]


def test_amount_in_unclear_currency_is_not_read():
    assert read_amounts(["Amount ($)", "Amount"], ["100", "85"]) == (
        [(8500, "GBP")], ["the column 'Amount ($)' is not known and was left out"],
    )  # fmt: skip


def test_net_amount_and_irrecoverable_vat_are_read():
    headings = [*SPEND_HEADS[:7], "Net amount", "Irrecoverable VAT"]
    result = read_file(
        write_csv(headings, [*SPEND[:7], "120.00", "20.00"], [*SPEND[:7], "5", ""], [*SPEND[:7], "5", "Yes"])
    )
    assert result.column("spend_line", "amount") == [12000, 500, 500]
    assert result.column("spend_line", "irrecoverable_vat") == [2000, None, None]
    assert result.column("spend_line", "irrecoverable_vat_state") == ["observed", "not_reported", "invalid"]
    assert result.column("spend_line", "irrecoverable_vat_text") == [None, None, "Yes"]
    assert result.notes == []


def test_second_column_of_a_field_is_noted():
    assert read_amounts(["Amount", "AP Amount"], ["100", "85"]) == (
        [(10000, "GBP")], ["the column 'AP Amount' says what an earlier column says and was left out"],
    )  # fmt: skip
