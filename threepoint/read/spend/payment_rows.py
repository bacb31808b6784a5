"""One line of a list of payments to one row of `spend_line`."""

import re
from collections.abc import Mapping
from typing import Any

from threepoint.read.read_result import PassedOver
from threepoint.read.table_cells import amount, day, said
from threepoint.standard.publishers import NO_NAME
from threepoint.standard.tables_payments import SPEND_LINE

SUM = PassedOver("sum below a list", "it adds up the payments above it")
REMARK = PassedOver("remark in a list", "it has no amount, date or supplier")
POUNDS = "GBP"

_SUM = re.compile(r"((grand|sub) ?)?-?totals?:?", re.IGNORECASE)
_COLUMNS = SPEND_LINE.names
_TEXTS = (
    "payer_family", "payer_name", "payer_code", "expense_type", "expense_area", "supplier_name", "supplier_postcode",
    "supplier_type", "supplier_vat", "transaction_number", "their_reference", "contract_number", "project_code",
    "description", "item_text", "published_in",
)  # fmt: skip
_PERIOD = ("month", "year", "period")
_PAYMENT = ("amount", "date", "supplier_name")


def line(
    number: int, cell: Mapping[str, str], orders: Mapping[str, str], source_id: str, publisher: str | None = None,
    currency: str = POUNDS,
) -> tuple[Any, ...] | PassedOver:  # fmt: skip
    """A row of `spend_line`; PassedOver for a sum or a remark, which is no payment.

    `cell` has the text of each field; `orders` says how the file (or the file that a compilation took the line from)
    writes numeric dates. Without a `publisher` it is whoever paid.
    """
    if beside := _beside(cell):
        return beside
    texts = {name: said(cell[name]) if name in cell else None for name in _TEXTS}
    when, other = _dates(cell)
    order = orders.get(cell.get("published_in", "").strip(), "unsaid")
    payer = texts["payer_name"] or texts["payer_code"] or texts["payer_family"]
    values = {
        "source_id": source_id,
        "row_number": number,
        "publisher": publisher or payer or NO_NAME,
        **texts,
        **day(when, order).columns("date"),
        **amount(cell.get("amount", "")).columns("amount"),
        "currency": currency,
        "transaction_other": said(other),
        "period": "; ".join(text for name in _PERIOD if (text := said(cell.get(name)))) or None,
    }
    return tuple(values[name] for name in _COLUMNS)


def _dates(cell: Mapping[str, str]) -> tuple[str, str]:
    """The date of payment, and what else is said of the transaction (its type, or a second date)."""
    when, second = cell.get("date", ""), cell.get("transaction_date", "")
    kind = cell.get("transaction_type", "")
    return (when, kind or second) if "date" in cell else (second, kind)


def _beside(cell: Mapping[str, str]) -> PassedOver | None:
    filled = {name: text.strip() for name, text in cell.items() if text.strip()}
    others = [text for name, text in filled.items() if name not in ("amount", "published_in")]
    if filled.get("amount") and all(map(_SUM.fullmatch, others)):
        return SUM
    return None if any(filled.get(name) for name in (*_PAYMENT, "transaction_date")) else REMARK
