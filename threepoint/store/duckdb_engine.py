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

from threepoint.errors import Problem, TooLittleMemory
from threepoint.standard.definition import Table
from threepoint.store.os_errors import number_of

# Of DuckDB's own; what a build of a million notices needs is told in docs/decisions/0007.
MEMORY = os.environ.get("THREEPOINT_MEMORY") or "550MB"
THREADS = 1  # two share a core on small machines and cost half as much CPU again (docs/decisions/0006)
ROW_GROUP = 100_000  # rows
PUT_ROWS = 20_000  # rows put at a time

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
    try:
        connection = _in_utc(duckdb.connect(config=config))
    except duckdb.ParserException:
        raise Problem(f"THREEPOINT_MEMORY is {memory!r}, which is no size; give a number and its unit: 4GB") from None
    try:
        yield connection
    except duckdb.OutOfMemoryException as why:
        raise _too_little(why, f"this needs more than {memory}") from why
    finally:
        connection.close()


def open_files(connection: Engine, name: str, table: Table, files: Sequence[Path]) -> None:
    """Makes a view `name` of a table's Parquet files; without files it is there and empty."""
    open_query(connection, name, f"SELECT * FROM {parquet(files)}" if files else _no_rows(table))


def open_history(connection: Engine, tables: Mapping[str, Table], files: Mapping[str, Sequence[Path]]) -> None:
    """Makes a view `history_…` of each history table."""
    for name, table in tables.items():
        open_files(connection, f"history_{name}", table, files.get(name, ()))


def open_parquet(connection: Engine, name: str, files: Sequence[Path]) -> None:
    """Make a view `name` of Parquet files, in whatever columns they have."""
    open_query(connection, name, f"SELECT * FROM {parquet(files)}")


def open_query(connection: Engine, name: str, query: str) -> None:
    """Makes a view `name` of a query, which is worked out whenever the view is read."""
    connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query}')


def parquet(files: Sequence[Path]) -> str:
    """SQL for the rows of Parquet files together."""
    return f"read_parquet([{', '.join(map(_quoted, files))}], hive_partitioning = false)"


def list_filled(connection: Engine, files: Iterable[Path]) -> set[Path]:
    """Return those of some Parquet files that have rows."""
    listed = ", ".join(map(_quoted, files))
    found = rows(connection, f"SELECT file_name FROM parquet_file_metadata([{listed}]) WHERE num_rows > 0")
    return {Path(name) for (name,) in found}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def keep(connection: Engine, name: str, sql: str) -> int:
    """Run a query now and keep its rows under `name`. Return how many there are."""
    try:
        return int(rows(connection, f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')[0][0])
    except duckdb.OutOfMemoryException as why:
        raise _too_little(why, f"the step {name} needs more than {MEMORY}") from why


def _no_rows(table: Table) -> str:
    columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[field.type]}) AS "{field.name}"' for field in table.fields)
    return f"SELECT {columns} WHERE false"


def _too_little(why: duckdb.Error, what: str) -> Exception:
    """Too little memory, in words; the error itself where it was the disk to which memory is spilled."""
    return why if number_of(str(why)) else TooLittleMemory(f"{what} of memory; set THREEPOINT_MEMORY, such as 4GB")


def select_nothing(connection: Engine, name: str) -> str:
    """Return SQL that gives the columns of a table and no row."""
    columns = rows(connection, f'DESCRIBE "{name}"')
    return "SELECT " + ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind, *_ in columns) + " WHERE false"


def megabytes_of(connection: Engine) -> float:
    """Return how much memory the engine may use, in megabytes."""
    return float(rows(connection, "SELECT parse_formatted_bytes(current_setting('memory_limit'))")[0][0]) / 1e6


def drop(connection: Engine, names: Iterable[str]) -> None:
    """Forgets the rows kept under these names, and the memory they took."""
    for name in names:
        connection.execute(f'DROP TABLE "{name}"')


def divide(connection: Engine, parts: int) -> None:
    """Keeps part_of (release_key, part): the processes of `history_release` in so many parts, in the order of their ocids.

    The parts have about as many releases each.
    """
    keep(connection, "part_of", _DIVIDED.format(parts=parts))


_DIVIDED = """
    WITH counted AS (SELECT ocid, count(*) AS n FROM history_release GROUP BY ocid),
    summed AS (SELECT ocid, n, sum(n) OVER (ORDER BY ocid) AS upto, sum(n) OVER () AS total FROM counted)
    SELECT release_key, CAST((upto - n) * {parts} // total AS INTEGER) AS part FROM history_release JOIN summed USING (ocid)
"""


def take_part(connection: Engine, name: str, made: str, part: int) -> None:
    """Keeps under `made` those rows of `name` (with release_key) that are of one part."""
    keep(connection, made, f'SELECT r.* FROM "{name}" r JOIN part_of USING (release_key) WHERE part = {part}')


def spread(connection: Engine, name: str, folder: Path) -> None:
    """Writes the rows of a history table into a folder a part, `part=0` and so on; rows of releases of no part are left out."""
    folder.mkdir(parents=True)
    query = f'SELECT h.*, part FROM "{name}" h JOIN part_of USING (release_key)'
    connection.execute(f"COPY ({query}) TO {_quoted(folder)} (FORMAT parquet, PARTITION_BY (part), COMPRESSION lz4)")


def set_aside(connection: Engine, name: str, target: Path) -> None:
    """Writes the rows kept under `name` to a file, as they are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f'COPY "{name}" TO {_quoted(target)} (FORMAT parquet, COMPRESSION lz4)')


def rename(connection: Engine, name: str, other: str) -> None:
    """Keeps the rows kept under `name` under another one."""
    connection.execute(f'ALTER TABLE "{name}" RENAME TO "{other}"')


def count(connection: Engine, name: str) -> int:
    """How many rows are kept under `name`."""
    return int(rows(connection, f'SELECT count(*) FROM "{name}"')[0][0])


def differ(connection: Engine, one: str, other: str) -> bool:
    """Return whether a table or view has other rows than another one with the same columns."""
    same = f'SELECT 1 FROM (FROM "{one}" EXCEPT ALL FROM "{other}") LIMIT 1'
    return count(connection, one) != count(connection, other) or bool(rows(connection, same))


def put(
    connection: Engine, name: str, columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str] | None = None
) -> None:
    """Keep the rows of some columns under `name`; `kinds` are the standard's types of those that are not texts.

    They are written into the query as JSON. DuckDB takes five times as long for a list of values, and imports pandas, if
    there is one, for any parameter; Arrow takes longer to import than a small build to run.
    """
    for start in range(0, max(map(len, columns.values())) or 1, PUT_ROWS):
        made = ", ".join(
            f"unnest(from_json({_as_json(values[start : start + PUT_ROWS])},"
            f" '[\"{SQL_TYPES[(kinds or {}).get(column, 'text')]}\"]')) AS {column}"
            for column, values in columns.items()
        )
        begin = f'INSERT INTO "{name}"' if start else f'CREATE OR REPLACE TEMP TABLE "{name}" AS'
        connection.execute(f"{begin} SELECT {made}")


def _as_json(values: Sequence[Any]) -> str:
    return "'" + json.dumps(list(values), default=str).replace("'", "''") + "'"


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


def connect() -> Engine:
    """A connection for reading one snapshot: small and on one thread, since many may read at once."""
    return _in_utc(duckdb.connect(config={"memory_limit": "256MB", "threads": 1}))


def _in_utc(connection: Engine) -> Engine:
    """The connection with times in UTC: by itself DuckDB takes the machine's zone, and a date would depend on where it runs."""
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def reading() -> Iterator[Engine]:
    """The same, closed when the block ends."""
    connection = connect()
    try:
        yield connection
    finally:
        connection.close()


def dicts(connection: Engine, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query as name → value; times come with their zone, which DuckDB's own fetch cannot do alone."""
    found: list[dict[str, Any]] = connection.execute(sql, list(values)).to_arrow_table().to_pylist()
    return found
