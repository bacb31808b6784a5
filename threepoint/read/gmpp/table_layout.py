"""Bytes to one record a project, whichever way the table lies.

To 2020 each column is a project and the headings run down the first column, with blank rows and a footnote below them;
from 2021 each row is a project. Which it is, is told by where the known headings stand.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from threepoint.errors import UnreadableInputError
from threepoint.read.gmpp.column_headings import IGNORED_FIELDS, find_field

MAX_TRANSPOSED_CELLS = 1_000_000  # of a table with a column a project: the largest report has 6,000
NumberedRow = tuple[int, list[str]]  # row number as a spreadsheet shows it, cells
UnreadableRow = tuple[int, str]  # row number, why it could not be read


@dataclass(frozen=True)
class GmppRecord:
    """One project of a file: its row number (or column number) and its cells by field, as published."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class GmppTable:
    """One file: headings by field, its projects, rows that could not be read, and headings that are not known."""

    headings: Mapping[str, str]
    records: list[GmppRecord]
    broken: list[UnreadableRow]
    unknown: list[str]


def find_heading_fields(text: str) -> set[str]:
    """The fields whose headings stand in the first row or the first column, whichever has more."""
    lines, _ = _parse_rows(text)
    return max(_find_fields(_get_first_row(lines)), _find_fields(_get_first_column(lines)), key=len)


def parse_table(text: str) -> GmppTable:
    """The projects of a file. Blank rows are passed over; what cannot be read stands in `broken` with its reason."""
    lines, broken = _parse_rows(text)
    across, down = _get_first_row(lines), _get_first_column(lines)
    if len(_find_fields(down)) > len(_find_fields(across)):
        headings, projects = down, _transpose_rows(lines)
    else:
        headings, projects = across, lines[1:]
    places = _locate_fields(headings)
    records, odd = _make_records(projects, places, width=len(headings))
    unknown = [name for at, name in enumerate(headings) if find_field(name) is None and _is_column_used(at, projects)]
    return GmppTable({field: headings[at] for field, at in places.items()}, records, broken + odd, unknown)


def _parse_rows(text: str) -> tuple[list[NumberedRow], list[UnreadableRow]]:
    """Every row with its number; rows that are no CSV stand apart."""
    reader = csv.reader(io.StringIO(text, newline=""))
    lines: list[NumberedRow] = []
    broken: list[UnreadableRow] = []
    while True:
        number = len(lines) + len(broken) + 1
        try:
            lines.append((number, next(reader)))
        except StopIteration:
            return lines, broken
        except csv.Error as why:
            broken.append((number, f"not a row of CSV: {why}"))


def _get_first_row(lines: list[NumberedRow]) -> list[str]:
    return lines[0][1] if lines else []


def _get_first_column(lines: list[NumberedRow]) -> list[str]:
    return [cells[0] if cells else "" for _, cells in lines]


def _find_fields(headings: Iterable[str]) -> set[str]:
    return {field for field in map(find_field, headings) if field}


def _transpose_rows(lines: list[NumberedRow]) -> list[NumberedRow]:
    """The columns after the first, as if each were a row. Unreadable where that would be more cells than any report has."""
    cells = len(lines) * max((len(cells) for _, cells in lines), default=0)
    if cells > MAX_TRANSPOSED_CELLS:
        raise UnreadableInputError(
            f"turned on its side this table has {cells:,} cells, more than any report; ask for the file again"
        )
    columns = zip_longest(*(cells for _, cells in lines), fillvalue="")
    return [(number, list(cells)) for number, cells in enumerate(columns, 1)][1:]


def _locate_fields(headings: list[str]) -> dict[str, int]:
    """Where each field stands; the first heading of a field counts."""
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        field = find_field(heading)
        if field and field not in IGNORED_FIELDS:
            places.setdefault(field, at)
    return places


def _is_column_used(at: int, projects: list[NumberedRow]) -> bool:
    return any(cells[at].strip() for _, cells in projects if at < len(cells))


def _make_records(
    projects: list[NumberedRow], places: dict[str, int], width: int
) -> tuple[list[GmppRecord], list[UnreadableRow]]:
    records: list[GmppRecord] = []
    broken: list[UnreadableRow] = []
    for number, cells in projects:
        if not any(cell.strip() for cell in cells):
            continue
        why = _find_row_problem(cells, places, width)
        if why:
            broken.append((number, why))
        else:
            records.append(GmppRecord(number, {field: cells[at] for field, at in places.items()}))
    return records, broken


def _find_row_problem(cells: list[str], places: dict[str, int], width: int) -> str:
    """Why the cells are no project; '' when they are one."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return f"{len(cells)} cells under {width} headings: a comma or a quotation mark is astray"
    if not cells[places["name"]].strip():
        return "no project name"
    if not any(cells[at].strip() for field, at in places.items() if field != "name"):
        return "a name and nothing else"
    return ""
