"""Read CSV and other text tables: bytes to rows of cells, each with the row number that a spreadsheet shows.

Rows are generated one at a time, so a long table needs little more memory than its text.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from threepoint.read.read_result import QuarantinedPart, ReadResult, SkippedItem
from threepoint.read.table_cells import collapse_spaces

MAX_ROWS_PER_RESULT = 5_000  # rows held in memory at a time
HEADING_SEARCH_ROWS = 20  # rows at the beginning of a file that may hold its headings
SKIPPED_EMPTY_TABLE = SkippedItem("table without rows", "it has a header line only")

NumberedRow = tuple[int, list[str]]
RowMaker = Callable[[int, dict[str, str]], tuple[Any, ...] | SkippedItem]

_LINE_PATTERN = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")

# ISO-8859-1 control characters are read as Windows-1252 where that defines them: some files are Windows-1252 except for one
# stray byte, such as the major projects report of 2020.
_CP1252_CHAR_BY_CODE = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def decode_text(data: bytes, *, final: bool = True) -> str:
    """Decode the text of a file: UTF-8 with or without its mark, otherwise Windows-1252, otherwise ISO-8859-1.

    `final` is false for the beginning of a file, which may end inside a character.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, final)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1").translate(_CP1252_CHAR_BY_CODE)


def normalise_heading(heading: str) -> str:
    """Return only a heading's letters and digits, in lower case: `Date of payment` becomes dateofpayment."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


@dataclass(frozen=True)
class CsvTable:
    """A table as text, which can be read more than once."""

    text: str
    delimiter: str = ","

    def each(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield the number and the cells of each row that is not blank; for an invalid row, the reason instead of cells."""
        reader = csv.reader((match[0] for match in _LINE_PATTERN.finditer(self.text)), delimiter=self.delimiter)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as why:
                yield number, f"not a valid CSV row: {why}"
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells

    def rows(self) -> Iterator[NumberedRow]:
        """Yield the valid rows."""
        for number, cells in self.each():
            if isinstance(cells, list):
                yield number, cells

    def first(self) -> list[NumberedRow]:
        """Return the first rows; the last one may be incomplete if the text is only the beginning of a file."""
        return list(islice(self.rows(), HEADING_SEARCH_ROWS))


def quarantine_row(number: int, why: str) -> QuarantinedPart:
    """Return the quarantine entry for a row. It holds only the row number, because the whole file is kept."""
    return QuarantinedPart(f"row {number}: {why}", 0, 0, b"")


@dataclass(frozen=True)
class TableColumns:
    """The columns of a file: `row` is the number of the heading row, `places` the column index of each field."""

    row: int
    headings: list[str]
    places: dict[str, int]
    unknown: list[str]

    def cells(self, row: list[str]) -> dict[str, str]:
        """Return the cell of each field; cells missing at the end of a row are empty."""
        return {name: row[at] if at < len(row) else "" for name, at in self.places.items()}


def match_columns(heading_row: NumberedRow, field_of: Callable[[str], str | None]) -> TableColumns:
    """Match headings to fields; if a field has several headings, the first wins.

    `field_of` returns '' for a known heading that is not read, and None for an unknown heading.
    """
    number, headings = heading_row
    fields = [field_of(heading) for heading in headings]
    places: dict[str, int] = {}
    for at, name in enumerate(fields):
        if name:
            places.setdefault(name, at)
    unknown = [
        collapse_spaces(heading)
        for heading, name in zip(headings, fields, strict=True)
        if name is None and collapse_spaces(heading)
    ]
    return TableColumns(number, [normalise_heading(heading) for heading in headings], places, unknown)


def read_rows(csv_table: CsvTable, columns: TableColumns, table: str, make_row: RowMaker) -> Iterator[ReadResult]:
    """Read the rows below the headings; `make_row` makes a row of the history table `table` from a number and cells.

    The notes of the last result list what was left out.
    """
    statistics = _RowStatistics(columns)
    result = ReadResult({table: []})
    for number, cells in csv_table.each():
        if isinstance(cells, str):
            result.quarantined.append(quarantine_row(number, cells))
        elif number > columns.row and not statistics.is_heading(cells):
            _add_checked_row(number, cells, columns, result, table, make_row)
        if number % MAX_ROWS_PER_RESULT == 0:
            yield result
            result = ReadResult({table: []})
    result.notes += statistics.notes()
    if not statistics.rows and not result.quarantined:
        result.skipped.append(SKIPPED_EMPTY_TABLE)
    yield result


@dataclass
class _RowStatistics:
    """Counts for the notes: rows, repeated heading rows, and cells in columns that have no heading."""

    columns: TableColumns
    rows: int = 0
    repeated_headings: int = 0
    unnamed_columns: set[int] = field(default_factory=set)

    @cached_property
    def unnamed_places(self) -> list[int]:
        """Indexes of the columns without a heading."""
        return [at for at, heading in enumerate(self.columns.headings) if not heading]

    def is_heading(self, cells: list[str]) -> bool:
        """Count the row and return True if it repeats the headings, as tables taken from PDF do on each page."""
        self.rows += 1
        headings = self.columns.headings
        if normalise_heading(cells[0]) == headings[0] and [normalise_heading(cell) for cell in cells] == headings:
            self.repeated_headings += 1
            return True
        for at in self.unnamed_places:
            if at < len(cells) and cells[at].strip():
                self.unnamed_columns.add(at + 1)
        return False

    def notes(self) -> list[str]:
        notes = [f"the column {name!r} is not known and was left out" for name in self.columns.unknown]
        notes += [f"column {at} has no heading and was left out" for at in sorted(self.unnamed_columns)]
        return notes + ([f"repeated heading rows skipped: {self.repeated_headings}"] if self.repeated_headings else [])


def _add_checked_row(
    number: int, cells: list[str], columns: TableColumns, result: ReadResult, table: str, make_row: RowMaker
) -> None:
    width = len(columns.headings)
    if any(cell.strip() for cell in cells[width:]):
        why = f"{len(cells)} cells under {width} headings: a comma or quotation mark is misplaced"
        result.quarantined.append(quarantine_row(number, why))
    else:
        add_row(result, table, make_row(number, columns.cells(cells)))


def add_row(result: ReadResult, table: str, row: tuple[Any, ...] | SkippedItem) -> None:
    """Add a row of the history table `table`, or a skipped item, to a result."""
    if isinstance(row, SkippedItem):
        result.skipped.append(row)
    else:
        result.rows[table].append(row)
