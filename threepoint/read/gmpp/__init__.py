"""Read the yearly files of the Government Major Projects Portfolio (GMPP): consolidated CSV, 2014 onwards.

`is_yearly_file` detects such a file from its content; `read_yearly_file` returns its rows. `table_layout` makes one record
per project from either layout, `report_year` finds the year of the report, and `rows` makes a row of gmpp_year from each
record. `cell_values` parses amounts, dates and ratings, or the reason why there is none.
"""

from typing import Any

from threepoint.errors import UnreadableInputError
from threepoint.read.csv_tables import CsvTable, decode_text, list_possible_tables
from threepoint.read.gmpp.report_year import find_report_year
from threepoint.read.gmpp.rows import GmppRow, describe_report, make_row
from threepoint.read.gmpp.table_layout import GmppTable, find_heading_fields, parse_table

GmppRows = dict[str, list[tuple[Any, ...]]]


def is_yearly_file(head: bytes) -> bool:
    """Return True if a file that begins with `head` (64 kB are enough) is a yearly GMPP file, in either layout."""
    return _find_gmpp_table(list_possible_tables(decode_text(head, final=False))) is not None


def _find_gmpp_table(csv_tables: list[CsvTable]) -> CsvTable | None:
    return next((csv_table for csv_table in csv_tables if _has_gmpp_fields(find_heading_fields(csv_table))), None)


def _has_gmpp_fields(fields: set[str]) -> bool:
    return {"name", "department"} <= fields and bool(fields & {"body_rating", "wlc"})


def read_yearly_file(data: bytes, source_id: str, hint: str = "") -> GmppRows:
    """Return the rows of one yearly file: `{"gmpp_year": …, "quarantine": …, "notes": …}`.

    `gmpp_year` holds tuples in the order of GMPP_YEAR.names: money is a whole number of pence, dates are days since
    1970-01-01. `quarantine` holds (row number, reason) for each row that could not be read. `notes` holds (row number, remark)
    for unusual data that was read; row number 0 is the whole file. A row number is the one a spreadsheet shows, or the column
    number if each column is a project. `hint` (a file name) decides the year only if nothing in the file does. Raises
    UnreadableInputError if this is not a GMPP file, or its year cannot be found.
    """
    csv_table = _find_gmpp_table(list_possible_tables(decode_text(data)))
    if csv_table is None:
        raise UnreadableInputError("this is not a yearly file of the Government Major Projects Portfolio")
    gmpp_table = parse_table(csv_table)
    rows, duplicates = _separate_duplicates(_make_rows(gmpp_table, source_id, hint))
    return {
        "gmpp_year": [row.values for row in rows],
        "quarantine": sorted(gmpp_table.broken + duplicates),
        "notes": _list_notes(gmpp_table, rows),
    }


def _make_rows(gmpp_table: GmppTable, source_id: str, hint: str) -> list[GmppRow]:
    if not gmpp_table.records:
        return []
    year, basis = find_report_year([record.cells for record in gmpp_table.records], gmpp_table.headings.values(), hint)
    report = describe_report(gmpp_table, year, basis, source_id)
    return [make_row(record, report) for record in gmpp_table.records]


def _separate_duplicates(rows: list[GmppRow]) -> tuple[list[GmppRow], list[tuple[int, str]]]:
    """Return each project once, and the further rows of a project, for quarantine, with the number of its first row."""
    first_rows: dict[str, GmppRow] = {}
    duplicates = []
    for row in rows:
        first = first_rows.setdefault(row.scheme_key, row)
        if first is not row:
            duplicates.append((row.number, f"the same project as row {first.number}"))
    return list(first_rows.values()), duplicates


def _list_notes(gmpp_table: GmppTable, rows: list[GmppRow]) -> list[tuple[int, str]]:
    unknown = [(0, f"the column {name!r} is not known and was left out") for name in gmpp_table.unknown]
    return unknown + [(row.number, note) for row in rows for note in row.notes]
