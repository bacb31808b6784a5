"""The yearly files of the Government Major Projects Portfolio (GMPP): consolidated CSV, 2014 onwards.

`recognise` tells such a file from its content; `read` gives its rows. The order of the work: layout (bytes → one record
a project, whichever way the table lies) → year (which report this is) → rows (a record → a row of gmpp_year), with
figures for every cell that holds an amount, a date, a rating, or the reason why there is none.
"""

from typing import Any

from threepoint.errors import UnreadableInputError
from threepoint.read.csv_tables import decode_text
from threepoint.read.gmpp.report_year import find_report_year
from threepoint.read.gmpp.rows import GmppRow, describe_report, make_row
from threepoint.read.gmpp.table_layout import GmppTable, find_heading_fields, parse_table

GmppRows = dict[str, list[tuple[Any, ...]]]


def is_yearly_file(head: bytes) -> bool:
    """Whether a file that begins with `head` (64 kB are enough) is a yearly GMPP file, in either layout."""
    return _has_gmpp_fields(find_heading_fields(decode_text(head, final=False)))


def _has_gmpp_fields(fields: set[str]) -> bool:
    return {"name", "department"} <= fields and bool(fields & {"body_rating", "wlc"})


def read_yearly_file(data: bytes, source_id: str, hint: str = "") -> GmppRows:
    """The rows of one yearly file: `{"gmpp_year": …, "quarantine": …, "notes": …}`.

    `gmpp_year` holds tuples in the order of GMPP_YEAR.names: money is a whole number of pence, dates are days since
    1970-01-01. `quarantine` holds (row number, reason) for each row that could not be read. `notes` holds (row number,
    remark) for what was read but is odd; row number 0 is the file. A row's number is the one a spreadsheet shows (the
    column's, where each column is a project). `hint` (a file name) tells the year only where nothing in the file does.
    Raises Unreadable when this is no GMPP file, or when its year cannot be told.
    """
    text = decode_text(data)
    if not _has_gmpp_fields(find_heading_fields(text)):
        raise UnreadableInputError("this is not a yearly file of the Government Major Projects Portfolio")
    page = parse_table(text)
    kept, twice = _separate_duplicates(_make_rows(page, source_id, hint))
    return {
        "gmpp_year": [each.values for each in kept],
        "quarantine": sorted(page.broken + twice),
        "notes": _list_notes(page, kept),
    }


def _make_rows(page: GmppTable, source_id: str, hint: str) -> list[GmppRow]:
    if not page.records:
        return []
    year, basis = find_report_year([record.cells for record in page.records], page.headings.values(), hint)
    about = describe_report(page, year, basis, source_id)
    return [make_row(record, about) for record in page.records]


def _separate_duplicates(rows: list[GmppRow]) -> tuple[list[GmppRow], list[tuple[int, str]]]:
    """The rows, each project once; a second row of one project goes to quarantine with the number of the first."""
    first: dict[str, GmppRow] = {}
    twice = []
    for each in rows:
        known = first.setdefault(each.scheme_key, each)
        if known is not each:
            twice.append((each.number, f"the same project as row {known.number}"))
    return list(first.values()), twice


def _list_notes(page: GmppTable, kept: list[GmppRow]) -> list[tuple[int, str]]:
    unknown = [(0, f"the column {name!r} is not known and was left out") for name in page.unknown]
    return unknown + [(each.number, note) for each in kept for note in each.notes]
