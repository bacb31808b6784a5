"""G-Cloud sales: every line is kept, amounts are exact, possible duplicates are marked."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.payments import reference_rows
from tests.payments.list_files import SALE, SALE_HEADS
from tests.payments.reference_rows import write_csv
from tests.read.read_helpers import read_file
from tests.size import bound_examples


@pytest.mark.quirk("Q1.25")
def test_sale_totals_equal_the_file(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "gcloud" / "gcloud_sales_2012-04_2014-06.csv")
    amounts = [reference_rows.to_pence(line["EvidencedSpend"]) for line in lines]
    (total,) = built.ask("SELECT * FROM payment_total WHERE kind = 'sale'")
    assert (total["lines"], total["amount"], total["credits"]) == (13492, sum(amounts), 250)
    assert total["credit_amount"] == sum(amount for amount in amounts if amount < 0) == Decimal("-3536833.23")
    assert (total["without_amount"], total["without_date"]) == (0, 0)
    assert built.ask("SELECT count(*) AS n FROM sale WHERE amount = 0") == [{"n": 239}]


@pytest.mark.quirk("Q1.25")
def test_possible_duplicates_are_marked_and_kept(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "gcloud" / "gcloud_sales_2012-04_2014-06.csv")
    keys = [tuple(cell for name, cell in line.items() if name != "ID") for line in lines]
    trimmed = [tuple(cell.strip() for cell in key) for key in keys]
    (total,) = built.ask("SELECT * FROM payment_total WHERE kind = 'sale'")
    assert reference_rows.count_repeats(keys) == 1389
    # Two more differ only in leading or trailing spaces.
    assert total["duplicates"] == reference_rows.count_repeats(trimmed) == 1391
    amount_by_key = {
        key: reference_rows.to_pence(line["EvidencedSpend"]) for key, line in zip(trimmed, lines, strict=True)
    }
    assert total["amount_once"] == sum(amount_by_key.values())


def test_possible_duplicate_refers_to_first_line(built):
    mismatches = built.ask(
        "SELECT s.sale_id FROM sale s JOIN sale f ON s.duplicate_of = f.sale_id"
        " WHERE f.possible_duplicate OR f.amount <> s.amount OR f.supplier_name IS DISTINCT FROM s.supplier_name"
    )
    assert mismatches == []
    assert built.ask("SELECT count(*) AS n FROM sale WHERE (duplicate_of IS NOT NULL) <> possible_duplicate") == [
        {"n": 0}
    ]


def test_suppliers_and_customers_are_organisations(built):
    unmatched = built.ask(
        "SELECT count(*) AS n FROM sale LEFT JOIN organisation o ON supplier_org_id = o.org_id"
        " LEFT JOIN organisation c ON customer_org_id = c.org_id WHERE o.org_id IS NULL OR c.org_id IS NULL"
    )
    assert unmatched == [{"n": 0}]


def test_file_with_headings_only_is_skipped():
    assert read_file(write_csv(SALE_HEADS)).outcome == ([], ["table without rows"], 0)


def test_row_with_too_many_cells_is_quarantined_alone():
    result = read_file(write_csv(SALE_HEADS, SALE, [*SALE, "one too many"], SALE))
    assert (len(result.rows["sale"]), [part.reason[:6] for part in result.quarantined]) == (2, ["row 3:"])


def test_invalid_cells_are_kept_with_reason():
    result = read_file(write_csv(SALE_HEADS, [*SALE[:5], "Spring", SALE[6], " 000,", *SALE[8:]]))
    assert [result.column("sale", name) for name in ("month", "month_state", "month_text", "month_reason")] == [
        [None], ["invalid"], ["Spring"], ["not a date"],
    ]  # fmt: skip
    assert [result.column("sale", name) for name in ("amount", "amount_state", "amount_text")] == [
        [None], ["invalid"], ["000,"],
    ]  # fmt: skip


@settings(max_examples=bound_examples(60))
@given(st.permutations(range(len(SALE_HEADS))), st.booleans())
def test_column_order_and_case_do_not_matter(order, upper):
    headings = [SALE_HEADS[at].upper() if upper else SALE_HEADS[at] for at in order]
    reordered = write_csv(headings, *[[line[at] for at in order] for line in (SALE, ["8", *SALE[1:]])])
    assert read_file(reordered).rows["sale"] == read_file(write_csv(SALE_HEADS, SALE, ["8", *SALE[1:]])).rows["sale"]
