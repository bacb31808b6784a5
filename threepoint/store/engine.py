"""Runs SQL on DuckDB, with bounds on memory and threads. What one engine spells differently stands here alone.

The SQL of a build is written out beforehand from the rooms' Ibis expressions (`threepoint.plan`): Ibis takes about 4
CPU seconds to write it, which a load of 100,000 notices cannot afford each time.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from threepoint.errors import Problem
from threepoint.standard.model import Table

# Of DuckDB's own; what a build of a million notices needs is told in docs/decisions/0006.
MEMORY = os.environ.get("THREEPOINT_MEMORY") or "4GB"
THREADS = 1  # two share a core on small machines and cost half as much CPU again (docs/decisions/0006)
ROW_GROUP = 100_000  # rows

SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "list": "VARCHAR",
    "any": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "share": "DOUBLE",
    "money": "DECIMAL(18,2)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "key": "BIGINT",
}

Engine = duckdb.DuckDBPyConnection
Error = duckdb.Error
# No room on disk, or none in memory: what a person can give more of.
Full = (duckdb.IOException, duckdb.OutOfMemoryException)


@contextmanager
def engine(scratch: Path, memory: str = MEMORY, threads: int = THREADS) -> Iterator[Engine]:
    """A connection to an empty DuckDB that spills to `scratch`; closed when the block ends."""
    scratch.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "memory_limit": memory,
        "threads": threads,
        "temp_directory": str(scratch),
        "preserve_insertion_order": False,
    }
    connection = duckdb.connect(config=config)
    try:
        yield connection
    finally:
        connection.close()


def open_history(connection: Engine, tables: Mapping[str, Table], files: Mapping[str, Sequence[Path]]) -> None:
    """Makes a view `history_…` of each history table's Parquet files; a table without files is there and empty."""
    for name, table in tables.items():
        if files.get(name):
            paths = ", ".join(_quoted(path) for path in files[name])
            connection.execute(f'CREATE VIEW "history_{name}" AS SELECT * FROM read_parquet([{paths}])')
        else:
            columns = ", ".join(f'"{field.name}" {SQL_TYPES[field.type]}' for field in table.fields)
            connection.execute(f'CREATE TABLE "history_{name}" ({columns})')


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def keep(connection: Engine, name: str, sql: str) -> None:
    """Works a query out now and keeps its rows under `name`."""
    try:
        connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')
    except duckdb.OutOfMemoryException:
        raise Problem(
            f"the step {name} needs more than {MEMORY} of memory; set THREEPOINT_MEMORY, such as 8GB"
        ) from None


def put(connection: Engine, name: str, rows: pa.Table) -> None:
    """Keeps the rows of an Arrow table under `name`."""
    connection.register("put_rows", rows)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM put_rows')
    connection.unregister("put_rows")


def rows(connection: Engine, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return connection.execute(sql, list(values)).fetchall()


def write(connection: Engine, table: Table, source: str, target: Path) -> int:
    """Writes the rows kept under `source` as Parquet: the table's columns in order and type, sorted by its key. Their number."""
    columns = ", ".join(f'CAST("{field.name}" AS {SQL_TYPES[field.type]}) AS "{field.name}"' for field in table.fields)
    order = ", ".join(f'"{name}"' for name in table.key)
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP}"
    query = f'SELECT {columns} FROM "{source}" ORDER BY {order}'
    found = connection.execute(f"COPY ({query}) TO {_quoted(target)} ({options})").fetchone()
    return int(found[0]) if found else 0


def write_query(connection: Engine, query: str, target: Path, group: int = ROW_GROUP) -> None:
    """Writes the rows of a query, in its order, as Parquet with row groups of `group` rows."""
    options = f"FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {group}"
    connection.execute(f"COPY ({query}) TO {_quoted(target)} ({options})")


def write_csv(connection: Engine, query: str, target: Path) -> int:
    """Writes the rows of a query, in its order, as CSV (RFC 4180, UTF-8): nothing is a null, `""` an empty text. Their number."""
    options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\r\n'"
    found = connection.execute(f"COPY ({query}) TO {_quoted(target)} ({options})").fetchone()
    return int(found[0]) if found else 0


def keep_reader(connection: Engine, name: str, reader: Any, columns: str) -> None:
    """Keeps the rows of an Arrow reader under `name`; `columns` says in SQL which, and how."""
    connection.register("reader_rows", reader)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {columns} FROM reader_rows')
    connection.unregister("reader_rows")


def drop(connection: Engine, name: str) -> None:
    """Forgets what was kept under `name`."""
    connection.execute(f'DROP TABLE "{name}"')


@contextmanager
def reading() -> Iterator[Engine]:
    """A connection for reading one snapshot: small and on one thread, since many may read at once."""
    connection = duckdb.connect(config={"memory_limit": "256MB", "threads": 1})
    try:
        yield connection
    finally:
        connection.close()


def open_tables(connection: Engine, files: Mapping[str, Path]) -> None:
    """Makes a view of each Parquet file that is there, under its name."""
    for name, path in files.items():
        if path.exists():
            connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet({_quoted(path)})')


def dicts(connection: Engine, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query as name → value; times come with their zone, which DuckDB's own fetch cannot do alone."""
    found: list[dict[str, Any]] = connection.execute(sql, list(values)).to_arrow_table().to_pylist()
    return found


def ask(folder: Path, names: Sequence[str], sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of one query over a snapshot's tables, as name → value."""
    with reading() as connection:
        open_tables(connection, {name: folder / f"{name}.parquet" for name in names})
        return dicts(connection, sql, values)
