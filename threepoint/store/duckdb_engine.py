"""Run SQL on DuckDB with limits on memory and threads. Only this module contains what is specific to DuckDB.

The SQL of a build is compiled beforehand from Ibis expressions (`threepoint.build_plan`): compiling it takes about 4 CPU
seconds, too long for each load of 100,000 notices.
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

# DuckDB's own memory only; docs/decisions/0007-build-some-processes-at-a-time.md says what a build of a million notices needs.
MEMORY_LIMIT = os.environ.get("THREEPOINT_MEMORY") or "550MB"
# Two threads share a core on small machines and cost half as much CPU again (docs/decisions/0006-run-a-build-on-one-thread.md).
THREAD_COUNT = 1
ROWS_PER_ROW_GROUP = 100_000
ROWS_PER_INSERT = 20_000

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
# No space on disk or in memory: the operator can provide more.
OUT_OF_SPACE_ERRORS = (duckdb.IOException, duckdb.OutOfMemoryException)


@contextmanager
def open_connection(
    scratch: Path, memory: str = MEMORY_LIMIT, threads: int = THREAD_COUNT
) -> Iterator[DuckDBConnection]:
    """Open an empty in-memory DuckDB that spills to `scratch`; close it when the block ends."""
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
        raise UserError(
            f"THREEPOINT_MEMORY is {memory!r}, which is not a size; give a number and its unit: 4GB"
        ) from None
    try:
        yield connection
    except duckdb.OutOfMemoryException as error:
        raise _explain_memory_error(error, f"this needs more than {memory}") from error
    finally:
        connection.close()


def create_table_view(connection: DuckDBConnection, name: str, table: TableDefinition, files: Sequence[Path]) -> None:
    """Create a view `name` of a table's Parquet files; without files the view is empty."""
    create_query_view(
        connection, name, f"SELECT * FROM {build_parquet_sql(files)}" if files else _select_no_rows(table)
    )


def create_history_views(
    connection: DuckDBConnection, tables: Mapping[str, TableDefinition], files: Mapping[str, Sequence[Path]]
) -> None:
    """Create a view `history_…` of each history table."""
    for name, table in tables.items():
        create_table_view(connection, f"history_{name}", table, files.get(name, ()))


def create_parquet_view(connection: DuckDBConnection, name: str, files: Sequence[Path]) -> None:
    """Create a view `name` of Parquet files with the columns that they have."""
    create_query_view(connection, name, f"SELECT * FROM {build_parquet_sql(files)}")


def create_query_view(connection: DuckDBConnection, name: str, query: str) -> None:
    """Create a view `name` of a query, which runs whenever the view is read."""
    connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query}')


def build_parquet_sql(files: Sequence[Path]) -> str:
    """Return SQL that reads all rows of some Parquet files."""
    return f"read_parquet([{', '.join(map(_quote_path, files))}], hive_partitioning = false)"


def list_nonempty_files(connection: DuckDBConnection, files: Iterable[Path]) -> set[Path]:
    """Return the Parquet files that have rows."""
    paths = ", ".join(map(_quote_path, files))
    rows = query_rows(connection, f"SELECT file_name FROM parquet_file_metadata([{paths}]) WHERE num_rows > 0")
    return {Path(name) for (name,) in rows}


def _quote_path(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def create_table(connection: DuckDBConnection, name: str, sql: str) -> int:
    """Run a query and store its rows in the table `name`; return their number."""
    try:
        return int(query_rows(connection, f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')[0][0])
    except duckdb.OutOfMemoryException as error:
        raise _explain_memory_error(error, f"the step {name} needs more than {MEMORY_LIMIT}") from error


def _select_no_rows(table: TableDefinition) -> str:
    columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[field.type]}) AS "{field.name}"' for field in table.fields)
    return f"SELECT {columns} WHERE false"


def _explain_memory_error(error: duckdb.Error, need: str) -> Exception:
    """Return a MemoryLimitError, or the error itself if the disk that DuckDB spills to caused it."""
    return (
        error if find_errno(str(error)) else MemoryLimitError(f"{need} of memory; set THREEPOINT_MEMORY, such as 4GB")
    )


def select_nothing(connection: DuckDBConnection, name: str) -> str:
    """Return SQL that yields a table's columns and no rows."""
    columns = query_rows(connection, f'DESCRIBE "{name}"')
    return "SELECT " + ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind, *_ in columns) + " WHERE false"


def get_memory_megabytes(connection: DuckDBConnection) -> float:
    """Return DuckDB's memory limit in megabytes."""
    return float(query_rows(connection, "SELECT parse_formatted_bytes(current_setting('memory_limit'))")[0][0]) / 1e6


def drop_tables(connection: DuckDBConnection, names: Iterable[str]) -> None:
    """Drop tables and free their memory."""
    for name in names:
        connection.execute(f'DROP TABLE "{name}"')


def divide_processes(connection: DuckDBConnection, parts: int) -> None:
    """Create part_of (release_key, part): the processes of `history_release`, by ocid, in `parts` of about equal releases."""
    create_table(connection, "part_of", _DIVIDE_PROCESSES_SQL.format(parts=parts))


_DIVIDE_PROCESSES_SQL = """
    WITH counted AS (SELECT ocid, count(*) AS n FROM history_release GROUP BY ocid),
    summed AS (SELECT ocid, n, sum(n) OVER (ORDER BY ocid) AS upto, sum(n) OVER () AS total FROM counted)
    SELECT release_key, CAST((upto - n) * {parts} // total AS INTEGER) AS part FROM history_release JOIN summed USING (ocid)
"""


def create_part_table(connection: DuckDBConnection, source: str, target: str, part: int) -> None:
    """Create a table `target` of the rows of `source` (with release_key) that are in one part."""
    create_table(
        connection, target, f'SELECT r.* FROM "{source}" r JOIN part_of USING (release_key) WHERE part = {part}'
    )


def write_partitions(connection: DuckDBConnection, name: str, folder: Path) -> None:
    """Write a history table's rows to one folder for each part (`part=0`, …), except rows of releases in no part."""
    folder.mkdir(parents=True)
    query = f'SELECT h.*, part FROM "{name}" h JOIN part_of USING (release_key)'
    connection.execute(
        f"COPY ({query}) TO {_quote_path(folder)} (FORMAT parquet, PARTITION_BY (part), COMPRESSION lz4)"
    )


def write_scratch_parquet(connection: DuckDBConnection, name: str, target: Path) -> None:
    """Write a table to a Parquet file unchanged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f'COPY "{name}" TO {_quote_path(target)} (FORMAT parquet, COMPRESSION lz4)')


def rename_table(connection: DuckDBConnection, name: str, new_name: str) -> None:
    connection.execute(f'ALTER TABLE "{name}" RENAME TO "{new_name}"')


def count_rows(connection: DuckDBConnection, name: str) -> int:
    """Return the number of rows of a table or view."""
    return int(query_rows(connection, f'SELECT count(*) FROM "{name}"')[0][0])


def has_different_rows(connection: DuckDBConnection, left: str, right: str) -> bool:
    """Return True if two tables or views with the same columns differ in their rows."""
    difference = f'SELECT 1 FROM (FROM "{left}" EXCEPT ALL FROM "{right}") LIMIT 1'
    return count_rows(connection, left) != count_rows(connection, right) or bool(query_rows(connection, difference))


def create_table_from_columns(
    connection: DuckDBConnection,
    name: str,
    columns: Mapping[str, Sequence[Any]],
    kinds: Mapping[str, str] | None = None,
) -> None:
    """Create a table `name` from columns of values; `kinds` has the SDES types of columns that are not text.

    The values are part of the query, as JSON. DuckDB takes five times as long for a list of values, and imports pandas, if
    installed, for any parameter; importing Arrow takes longer than a small build.
    """
    for start in range(0, max(map(len, columns.values())) or 1, ROWS_PER_INSERT):
        selected = ", ".join(
            f"unnest(from_json({_format_json_literal(values[start : start + ROWS_PER_INSERT])},"
            f" '[\"{SQL_TYPES[(kinds or {}).get(column, 'text')]}\"]')) AS {column}"
            for column, values in columns.items()
        )
        statement = f'INSERT INTO "{name}"' if start else f'CREATE OR REPLACE TEMP TABLE "{name}" AS'
        connection.execute(f"{statement} SELECT {selected}")


def _format_json_literal(values: Sequence[Any]) -> str:
    return "'" + json.dumps(list(values), default=str).replace("'", "''") + "'"


def query_rows(connection: DuckDBConnection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    return connection.execute(sql, list(values)).fetchall()


def write_sorted_parquet(connection: DuckDBConnection, table: TableDefinition, source: str, target: Path) -> int:
    """Write the rows of `source` as Parquet with the table's columns and types, sorted by its key; return their number."""
    columns = ", ".join(f'CAST("{field.name}" AS {SQL_TYPES[field.type]}) AS "{field.name}"' for field in table.fields)
    order = ", ".join(f'"{name}"' for name in table.key)
    options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROWS_PER_ROW_GROUP}"
    query = f'SELECT {columns} FROM "{source}" ORDER BY {order}'
    row = connection.execute(f"COPY ({query}) TO {_quote_path(target)} ({options})").fetchone()
    return int(row[0]) if row else 0


def write_query_parquet(
    connection: DuckDBConnection, query: str, target: Path, group: int = ROWS_PER_ROW_GROUP
) -> None:
    """Write the rows of a query, in its order, as Parquet with row groups of `group` rows."""
    options = f"FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {group}"
    connection.execute(f"COPY ({query}) TO {_quote_path(target)} ({options})")


def write_query_csv(connection: DuckDBConnection, query: str, target: Path) -> int:
    """Write the rows of a query, in its order, as CSV (RFC 4180, UTF-8) and return their number.

    An empty field is a null, `""` an empty text.
    """
    options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\r\n'"
    row = connection.execute(f"COPY ({query}) TO {_quote_path(target)} ({options})").fetchone()
    return int(row[0]) if row else 0


def create_table_from_reader(connection: DuckDBConnection, name: str, reader: Any, columns: str) -> None:
    """Create a table `name` from an Arrow reader; `columns` is the SQL that selects from it."""
    connection.register("reader_rows", reader)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {columns} FROM reader_rows')
    connection.unregister("reader_rows")


def create_read_connection() -> DuckDBConnection:
    """Return a connection for reading one snapshot: little memory and one thread, since many may read at once."""
    return _set_utc(duckdb.connect(config={"memory_limit": "256MB", "threads": 1}))


def _set_utc(connection: DuckDBConnection) -> DuckDBConnection:
    """Set the connection's time zone to UTC. DuckDB's default is the machine's zone, on which dates would then depend."""
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def open_read_connection() -> Iterator[DuckDBConnection]:
    """Open a connection for reading one snapshot; close it when the block ends."""
    connection = create_read_connection()
    try:
        yield connection
    finally:
        connection.close()


def query_dicts(connection: DuckDBConnection, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Return the rows of a query as name → value. Times have their zone: DuckDB's own fetch needs pytz for that."""
    rows: list[dict[str, Any]] = connection.execute(sql, list(values)).to_arrow_table().to_pylist()
    return rows
