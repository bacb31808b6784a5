"""Typed values as text for people: entries of tables, and labels of charts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from threepoint.presentation import formatting
from threepoint.standard.amounts import Amount
from threepoint.standard.value_states import ValueState
from website.common.components import PageTable, TableColumn, TableEntry, Words

PageValue = Amount | date | timedelta | Decimal | int | Words | None
EntryValue = PageValue | TableEntry | ValueState


def make_table(
    caption: Words,
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[EntryValue]],
    *,
    hide_caption: bool = True,
    **more: Any,
) -> PageTable:
    """Return a table of values. Hide the caption if a heading above it says the same."""
    entries = tuple(tuple(map(make_entry, row)) for row in rows)
    return PageTable(caption, tuple(columns), entries, hide_caption=hide_caption, **more)


def make_entry(value: EntryValue, **more: Any) -> TableEntry:
    """Return the table entry of a value: short money with the exact figure, or a state instead of a value."""
    if isinstance(value, TableEntry):
        return value
    if isinstance(value, ValueState):
        return TableEntry(state=value.words)
    exact = formatting.format_exact_money(value.value, value.currency) if isinstance(value, Amount) else ""
    return TableEntry(format_value(value), exact, **more)


def format_value(value: PageValue) -> Words:
    """Return a short text for an amount, a date, a change in days or per cent, a count, or a text."""
    if isinstance(value, Amount):
        return formatting.format_money(value.value, value.currency)
    if isinstance(value, date):
        return formatting.format_short_date(value)
    if isinstance(value, timedelta):
        return f"{value.days:+,}" if value else "–"
    if isinstance(value, Decimal):
        return formatting.format_percent(value) if value else "–"
    if isinstance(value, int):
        return f"{value:,}"
    return "–" if value is None else value
