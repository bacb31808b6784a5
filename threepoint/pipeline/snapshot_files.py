"""The second half of every snapshot: its record store and its search index, made from its Parquet tables."""

from pathlib import Path
from typing import Any

from threepoint import plan
from threepoint.standard.state_tables import STORED_TABLES
from threepoint.standard.total_tables import TOTAL_TABLES

ADDED = "added"  # the view of the file whose rows are being added


def write_snapshot_files(snapshot: Path, scratch: Path) -> None:
    """Write the record store and the search index of a snapshot whose tables are complete."""
    from threepoint.facts import index
    from threepoint.store import engine

    with engine.engine(scratch) as connection:
        _write_records(connection, snapshot)
        index.write_index(connection, snapshot)


def _write_records(connection: Any, snapshot: Path) -> None:
    from threepoint.store import engine, records, snapshot_tables

    filled = engine.list_filled(connection, snapshot.glob("*/*.parquet"))
    with records.write_records(snapshot) as writer:
        for name, table in STORED_TABLES.items():
            files = [path for path in snapshot_tables.list_files(snapshot, name) if path in filled]
            for path in files:  # one at a time: DuckDB gives up to a million rows at once, which may take a gigabyte
                engine.open_files(connection, ADDED, table, [path])
                writer.add(connection, table, ADDED)
            engine.open_files(connection, name, table, files)  # for the totals
        for step in plan.read():
            if step.scope == "totals":
                engine.keep(connection, step.name, step.sql)
                writer.add(connection, TOTAL_TABLES[step.name], step.name)
                engine.drop(connection, [step.name])
