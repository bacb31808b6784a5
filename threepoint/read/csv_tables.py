"""CSV and other tables of texts: bytes to rows of cells, each with the number that a spreadsheet shows.

Rows are made one after another, so that a long table takes little more memory than its text.
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

MAX_ROWS_PER_RESULT = 5_000  # rows that are held before they are handed on
HEADING_SEARCH_ROWS = 20  # rows at the beginning of a file in which its headings may stand
SKIPPED_EMPTY_TABLE = SkippedItem("table without rows", "it has a header line only")

NumberedRow = tuple[int, list[str]]
RowMaker = Callable[[int, dict[str, str]], tuple[Any, ...] | SkippedItem]

_LINE_PATTERN = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


# Bytes that ISO-8859-1 leaves as control characters mean what they mean in Windows-1252, where they mean anything: some
# files are Windows-1252 but for one stray byte, such as the report on major projects of 2020.
_CP1252_CHAR_BY_CODE = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def decode_text(data: bytes, *, final: bool = True) -> str:
    """The text of a file: UTF-8 with or without its mark, else Windows-1252, else ISO-8859-1.

    `final` is false for the beginning of a file, which may end inside a letter.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, final)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1").translate(_CP1252_CHAR_BY_CODE)


def normalise_heading(heading: str) -> str:
    """A heading's letters and digits alone, in lower case: `Date of payment` is dateofpayment."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


@dataclass(frozen=True)
class CsvTable:
    """A table as text. It may be gone through more than once."""

    text: str
    delimiter: str = ","

    def each(self) -> Iterator[tuple[int, list[str] | str]]:
        """The number and the cells of each row that is not blank; of one that is no CSV the reason instead."""
        reader = csv.reader((found[0] for found in _LINE_PATTERN.finditer(self.text)), delimiter=self.delimiter)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as why:
                yield number, f"not a row of CSV: {why}"
                continue
            if any(cell.strip() for cell in cells):
                yield number, cells

    def rows(self) -> Iterator[NumberedRow]:
        """The rows that are CSV."""
        for number, cells in self.each():
            if isinstance(cells, list):
                yield number, cells

    def first(self) -> list[NumberedRow]:
        """The first rows; the last one may be cut short where the text is the beginning of a file."""
        return list(islice(self.rows(), HEADING_SEARCH_ROWS))


def quarantine_row(number: int, why: str) -> QuarantinedPart:
    """A row that goes to quarantine: the bytes of its file are kept whole, so only its number stands here."""
    return QuarantinedPart(f"row {number}: {why}", 0, 0, b"")


@dataclass(frozen=True)
class TableColumns:
    """What stands under a file's headings: `row` is their number, `places` where each field stands."""

    row: int
    headings: list[str]
    places: dict[str, int]
    unknown: list[str]

    def cells(self, row: list[str]) -> dict[str, str]:
        """The cell of each field; cells that are missing at the end of a row are empty."""
        return {name: row[at] if at < len(row) else "" for name, at in self.places.items()}


def match_columns(heading: NumberedRow, field_of: Callable[[str], str | None]) -> TableColumns:
    """The columns under these headings; the first heading of a field counts.

    `field_of` gives '' for a heading that is known and not to be read, None for one that is not known.
    """
    number, headings = heading
    named = [field_of(each) for each in headings]
    places: dict[str, int] = {}
    for at, name in enumerate(named):
        if name:
            places.setdefault(name, at)
    unknown = [
        collapse_spaces(each)
        for each, name in zip(headings, named, strict=True)
        if name is None and collapse_spaces(each)
    ]
    return TableColumns(number, [normalise_heading(each) for each in headings], places, unknown)


def read_rows(page: CsvTable, under: TableColumns, table: str, made: RowMaker) -> Iterator[ReadResult]:
    """The readings of the rows below the headings: `made` makes a row of the history table `table` of number and cells.

    What was left out is said in the notes of the last one.
    """
    seen = _RowStatistics(under)
    reading = ReadResult({table: []})
    for number, cells in page.each():
        if isinstance(cells, str):
            reading.quarantined.append(quarantine_row(number, cells))
        elif number > under.row and not seen.is_heading(cells):
            _add_checked_row(number, cells, under, reading, table, made)
        if number % MAX_ROWS_PER_RESULT == 0:
            yield reading
            reading = ReadResult({table: []})
    reading.notes += seen.notes()
    if not seen.rows and not reading.quarantined:
        reading.passed_over.append(SKIPPED_EMPTY_TABLE)
    yield reading


@dataclass
class _RowStatistics:
    """What a pass over the rows meets: how many, headings again, and cells in columns that have no heading."""

    under: TableColumns
    rows: int = 0
    again: int = 0
    bare: set[int] = field(default_factory=set)

    @cached_property
    def empty(self) -> list[int]:
        """The places of the columns without a heading."""
        return [at for at, heading in enumerate(self.under.headings) if not heading]

    def is_heading(self, cells: list[str]) -> bool:
        """Whether the row is the headings again, as tables taken from PDF repeat them on each page."""
        self.rows += 1
        heads = self.under.headings
        if normalise_heading(cells[0]) == heads[0] and [normalise_heading(cell) for cell in cells] == heads:
            self.again += 1
            return True
        for at in self.empty:
            if at < len(cells) and cells[at].strip():
                self.bare.add(at + 1)
        return False

    def notes(self) -> list[str]:
        notes = [f"the column {name!r} is not known and was left out" for name in self.under.unknown]
        notes += [f"column {at} has no heading and was left out" for at in sorted(self.bare)]
        return notes + ([f"the headings stand {self.again} more times among the rows"] if self.again else [])


def _add_checked_row(
    number: int, cells: list[str], under: TableColumns, reading: ReadResult, table: str, made: RowMaker
) -> None:
    width = len(under.headings)
    if any(cell.strip() for cell in cells[width:]):
        why = f"{len(cells)} cells under {width} headings: a comma or a quotation mark is astray"
        reading.quarantined.append(quarantine_row(number, why))
    else:
        add_row(reading, table, made(number, under.cells(cells)))


def add_row(reading: ReadResult, table: str, row: tuple[Any, ...] | SkippedItem) -> None:
    """Adds a row of the history table `table`, or what was passed over instead, to a reading."""
    if isinstance(row, SkippedItem):
        reading.passed_over.append(row)
    else:
        reading.rows[table].append(row)
