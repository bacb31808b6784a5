"""Payments over £25,000, as departments and NHS bodies list them: CSV under many headings, and the Treasury's JSON.

`recognise` and `read` are for CSV; `treasury` has the same for JSON. Both make rows of `spend_line` in `lines`.
"""

from collections.abc import Iterator
from functools import partial

from threepoint.read.csv_tables import CsvTable, TableColumns, decode_text, match_columns, read_rows
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import ReadResult
from threepoint.read.spend.column_headings import find_field, is_heading_row
from threepoint.read.spend.payment_rows import make_payment_row
from threepoint.read.table_cells import detect_date_order


def matches_format(head: str) -> bool:
    """Whether a file that begins with `head` lists payments; titles may stand above the headings."""
    return any(is_heading_row(cells) for _, cells in CsvTable(head).first())


def read_table(data: bytes, task: ReadContext) -> Iterator[ReadResult]:
    """The rows of one file as rows of `spend_line`, whatever the names, the order and the case of its columns."""
    page = CsvTable(decode_text(data))
    under = match_columns(next(row for row in page.first() if is_heading_row(row[1])), find_field)
    made = partial(make_payment_row, orders=_detect_date_orders(page, under), source_id=task.source_id)
    yield from read_rows(page, under, "spend_line", made)


def _detect_date_orders(page: CsvTable, under: TableColumns) -> dict[str, str]:
    """How each file writes numeric dates: '' is this one, others are those that a compilation says it was made of."""
    texts: dict[str, set[str]] = {"": set()}
    for number, row in page.rows():
        if number > under.row:
            cells = under.cells(row)
            texts.setdefault(cells.get("published_in", "").strip(), set()).add(cells.get("date", ""))
    return {name: detect_date_order(found) for name, found in texts.items()}
