"""A record as a person reads it: lines and tables for the terminal. Nothing is printed here."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from threepoint.presentation import formatting
from threepoint.presentation.record_lists import (
    KIND_LABELS,
    SYNTHETIC_WARNING,
    ListColumn,
    RecordDisplay,
    RecordList,
    find_currency,
    select_shown_facts,
)
from threepoint.presentation.records import Fact, Record
from threepoint.standard.field_states import STATE_BY_CODE

UNFOLDED_TYPES = ("money", "date", "timestamp", "integer", "number")  # types whose values are never folded
UNFOLDED_COLUMNS = ("before", "after", "rated", "cost")  # made of such values
WIDE_TERMINAL_CHARS = 110  # characters of a terminal from which each fact has four columns
MAX_LIST_ROWS, MAX_CELL_CHARS, MAX_VALUE_CHARS = (
    50,
    80,
    120,
)  # rows of a list; characters of a cell of it and of a fact's value


def create_text_table(*headings: str, show_header: bool = True) -> Table:
    """A table without lines; what is too long for its column is folded, never cut."""
    table = Table(box=None, pad_edge=False, show_header=show_header)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def format_record(found: Record, width: int) -> Iterator[Text | Table]:
    """The record of one thing: its title, each figure with its state, source and date, and what hangs below it.

    `width` is that of the terminal in characters: on a narrow one, state and source stand after the value.
    """
    yield Text(found.title or found.id, style="bold")
    yield Text(f"{KIND_LABELS.get(found.kind, found.kind)} · {found.id} · {found.publisher}")
    if found.synthetic:
        yield Text(SYNTHETIC_WARNING, style="italic")
    yield Text(f"Coverage of this record: {found.grade or 'nothing due'}" + (f" ({found.cap})" if found.cap else ""))
    page = _RecordFormatter(found, narrow=width < WIDE_TERMINAL_CHARS)
    yield page.facts()
    yield from page.below()


class _RecordFormatter:
    """A record being printed: addresses below it are shortened."""

    def __init__(self, found: Record, *, narrow: bool) -> None:
        self.found, self.narrow, self.shown = found, narrow, RecordDisplay(found)
        self.home = found.id.split("/", maxsplit=1)[0]

    def facts(self) -> Table:
        """A line for each fact."""
        table = create_text_table(*[""] * (2 if self.narrow else 4), show_header=False)
        for column in (table.columns[0], *table.columns[2:]):
            column.no_wrap = True
        for fact in select_shown_facts(self.found):
            state, origin = STATE_BY_CODE[fact.state].words if fact.known else "", self.origin(fact)
            cells = [self.said(fact), state, origin]
            behind = " · ".join(part for part in (state, origin) if part)
            told = [f"{cells[0]}  [{behind}]" if behind else cells[0]] if self.narrow else cells
            table.add_row(formatting.format_field_name(fact.name), *[Text(cell) for cell in told])
        return table

    def said(self, fact: Fact) -> str:
        """The value of a fact in words, with what to know of it; a dash and the reason where there is none."""
        if not fact.known and fact.value is None:
            return f"– {fact.why_not}"
        shown = self._short(self.shown.value(fact), fact.type, MAX_VALUE_CHARS)
        return f"{shown} ({fact.remark})" if fact.remark else shown

    def origin(self, fact: Fact) -> str:
        """The notice and date that a fact is from; nothing where nothing was found."""
        if fact.state in ("not_reported", "not_yet_due"):
            return ""
        return " · ".join(
            part for part in (self.shown.source(fact), formatting.format_short_date(fact.source_date)) if part
        )

    def _short(self, text: str, kind: str, most: int) -> str:
        if kind == "id":
            return self.address(text)
        return text if len(text) <= most else text[: most - 1] + "…"

    def address(self, ident: str) -> str:
        """An address below this record's process without what all have in common; any other id whole."""
        return ident.replace(self.home, "…") if "/" in ident and ident.startswith(f"{self.home}/") else ident

    def below(self) -> Iterator[Text | Table]:
        """Each list of what hangs below the record, with its number of rows."""
        shortened = False
        for shown in self.shown.lists():
            yield from self._list(shown)
            ids = [str(row.get(column.name)) for row in shown.rows for column in shown.columns]
            shortened |= any(self.address(ident) != ident for ident in ids)
        if shortened:
            yield Text(f"\n… in an address stands for {self.home}")

    def _list(self, shown: RecordList) -> Iterator[Text | Table]:
        told = shown.columns
        if self.narrow and shown.table == "scheme_year":  # the years' titles take more room than they tell
            told = tuple(column for column in told if column.name != "title")
        times = f", stated {shown.stated:,} times" if shown.stated > len(shown.rows) else ""
        yield Text(f"\n{shown.heading} ({len(shown.rows):,}{times})")
        table = create_text_table(*[column.heading for column in told])
        for column, made in zip(told, table.columns, strict=True):
            made.no_wrap = column.type in UNFOLDED_TYPES or column.name in UNFOLDED_COLUMNS
        for row in shown.rows[:MAX_LIST_ROWS]:
            table.add_row(*[self._cell(shown, column, row) for column in told])
        yield table
        if len(shown.rows) > MAX_LIST_ROWS:
            yield Text(f"… and {len(shown.rows) - MAX_LIST_ROWS:,} more; use --json for all")

    def _cell(self, shown: RecordList, column: ListColumn, row: dict[str, Any]) -> str:
        currency = find_currency(shown.table, column.name, row)
        text = self.shown.text(column.name, row.get(column.name), column.type, column.unit, currency)
        return self._short(text, column.type, MAX_CELL_CHARS)
