"""The content of a store's history as text, release by release, without values that change when it is read again."""

from collections import Counter
from pathlib import Path
from typing import Any

from threepoint.standard.history_tables import RELEASE_CONTENT_TABLES
from threepoint.standard.history_tables_notes import REMOVED
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import StorePaths

# The source file, and keys derived from the whole release, times of day included, change when it is read again.
# A derived id comes back as a published id.
NOT_SAID = ("source_id", "sha256", "release_key", "id_derived")
NEVER_SHOWN = {("party", "street")}
TABLES = (*RELEASE_CONTENT_TABLES, REMOVED)


def read_history(store: Path, kind: str = "release") -> Counter:
    """Count the releases of a kind as text: their row, and their rows of all tables with positions."""
    paths = StorePaths(store)
    files = history.list_history_files(paths, history.read_committed_batches(paths))
    with duckdb_engine.open_connection(paths.scratch) as connection:
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
    values = {
        name: _drop_own_id(value, tag)
        for name, value in row.items()
        if name not in NOT_SAID and (table, name) not in NEVER_SHOWN
    }
    return f"{table} {values}"


def _drop_own_id(value: Any, tag: str) -> Any:
    """Remove the release's key from an id that the history gives to an element without one."""
    return value.replace(f"#{tag}-", "#-") if tag and isinstance(value, str) else value
