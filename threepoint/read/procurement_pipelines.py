"""Procurement pipelines of departments, 2012 to 2014: 36 columns without headings, from the first Contracts Finder.

What each column holds was worked out from the values; docs/reference/procurement-pipelines.md says how. The contact's
address (column 24) is not read.
"""

from collections.abc import Iterator
from typing import Any

from threepoint.read.csv_tables import ROWS_A_READING, Sheet, decode, no_row
from threepoint.read.read_context import Task
from threepoint.read.read_result import Reading
from threepoint.read.table_cells import Cell, amount, day, said, squash
from threepoint.standard.publishers import NO_NAME
from threepoint.standard.tables_payments import PIPELINE_ENTRY, PIPELINE_VALUE

WIDTH = 36
NUMBER, LEVEL, NOTICE, URL = 0, 5, 28, 35  # places, from 0, by which such a row is told
LEVELS = {"High", "Medium", "Low"}

# Field: number of its column, from 1.
TEXTS = {
    "entry_number": 1, "body_name": 2, "title": 3, "category": 4, "reference": 5, "level": 6, "region": 15,
    "nuts_code": 16, "area_code": 17, "delivery": 18, "route": 20, "publisher_id": 25, "publisher": 26,
    "unexplained": 27, "notice_number": 29, "replaces": 30, "first_notice": 31, "parent_id": 32, "parent_name": 33,
    "group_id": 34, "group_name": 35, "url": 36,
}  # fmt: skip
DATES = {"start": 19, "approach": 21, "published": 22, "created": 23}
TOTAL, CODES = 14, 28
YEARS = {f"{year}/{year % 100 + 1}": column for column, year in enumerate(range(2012, 2019), start=7)}


def recognise(head: str) -> bool:
    """Whether a file that begins with `head` is a file of procurement pipelines: most of its first rows are plans."""
    rows = [cells for _, cells in Sheet(head).first()]
    return sum(map(_is_entry, rows)) * 2 > len(rows)


def _is_entry(cells: list[str]) -> bool:
    if len(cells) != WIDTH or cells[LEVEL] not in LEVELS:
        return False
    return cells[NUMBER].isdigit() and cells[NOTICE].isdigit() and cells[NOTICE] in cells[URL]


def read(data: bytes, task: Task) -> Iterator[Reading]:
    """The rows of one file as rows of `pipeline_entry` and `pipeline_value`."""
    reading = _empty()
    for number, cells in Sheet(decode(data)).each():
        if isinstance(cells, str) or len(cells) != WIDTH:
            why = cells if isinstance(cells, str) else f"{len(cells)} cells where {WIDTH} belong"
            reading.quarantined.append(no_row(number, why))
        else:
            reading.rows["pipeline_entry"].append(_entry(number, cells, task.source_id))
            reading.rows["pipeline_value"] += _values(number, cells, task.source_id)
        if number % ROWS_A_READING == 0:
            yield reading
            reading = _empty()
    yield reading


def _empty() -> Reading:
    return Reading({"pipeline_entry": [], "pipeline_value": []})


def _entry(number: int, cells: list[str], source_id: str) -> tuple[Any, ...]:
    values: dict[str, Any] = {name: said(cells[column - 1]) for name, column in TEXTS.items()}
    for name, column in DATES.items():
        values |= day(cells[column - 1]).columns(name)
    codes = [squash(code) for code in cells[CODES - 1].split("|")]
    values |= _amount(cells[TOTAL - 1]).columns("total") | {
        "source_id": source_id,
        "row_number": number,
        "publisher": values["publisher"] or NO_NAME,
        "cpv": "; ".join(code for code in codes if code) or None,
    }
    return tuple(values[name] for name in PIPELINE_ENTRY.names)


def _amount(cell: str) -> Cell:
    """An amount; the form fills what was not given with 0.00000, which says nothing."""
    found = amount(cell)
    return Cell(None, "not_reported", squash(cell)) if found.value == 0 else found


def _values(number: int, cells: list[str], source_id: str) -> list[tuple[Any, ...]]:
    """The years for which there is an amount, or a text that is none."""
    made = []
    for year, column in YEARS.items():
        found = _amount(cells[column - 1])
        if found.state != "not_reported":
            values = {"source_id": source_id, "row_number": number, "fy": year, **found.columns("amount")}
            made.append(tuple(values[name] for name in PIPELINE_VALUE.names))
    return made
