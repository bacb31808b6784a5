"""Payments over £25,000, as departments and NHS bodies list them: CSV under many headings, and the Treasury's JSON.

`recognise` and `read` are for CSV; `treasury` has the same for JSON. Both make rows of `spend_line` in `lines`.
"""

from collections.abc import Iterator
from functools import partial

from threepoint.read.csv_tables import Columns, Sheet, columns, decode, readings
from threepoint.read.read_context import Task
from threepoint.read.read_result import Reading
from threepoint.read.spend.column_headings import field_of, is_heading
from threepoint.read.spend.payment_rows import line
from threepoint.read.table_cells import order_of


def recognise(head: str) -> bool:
    """Whether a file that begins with `head` lists payments; titles may stand above the headings."""
    return any(is_heading(cells) for _, cells in Sheet(head).first())


def read(data: bytes, task: Task) -> Iterator[Reading]:
    """The rows of one file as rows of `spend_line`, whatever the names, the order and the case of its columns."""
    page = Sheet(decode(data))
    under = columns(next(row for row in page.first() if is_heading(row[1])), field_of)
    made = partial(line, orders=_orders(page, under), source_id=task.source_id)
    yield from readings(page, under, "spend_line", made)


def _orders(page: Sheet, under: Columns) -> dict[str, str]:
    """How each file writes numeric dates: '' is this one, others are those that a compilation says it was made of."""
    texts: dict[str, set[str]] = {"": set()}
    for number, row in page.rows():
        if number > under.row:
            cells = under.cells(row)
            texts.setdefault(cells.get("published_in", "").strip(), set()).add(cells.get("date", ""))
    return {name: order_of(found) for name, found in texts.items()}
