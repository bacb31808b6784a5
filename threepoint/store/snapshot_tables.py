"""A snapshot's tables on disk: a folder of Parquet files for each table.

    contract/part-0000.parquet     rows of some processes, sorted by the table's key
    organisation/whole.parquet     rows that belong to no single process

Every row of every file counts, so that any reader of Parquet gets what `threepoint publish parquet` writes.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from threepoint.standard.definition import TableDefinition
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import STATE_SOURCE, STATE_TABLES, STORED_TABLES
from threepoint.store import duckdb_engine, field_states

WHOLE_FILE_STEM = "whole"


def name_part(number: int) -> str:
    """Return the name that the files of one part of the processes have in each table's folder."""
    return f"part-{number:04d}"


def prepare_file(snapshot: Path, table: str, name: str) -> Path:
    """Return the path of a table's file called `name`; its folder exists afterwards."""
    folder = snapshot / table
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.parquet"


def list_files(snapshot: Path, table: str) -> list[Path]:
    """Return a table's Parquet files, in the order of their names."""
    return sorted((snapshot / table).glob("*.parquet"))


def list_parts(snapshot: Path) -> list[str]:
    """Return the names of the parts that the processes of a snapshot were built in."""
    return [path.stem for path in list_files(snapshot, "contracting_process") if path.stem != WHOLE_FILE_STEM]


def create_part_view(
    connection: duckdb_engine.DuckDBConnection, view: str, table: TableDefinition, snapshot: Path, name: str
) -> None:
    """Make a view of a table's file called `name`; an empty one where there is no such file."""
    path = snapshot / table.name / f"{name}.parquet"
    duckdb_engine.create_table_view(connection, view, table, [path] if path.exists() else [])


def create_snapshot_views(
    connection: duckdb_engine.DuckDBConnection, snapshot: Path, names: Iterable[str] = tuple(SDES_TABLES)
) -> None:
    """Make a view of each table that the snapshot has; field_state is made from the wide tables."""
    wanted = set(names)
    if field_states.FIELD_STATE_TABLE in wanted:
        wanted |= {STATE_SOURCE.name, *(table.name for table in STATE_TABLES.values())}
    held = [name for name in STORED_TABLES if name in wanted and list_files(snapshot, name)]
    for name in held:
        duckdb_engine.create_table_view(connection, name, STORED_TABLES[name], list_files(snapshot, name))
    if field_states.FIELD_STATE_TABLE in wanted and STATE_SOURCE.name in held:
        field_states.create_field_state_view(connection, held)


def query_tables(snapshot: Path, names: Sequence[str], sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Return the rows of one query over some tables of a snapshot, as name → value."""
    with duckdb_engine.open_read_connection() as connection:
        create_snapshot_views(connection, snapshot, names)
        return duckdb_engine.query_dicts(connection, sql, values)
