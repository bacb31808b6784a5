"""Bytes to one record a project, whichever way the table lies.

To 2020 each column is a project and the headings run down the first column, with blank rows and a footnote below them;
from 2021 each row is a project. Which it is, is told by where the known headings stand.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from threepoint.errors import Unreadable
from threepoint.read.gmpp.column_headings import NOT_READ, field_of

MOST_CELLS = 1_000_000  # of a table with a column a project: the largest report has 6,000
Line = tuple[int, list[str]]  # row number as a spreadsheet shows it, cells
Broken = tuple[int, str]  # row number, why it could not be read


@dataclass(frozen=True)
class Record:
    """One project of a file: its row number (or column number) and its cells by field, as published."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """One file: headings by field, its projects, rows that could not be read, and headings that are not known."""

    headings: Mapping[str, str]
    records: list[Record]
    broken: list[Broken]
    unknown: list[str]


def headings_in(text: str) -> set[str]:
    """The fields whose headings stand in the first row or the first column, whichever has more."""
    lines, _ = _lines(text)
    return max(_fields(_across(lines)), _fields(_down(lines)), key=len)


def sheet(text: str) -> Sheet:
    """The projects of a file. Blank rows are passed over; what cannot be read stands in `broken` with its reason."""
    lines, broken = _lines(text)
    across, down = _across(lines), _down(lines)
    if len(_fields(down)) > len(_fields(across)):
        headings, projects = down, _columns(lines)
    else:
        headings, projects = across, lines[1:]
    places = _places(headings)
    records, odd = _records(projects, places, width=len(headings))
    unknown = [name for at, name in enumerate(headings) if field_of(name) is None and _is_used(at, projects)]
    return Sheet({field: headings[at] for field, at in places.items()}, records, broken + odd, unknown)


def _lines(text: str) -> tuple[list[Line], list[Broken]]:
    """Every row with its number; rows that are no CSV stand apart."""
    reader = csv.reader(io.StringIO(text, newline=""))
    lines: list[Line] = []
    broken: list[Broken] = []
    while True:
        number = len(lines) + len(broken) + 1
        try:
            lines.append((number, next(reader)))
        except StopIteration:
            return lines, broken
        except csv.Error as why:
            broken.append((number, f"not a row of CSV: {why}"))


def _across(lines: list[Line]) -> list[str]:
    return lines[0][1] if lines else []


def _down(lines: list[Line]) -> list[str]:
    return [cells[0] if cells else "" for _, cells in lines]


def _fields(headings: Iterable[str]) -> set[str]:
    return {field for field in map(field_of, headings) if field}


def _columns(lines: list[Line]) -> list[Line]:
    """The columns after the first, as if each were a row. Unreadable where that would be more cells than any report has."""
    cells = len(lines) * max((len(cells) for _, cells in lines), default=0)
    if cells > MOST_CELLS:
        raise Unreadable(
            f"turned on its side this table has {cells:,} cells, more than any report; ask for the file again"
        )
    columns = zip_longest(*(cells for _, cells in lines), fillvalue="")
    return [(number, list(cells)) for number, cells in enumerate(columns, 1)][1:]


def _places(headings: list[str]) -> dict[str, int]:
    """Where each field stands; the first heading of a field counts."""
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        field = field_of(heading)
        if field and field not in NOT_READ:
            places.setdefault(field, at)
    return places


def _is_used(at: int, projects: list[Line]) -> bool:
    return any(cells[at].strip() for _, cells in projects if at < len(cells))


def _records(projects: list[Line], places: dict[str, int], width: int) -> tuple[list[Record], list[Broken]]:
    records: list[Record] = []
    broken: list[Broken] = []
    for number, cells in projects:
        if not any(cell.strip() for cell in cells):
            continue
        why = _why_not(cells, places, width)
        if why:
            broken.append((number, why))
        else:
            records.append(Record(number, {field: cells[at] for field, at in places.items()}))
    return records, broken


def _why_not(cells: list[str], places: dict[str, int], width: int) -> str:
    """Why the cells are no project; '' when they are one."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return f"{len(cells)} cells under {width} headings: a comma or a quotation mark is astray"
    if not cells[places["name"]].strip():
        return "no project name"
    if not any(cells[at].strip() for field, at in places.items() if field != "name"):
        return "a name and nothing else"
    return ""
