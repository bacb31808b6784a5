"""Typed values in the words of a page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from threepoint.standard.amounts import Amount
from threepoint.standard.field_states import STATES
from website.common import value_display
from website.common.components import Column, Entry


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        (Amount(Decimal(14_200_000), "GBP"), Entry("£14.2m", "£14,200,000")),
        (Amount(Decimal(0), None), Entry("currency not stated 0", "currency not stated 0")),
        (date(2026, 9, 3), Entry("3 Sep 2026")), (timedelta(days=275), Entry("+275")),
        (timedelta(days=-2), Entry("-2")), (timedelta(), Entry("–")), (Decimal("0.29"), Entry("+29%")),
        (Decimal(0), Entry("–")), (0, Entry("0")), (12_345, Entry("12,345")),
        (STATES["not_reported"], Entry(state="not reported")), (None, Entry("–")), ("", Entry("")),
        ("as published", Entry("as published")), (Entry("made already", href="/x"), Entry("made already", href="/x")),
    ],
)  # fmt: skip
def test_each_type_of_value_has_its_words(value, entry):
    assert value_display.make_entry(value) == entry


def test_a_table_is_made_of_values_and_hides_a_caption_that_its_heading_says():
    columns = [Column("What"), Column("How many", numeric=True)]
    table = value_display.make_table("Counts", columns, [("contracts", 1_200)], note="Some.")
    assert table.rows == ((Entry("contracts"), Entry("1,200")),)
    assert (table.hide_caption, table.note, table.columns) == (True, "Some.", tuple(columns))
