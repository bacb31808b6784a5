"""Totals of lists: recognised by what they add up to, in any layout; payments that happen to equal a sum are kept."""

import pytest

from tests.payments.list_files import SALE, SALE_HEADS, SPEND_HEADS
from tests.payments.reference_rows import write_csv
from tests.read.read_helpers import encode, read_file
from threepoint.read.total_rows import SKIPPED_STATED_TOTAL, SKIPPED_TOTAL, UNEXPLAINED_AMOUNT_REASON

ALDER = "DHSC|NHSE|13/01/2024|IT|Digital|Alder Ltd|1|25000"
BIRCH = "DHSC|NHSE|13/01/2024|IT|Digital|Birch Ltd|2|30000"
CEDAR = "DHSC|UKHSA|13/01/2024|Rent|Estates|Cedar Ltd|3|45000"


def read_list(*lines: str, headings: list[str] = SPEND_HEADS):
    return read_file(write_csv(headings, *(line.split("|") for line in lines)))


def find_row_numbers(result) -> list[int]:
    return result.column("spend_line", "row_number")


@pytest.mark.parametrize(
    "lines",
    [
        [ALDER, BIRCH, "DHSC|NHSE||||||55000", "||||||Sum|55000"],
        [ALDER, BIRCH, "|||||||55000.00"],
        [ALDER, BIRCH, "DHSC|NHSE||||||£55,000.00"],
        [ALDER, BIRCH, "DHSC|NHSE|31/01/2024|||||55000"],  # dated, but nobody is paid
        [ALDER, BIRCH, "Grand total:|||||||55000", "|||||Total payments for January||55000"],
        [ALDER, BIRCH, "DHSC|NHSE|31/01/2024|||Total|9|55000"],
        [ALDER, "||||IT Total|||25000", BIRCH, "||||IT Total|||30000", "||||Grand Total|||55000"],
        [ALDER, "|||||Alder Ltd Total||25000", BIRCH, "|||||Birch Ltd Total||30000"],
        [ALDER, BIRCH, "DHSC|NHSE||IT|Digital|||55000"],
        [ALDER, "DHSC|NHSE||Subtotal IT||||25000", BIRCH, "DHSC|NHSE||Total IT||||30000", "Total for January|||||||55000"],
    ],
)  # fmt: skip
def test_total_is_skipped_in_any_layout(lines):
    result = read_list(*lines)
    assert result.column("spend_line", "transaction_number") == ["1", "2"]
    assert result.skipped == [SKIPPED_TOTAL] * (len(lines) - 2)
    assert (result.quarantined, result.notes) == ([], [])


def test_total_above_the_payments_is_skipped():
    result = read_list("DHSC|NHSE||||||55000", ALDER, BIRCH, "DHSC|UKHSA||||||45000", CEDAR)
    assert (find_row_numbers(result), result.skipped) == ([3, 4, 6], [SKIPPED_TOTAL] * 2)
    result = read_list("|||||Total||100000", ALDER, BIRCH, CEDAR)
    assert (find_row_numbers(result), result.skipped) == ([3, 4, 5], [SKIPPED_TOTAL])


def test_subtotals_below_all_payments_are_skipped():
    result = read_list(ALDER, CEDAR, BIRCH, "DHSC|NHSE||||||55000", "DHSC|UKHSA||||||45000", "DHSC|||||||100000")
    assert (find_row_numbers(result), result.skipped) == ([2, 3, 4], [SKIPPED_TOTAL] * 3)


@pytest.mark.parametrize(
    "line",
    [
        "DHSC|NHSE|13/01/2024|IT|Digital|Cedar Ltd|3|55000",  # the sum of the two above
        "DHSC|NHSE||IT|Digital|Cedar Ltd||55000",
        "DHSC|NHSE||IT|Digital||3|55000",  # a payee without a name, but with a number
        "DHSC|NHSE|13/01/2024|IT|Digital|||55000",  # a payee that is left blank
        "DHSC|NHSE|13/01/2024|IT|Digital|||54999.99",
        "DHSC|NHSE||IT|Digital|||30000",
        "DHSC|NHSE|13/01/2024|IT|Digital|Total|3|44000",  # the oil company
        "DHSC|NHSE|13/01/2024|IT|Total|Cedar Ltd|3|55000",
        "DHSC|NHSE||IT|Digital|Total Gas & Power||55000",
        "DHSC|NHSE||IT|Digital|Elf Total||44000",
    ],
)
def test_payment_that_equals_a_sum_is_kept(line):
    result = read_list(ALDER, BIRCH, line)
    assert (find_row_numbers(result), result.skipped, result.quarantined) == ([2, 3, 4], [], [])


def test_list_without_payees_has_no_totals_with_dates():
    headings = ["Entity", "Date", "Expense type", "Expense area", "Amount"]
    lines = [f"NHSE|0{day}/01/2024|IT|Digital|{amount}" for day, amount in enumerate((10, 20, 30), 1)]
    assert find_row_numbers(read_list(*lines, headings=headings)) == [2, 3, 4]
    result = read_list(*lines, "||||60", headings=headings)
    assert (find_row_numbers(result), result.skipped) == ([2, 3, 4], [SKIPPED_TOTAL])


def test_stated_total_that_does_not_add_up_is_noted():
    result = read_list(ALDER, BIRCH, "Total|||||||99000")
    assert (find_row_numbers(result), result.skipped) == ([2, 3], [SKIPPED_STATED_TOTAL])
    assert result.notes == [
        "row 4 says that it is a total of 99,000.00, but no rows add up to that; all rows add up to 55,000.00"
    ]


def test_amount_with_only_a_payer_that_adds_up_nothing_is_quarantined():
    result = read_list(ALDER, BIRCH, "DHSC|NHSE||||||99000")
    assert (find_row_numbers(result), result.skipped) == ([2, 3], [])
    assert [part.reason for part in result.quarantined] == [f"row 4: {UNEXPLAINED_AMOUNT_REASON}"]


def test_total_of_each_file_of_a_compilation_is_skipped():
    headings = [*SPEND_HEADS, "file"]
    lines = [f"{ALDER}|a.csv", f"{BIRCH}|a.csv", "|||||||55000|a.csv", f"{CEDAR}|b.csv", "|||||||45000|b.csv"]
    result = read_list(*lines, headings=headings)
    assert (find_row_numbers(result), result.skipped) == ([2, 3, 5], [SKIPPED_TOTAL] * 2)


def test_total_in_json_is_skipped():
    payment = {"entity": "DMO", "date": "2025-01-09", "expense_type": "Rent", "supplier": "Refinitiv",
               "transaction_number": "1", "amount_gbp": 100}  # fmt: skip
    entries = [payment, payment | {"transaction_number": "2"}, {"entity": "DMO", "amount_gbp": 200}]
    result = read_file(encode({"metadata": {"publisher": "HM Treasury"}, "data": entries}))
    assert (find_row_numbers(result), result.skipped) == ([1, 2], [SKIPPED_TOTAL])


def test_total_of_sales_is_skipped():
    total = [*[""] * 7, "2501.00", "", ""]
    result = read_file(write_csv(SALE_HEADS, SALE, SALE, total, ["", "", "Total", *total[3:]]))
    assert (result.column("sale", "row_number"), result.skipped) == ([2, 3], [SKIPPED_TOTAL] * 2)
    assert read_file(write_csv(SALE_HEADS, SALE, SALE, SALE)).skipped == []
