"""A record as lines and tables for the terminal. Nothing is printed here."""

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
from threepoint.standard.value_states import STATE_BY_CODE

UNFOLDED_TYPES = ("money", "date", "timestamp", "integer", "number")  # types whose values are never folded
UNFOLDED_COLUMNS = ("before", "after", "rated", "cost")  # text columns made from such values
WIDE_TERMINAL_CHARS = 110  # from this width, facts have four columns
MAX_LIST_ROWS, MAX_CELL_CHARS = 50, 80
MAX_VALUE_CHARS = 120  # of a fact


def create_text_table(*headings: str, show_header: bool = True) -> Table:
    """Create a table without lines that folds long text and never cuts it."""
    table = Table(box=None, pad_edge=False, show_header=show_header)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def format_record(record: Record, width: int) -> Iterator[Text | Table]:
    """Yield the title of a record, its facts with state, source and date, and its lists.

    `width` is that of the terminal in characters. On a narrow one, state and source follow the value in its column.
    """
    yield Text(record.title or record.id, style="bold")
    yield Text(f"{KIND_LABELS.get(record.kind, record.kind)} · {record.id} · {record.publisher}")
    if record.synthetic:
        yield Text(SYNTHETIC_WARNING, style="italic")
    yield Text(f"Coverage of this record: {record.grade or 'nothing due'}" + (f" ({record.cap})" if record.cap else ""))
    page = _RecordFormatter(record, narrow=width < WIDE_TERMINAL_CHARS)
    yield page.facts()
    yield from page.below()


class _RecordFormatter:
    """Formatter of one record. It shortens ids that begin with the id of the record's process."""

    def __init__(self, record: Record, *, narrow: bool) -> None:
        self.record, self.narrow, self.shown = record, narrow, RecordDisplay(record)
        self.home = record.id.split("/", maxsplit=1)[0]

    def facts(self) -> Table:
        """Return a table with a line for each fact."""
        table = create_text_table(*[""] * (2 if self.narrow else 4), show_header=False)
        for column in (table.columns[0], *table.columns[2:]):
            column.no_wrap = True
        for fact in select_shown_facts(self.record):
            state, origin = STATE_BY_CODE[fact.state].words if fact.known else "", self.origin(fact)
            cells = [self.format_value(fact), state, origin]
            if self.narrow:
                suffix = " · ".join(part for part in (state, origin) if part)
                cells = [f"{cells[0]}  [{suffix}]" if suffix else cells[0]]
            table.add_row(formatting.format_field_name(fact.name), *[Text(cell) for cell in cells])
        return table

    def format_value(self, fact: Fact) -> str:
        """Return the value of a fact with its remark, or a dash and the reason if there is none."""
        if not fact.known and fact.value is None:
            return f"– {fact.why_not}"
        text = self._short(self.shown.value(fact), fact.type, MAX_VALUE_CHARS)
        return f"{text} ({fact.remark})" if fact.remark else text

    def origin(self, fact: Fact) -> str:
        """Return the notice and date of a fact, or empty text if it was not reported."""
        if fact.state in ("not_reported", "not_yet_due"):
            return ""
        return " · ".join(
            part for part in (self.shown.source(fact), formatting.format_short_date(fact.source_date)) if part
        )

    def _short(self, text: str, kind: str, max_chars: int) -> str:
        if kind == "id":
            return self.address(text)
        return text if len(text) <= max_chars else text[: max_chars - 1] + "…"

    def address(self, ident: str) -> str:
        """Return an id with the id of this record's process replaced by …; other ids unchanged."""
        return ident.replace(self.home, "…") if "/" in ident and ident.startswith(f"{self.home}/") else ident

    def below(self) -> Iterator[Text | Table]:
        """Yield each list of the record, with its number of rows."""
        shortened = False
        for record_list in self.shown.lists():
            yield from self._list(record_list)
            ids = [str(row.get(column.name)) for row in record_list.rows for column in record_list.columns]
            shortened |= any(self.address(ident) != ident for ident in ids)
        if shortened:
            yield Text(f"\n… in an id means {self.home}")

    def _list(self, record_list: RecordList) -> Iterator[Text | Table]:
        columns, rows = record_list.columns, record_list.rows
        if self.narrow and record_list.table == "scheme_year":  # titles of years hardly differ and take much room
            columns = tuple(column for column in columns if column.name != "title")
        times = f", stated {record_list.stated:,} times" if record_list.stated > len(rows) else ""
        yield Text(f"\n{record_list.heading} ({len(rows):,}{times})")
        table = create_text_table(*[column.heading for column in columns])
        for column, table_column in zip(columns, table.columns, strict=True):
            table_column.no_wrap = column.type in UNFOLDED_TYPES or column.name in UNFOLDED_COLUMNS
        for row in rows[:MAX_LIST_ROWS]:
            table.add_row(*[self._cell(record_list, column, row) for column in columns])
        yield table
        if len(rows) > MAX_LIST_ROWS:
            yield Text(f"… and {len(rows) - MAX_LIST_ROWS:,} more; use --json for all")

    def _cell(self, record_list: RecordList, column: ListColumn, row: dict[str, Any]) -> str:
        currency = find_currency(record_list.table, column.name, row)
        text = self.shown.text(column.name, row.get(column.name), column.type, column.unit, currency)
        return self._short(text, column.type, MAX_CELL_CHARS)
