"""CSV and other tables of texts: bytes to rows of cells, each with the number that a spreadsheet shows."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from threepoint.read.cells import squash
from threepoint.read.findings import PassedOver, Quarantined, Reading

ROWS_A_READING = 5_000  # rows that are held before they are handed on
LOOKED_AT = 20  # rows at the beginning of a file in which its headings may stand

Row = tuple[int, list[str]]


@dataclass
class Sheet:
    """A table's rows, blank ones left out, and what was no CSV at all."""

    rows: list[Row]
    broken: list[Quarantined] = field(default_factory=list)


def decode(data: bytes, *, final: bool = True) -> str:
    """The text of a file: UTF-8 with or without its mark, else Windows-1252, else ISO-8859-1."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, final)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def letters(heading: str) -> str:
    """A heading's letters and digits alone, in lower case: `Date of payment` is dateofpayment."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def sheet(text: str, delimiter: str = ",") -> Sheet:
    """The rows of a text. A row that is no CSV is quarantined with its reason, and the next one read."""
    made = Sheet([])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return made
        except csv.Error as why:
            made.broken.append(no_row(number, f"not a row of CSV: {why}"))
            continue
        if any(cell.strip() for cell in cells):
            made.rows.append((number, cells))


def first_rows(text: str, delimiter: str = ",") -> list[list[str]]:
    """The first rows of the beginning of a file, without the last one, which may be cut short."""
    return [cells for _, cells in sheet(text, delimiter).rows[: LOOKED_AT + 1]][:LOOKED_AT]


def no_row(number: int, why: str) -> Quarantined:
    """A row that goes to quarantine: the bytes of its file are kept whole, so only its number stands here."""
    return Quarantined(f"row {number}: {why}", 0, 0, b"")


@dataclass(frozen=True)
class Columns:
    """Where each field stands among a file's headings, how many there are, which are not known, and which are empty."""

    places: dict[str, int]
    width: int
    unknown: list[str]
    bare: list[int]

    def cells(self, row: list[str]) -> dict[str, str]:
        """The cell of each field; cells that are missing at the end of a row are empty."""
        return {name: row[at] if at < len(row) else "" for name, at in self.places.items()}


def columns(headings: list[str], field_of: Callable[[str], str | None]) -> Columns:
    """The columns under these headings; the first heading of a field counts. `field_of` gives '' for one not to be read."""
    named = [field_of(heading) for heading in headings]
    places: dict[str, int] = {}
    for at, name in enumerate(named):
        if name:
            places.setdefault(name, at)
    unknown = [squash(head) for head, name in zip(headings, named, strict=True) if name is None and squash(head)]
    return Columns(places, len(headings), unknown, [at for at, head in enumerate(headings) if not squash(head)])


Made = Callable[[int, dict[str, str]], tuple[Any, ...] | PassedOver]


def readings(
    page: Sheet, rows: list[Row], under: Columns, table: str, made: Made, notes: list[str] | None = None
) -> Iterator[Reading]:
    """The readings of a table's rows: `made` makes a row of the history table `table` of a row's number and cells."""
    remarks = [f"the column {name!r} is not known and was left out" for name in under.unknown]
    passed = [] if rows or page.broken else [PassedOver("table without rows", "it has a header line only")]
    yield Reading({}, passed_over=passed, quarantined=page.broken, notes=remarks + (notes or []))
    for start in range(0, len(rows), ROWS_A_READING):
        reading = Reading({table: []})
        for number, cells in rows[start : start + ROWS_A_READING]:
            _put(number, cells, under, reading, table, made)
        yield reading


def _put(number: int, cells: list[str], under: Columns, reading: Reading, table: str, made: Made) -> None:
    if any(cell.strip() for cell in cells[under.width :]):
        why = f"{len(cells)} cells under {under.width} headings: a comma or a quotation mark is astray"
        reading.quarantined.append(no_row(number, why))
        return
    put(reading, table, made(number, under.cells(cells)))


def put(reading: Reading, table: str, row: tuple[Any, ...] | PassedOver) -> None:
    """Adds a row of the history table `table`, or what was passed over instead, to a reading."""
    if isinstance(row, PassedOver):
        reading.passed_over.append(row)
    else:
        reading.rows[table].append(row)
