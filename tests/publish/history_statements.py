"""What a store's history says, release by release, without what two readings of one statement may differ in."""

from collections import Counter
from pathlib import Path
from typing import Any

from threepoint.standard.history_tables import RELEASE_CONTENT_TABLES
from threepoint.standard.history_tables_notes import REMOVED
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import StorePaths

# Not of the statement: the file it came from, and keys made of all that was read of it (of the hours of dates, too).
# A derived id comes back as a published one, which by then it is.
NOT_SAID = ("source_id", "sha256", "release_key", "id_derived")
NEVER_SHOWN = {("party", "street")}
TABLES = (*RELEASE_CONTENT_TABLES, REMOVED)


def read_history(store: Path, kind: str = "release") -> Counter:
    """Every release of a kind as text: its row and all its rows, places included. Two equal ones count twice."""
    layout = StorePaths(store)
    files = history.list_history_files(layout, history.read_committed_batches(layout))
    with duckdb_engine.open_connection(layout.scratch) as connection:
        from threepoint.standard.history_tables import HISTORY_TABLES

        duckdb_engine.create_history_views(connection, HISTORY_TABLES, files)
        heads = duckdb_engine.query_dicts(connection, f"SELECT * FROM history_release WHERE kind = '{kind}'")
        rows: dict[int, list[str]] = {head["release_key"]: [] for head in heads}
        tags = {head["release_key"]: head["sha256"][:12] for head in heads}
        for table in TABLES:
            for row in duckdb_engine.query_dicts(connection, f'SELECT * FROM "history_{table.name}"'):
                key = row.pop("release_key")
                if key in rows and (row.get("table"), row.get("field")) not in NEVER_SHOWN:
                    rows[key].append(_write_row(table.name, row, tags[key]))
    return Counter("\n".join([_write_row("release", head, ""), *sorted(rows[head["release_key"]])]) for head in heads)


def _write_row(table: str, row: dict[str, Any], tag: str) -> str:
    held = {
        name: _drop_own_id(value, tag)
        for name, value in row.items()
        if name not in NOT_SAID and (table, name) not in NEVER_SHOWN
    }
    return f"{table} {held}"


def _drop_own_id(value: Any, tag: str) -> Any:
    """An id that we give to an element without one holds the key of its release."""
    return value.replace(f"#{tag}-", "#-") if tag and isinstance(value, str) else value
