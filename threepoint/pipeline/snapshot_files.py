"""Write a snapshot's record store and search index from its Parquet tables."""

from pathlib import Path
from typing import Any

from threepoint import build_plan
from threepoint.standard.tables_states import STORED_TABLES
from threepoint.standard.tables_totals import TOTAL_TABLES

ADDED_ROWS_VIEW = "added"  # view of the file whose rows are being added


def write_snapshot_files(snapshot: Path, scratch: Path) -> None:
    """Write the record store and the search index of a snapshot whose tables are complete."""
    from threepoint.snapshot import search_index
    from threepoint.store import duckdb_engine

    with duckdb_engine.open_connection(scratch) as connection:
        _write_records(connection, snapshot)
        search_index.write_index(connection, snapshot)


def _write_records(connection: Any, snapshot: Path) -> None:
    from threepoint.store import duckdb_engine, record_store, snapshot_tables

    nonempty_files = duckdb_engine.list_nonempty_files(connection, snapshot.glob("*/*.parquet"))
    with record_store.write_records(snapshot) as writer:
        for name, table in STORED_TABLES.items():
            files = [path for path in snapshot_tables.list_files(snapshot, name) if path in nonempty_files]
            for path in files:  # one at a time: DuckDB returns up to a million rows at once, which may take a gigabyte
                duckdb_engine.create_table_view(connection, ADDED_ROWS_VIEW, table, [path])
                writer.add(connection, table, ADDED_ROWS_VIEW)
            duckdb_engine.create_table_view(connection, name, table, files)  # for the totals
        for step in build_plan.read_steps():
            if step.scope == "totals":
                duckdb_engine.create_table(connection, step.name, step.sql)
                writer.add(connection, TOTAL_TABLES[step.name], step.name)
                duckdb_engine.drop_tables(connection, [step.name])
