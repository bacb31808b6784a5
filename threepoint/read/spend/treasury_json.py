"""Read HM Treasury's payments over £25,000 as JSON: `metadata` about the file, and `data` with one object per payment."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec

from threepoint.read.csv_tables import MAX_ROWS_PER_RESULT, add_row
from threepoint.read.read_context import ReadContext
from threepoint.read.read_result import QuarantinedPart, ReadResult
from threepoint.read.spend.column_headings import find_field, is_heading_row
from threepoint.read.spend.payment_rows import DEFAULT_CURRENCY, PAYMENT_LIST_FIELDS, make_payment_row
from threepoint.read.table_cells import detect_date_order, read_text_cell
from threepoint.read.total_rows import find_total_rows
from threepoint.read.value_parsing import decode_json

MAX_PLAIN_DIGITS = 40  # a number with more digits is not written out in full


def is_payment_list(data: bytes) -> bool:
    """Return True if the first entry of a JSON document is a payment."""
    try:
        document = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        first = msgspec.json.decode(document["data"], type=list[msgspec.Raw])[0]
        names = list(msgspec.json.decode(first, type=dict[str, msgspec.Raw]))
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, IndexError, RecursionError):
        return False
    return "metadata" in document and is_heading_row(names)


def read_payments(data: bytes, task: ReadContext) -> Iterator[ReadResult]:
    """Read one document as rows of `spend_line`; a row's number is its place in `data`, from 1."""
    document = decode_json(data)
    entries = list(enumerate(document["data"], start=1))
    payments = [(number, entry) for number, entry in entries if isinstance(entry, dict)]
    other_numbers = [number for number, entry in entries if not isinstance(entry, dict)]
    unknown = {name for _, entry in payments for name in entry if find_field(name) is None}
    notes = [f"the name {name!r} is not known and was left out" for name in sorted(unknown)]
    quarantined = [
        QuarantinedPart(f"entry {number}: a JSON object belongs here", 0, 0, b"") for number in other_numbers
    ]
    yield ReadResult({}, quarantined=quarantined, notes=notes)
    yield from _read_batches([(number, _make_cells(entry)) for number, entry in payments], document["metadata"], task)


def _read_batches(payments: list[tuple[int, dict[str, str]]], metadata: Any, task: ReadContext) -> Iterator[ReadResult]:
    metadata = metadata if isinstance(metadata, dict) else {}
    publisher, currency = (
        read_text_cell(_format_value(metadata.get("publisher"))),
        read_text_cell(_format_value(metadata.get("currency"))) or DEFAULT_CURRENCY,
    )
    orders = {"": detect_date_order(cell.get("date", "") for _, cell in payments)}
    fields = {name for _, cell in payments for name in cell}
    totals = find_total_rows(lambda: payments, fields, PAYMENT_LIST_FIELDS)
    yield ReadResult({}, notes=totals.notes)
    make_row = totals.exclude_from(
        partial(make_payment_row, orders=orders, source_id=task.source_id, publisher=publisher, currency=currency)
    )
    for start in range(0, len(payments), MAX_ROWS_PER_RESULT):
        result = ReadResult({"spend_line": []})
        for number, cell in payments[start : start + MAX_ROWS_PER_RESULT]:
            add_row(result, "spend_line", make_row(number, cell))
        yield result


def _make_cells(entry: Mapping[str, Any]) -> dict[str, str]:
    field_by_name = {name: find_field(name) for name in entry}
    return {field: _format_value(entry[name]) for name, field in reversed(field_by_name.items()) if field}


def _format_value(value: Any) -> str:
    """Format a value as a cell would show it; a number with a large exponent is not written out."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < MAX_PLAIN_DIGITS:
        return f"{value:f}"
    return "" if value is None else str(value)
