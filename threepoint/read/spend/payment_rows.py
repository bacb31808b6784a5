"""Make a row of `spend_line` from one line of a list of payments."""

import re
from collections.abc import Mapping
from typing import Any

from threepoint.read.read_result import SkippedItem
from threepoint.read.table_cells import collapse_spaces, read_amount_cell, read_date_cell, read_text_cell
from threepoint.read.total_rows import ListFields
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.standard.tables_payments import SPEND_LINE

SKIPPED_REMARK = SkippedItem("remark in a list", "it has no amount, date or supplier")
DEFAULT_CURRENCY = "GBP"

_COLUMN_NAMES = SPEND_LINE.names
_TEXT_FIELDS = (
    "payer_family", "payer_name", "payer_code", "expense_type", "expense_area", "supplier_name", "supplier_postcode",
    "supplier_type", "supplier_vat", "transaction_number", "their_reference", "contract_number", "project_code",
    "description", "item_text", "published_in",
)  # fmt: skip
_FOREIGN_AMOUNT_PATTERN = re.compile(r"amount_(eur|usd)")
_PERIOD_FIELDS = ("month", "year", "period")
_PAYMENT_FIELDS = ("date", "transaction_date", "supplier_name")
_CURRENCY_BY_NAME = {
    "£": "GBP", "STERLING": "GBP", "POUNDS": "GBP", "POUNDS STERLING": "GBP", "€": "EUR", "EURO": "EUR", "EUROS": "EUR",
}  # fmt: skip


def select_amount(cell: Mapping[str, str], list_currency: str = DEFAULT_CURRENCY) -> tuple[str, str | None]:
    """Return the cell of the amount and its currency; None if the file has only a foreign amount without its currency.

    An amount in pounds takes precedence. An amount whose heading names no currency is in the currency that its row gives,
    unless another column has the amount in that currency.
    """
    row_currency = collapse_spaces(cell.get("currency", "")).upper()
    row_currency = _CURRENCY_BY_NAME.get(row_currency, row_currency)
    plain_currency = list_currency if "amount_foreign" in cell or not row_currency else row_currency
    amounts: dict[str, str | None] = {
        "amount_gbp": DEFAULT_CURRENCY,
        "amount": plain_currency,
        "amount_net": plain_currency,
    }
    amounts |= {name: name[-3:].upper() for name in cell if _FOREIGN_AMOUNT_PATTERN.fullmatch(name)}
    amounts |= {"amount_foreign": row_currency or None}
    return next(
        ((cell[name], currency) for name, currency in amounts.items() if cell.get(name, "").strip()),
        ("", list_currency),
    )


def make_payment_row(
    number: int, cell: Mapping[str, str], orders: Mapping[str, str], source_id: str, publisher: str | None = None,
    currency: str = DEFAULT_CURRENCY,
) -> tuple[Any, ...] | SkippedItem:  # fmt: skip
    """Make a row of `spend_line`; return a SkippedItem for a remark, which is not a payment.

    `cell` has the text of each field. `orders` gives the date order of the file, or of the file that a compilation took the
    line from. Without a `publisher`, the payer is the publisher.
    """
    amount, amount_currency = select_amount(cell, currency)
    if not amount.strip() and not any(cell.get(name, "").strip() for name in _PAYMENT_FIELDS):
        return SKIPPED_REMARK
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
        **read_amount_cell(amount).columns("amount"),
        **read_amount_cell(cell.get("irrecoverable_vat", "")).columns("irrecoverable_vat"),
        "currency": amount_currency,
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


PAYMENT_LIST_FIELDS = ListFields(
    payees=frozenset({"supplier_name"}),
    numbers=frozenset({"transaction_number", "their_reference", "contract_number", "description", "item_text"}),
    dates=frozenset({"date", "transaction_date"}),
    list_details=frozenset({"payer_family", "payer_name", "payer_code", "published_in", *_PERIOD_FIELDS}),
    amounts=frozenset(
        {
            "amount",
            "amount_net",
            "amount_gbp",
            "amount_eur",
            "amount_usd",
            "amount_foreign",
            "currency",
            "irrecoverable_vat",
        }
    ),
    amount=lambda cell: select_amount(cell)[0],
)
