"""Tests of typed values as text on a page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from threepoint.standard.amounts import Amount
from threepoint.standard.value_states import STATE_BY_CODE
from website.common import value_display
from website.common.components import TableColumn, TableEntry


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        (Amount(Decimal(14_200_000), "GBP"), TableEntry("£14.2m", "£14,200,000")),
        (Amount(Decimal(0), None), TableEntry("currency not stated 0", "currency not stated 0")),
        (date(2026, 9, 3), TableEntry("3 Sep 2026")), (timedelta(days=275), TableEntry("+275")),
        (timedelta(days=-2), TableEntry("-2")), (timedelta(), TableEntry("–")), (Decimal("0.29"), TableEntry("+29%")),
        (Decimal(0), TableEntry("–")), (0, TableEntry("0")), (12_345, TableEntry("12,345")),
        (STATE_BY_CODE["not_reported"], TableEntry(state="not reported")), (None, TableEntry("–")), ("", TableEntry("")),
        ("as published", TableEntry("as published")), (TableEntry("made already", href="/x"), TableEntry("made already", href="/x")),
    ],
)  # fmt: skip
def test_make_entry_formats_each_type(value, entry):
    assert value_display.make_entry(value) == entry


def test_make_table_formats_rows_and_hides_caption():
    columns = [TableColumn("What"), TableColumn("How many", numeric=True)]
    table = value_display.make_table("Counts", columns, [("contracts", 1_200)], note="Some.")
    assert table.rows == ((TableEntry("contracts"), TableEntry("1,200")),)
    assert (table.hide_caption, table.note, table.columns) == (True, "Some.", tuple(columns))
