"""Read a history of any size one release at a time.

Each table is sorted once into a scratch file. All files are then read in parallel, with one batch of each in memory.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from threepoint.errors import UserError
from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import HISTORY_TABLES, RELEASE, RELEASE_CONTENT_TABLES
from threepoint.standard.history_tables_notes import INVALID_VALUE, REMOVED
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import StorePaths

BATCH_ROWS = 5_000  # rows of each table in memory
SORTED_TABLES = (*RELEASE_CONTENT_TABLES, REMOVED, INVALID_VALUE)


@dataclass(frozen=True)
class ReleaseRows:
    """One release of the history: its row in `release` as name → value, and its rows in the other tables.

    Those rows are tuples in the order of the table's columns, sorted by their place in the release.
    """

    release: dict[str, Any]
    rows: dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class SortedHistory:
    """The history's releases, sorted on disk, with their count and the newest publication date."""

    count: int
    newest: Any
    folder: Path

    def releases(self) -> Iterator[ReleaseRows]:
        """Yield every release by publisher, then ocid, then (date, release id, sha256)."""
        readers = {table.name: _SortedRowReader(self.folder / f"{table.name}.parquet") for table in SORTED_TABLES}
        for number, *row in _read_rows(self.folder / "release.parquet"):
            rows = {name: table_rows for name, reader in readers.items() if (table_rows := reader.of(number))}
            yield ReleaseRows(dict(zip(RELEASE.names, row, strict=True)), rows)


@contextmanager
def sort_history(
    layout: StorePaths, committed: Sequence[history.CommittedBatch], scratch: Path, group: str | None = None
) -> Iterator[SortedHistory]:
    """Sort the history by release into the folder `scratch`, and remove it at the end; `group` selects one group."""
    try:
        with duckdb_engine.open_connection(scratch) as connection:
            duckdb_engine.create_history_views(
                connection, HISTORY_TABLES, history.list_history_files(layout, list(committed))
            )
            count, newest = _number_releases(connection, group)
            duckdb_engine.write_query_parquet(
                connection, "SELECT * FROM numbered ORDER BY seq", scratch / "release.parquet", BATCH_ROWS
            )
            for table in SORTED_TABLES:
                duckdb_engine.write_query_parquet(
                    connection, _build_sort_query(table), scratch / f"{table.name}.parquet", BATCH_ROWS
                )
        yield SortedHistory(count, newest, scratch)
    except duckdb_engine.OUT_OF_SPACE_ERRORS as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"the history cannot be sorted ({reason}); check the disk's space, or set THREEPOINT_MEMORY"
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _number_releases(connection: duckdb_engine.DuckDBConnection, group: str | None) -> tuple[int, Any]:
    order = "publisher, ocid, date, release_id, sha256, release_key"
    duckdb_engine.create_table(
        connection,
        "numbered",
        f"SELECT row_number() OVER (ORDER BY {order}) AS seq, {', '.join(RELEASE.names)} FROM history_release"
        + (f" WHERE publisher_group = '{group}'" if group else ""),
    )
    counts = duckdb_engine.query_dicts(
        connection,
        "SELECT count(*) AS n, coalesce(max(date) FILTER (kind = 'release'), max(date)) AS newest FROM numbered",
    )[0]
    return counts["n"], counts["newest"]


def _build_sort_query(table: TableDefinition) -> str:
    columns = ", ".join(f't."{name}"' for name in table.names)
    order = [name for name in ("place", "position", *table.key[1:]) if name in table.names]
    by = ", ".join(f't."{name}"' for name in dict.fromkeys(order)) or "seq"
    return f'SELECT seq, {columns} FROM "history_{table.name}" t JOIN numbered USING (release_key) ORDER BY seq, {by}'


def _read_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(str(path)) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


class _SortedRowReader:
    """Reader of one sorted file that returns its rows release by release."""

    def __init__(self, path: Path) -> None:
        self._rows = _read_rows(path)
        self._next: tuple[Any, ...] | None = next(self._rows, None)

    def of(self, number: int) -> list[tuple[Any, ...]]:
        """Return the rows of the release `number`, without the number. Call it with ascending numbers."""
        if self._next is None or self._next[0] != number:
            return []
        rows = [self._next[1:]]
        self._next = None
        for row in self._rows:
            if row[0] != number:
                self._next = row
                break
            rows.append(row[1:])
        return rows
