"""Convert a file's text to one record per project, in either layout.

To 2020, each column is a project and the headings are in the first column, with blank rows and a footnote below them. From
2021, each row is a project. The position of the known headings decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from threepoint.errors import UnreadableInputError
from threepoint.read.csv_tables import CsvTable, NumberedRow
from threepoint.read.gmpp.column_headings import IGNORED_FIELDS, find_field

MAX_TRANSPOSED_CELLS = 1_000_000  # of a table with one column per project; the largest report has 6,000
UnreadableRow = tuple[int, str]  # row number, reason


@dataclass(frozen=True)
class GmppRecord:
    """One project of a file: its row number (or column number) and its cells by field, as published."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class GmppTable:
    """One file: headings by field, its projects, rows that could not be read, and unknown headings."""

    headings: Mapping[str, str]
    records: list[GmppRecord]
    broken: list[UnreadableRow]
    unknown: list[str]


def find_heading_fields(csv_table: CsvTable) -> set[str]:
    """Return the fields named in the first row or the first column, whichever names more."""
    lines, _ = _parse_rows(csv_table)
    return max(_find_fields(_get_first_row(lines)), _find_fields(_get_first_column(lines)), key=len)


def parse_table(csv_table: CsvTable) -> GmppTable:
    """Return the projects of a file. Blank rows are skipped; unreadable rows are in `broken` with their reason."""
    lines, broken = _parse_rows(csv_table)
    first_row, first_column = _get_first_row(lines), _get_first_column(lines)
    if len(_find_fields(first_column)) > len(_find_fields(first_row)):
        lines, misaligned = _separate_misaligned_rows(lines, csv_table.width)
        broken += misaligned
        headings, projects = _get_first_column(lines), _transpose_rows(lines)
    else:
        headings, projects = first_row, lines[1:]
    places = _locate_fields(headings)
    if "name" not in places:
        raise UnreadableInputError("; ".join(f"row {number}: {why}" for number, why in broken))
    records, unreadable = _make_records(projects, places, width=len(headings))
    unknown = [name for at, name in enumerate(headings) if find_field(name) is None and _is_column_used(at, projects)]
    return GmppTable({field: headings[at] for field, at in places.items()}, records, broken + unreadable, unknown)


def _parse_rows(csv_table: CsvTable) -> tuple[list[NumberedRow], list[UnreadableRow]]:
    """Return the valid rows and the invalid ones, each with its number."""
    lines: list[NumberedRow] = []
    broken: list[UnreadableRow] = []
    for number, cells in csv_table.each():
        if isinstance(cells, str):
            broken.append((number, cells))
        else:
            lines.append((number, cells))
    return lines, broken


def _get_first_row(lines: list[NumberedRow]) -> list[str]:
    return lines[0][1] if lines else []


def _get_first_column(lines: list[NumberedRow]) -> list[str]:
    return [cells[0] if cells else "" for _, cells in lines]


def _find_fields(headings: Iterable[str]) -> set[str]:
    return {field for field in map(find_field, headings) if field}


def _separate_misaligned_rows(lines: list[NumberedRow], width: int) -> tuple[list[NumberedRow], list[UnreadableRow]]:
    """Return the rows with a cell for each project, or with a heading only, and the others, whose cells may be displaced."""
    aligned: list[NumberedRow] = []
    misaligned: list[UnreadableRow] = []
    for number, cells in lines:
        if len(cells) == width or not any(cell.strip() for cell in cells[1:]):
            aligned.append((number, cells))
        else:
            misaligned.append(
                (number, f"{len(cells)} cells, other rows have {width}: a comma or quotation mark is misplaced")
            )
    return aligned, misaligned


def _transpose_rows(lines: list[NumberedRow]) -> list[NumberedRow]:
    """Return the columns after the first as rows. Raises UnreadableInputError if there are more cells than in any report."""
    cell_count = len(lines) * max((len(cells) for _, cells in lines), default=0)
    if cell_count > MAX_TRANSPOSED_CELLS:
        raise UnreadableInputError(
            f"transposed, this table has {cell_count:,} cells, more than any report; ask for the file again"
        )
    columns = zip_longest(*(cells for _, cells in lines), fillvalue="")
    return [(number, list(cells)) for number, cells in enumerate(columns, 1)][1:]


def _locate_fields(headings: list[str]) -> dict[str, int]:
    """Return the position of each field; the first heading of a field wins."""
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
    """Return the reason why the cells are not a project; '' if they are one."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return f"{len(cells)} cells under {width} headings: a comma or quotation mark is misplaced"
    if not cells[places["name"]].strip():
        return "no project name"
    if not any(cells[at].strip() for field, at in places.items() if field != "name"):
        return "a name and nothing else"
    return ""
