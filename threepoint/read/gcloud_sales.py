"""Read G-Cloud sales reported by suppliers: one row per supplier, customer and month (Cabinet Office, 2012 to 2014)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from threepoint.read.csv_tables import CsvTable, list_fitting_rows, match_columns, normalise_heading, read_rows
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import ReadResult
from threepoint.read.table_cells import (
    collapse_spaces,
    detect_date_order,
    read_amount_cell,
    read_date_cell,
    read_text_cell,
)
from threepoint.read.total_rows import ListFields, find_total_rows
from threepoint.standard.publishers import GCLOUD_PUBLISHER
from threepoint.standard.tables_payments import SALE_HISTORY

# By normalised heading; other columns are not read.
FIELD_BY_HEADING = {
    "id": "sale_number",
    "framework": "framework",
    "lotdescription": "lot",
    "suppliername": "supplier_name",
    "customername": "customer_name",
    "returnmonth": "month",
    "projectnameanddescription": "description",
    "evidencedspend": "amount",
    "sector": "sector",
    "smeorlarge": "supplier_size",
}
REQUIRED_HEADINGS = {"suppliername", "customername", "evidencedspend"}
_COLUMN_NAMES = SALE_HISTORY.names
TEXT_FIELDS = ("framework", "lot", "supplier_name", "customer_name", "description", "sector", "supplier_size")

SALE_LIST_FIELDS = ListFields(
    payees=frozenset({"supplier_name", "customer_name"}),
    numbers=frozenset({"description"}),
    dates=frozenset({"month"}),
    list_details=frozenset({"sale_number"}),
    amounts=frozenset({"amount"}),
    amount=lambda cells: cells.get("amount", ""),
)


def matches_format(beginning: CsvTable) -> bool:
    """Return True if a file with this beginning lists G-Cloud sales."""
    return any(set(map(normalise_heading, cells)) >= REQUIRED_HEADINGS for _, cells in beginning.first()[:1])


def read_table(csv_table: CsvTable, task: ReadContext) -> Iterator[ReadResult]:
    """Read one file as rows of `sale`; the columns may be in any order."""
    columns = match_columns(csv_table.first()[0], lambda heading: FIELD_BY_HEADING.get(normalise_heading(heading)))
    read_list = partial(list_fitting_rows, csv_table, columns)
    totals = find_total_rows(read_list, columns.places, SALE_LIST_FIELDS)
    order = detect_date_order({cells.get("month", "") for _, cells in read_list()})
    make_row = totals.exclude_from(partial(_make_row, order=order, source_id=task.source_id))
    yield ReadResult({}, notes=totals.notes)
    yield from read_rows(csv_table, columns, "sale", make_row)


def _make_row(number: int, cell: dict[str, str], order: str, source_id: str) -> tuple[Any, ...]:
    values = {
        "source_id": source_id,
        "row_number": number,
        "publisher": GCLOUD_PUBLISHER,
        "sale_number": collapse_spaces(cell.get("sale_number", "")) or None,
        **{name: read_text_cell(cell.get(name)) for name in TEXT_FIELDS},
        **read_date_cell(cell.get("month", ""), order).columns("month"),
        **read_amount_cell(cell.get("amount", "")).columns("amount"),
    }
    return tuple(values[name] for name in _COLUMN_NAMES)
