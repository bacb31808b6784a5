"""G-Cloud sales: every line kept, amounts to the penny, lines that look alike marked."""

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
def test_every_line_is_kept_and_the_sums_are_those_of_the_file(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "gcloud" / "gcloud_sales_2012-04_2014-06.csv")
    amounts = [reference_rows.to_pence(line["EvidencedSpend"]) for line in lines]
    (total,) = built.ask("SELECT * FROM payment_total WHERE kind = 'sale'")
    assert (total["lines"], total["amount"], total["credits"]) == (13492, sum(amounts), 250)
    assert total["credit_amount"] == sum(amount for amount in amounts if amount < 0) == Decimal("-3536833.23")
    assert (total["without_amount"], total["without_date"]) == (0, 0)
    assert built.ask("SELECT count(*) AS n FROM sale WHERE amount = 0") == [{"n": 239}]


@pytest.mark.quirk("Q1.25")
def test_lines_that_look_alike_are_marked_and_none_is_dropped(built, shared):
    lines = reference_rows.read_rows(shared / "data" / "gcloud" / "gcloud_sales_2012-04_2014-06.csv")
    keys = [tuple(cell for name, cell in line.items() if name != "ID") for line in lines]
    trimmed = [tuple(cell.strip() for cell in key) for key in keys]
    (total,) = built.ask("SELECT * FROM payment_total WHERE kind = 'sale'")
    assert reference_rows.count_repeats(keys) == 1389
    assert total["duplicates"] == reference_rows.count_repeats(trimmed) == 1391  # two more differ in outer spaces alone
    firsts = {key: reference_rows.to_pence(line["EvidencedSpend"]) for key, line in zip(trimmed, lines, strict=True)}
    assert total["amount_once"] == sum(firsts.values())


def test_a_marked_line_names_the_first_of_its_kind(built):
    odd = built.ask(
        "SELECT s.sale_id FROM sale s JOIN sale f ON s.duplicate_of = f.sale_id"
        " WHERE f.possible_duplicate OR f.amount <> s.amount OR f.supplier_name IS DISTINCT FROM s.supplier_name"
    )
    assert odd == []
    assert built.ask("SELECT count(*) AS n FROM sale WHERE (duplicate_of IS NOT NULL) <> possible_duplicate") == [
        {"n": 0}
    ]


def test_suppliers_and_customers_are_bodies_of_the_snapshot(built):
    lost = built.ask(
        "SELECT count(*) AS n FROM sale LEFT JOIN organisation o ON supplier_org_id = o.org_id"
        " LEFT JOIN organisation c ON customer_org_id = c.org_id WHERE o.org_id IS NULL OR c.org_id IS NULL"
    )
    assert lost == [{"n": 0}]


def test_a_file_of_headings_alone_is_passed_over():
    assert read_file(write_csv(SALE_HEADS)).outcome == ([], ["table without rows"], 0)


def test_a_row_that_does_not_fit_is_quarantined_and_the_others_are_read():
    found = read_file(write_csv(SALE_HEADS, SALE, [*SALE, "one too many"], SALE))
    assert (len(found.rows["sale"]), [q.reason[:6] for q in found.quarantined]) == (2, ["row 3:"])


def test_what_cannot_be_read_is_kept_beside_its_reason():
    found = read_file(write_csv(SALE_HEADS, [*SALE[:5], "Spring", SALE[6], " 000,", *SALE[8:]]))
    assert [found.column("sale", name) for name in ("month", "month_state", "month_text", "month_reason")] == [
        [None], ["invalid"], ["Spring"], ["not a date"],
    ]  # fmt: skip
    assert [found.column("sale", name) for name in ("amount", "amount_state", "amount_text")] == [
        [None], ["invalid"], ["000,"],
    ]  # fmt: skip


@settings(max_examples=bound_examples(60))
@given(st.permutations(range(len(SALE_HEADS))), st.booleans())
def test_the_order_and_the_case_of_columns_do_not_matter(order, upper):
    heads = [SALE_HEADS[at].upper() if upper else SALE_HEADS[at] for at in order]
    moved = write_csv(heads, *[[line[at] for at in order] for line in (SALE, ["8", *SALE[1:]])])
    assert read_file(moved).rows["sale"] == read_file(write_csv(SALE_HEADS, SALE, ["8", *SALE[1:]])).rows["sale"]
