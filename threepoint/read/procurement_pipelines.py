"""Read procurement pipelines of departments, 2012 to 2014: 36 columns without headings, from the first Contracts Finder.

The meaning of each column was inferred from its values (docs/reference/procurement-pipelines.md). The contact's address
(column 24) is not read.
"""

from collections.abc import Iterator
from typing import Any

from threepoint.read.csv_tables import MAX_ROWS_PER_RESULT, CsvTable, quarantine_row
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import ReadResult
from threepoint.read.table_cells import ParsedCell, collapse_spaces, read_amount_cell, read_date_cell, read_text_cell
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.standard.tables_payments import PIPELINE_ENTRY_HISTORY, PIPELINE_VALUE_HISTORY

COLUMN_COUNT = 36
NUMBER_INDEX, LEVEL_INDEX, NOTICE_INDEX, URL_INDEX = 0, 5, 28, 35  # from 0; these cells identify such a row
LEVEL_NAMES = {"High", "Medium", "Low"}

# Column numbers from 1.
TEXT_COLUMN_BY_FIELD = {
    "entry_number": 1, "body_name": 2, "title": 3, "category": 4, "reference": 5, "level": 6, "region": 15,
    "nuts_code": 16, "area_code": 17, "delivery": 18, "route": 20, "publisher_id": 25, "publisher": 26,
    "unexplained": 27, "notice_number": 29, "replaces": 30, "first_notice": 31, "parent_id": 32, "parent_name": 33,
    "group_id": 34, "group_name": 35, "url": 36,
}  # fmt: skip
DATE_COLUMN_BY_FIELD = {"start": 19, "approach": 21, "published": 22, "created": 23}
TOTAL_COLUMN, CPV_COLUMN = 14, 28
AMOUNT_COLUMN_BY_YEAR = {f"{year}/{year % 100 + 1}": column for column, year in enumerate(range(2012, 2019), start=7)}


def matches_format(beginning: CsvTable) -> bool:
    """Return True if most of the first rows are entries of a procurement pipeline."""
    rows = [cells for _, cells in beginning.first()]
    return sum(map(_is_entry_row, rows)) * 2 > len(rows)


def _is_entry_row(cells: list[str]) -> bool:
    if len(cells) != COLUMN_COUNT or cells[LEVEL_INDEX] not in LEVEL_NAMES:
        return False
    return cells[NUMBER_INDEX].isdigit() and cells[NOTICE_INDEX].isdigit() and cells[NOTICE_INDEX] in cells[URL_INDEX]


def read_table(csv_table: CsvTable, task: ReadContext) -> Iterator[ReadResult]:
    """Read one file as rows of `pipeline_entry` and `pipeline_value`."""
    result = _make_empty_result()
    for number, cells in csv_table.each():
        if isinstance(cells, str) or len(cells) != COLUMN_COUNT:
            why = cells if isinstance(cells, str) else f"{len(cells)} cells instead of {COLUMN_COUNT}"
            result.quarantined.append(quarantine_row(number, why))
        else:
            result.rows["pipeline_entry"].append(_make_entry_row(number, cells, task.source_id))
            result.rows["pipeline_value"] += _make_value_rows(number, cells, task.source_id)
        if number % MAX_ROWS_PER_RESULT == 0:
            yield result
            result = _make_empty_result()
    yield result


def _make_empty_result() -> ReadResult:
    return ReadResult({"pipeline_entry": [], "pipeline_value": []})


def _make_entry_row(number: int, cells: list[str], source_id: str) -> tuple[Any, ...]:
    values: dict[str, Any] = {name: read_text_cell(cells[column - 1]) for name, column in TEXT_COLUMN_BY_FIELD.items()}
    for name, column in DATE_COLUMN_BY_FIELD.items():
        values |= read_date_cell(cells[column - 1]).columns(name)
    codes = [collapse_spaces(code) for code in cells[CPV_COLUMN - 1].split("|")]
    values |= _read_nonzero_amount(cells[TOTAL_COLUMN - 1]).columns("total") | {
        "source_id": source_id,
        "row_number": number,
        "publisher": values["publisher"] or UNNAMED_PUBLISHER,
        "cpv": "; ".join(code for code in codes if code) or None,
    }
    return tuple(values[name] for name in PIPELINE_ENTRY_HISTORY.names)


def _read_nonzero_amount(cell: str) -> ParsedCell:
    """Read an amount, treating zero as not reported: the form fills empty amounts with 0.00000."""
    amount = read_amount_cell(cell)
    return ParsedCell(None, "not_reported", collapse_spaces(cell)) if amount.value == 0 else amount


def _make_value_rows(number: int, cells: list[str], source_id: str) -> list[tuple[Any, ...]]:
    """Make a row for each year that has an amount, or a text that is not an amount."""
    rows = []
    for year, column in AMOUNT_COLUMN_BY_YEAR.items():
        amount = _read_nonzero_amount(cells[column - 1])
        if amount.state != "not_reported":
            values = {"source_id": source_id, "row_number": number, "fy": year, **amount.columns("amount")}
            rows.append(tuple(values[name] for name in PIPELINE_VALUE_HISTORY.names))
    return rows
