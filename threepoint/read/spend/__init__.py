"""Read payments over £25,000 published by departments and NHS bodies: CSV with varying headings, and the Treasury's JSON.

This module reads CSV; `treasury_json` reads JSON. Both use `payment_rows` to make rows of `spend_line`.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from threepoint.read.csv_tables import CsvTable, list_fitting_rows, match_columns, read_rows
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import ReadResult
from threepoint.read.spend.column_headings import find_field, is_heading_row
from threepoint.read.spend.payment_rows import PAYMENT_LIST_FIELDS, make_payment_row
from threepoint.read.table_cells import detect_date_order
from threepoint.read.total_rows import find_total_rows


def matches_format(beginning: CsvTable) -> bool:
    """Return True if a file with this beginning lists payments; there may be titles above the headings."""
    return any(is_heading_row(cells) for _, cells in beginning.first())


def read_table(csv_table: CsvTable, task: ReadContext) -> Iterator[ReadResult]:
    """Read one file as rows of `spend_line`, whatever the names, order and case of its columns."""
    columns = match_columns(next(row for row in csv_table.first() if is_heading_row(row[1])), find_field)
    read_list = partial(list_fitting_rows, csv_table, columns)
    totals = find_total_rows(read_list, columns.places, PAYMENT_LIST_FIELDS)
    make_row = partial(make_payment_row, orders=_detect_date_orders(read_list()), source_id=task.source_id)
    yield ReadResult({}, notes=totals.notes)
    yield from read_rows(csv_table, columns, "spend_line", totals.exclude_from(make_row))


def _detect_date_orders(rows: Iterable[tuple[int, dict[str, str]]]) -> dict[str, str]:
    """Return the date order of this file (under '') and of each file that a compilation was made from."""
    dates_by_file: dict[str, set[str]] = {"": set()}
    for _, cells in rows:
        dates_by_file.setdefault(cells.get("published_in", "").strip(), set()).add(cells.get("date", ""))
    return {name: detect_date_order(dates) for name, dates in dates_by_file.items()}
