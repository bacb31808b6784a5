"""Runs SQL on DuckDB, with bounds on memory and threads. What one engine spells differently stands here alone.

The SQL of a build is written out beforehand from the rooms' Ibis expressions (`threepoint.build_plan`): Ibis takes about 4
CPU seconds to write it, which a load of 100,000 notices cannot afford each time.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from threepoint.errors import MemoryLimitError, UserError
from threepoint.standard.definition import TableDefinition
from threepoint.store.os_errors import find_errno

# Of DuckDB's own; what a build of a million notices needs is told in docs/decisions/0007.
MEMORY_LIMIT = os.environ.get("THREEPOINT_MEMORY") or "550MB"
THREAD_COUNT = 1  # two share a core on small machines and cost half as much CPU again (docs/decisions/0006)
ROWS_PER_ROW_GROUP = 100_000  # rows
ROWS_PER_INSERT = 20_000  # rows put at a time

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

DuckDBConnection = duckdb.DuckDBPyConnection
DuckDBError = duckdb.Error
# No room on disk, or none in memory: what a person can give more of.
OUT_OF_SPACE_ERRORS = (duckdb.IOException, duckdb.OutOfMemoryException)


@contextmanager
def open_connection(
    scratch: Path, memory: str = MEMORY_LIMIT, threads: int = THREAD_COUNT
) -> Iterator[DuckDBConnection]:
    """A connection to an empty DuckDB that spills to `scratch`; closed when the block ends."""
    scratch.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "memory_limit": memory,
        "threads": threads,
        "temp_directory": str(scratch),
        "preserve_insertion_order": False,
    }
    try:
        connection = _set_utc(duckdb.connect(config=config))
    except duckdb.ParserException:
        raise UserError(f"THREEPOINT_MEMORY is {memory!r}, which is no size; give a number and its unit: 4GB") from None
    try:
        yield connection
    except duckdb.OutOfMemoryException as why:
        raise _explain_memory_error(why, f"this needs more than {memory}") from why
    finally:
        connection.close()


def create_table_view(connection: DuckDBConnection, name: str, table: TableDefinition, files: Sequence[Path]) -> None:
    """Makes a view `name` of a table's Parquet files; without files it is there and empty."""
    create_query_view(
        connection, name, f"SELECT * FROM {build_parquet_sql(files)}" if files else _select_no_rows(table)
    )


def create_history_views(
    connection: DuckDBConnection, tables: Mapping[str, TableDefinition], files: Mapping[str, Sequence[Path]]
) -> None:
    """Makes a view `history_…` of each history table."""
    for name, table in tables.items():
        create_table_view(connection, f"history_{name}", table, files.get(name, ()))


def create_parquet_view(connection: DuckDBConnection, name: str, files: Sequence[Path]) -> None:
    """Make a view `name` of Parquet files, in whatever columns they have."""
    create_query_view(connection, name, f"SELECT * FROM {build_parquet_sql(files)}")


def create_query_view(connection: DuckDBConnection, name: str, query: str) -> None:
    """Makes a view `name` of a query, which is worked out whenever the view is read."""
    connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query}')


def build_parquet_sql(files: Sequence[Path]) -> str:
    """SQL for the rows of Parquet files together."""
    return f"read_parquet([{', '.join(map(_quote_path, files))}], hive_partitioning = false)"


def list_nonempty_files(connection: DuckDBConnection, files: Iterable[Path]) -> set[Path]:
    """Return those of some Parquet files that have rows."""
    listed = ", ".join(map(_quote_path, files))
    found = query_rows(connection, f"SELECT file_name FROM parquet_file_metadata([{listed}]) WHERE num_rows > 0")
    return {Path(name) for (name,) in found}


def _quote_path(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def create_table(connection: DuckDBConnection, name: str, sql: str) -> int:
    """Run a query now and keep its rows under `name`. Return how many there are."""
    try:
        return int(query_rows(connection, f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')[0][0])
    except duckdb.OutOfMemoryException as why:
        raise _explain_memory_error(why, f"the step {name} needs more than {MEMORY_LIMIT}") from why


def _select_no_rows(table: TableDefinition) -> str:
    columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[field.type]}) AS "{field.name}"' for field in table.fields)
    return f"SELECT {columns} WHERE false"


def _explain_memory_error(why: duckdb.Error, what: str) -> Exception:
    """Too little memory, in words; the error itself where it was the disk to which memory is spilled."""
    return why if find_errno(str(why)) else MemoryLimitError(f"{what} of memory; set THREEPOINT_MEMORY, such as 4GB")


def select_nothing(connection: DuckDBConnection, name: str) -> str:
    """Return SQL that gives the columns of a table and no row."""
    columns = query_rows(connection, f'DESCRIBE "{name}"')
    return "SELECT " + ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind, *_ in columns) + " WHERE false"


def get_memory_megabytes(connection: DuckDBConnection) -> float:
    """Return how much memory the engine may use, in megabytes."""
    return float(query_rows(connection, "SELECT parse_formatted_bytes(current_setting('memory_limit'))")[0][0]) / 1e6


def drop_tables(connection: DuckDBConnection, names: Iterable[str]) -> None:
    """Forgets the rows kept under these names, and the memory they took."""
    for name in names:
        connection.execute(f'DROP TABLE "{name}"')


def divide_processes(connection: DuckDBConnection, parts: int) -> None:
    """Keeps part_of (release_key, part): the processes of `history_release` in so many parts, in the order of their ocids.

    The parts have about as many releases each.
    """
    create_table(connection, "part_of", _DIVIDE_PROCESSES_SQL.format(parts=parts))


_DIVIDE_PROCESSES_SQL = """
    WITH counted AS (SELECT ocid, count(*) AS n FROM history_release GROUP BY ocid),
    summed AS (SELECT ocid, n, sum(n) OVER (ORDER BY ocid) AS upto, sum(n) OVER () AS total FROM counted)
    SELECT release_key, CAST((upto - n) * {parts} // total AS INTEGER) AS part FROM history_release JOIN summed USING (ocid)
"""


def create_part_table(connection: DuckDBConnection, name: str, made: str, part: int) -> None:
    """Keeps under `made` those rows of `name` (with release_key) that are of one part."""
    create_table(connection, made, f'SELECT r.* FROM "{name}" r JOIN part_of USING (release_key) WHERE part = {part}')


def write_partitions(connection: DuckDBConnection, name: str, folder: Path) -> None:
    """Writes the rows of a history table into a folder a part, `part=0` and so on; rows of releases of no part are left out."""
    folder.mkdir(parents=True)
    query = f'SELECT h.*, part FROM "{name}" h JOIN part_of USING (release_key)'
    connection.execute(
        f"COPY ({query}) TO {_quote_path(folder)} (FORMAT parquet, PARTITION_BY (part), COMPRESSION lz4)"
    )


def write_scratch_parquet(connection: DuckDBConnection, name: str, target: Path) -> None:
    """Writes the rows kept under `name` to a file, as they are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f'COPY "{name}" TO {_quote_path(target)} (FORMAT parquet, COMPRESSION lz4)')


def rename_table(connection: DuckDBConnection, name: str, other: str) -> None:
    """Keeps the rows kept under `name` under another one."""
    connection.execute(f'ALTER TABLE "{name}" RENAME TO "{other}"')


def count_rows(connection: DuckDBConnection, name: str) -> int:
    """How many rows are kept under `name`."""
    return int(query_rows(connection, f'SELECT count(*) FROM "{name}"')[0][0])


def has_different_rows(connection: DuckDBConnection, one: str, other: str) -> bool:
    """Return whether a table or view has other rows than another one with the same columns."""
    same = f'SELECT 1 FROM (FROM "{one}" EXCEPT ALL FROM "{other}") LIMIT 1'
    return count_rows(connection, one) != count_rows(connection, other) or bool(query_rows(connection, same))


def create_table_from_columns(
    connection: DuckDBConnection,
    name: str,
    columns: Mapping[str, Sequence[Any]],
    kinds: Mapping[str, str] | None = None,
) -> None:
    """Keep the rows of some columns under `name`; `kinds` are the standard's types of those that are not texts.

    They are written into the query as JSON. DuckDB takes five times as long for a list of values, and imports pandas, if
    there is one, for any parameter; Arrow takes longer to import than a small build to run.
    """
    for start in range(0, max(map(len, columns.values())) or 1, ROWS_PER_INSERT):
        made = ", ".join(
            f"unnest(from_json({_format_json_literal(values[start : start + ROWS_PER_INSERT])},"
            f" '[\"{SQL_TYPES[(kinds or {}).get(column, 'text')]}\"]')) AS {column}"
            for column, values in columns.items()
        )
        begin = f'INSERT INTO "{name}"' if start else f'CREATE OR REPLACE TEMP TABLE "{name}" AS'
        connection.execute(f"{begin} SELECT {made}")


def _format_json_literal(values: Sequence[Any]) -> str:
    return "'" + json.dumps(list(values), default=str).replace("'", "''") + "'"


def query_rows(connection: DuckDBConnection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return connection.execute(sql, list(values)).fetchall()


def write_sorted_parquet(connection: DuckDBConnection, table: TableDefinition, source: str, target: Path) -> int:
    """Writes the rows kept under `source` as Parquet: the table's columns in order and type, sorted by its key. Their number."""
    columns = ", ".join(f'CAST("{field.name}" AS {SQL_TYPES[field.type]}) AS "{field.name}"' for field in table.fields)
    order = ", ".join(f'"{name}"' for name in table.key)
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROWS_PER_ROW_GROUP}"
    query = f'SELECT {columns} FROM "{source}" ORDER BY {order}'
    found = connection.execute(f"COPY ({query}) TO {_quote_path(target)} ({options})").fetchone()
    return int(found[0]) if found else 0


def write_query_parquet(
    connection: DuckDBConnection, query: str, target: Path, group: int = ROWS_PER_ROW_GROUP
) -> None:
    """Writes the rows of a query, in its order, as Parquet with row groups of `group` rows."""
    options = f"FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {group}"
    connection.execute(f"COPY ({query}) TO {_quote_path(target)} ({options})")


def write_query_csv(connection: DuckDBConnection, query: str, target: Path) -> int:
    """Writes the rows of a query, in its order, as CSV (RFC 4180, UTF-8): nothing is a null, `""` an empty text. Their number."""
    options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\r\n'"
    found = connection.execute(f"COPY ({query}) TO {_quote_path(target)} ({options})").fetchone()
    return int(found[0]) if found else 0


def create_table_from_reader(connection: DuckDBConnection, name: str, reader: Any, columns: str) -> None:
    """Keeps the rows of an Arrow reader under `name`; `columns` says in SQL which, and how."""
    connection.register("reader_rows", reader)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {columns} FROM reader_rows')
    connection.unregister("reader_rows")


def create_read_connection() -> DuckDBConnection:
    """A connection for reading one snapshot: small and on one thread, since many may read at once."""
    return _set_utc(duckdb.connect(config={"memory_limit": "256MB", "threads": 1}))


def _set_utc(connection: DuckDBConnection) -> DuckDBConnection:
    """The connection with times in UTC: by itself DuckDB takes the machine's zone, and a date would depend on where it runs."""
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def open_read_connection() -> Iterator[DuckDBConnection]:
    """The same, closed when the block ends."""
    connection = create_read_connection()
    try:
        yield connection
    finally:
        connection.close()


def query_dicts(connection: DuckDBConnection, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query as name → value; times come with their zone, which DuckDB's own fetch cannot do alone."""
    found: list[dict[str, Any]] = connection.execute(sql, list(values)).to_arrow_table().to_pylist()
    return found
