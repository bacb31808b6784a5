"""HM Treasury's payments over £25,000 as JSON: `metadata` about the file, and `data` with one object a payment."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from threepoint.read.csv_tables import ROWS_A_READING, put
from threepoint.read.read_context import Task
from threepoint.read.read_result import Quarantined, Reading
from threepoint.read.spend.column_headings import field_of, is_heading
from threepoint.read.spend.payment_rows import POUNDS, line
from threepoint.read.table_cells import order_of, said
from threepoint.read.value_parsing import decoded

LONGEST = 40  # digits of a number that is written out


def recognise(data: bytes) -> bool:
    """Whether a JSON document lists payments, told from the first of them."""
    try:
        told = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        first = msgspec.json.decode(told["data"], type=list[msgspec.Raw])[0]
        names = list(msgspec.json.decode(first, type=dict[str, msgspec.Raw]))
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, IndexError, RecursionError):
        return False
    return "metadata" in told and is_heading(names)


def read(data: bytes, task: Task) -> Iterator[Reading]:
    """The payments of one document as rows of `spend_line`; a row's number is its place in `data`, from 1."""
    told = decoded(data)
    entries = list(enumerate(told["data"], start=1))
    payments = [(number, entry) for number, entry in entries if isinstance(entry, dict)]
    others = [number for number, entry in entries if not isinstance(entry, dict)]
    unknown = {name for _, entry in payments for name in entry if field_of(name) is None}
    notes = [f"the name {name!r} is not known and was left out" for name in sorted(unknown)]
    lost = [Quarantined(f"entry {number}: a JSON object belongs here", 0, 0, b"") for number in others]
    yield Reading({}, quarantined=lost, notes=notes)
    yield from _readings([(number, _cells(entry)) for number, entry in payments], told["metadata"], task)


def _readings(payments: list[tuple[int, dict[str, str]]], about: Any, task: Task) -> Iterator[Reading]:
    about = about if isinstance(about, dict) else {}
    publisher, currency = said(_text(about.get("publisher"))), said(_text(about.get("currency"))) or POUNDS
    orders = {"": order_of(cell.get("date", "") for _, cell in payments)}
    for start in range(0, len(payments), ROWS_A_READING):
        reading = Reading({"spend_line": []})
        for number, cell in payments[start : start + ROWS_A_READING]:
            put(reading, "spend_line", line(number, cell, orders, task.source_id, publisher, currency))
        yield reading


def _cells(entry: Mapping[str, Any]) -> dict[str, str]:
    named = {name: field_of(name) for name in entry}
    return {field: _text(entry[name]) for name, field in reversed(named.items()) if field}


def _text(value: Any) -> str:
    """A value as its cell would show it; a number with a great exponent stays as it is written."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < LONGEST:
        return f"{value:f}"
    return "" if value is None else str(value)
