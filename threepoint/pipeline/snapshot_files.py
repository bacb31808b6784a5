"""The second half of every snapshot: its record store and its search index, made from its Parquet tables."""

from pathlib import Path
from typing import Any

from threepoint import plan
from threepoint.standard.state_tables import STORED_TABLES
from threepoint.standard.total_tables import TOTAL_TABLES


def write_snapshot_files(snapshot: Path, scratch: Path) -> None:
    """Write the record store and the search index of a snapshot whose tables are complete."""
    from threepoint.facts import index
    from threepoint.store import engine

    with engine.engine(scratch) as connection:
        _write_records(connection, snapshot)
        index.write_index(connection, snapshot)


def _write_records(connection: Any, snapshot: Path) -> None:
    from threepoint.store import engine, records, snapshot_tables

    with records.write_records(snapshot) as writer:
        for name, table in STORED_TABLES.items():
            engine.open_files(connection, name, table, snapshot_tables.list_files(snapshot, name))
            writer.add(connection, table, name)
        for step in plan.read():
            if step.scope == "totals":
                engine.keep(connection, step.name, step.sql)
                writer.add(connection, TOTAL_TABLES[step.name], step.name)
                engine.drop(connection, [step.name])
