"""Payments over £25,000, as departments and NHS bodies list them: CSV under many headings, and the Treasury's JSON.

`recognise` and `read` are for CSV; `treasury` has the same for JSON. Both make rows of `spend_line` in `lines`.
"""

from collections.abc import Iterator
from functools import partial

from threepoint.read.cells import order_of
from threepoint.read.findings import Reading
from threepoint.read.sheets import Columns, Row, Sheet, columns, decode, first_rows, letters, readings, sheet
from threepoint.read.spend.headings import field_of, is_heading
from threepoint.read.spend.lines import line
from threepoint.read.task import Task


def recognise(head: str) -> bool:
    """Whether a file that begins with `head` lists payments; titles may stand above the headings."""
    return any(map(is_heading, first_rows(head)))


def read(data: bytes, task: Task) -> Iterator[Reading]:
    """The rows of one file as rows of `spend_line`, whatever the names, the order and the case of its columns."""
    page = sheet(decode(data))
    at = next(place for place, (_, cells) in enumerate(page.rows) if is_heading(cells))
    under = columns(page.rows[at][1], field_of)
    rows, again = _without_headings(page, at)
    made = partial(line, orders=_orders(rows, under), source_id=task.source_id)
    yield from readings(page, rows, under, "spend_line", made, notes=_notes(under, rows, again))


def _without_headings(page: Sheet, at: int) -> tuple[list[Row], int]:
    """The rows below the headings, without the headings that tables taken from PDF repeat on each page; how many these."""
    heads = list(map(letters, page.rows[at][1]))
    below = page.rows[at + 1 :]
    rows = [row for row in below if list(map(letters, row[1])) != heads]
    return rows, len(below) - len(rows)


def _orders(rows: list[Row], under: Columns) -> dict[str, str]:
    """How each file writes numeric dates: '' is this one, others are those that a compilation says it was made of."""
    texts: dict[str, set[str]] = {"": set()}
    for _, row in rows:
        cells = under.cells(row)
        texts.setdefault(cells.get("published_in", "").strip(), set()).add(cells.get("date", ""))
    return {name: order_of(found) for name, found in texts.items()}


def _notes(under: Columns, rows: list[Row], again: int) -> list[str]:
    used = [at + 1 for at in under.bare if any(at < len(cells) and cells[at].strip() for _, cells in rows)]
    notes = [f"column {at} has no heading and was left out" for at in used]
    return notes + ([f"the headings stand {again} more times among the rows"] if again else [])
