"""G-Cloud sales as suppliers reported them: one row a supplier, customer and month (Cabinet Office, 2012 to 2014)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from threepoint.read.csv_tables import Sheet, columns, decode, letters, readings
from threepoint.read.read_context import Task
from threepoint.read.read_result import Reading
from threepoint.read.table_cells import amount, day, order_of, said, squash
from threepoint.standard.publishers import GCLOUD
from threepoint.standard.tables_payments import SALE

# Heading, in letters alone, of each column: its field. What is not here is not read.
HEADINGS = {
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
TELLING = {"suppliername", "customername", "evidencedspend"}
_COLUMNS = SALE.names
TEXTS = ("framework", "lot", "supplier_name", "customer_name", "description", "sector", "supplier_size")


def recognise(head: str) -> bool:
    """Whether a file that begins with `head` is a file of G-Cloud sales."""
    return any(set(map(letters, cells)) >= TELLING for _, cells in Sheet(head).first()[:1])


def read(data: bytes, task: Task) -> Iterator[Reading]:
    """The rows of one file as rows of `sale`; the columns may stand in any order."""
    page = Sheet(decode(data))
    under = columns(page.first()[0], lambda heading: HEADINGS.get(letters(heading)))
    order = order_of({under.cells(cells).get("month", "") for _, cells in page.rows()})
    yield from readings(page, under, "sale", partial(_row, order=order, source_id=task.source_id))


def _row(number: int, cell: dict[str, str], order: str, source_id: str) -> tuple[Any, ...]:
    values = {
        "source_id": source_id,
        "row_number": number,
        "publisher": GCLOUD,
        "sale_number": squash(cell.get("sale_number", "")) or None,
        **{name: said(cell.get(name)) for name in TEXTS},
        **day(cell.get("month", ""), order).columns("month"),
        **amount(cell.get("amount", "")).columns("amount"),
    }
    return tuple(values[name] for name in _COLUMNS)
