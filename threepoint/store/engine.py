"""Opens DuckDB through Ibis, with bounds on memory and threads. What one engine spells differently stands here alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.schema as sch

from threepoint.standard.model import Table

MEMORY = "600MB"  # of DuckDB's own; with Python, Arrow and the files in flight a build stays under 1 GB
THREADS = 2

# Ibis types by type of the standard.
IBIS: dict[str, Any] = {
    "id": dt.string,
    "text": dt.string,
    "code": dt.string,
    "list": dt.string,
    "any": dt.string,
    "integer": dt.int64,
    "number": dt.float64,
    "share": dt.float64,
    "money": dt.Decimal(18, 2),
    "boolean": dt.boolean,
    "date": dt.date,
    "timestamp": dt.Timestamp("UTC"),
    "key": dt.int64,
}


@contextmanager
def engine(scratch: Path, memory: str = MEMORY, threads: int = THREADS) -> Iterator[Any]:
    """An Ibis connection to an empty DuckDB that spills to `scratch`; closed when the block ends."""
    scratch.mkdir(parents=True, exist_ok=True)
    connection = ibis.duckdb.connect(
        memory_limit=memory, threads=threads, temp_directory=str(scratch), preserve_insertion_order=False
    )
    try:
        yield connection
    finally:
        connection.disconnect()


def schema_of(table: Table) -> sch.Schema:
    """The Ibis schema of a table of the standard."""
    return sch.Schema({field.name: IBIS[field.type] for field in table.fields})


def open_history(connection: Any, tables: Mapping[str, Table], files: Mapping[str, list[Path]]) -> dict[str, Any]:
    """Ibis tables over the history's Parquet files; a table without files is there and empty."""
    found = {}
    for name, table in tables.items():
        if files.get(name):
            found[name] = connection.read_parquet([str(path) for path in files[name]], table_name=f"history_{name}")
        else:
            found[name] = connection.create_table(f"history_{name}", schema=schema_of(table), temp=True)
    return found


def keep(connection: Any, name: str, expression: Any) -> Any:
    """The expression worked out now and kept in the engine under `name`, for those who read it more than once."""
    return connection.create_table(name, expression, temp=True, overwrite=True)


def write(connection: Any, table: Table, expression: Any, target: Path) -> int:
    """Writes a table's rows, its columns in order, sorted by key, as Parquet; the number of rows."""
    typed = expression.select(**{field.name: expression[field.name].cast(IBIS[field.type]) for field in table.fields})
    connection.to_parquet(typed.order_by(list(table.key)), str(target), compression="zstd", compression_level=1)
    counted = connection.con.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(target)]).fetchone()
    return int(counted[0] or 0)
