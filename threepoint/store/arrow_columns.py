"""Rows to Arrow columns: money to DECIMAL(18,2), dates and times to their types, texts without e-mail addresses."""

import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any

import numpy as np
import pyarrow as pa

from threepoint.standard.amounts import normalise_to_pence
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.email_redaction import scrub_text


class _PandasBlocker(MetaPathFinder):
    """Answers one question of Arrow's with no."""

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "pandas":
            raise ImportError(name)


def _skip_pandas_import() -> None:
    """Lets the first `pa.array` look for pandas in vain: the look costs 0.4 CPU seconds, and we give it lists only.

    Arrow looks again when someone asks for `to_pandas`, so nothing is lost.
    """
    if "pandas" not in sys.modules:
        finder = _PandasBlocker()
        sys.meta_path.insert(0, finder)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(finder)


_skip_pandas_import()

_AT_SIGN_PATTERN = re.compile(b"@|%(?:25)*40|&(?:#0*64|#[xX]0*40|commat);")  # also as links and HTML spell it
_AT_SIGN_FIRST_BYTES = np.frombuffer(b"@%&", np.uint8)  # what each of these begins with
ROUNDING_TOLERANCE_PENCE = 0.25  # of a penny
MAX_EXACT_PENCE = 1e15  # pence: beyond, a product with 100 may be off by a penny
_MONEY_TYPE = pa.decimal64(18, 2)  # Parquet keeps it as INT64, every reader sees DECIMAL(18,2)
ARROW_TYPES: dict[str, Any] = {
    "id": pa.string(),
    "text": pa.string(),
    "code": pa.string(),
    "list": pa.string(),
    "any": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "money": _MONEY_TYPE,
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "key": pa.int64(),
}


def create_arrow_schema(table: TableDefinition) -> pa.Schema:
    """The Arrow schema that the table's Parquet files have."""
    return pa.schema([pa.field(field.name, ARROW_TYPES[field.type]) for field in table.fields])


def create_arrow_column(field: FieldDefinition, values: Sequence[Any]) -> pa.Array:
    """One column of typed values: days and microseconds are whole numbers, money is pence (int) or pounds (float, Decimal)."""
    if field.type == "money":
        whole = _convert_to_pence(values)
        return pa.Array.from_buffers(_MONEY_TYPE, len(whole), whole.buffers(), null_count=whole.null_count)
    if field.type == "date":
        return pa.array(values, pa.int32()).view(pa.date32())
    if field.type == "timestamp":
        return pa.array(values, pa.int64()).view(ARROW_TYPES["timestamp"])
    made = pa.array(values, ARROW_TYPES[field.type])
    return _redact_emails(made) if made.type == pa.string() else made


def _convert_to_pence(values: Sequence[Any]) -> pa.Array:
    """Amounts as whole pence. Floats go through numpy: a product with 100 is off by far less than a quarter of a penny,
    so only amounts with parts of a penny, and those that are no floats, are worked out one by one."""
    other = [place for place, value in enumerate(values) if value.__class__ is not float and value is not None]
    floats = [value if value.__class__ is float else None for value in values] if other else values
    pounds = pa.array(floats, pa.float64())
    missing = pounds.is_null().to_numpy(zero_copy_only=False)
    scaled = pounds.fill_null(0.0).to_numpy() * 100.0
    rounded = np.rint(scaled)
    whole = rounded.astype(np.int64)
    unsure = np.flatnonzero(
        (np.abs(scaled - rounded) >= ROUNDING_TOLERANCE_PENCE) | (np.abs(rounded) >= MAX_EXACT_PENCE)
    )
    for place in (*unsure, *other):
        whole[place], missing[place] = normalise_to_pence(values[place]), False
    return pa.array(whole, mask=missing)


def _redact_emails(made: pa.Array) -> pa.Array:
    """The texts with e-mail addresses taken out: here, since every text passes here and no field can be forgotten."""
    held = made.buffers()[2]
    if held is None or not _may_contain_at_sign(np.frombuffer(held, np.uint8)) or not _AT_SIGN_PATTERN.search(held):
        return made
    return pa.array([text if text is None else scrub_text(text) for text in made.to_pylist()], pa.string())


def _may_contain_at_sign(text: Any) -> bool:
    """Whether one of the signs is in a text given as bytes: numpy looks ten times as fast as a regular expression."""
    return any((text == sign).any() for sign in _AT_SIGN_FIRST_BYTES)


def create_arrow_table(table: TableDefinition, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows (tuples in the order of the table's columns) as one Arrow table."""
    columns = zip(*rows, strict=True) if rows else [[] for _ in table.fields]
    arrays = [create_arrow_column(field, values) for field, values in zip(table.fields, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=create_arrow_schema(table))
