"""Rows to Arrow columns: money as pence to DECIMAL(18,2), dates as days, times as microseconds; and the Parquet schema."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any

import pyarrow as pa

from threepoint.standard.model import Field, Table


class _NoPandas(MetaPathFinder):
    """Answers one question of Arrow's with no."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
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
    """One column: pence, days and microseconds are whole numbers here and typed values in the array."""
    if field.type == "money":
        whole = pa.array(values, pa.int64())
        return pa.Array.from_buffers(_MONEY, len(whole), whole.buffers(), null_count=whole.null_count)
    if field.type == "date":
        return pa.array(values, pa.int32()).view(pa.date32())
    if field.type == "timestamp":
        return pa.array(values, pa.int64()).view(ARROW["timestamp"])
    return pa.array(values, ARROW[field.type])


def to_arrow(table: Table, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows (tuples in the order of the table's columns) as one Arrow table."""
    columns = zip(*rows, strict=True) if rows else [[] for _ in table.fields]
    arrays = [column(field, values) for field, values in zip(table.fields, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema(table))
