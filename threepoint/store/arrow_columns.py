"""Rows to Arrow columns: money to DECIMAL(18,2), dates and times to their types, texts without e-mail addresses."""

import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any

import numpy as np
import pyarrow as pa

from threepoint.standard.amounts import pence
from threepoint.standard.definition import Field, Table
from threepoint.standard.email_redaction import scrub_text


class _NoPandas(MetaPathFinder):
    """Answers one question of Arrow's with no."""

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "pandas":
            raise ImportError(name)


def _spare_pandas() -> None:
    """Lets the first `pa.array` look for pandas in vain: the look costs 0.4 CPU seconds, and we give it lists only.

    Arrow looks again when someone asks for `to_pandas`, so nothing is lost.
    """
    if "pandas" not in sys.modules:
        finder = _NoPandas()
        sys.meta_path.insert(0, finder)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(finder)


_spare_pandas()

_AT = re.compile(b"@|%(?:25)*40|&(?:#0*64|#[xX]0*40|commat);")  # also as links and HTML spell it
_SIGNS = np.frombuffer(b"@%&", np.uint8)  # what each of these begins with
PART = 0.25  # of a penny
MOST_SURE = 1e15  # pence: beyond, a product with 100 may be off by a penny
_MONEY = pa.decimal64(18, 2)  # Parquet keeps it as INT64, every reader sees DECIMAL(18,2)
ARROW: dict[str, Any] = {
    "id": pa.string(),
    "text": pa.string(),
    "code": pa.string(),
    "list": pa.string(),
    "any": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "money": _MONEY,
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "key": pa.int64(),
}


def schema(table: Table) -> pa.Schema:
    """The Arrow schema that the table's Parquet files have."""
    return pa.schema([pa.field(field.name, ARROW[field.type]) for field in table.fields])


def column(field: Field, values: Sequence[Any]) -> pa.Array:
    """One column of typed values: days and microseconds are whole numbers, money is pence (int) or pounds (float, Decimal)."""
    if field.type == "money":
        whole = _pence(values)
        return pa.Array.from_buffers(_MONEY, len(whole), whole.buffers(), null_count=whole.null_count)
    if field.type == "date":
        return pa.array(values, pa.int32()).view(pa.date32())
    if field.type == "timestamp":
        return pa.array(values, pa.int64()).view(ARROW["timestamp"])
    made = pa.array(values, ARROW[field.type])
    return _without_addresses(made) if made.type == pa.string() else made


def _pence(values: Sequence[Any]) -> pa.Array:
    """Amounts as whole pence. Floats go through numpy: a product with 100 is off by far less than a quarter of a penny,
    so only amounts with parts of a penny, and those that are no floats, are worked out one by one."""
    other = [place for place, value in enumerate(values) if value.__class__ is not float and value is not None]
    floats = [value if value.__class__ is float else None for value in values] if other else values
    pounds = pa.array(floats, pa.float64())
    missing = pounds.is_null().to_numpy(zero_copy_only=False)
    scaled = pounds.fill_null(0.0).to_numpy() * 100.0
    rounded = np.rint(scaled)
    whole = rounded.astype(np.int64)
    unsure = np.flatnonzero((np.abs(scaled - rounded) >= PART) | (np.abs(rounded) >= MOST_SURE))
    for place in (*unsure, *other):
        whole[place], missing[place] = pence(values[place]), False
    return pa.array(whole, mask=missing)


def _without_addresses(made: pa.Array) -> pa.Array:
    """The texts with e-mail addresses taken out: here, since every text passes here and no field can be forgotten."""
    held = made.buffers()[2]
    if held is None or not _may_hold(np.frombuffer(held, np.uint8)) or not _AT.search(held):
        return made
    return pa.array([text if text is None else scrub_text(text) for text in made.to_pylist()], pa.string())


def _may_hold(text: Any) -> bool:
    """Whether one of the signs is in a text given as bytes: numpy looks ten times as fast as a regular expression."""
    return any((text == sign).any() for sign in _SIGNS)


def to_arrow(table: Table, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows (tuples in the order of the table's columns) as one Arrow table."""
    columns = zip(*rows, strict=True) if rows else [[] for _ in table.fields]
    arrays = [column(field, values) for field, values in zip(table.fields, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema(table))
