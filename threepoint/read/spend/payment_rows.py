"""Make a row of `spend_line` from one line of a list of payments."""

import re
from collections.abc import Mapping
from typing import Any

from threepoint.read.read_result import SkippedItem
from threepoint.read.table_cells import read_amount_cell, read_date_cell, read_text_cell
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.standard.tables_payments import SPEND_LINE

SKIPPED_SUM = SkippedItem("sum below a list", "it adds up the payments above it")
SKIPPED_REMARK = SkippedItem("remark in a list", "it has no amount, date or supplier")
DEFAULT_CURRENCY = "GBP"

_SUM_PATTERN = re.compile(r"((grand|sub) ?)?-?totals?:?", re.IGNORECASE)
_COLUMN_NAMES = SPEND_LINE.names
_TEXT_FIELDS = (
    "payer_family", "payer_name", "payer_code", "expense_type", "expense_area", "supplier_name", "supplier_postcode",
    "supplier_type", "supplier_vat", "transaction_number", "their_reference", "contract_number", "project_code",
    "description", "item_text", "published_in",
)  # fmt: skip
_PERIOD_FIELDS = ("month", "year", "period")
_PAYMENT_FIELDS = ("amount", "date", "supplier_name")


def make_payment_row(
    number: int, cell: Mapping[str, str], orders: Mapping[str, str], source_id: str, publisher: str | None = None,
    currency: str = DEFAULT_CURRENCY,
) -> tuple[Any, ...] | SkippedItem:  # fmt: skip
    """Make a row of `spend_line`; return a SkippedItem for a sum or a remark, which is not a payment.

    `cell` has the text of each field. `orders` gives the date order of the file, or of the file that a compilation took the
    line from. Without a `publisher`, the payer is the publisher.
    """
    if skipped := _detect_non_payment(cell):
        return skipped
    texts = {name: read_text_cell(cell[name]) if name in cell else None for name in _TEXT_FIELDS}
    payment_date, other_details = _select_dates(cell)
    order = orders.get(cell.get("published_in", "").strip(), "unknown")
    payer = texts["payer_name"] or texts["payer_code"] or texts["payer_family"]
    values = {
        "source_id": source_id,
        "row_number": number,
        "publisher": publisher or payer or UNNAMED_PUBLISHER,
        **texts,
        **read_date_cell(payment_date, order).columns("date"),
        **read_amount_cell(cell.get("amount", "")).columns("amount"),
        "currency": currency,
        "transaction_other": read_text_cell(other_details),
        "period": "; ".join(text for name in _PERIOD_FIELDS if (text := read_text_cell(cell.get(name)))) or None,
    }
    return tuple(values[name] for name in _COLUMN_NAMES)


def _select_dates(cell: Mapping[str, str]) -> tuple[str, str]:
    """Return the payment date, and the other details of the transaction (its type, or a second date)."""
    payment_date, transaction_date = cell.get("date", ""), cell.get("transaction_date", "")
    transaction_type = cell.get("transaction_type", "")
    return (
        (payment_date, transaction_type or transaction_date) if "date" in cell else (transaction_date, transaction_type)
    )


def _detect_non_payment(cell: Mapping[str, str]) -> SkippedItem | None:
    filled = {name: text.strip() for name, text in cell.items() if text.strip()}
    other_texts = [text for name, text in filled.items() if name not in ("amount", "published_in")]
    if filled.get("amount") and all(map(_SUM_PATTERN.fullmatch, other_texts)):
        return SKIPPED_SUM
    return None if any(filled.get(name) for name in (*_PAYMENT_FIELDS, "transaction_date")) else SKIPPED_REMARK
