"""Convert rows to Arrow columns: money to DECIMAL(18,2), dates and times to their types, texts without e-mail addresses."""

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
    """Import hook that makes PyArrow think pandas is not installed."""

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "pandas":
            raise ImportError(name)


def _skip_pandas_import() -> None:
    """Stop the first `pa.array` from importing pandas, which takes 0.4 CPU seconds and is not needed for lists.

    Arrow tries the import again for `to_pandas`, which still works.
    """
    if "pandas" not in sys.modules:
        finder = _PandasBlocker()
        sys.meta_path.insert(0, finder)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(finder)


_skip_pandas_import()

_AT_SIGN_PATTERN = re.compile(b"@|%(?:25)*40|&(?:#0*64|#[xX]0*40|commat);")  # also as encoded in links and HTML
_AT_SIGN_FIRST_BYTES = np.frombuffer(b"@%&", np.uint8)
ROUNDING_TOLERANCE_PENCE = 0.25
MAX_EXACT_PENCE = 1e15  # above this, multiplying pounds by 100 can be off by a penny
_MONEY_TYPE = pa.decimal64(18, 2)  # Parquet stores it as INT64; readers see DECIMAL(18,2)
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
    """Return the Arrow schema of a table's Parquet files."""
    return pa.schema([pa.field(field.name, ARROW_TYPES[field.type]) for field in table.fields])


def create_arrow_column(field: FieldDefinition, values: Sequence[Any]) -> pa.Array:
    """Return an Arrow column. Dates are days and times microseconds, as int; money is pence (int) or pounds (float, Decimal)."""
    if field.type == "money":
        pence = _convert_to_pence(values)
        return pa.Array.from_buffers(_MONEY_TYPE, len(pence), pence.buffers(), null_count=pence.null_count)
    if field.type == "date":
        return pa.array(values, pa.int32()).view(pa.date32())
    if field.type == "timestamp":
        return pa.array(values, pa.int64()).view(ARROW_TYPES["timestamp"])
    column = pa.array(values, ARROW_TYPES[field.type])
    return _redact_emails(column) if column.type == pa.string() else column


def _convert_to_pence(values: Sequence[Any]) -> pa.Array:
    """Return amounts as whole pence.

    Numpy converts floats: multiplying them by 100 is off by far less than a quarter of a penny. So only amounts with
    fractions of a penny, and values that are not floats, are converted one by one.
    """
    other_places = [place for place, value in enumerate(values) if value.__class__ is not float and value is not None]
    floats = [value if value.__class__ is float else None for value in values] if other_places else values
    pounds = pa.array(floats, pa.float64())
    missing = pounds.is_null().to_numpy(zero_copy_only=False)
    scaled = pounds.fill_null(0.0).to_numpy() * 100.0
    rounded = np.rint(scaled)
    pence = rounded.astype(np.int64)
    uncertain_places = np.flatnonzero(
        (np.abs(scaled - rounded) >= ROUNDING_TOLERANCE_PENCE) | (np.abs(rounded) >= MAX_EXACT_PENCE)
    )
    for place in (*uncertain_places, *other_places):
        pence[place], missing[place] = normalise_to_pence(values[place]), False
    return pa.array(pence, mask=missing)


def _redact_emails(column: pa.Array) -> pa.Array:
    # Done here because every text is converted here, so no field can be forgotten.
    text = column.buffers()[2]
    if text is None or not _may_contain_at_sign(np.frombuffer(text, np.uint8)) or not _AT_SIGN_PATTERN.search(text):
        return column
    return pa.array([value if value is None else scrub_text(value) for value in column.to_pylist()], pa.string())


def _may_contain_at_sign(text: Any) -> bool:
    # On bytes, numpy searches ten times as fast as a regular expression.
    return any((text == byte).any() for byte in _AT_SIGN_FIRST_BYTES)


def create_arrow_table(table: TableDefinition, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Return rows (tuples in the order of the table's columns) as an Arrow table."""
    columns = zip(*rows, strict=True) if rows else [[] for _ in table.fields]
    arrays = [create_arrow_column(field, values) for field, values in zip(table.fields, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=create_arrow_schema(table))
