"""The yearly files of the Government Major Projects Portfolio (GMPP): consolidated CSV, 2014 onwards.

`recognise` tells such a file from its content; `read` gives its rows. The order of the work: layout (bytes → one record
a project, whichever way the table lies) → year (which report this is) → rows (a record → a row of gmpp_year), with
figures for every cell that holds an amount, a date, a rating, or the reason why there is none.
"""

from typing import Any

from threepoint.errors import Unreadable
from threepoint.read.csv_tables import decode
from threepoint.read.gmpp.report_year import told
from threepoint.read.gmpp.rows import Made, made, report
from threepoint.read.gmpp.table_layout import Sheet, headings_in, sheet

Rows = dict[str, list[tuple[Any, ...]]]


def recognise(head: bytes) -> bool:
    """Whether a file that begins with `head` (64 kB are enough) is a yearly GMPP file, in either layout."""
    return _is_gmpp(headings_in(decode(head, final=False)))


def _is_gmpp(fields: set[str]) -> bool:
    return {"name", "department"} <= fields and bool(fields & {"body_rating", "wlc"})


def read(data: bytes, source_id: str, hint: str = "") -> Rows:
    """The rows of one yearly file: `{"gmpp_year": …, "quarantine": …, "notes": …}`.

    `gmpp_year` holds tuples in the order of GMPP_YEAR.names: money is a whole number of pence, dates are days since
    1970-01-01. `quarantine` holds (row number, reason) for each row that could not be read. `notes` holds (row number,
    remark) for what was read but is odd; row number 0 is the file. A row's number is the one a spreadsheet shows (the
    column's, where each column is a project). `hint` (a file name) tells the year only where nothing in the file does.
    Raises Unreadable when this is no GMPP file, or when its year cannot be told.
    """
    text = decode(data)
    if not _is_gmpp(headings_in(text)):
        raise Unreadable("this is not a yearly file of the Government Major Projects Portfolio")
    page = sheet(text)
    kept, twice = _once(_rows(page, source_id, hint))
    return {
        "gmpp_year": [each.values for each in kept],
        "quarantine": sorted(page.broken + twice),
        "notes": _notes(page, kept),
    }


def _rows(page: Sheet, source_id: str, hint: str) -> list[Made]:
    if not page.records:
        return []
    year, basis = told([record.cells for record in page.records], page.headings.values(), hint)
    about = report(page, year, basis, source_id)
    return [made(record, about) for record in page.records]


def _once(rows: list[Made]) -> tuple[list[Made], list[tuple[int, str]]]:
    """The rows, each project once; a second row of one project goes to quarantine with the number of the first."""
    first: dict[str, Made] = {}
    twice = []
    for each in rows:
        known = first.setdefault(each.scheme_key, each)
        if known is not each:
            twice.append((each.number, f"the same project as row {known.number}"))
    return list(first.values()), twice


def _notes(page: Sheet, kept: list[Made]) -> list[tuple[int, str]]:
    unknown = [(0, f"the column {name!r} is not known and was left out") for name in page.unknown]
    return unknown + [(each.number, note) for each in kept for note in each.notes]
