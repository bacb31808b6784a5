"""A snapshot's tables on disk: a folder of Parquet files for each table.

    contract/part-0000.parquet     rows of some processes, sorted by the table's key
    organisation/whole.parquet     rows that belong to no single process

A table is all rows of all its files, so any Parquet reader gets what `threepoint publish parquet` writes.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from threepoint.standard.definition import TableDefinition
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import STATE_SOURCE, STATE_TABLES, STORED_TABLES
from threepoint.store import duckdb_engine, state_tables

WHOLE_FILE_STEM = "whole"


def name_part(number: int) -> str:
    """Return the name of the files for one part of the processes, which each table's folder has."""
    return f"part-{number:04d}"


def prepare_file(snapshot: Path, table: str, name: str) -> Path:
    """Return the path of a table's file called `name`, and create its folder."""
    folder = snapshot / table
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.parquet"


def list_files(snapshot: Path, table: str) -> list[Path]:
    """Return a table's Parquet files, sorted by name."""
    return sorted((snapshot / table).glob("*.parquet"))


def list_parts(snapshot: Path) -> list[str]:
    """Return the names of the parts in which a snapshot's processes were built."""
    return [path.stem for path in list_files(snapshot, "contracting_process") if path.stem != WHOLE_FILE_STEM]


def create_part_view(
    connection: duckdb_engine.DuckDBConnection, view: str, table: TableDefinition, snapshot: Path, name: str
) -> None:
    """Create a view of a table's file called `name`, or an empty view if there is no such file."""
    path = snapshot / table.name / f"{name}.parquet"
    duckdb_engine.create_table_view(connection, view, table, [path] if path.exists() else [])


def create_snapshot_views(
    connection: duckdb_engine.DuckDBConnection, snapshot: Path, names: Iterable[str] = tuple(SDES_TABLES)
) -> None:
    """Create a view of each requested table that the snapshot has; field_state is derived from the wide tables."""
    requested = set(names)
    if state_tables.FIELD_STATE_TABLE in requested:
        requested |= {STATE_SOURCE.name, *(table.name for table in STATE_TABLES.values())}
    present = [name for name in STORED_TABLES if name in requested and list_files(snapshot, name)]
    for name in present:
        duckdb_engine.create_table_view(connection, name, STORED_TABLES[name], list_files(snapshot, name))
    if state_tables.FIELD_STATE_TABLE in requested and STATE_SOURCE.name in present:
        state_tables.create_field_state_view(connection, present)


def query_tables(snapshot: Path, names: Sequence[str], sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run a query over some tables of a snapshot and return its rows as name → value."""
    with duckdb_engine.open_read_connection() as connection:
        create_snapshot_views(connection, snapshot, names)
        return duckdb_engine.query_dicts(connection, sql, values)
