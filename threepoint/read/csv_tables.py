"""Read CSV and other text tables: bytes to rows of cells, each with the row number that a spreadsheet shows.

Rows are generated one at a time, so a long table needs little more memory than its text. Each line of the text belongs to one
row, and each row that is not blank is read, skipped, listed in a note or quarantined.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from threepoint.read.read_result import REQUEST_FILE_ADVICE, QuarantinedPart, ReadResult, SkippedItem
from threepoint.read.table_cells import collapse_spaces

MAX_ROWS_PER_RESULT = 5_000  # rows held in memory at a time
HEADING_SEARCH_ROWS = 20  # rows at the beginning of a file that may hold its headings
WIDTH_SAMPLE_ROWS = 100  # rows at the beginning of a file that show how many cells its rows have
MIN_UNIFORM_SHARE = 0.9  # of the rows of one width that the best delimiter gives, the share that another must give
MIN_HIDDEN_CELLS = 3  # a line inside a cell is not taken for a row with fewer cells
SKIPPED_EMPTY_TABLE = SkippedItem("table without rows", "it has a header line only")

DELIMITERS = (",", ";", "\t", "|")

NumberedRow = tuple[int, list[str]]
RowMaker = Callable[[int, dict[str, str]], tuple[Any, ...] | SkippedItem | QuarantinedPart]

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
class _Record:
    """A row as parsed: the number of its first line, its cells, and why it cannot be read ('' if it can).

    A row that `must_fit` was parsed in spite of a misplaced quotation mark: it is read if it has as many cells as most rows.
    """

    line_number: int
    cells: list[str]
    error: str = ""
    must_fit: bool = False


@dataclass(frozen=True)
class CsvTable:
    """A table as text, which can be read more than once."""

    text: str
    delimiter: str = ","

    def each(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield the number and the cells of each row that is not blank; for an unreadable row, the reason instead.

        A row number is the one that a spreadsheet shows after misplaced quotation marks are corrected. Below such a mark, a
        line may be part of a row, so it is read only if it has as many cells as most rows.
        """
        is_damaged = False
        for number, record in enumerate(self._records(self.width), start=1):
            if record.error:
                is_damaged = True
                yield number, record.error
            elif any(cell.strip() for cell in record.cells):
                is_damaged = (is_damaged or record.must_fit) and len(record.cells) != self.width
                yield number, self._explain_width(record) if is_damaged else record.cells

    @cached_property
    def width(self) -> int:
        """The number of cells of most rows at the beginning of the table."""
        return self._usual_width[0]

    @cached_property
    def uniform_row_count(self) -> int:
        """The number of rows at the beginning of the table that have this width; 0 if they have one cell."""
        return self._usual_width[1] if self.width > 1 else 0

    @cached_property
    def _usual_width(self) -> tuple[int, int]:
        widths = Counter(
            len(record.cells)
            for record in islice(self._records(width=0), WIDTH_SAMPLE_ROWS)
            if any(cell.strip() for cell in record.cells)
        )
        return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))

    def _records(self, width: int) -> Iterator[_Record]:
        """Yield all rows. If a quotation mark joins several rows, yield the line where it opens as an error, then the others.

        `width` is the number of cells by which rows are recognised inside a cell, or 0.
        """
        position, line_number = 0, 1
        reader, lines = self._start_reader(position)
        while True:
            lines.clear()
            cells, error = [], ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as why:
                error = str(why)
            length = sum(map(len, lines))
            if len(lines) > 1 and (error or self._hides_rows(lines, width)):
                yield _Record(line_number, [], _explain_open_quote(line_number))
                for number, line in enumerate(lines[1:-1], start=line_number + 1):
                    yield self._parse_line(number, line)
                # The last line can begin a row of several lines, so reading continues there.
                position, line_number = position + length - len(lines[-1]), line_number + len(lines) - 1
                reader, lines = self._start_reader(position)
            else:
                record = self._parse_leniently(line_number, lines) if error else _Record(line_number, cells)
                is_cut = 1 < len(cells) < width and position + length == len(self.text) and lines[-1][-1] not in "\r\n"
                yield _Record(line_number, [], _explain_cut(len(cells), width)) if is_cut else record
                position, line_number = position + length, line_number + len(lines)

    def _start_reader(self, position: int) -> tuple[Iterator[list[str]], list[str]]:
        """Return a reader of the rows from `position` on, and the list to which it adds the lines that it takes."""
        lines: list[str] = []

        def take_lines() -> Iterator[str]:
            for match in _LINE_PATTERN.finditer(self.text, position):
                lines.append(match[0])
                yield match[0]

        return csv.reader(take_lines(), delimiter=self.delimiter, strict=True), lines

    def _hides_rows(self, lines: list[str], width: int) -> bool:
        """Return True if a valid row of several lines is rather several rows: its first line is one, and so is another.

        A line of prose has a space after each comma, and is not taken for a row.
        """
        return (
            width >= MIN_HIDDEN_CELLS
            and lines[0].count(self.delimiter) + 1 >= width
            and any(
                len(record.cells) == width and not any(cell.startswith(" ") for cell in record.cells)
                for record in (self._parse_line(0, line) for line in lines[1:])
            )
        )

    def _parse_line(self, line_number: int, line: str) -> _Record:
        """Parse a line as a row of its own, which a line that was joined to others may not be."""
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return _Record(line_number, [], _explain_open_quote(line_number))
        return _Record(line_number, cells, must_fit=True)

    def _parse_leniently(self, line_number: int, lines: list[str]) -> _Record:
        """Parse a row with text after a closing quotation mark as spreadsheets do: it is part of the cell."""
        try:
            cells = next(csv.reader(lines, delimiter=self.delimiter))
        except csv.Error as why:
            return _Record(line_number, [], f"not a valid CSV row: {why}")
        return _Record(line_number, cells, must_fit=True)

    def _explain_width(self, record: _Record) -> str:
        return (
            f"line {record.line_number} has {len(record.cells)} cells, most rows have {self.width}: a quotation mark is"
            " misplaced here or above"
        )

    def rows(self) -> Iterator[NumberedRow]:
        """Yield the valid rows."""
        for number, cells in self.each():
            if isinstance(cells, list):
                yield number, cells

    def first(self) -> list[NumberedRow]:
        """Return the first rows; the last one may be incomplete if the text is only the beginning of a file."""
        return list(islice(self.rows(), HEADING_SEARCH_ROWS))


def _explain_cut(cell_count: int, width: int) -> str:
    return (
        f"the last line has {cell_count} cells and no end, most rows have {width}: the file may be cut short;"
        f" {REQUEST_FILE_ADVICE}"
    )


def find_likely_table(text: str) -> CsvTable:
    """Return a file, or its beginning, as a table with the delimiter that gives nearly all rows the same width.

    Of several such delimiters, the one that gives the most cells is the likeliest: the others are in a cell of each row.
    """
    tables = [CsvTable(text, delimiter) for delimiter in DELIMITERS]
    least = MIN_UNIFORM_SHARE * max(csv_table.uniform_row_count for csv_table in tables)
    return max(
        (csv_table for csv_table in tables if csv_table.uniform_row_count >= least),
        key=lambda csv_table: csv_table.width,
    )


def list_possible_tables(text: str) -> list[CsvTable]:
    """Return a file, or its beginning, as a table separated by commas and, if that is more likely, by another delimiter."""
    likely = find_likely_table(text)
    return [CsvTable(text)] + ([likely] if likely.delimiter != "," else [])


def _explain_open_quote(line_number: int) -> str:
    return (
        f"line {line_number} opens a quotation mark that is not closed before the next row; correct the line, or ask the"
        " publisher to"
    )


def quarantine_row(number: int, why: str) -> QuarantinedPart:
    """Return the quarantine entry for a row. It holds only the row number, because the whole file is kept."""
    return QuarantinedPart(f"row {number}: {why}", 0, 0, b"")


@dataclass(frozen=True)
class TableColumns:
    """The columns of a file: `row` is the number of the heading row, `places` the column index of each field.

    `unknown` has the headings that name no field, `repeated` those that name the field of an earlier heading.
    """

    row: int
    headings: list[str]
    places: dict[str, int]
    unknown: list[str]
    repeated: list[str]

    def cells(self, row: list[str]) -> dict[str, str]:
        """Return the cell of each field; cells missing at the end of a row are empty."""
        return {name: row[at] if at < len(row) else "" for name, at in self.places.items()}

    def is_repeated_heading(self, row: list[str]) -> bool:
        """Return True if a row repeats the headings, as tables taken from PDF do on each page."""
        return normalise_heading(row[0]) == self.headings[0] and list(map(normalise_heading, row)) == self.headings


def match_columns(heading_row: NumberedRow, field_of: Callable[[str], str | None]) -> TableColumns:
    """Match headings to fields; if a field has several headings, the first wins.

    `field_of` returns '' for a known heading that is not read, and None for an unknown heading.
    """
    number, headings = heading_row
    columns = TableColumns(number, [normalise_heading(heading) for heading in headings], {}, [], [])
    for at, heading in enumerate(map(collapse_spaces, headings)):
        name = field_of(heading)
        if name and columns.places.setdefault(name, at) != at:
            columns.repeated.append(heading)
        elif name is None and heading:
            columns.unknown.append(heading)
    return columns


def list_fitting_rows(csv_table: CsvTable, columns: TableColumns) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each row below the headings that `read_rows` reads."""
    for number, cells in csv_table.rows():
        if (
            number > columns.row
            and not columns.is_repeated_heading(cells)
            and not any(map(str.strip, cells[len(columns.headings) :]))
        ):
            yield number, columns.cells(cells)


def read_rows(csv_table: CsvTable, columns: TableColumns, table: str, make_row: RowMaker) -> Iterator[ReadResult]:
    """Read the rows below the headings; `make_row` makes a row of the history table `table` from a number and cells.

    The notes of the last result list what was left out.
    """
    statistics = _RowStatistics(columns)
    result = ReadResult({table: []})
    for number, cells in csv_table.each():
        if isinstance(cells, str):
            result.quarantined.append(quarantine_row(number, cells))
        elif number < columns.row and statistics.is_title(cells):
            continue
        elif number < columns.row:
            result.quarantined.append(quarantine_row(number, "it is above the headings; move it below them"))
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
    """Counts for the notes: rows, titles, repeated heading rows, and cells in columns that have no heading."""

    columns: TableColumns
    rows: int = 0
    titles: int = 0
    repeated_headings: int = 0
    unnamed_columns: set[int] = field(default_factory=set)

    @cached_property
    def unnamed_places(self) -> list[int]:
        """Indexes of the columns without a heading."""
        return [at for at, heading in enumerate(self.columns.headings) if not heading]

    def is_title(self, cells: list[str]) -> bool:
        """Return True for a row above the headings that fills at most half of the columns, and count it."""
        is_title = 2 * sum(bool(cell.strip()) for cell in cells) <= len(self.columns.headings)
        self.titles += is_title
        return is_title

    def is_heading(self, cells: list[str]) -> bool:
        """Count the row and return True if it repeats the headings."""
        self.rows += 1
        if self.columns.is_repeated_heading(cells):
            self.repeated_headings += 1
            return True
        for at in self.unnamed_places:
            if at < len(cells) and cells[at].strip():
                self.unnamed_columns.add(at + 1)
        return False

    def notes(self) -> list[str]:
        notes = [f"the column {name!r} is not known and was left out" for name in self.columns.unknown]
        notes += [
            f"the column {name!r} says what an earlier column says and was left out" for name in self.columns.repeated
        ]
        notes += [f"column {at} has no heading and was left out" for at in sorted(self.unnamed_columns)]
        counts = {"rows above the headings": self.titles, "repeated heading rows": self.repeated_headings}
        return notes + [f"{kind} skipped: {count}" for kind, count in counts.items() if count]


def _add_checked_row(
    number: int, cells: list[str], columns: TableColumns, result: ReadResult, table: str, make_row: RowMaker
) -> None:
    width = len(columns.headings)
    if any(cell.strip() for cell in cells[width:]):
        why = f"{len(cells)} cells under {width} headings: a comma or quotation mark is misplaced"
        result.quarantined.append(quarantine_row(number, why))
    else:
        add_row(result, table, make_row(number, columns.cells(cells)))


def add_row(result: ReadResult, table: str, row: tuple[Any, ...] | SkippedItem | QuarantinedPart) -> None:
    """Add a row of the history table `table`, a skipped item or a quarantined part to a result."""
    if isinstance(row, SkippedItem):
        result.skipped.append(row)
    elif isinstance(row, QuarantinedPart):
        result.quarantined.append(row)
    else:
        result.rows[table].append(row)
