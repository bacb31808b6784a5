"""A snapshot open for reading: its record store for single records, its tables for counts over many records."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from threepoint.errors import UserError
from threepoint.standard.sdes import SDES_VERSION
from threepoint.store import os_errors, snapshots
from threepoint.store.record_store import RecordStore
from threepoint.store.store_paths import StorePaths

SEARCH_INDEX_FOLDER = "search"


class Snapshot:
    """A snapshot's records, tables and manifest. Several threads can share it."""

    def __init__(self, root: Path) -> None:
        self.folder = snapshots.get_current_folder(StorePaths(root))
        self.manifest: dict[str, Any] = snapshots.read_manifest(
            self.folder, int(SDES_VERSION.split(".", maxsplit=1)[0])
        )
        self.records = RecordStore(self.folder)
        self._index = self.folder / SEARCH_INDEX_FOLDER
        if not self._index.is_dir():
            raise UserError(f"the snapshot {self.name} has no search index; run `threepoint build`")
        self._query_lock = Lock()  # only one thread at a time may use a DuckDB connection

    @property
    def name(self) -> str:
        """The snapshot's name: the time when it was made, in UTC."""
        return self.folder.name

    @property
    def built_at(self) -> datetime:
        """The time when the snapshot was made, in UTC."""
        return datetime.strptime(self.name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    @property
    def as_of(self) -> date:
        """The date that the states describe."""
        return date.fromisoformat(self.manifest["as_of"])

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Return the rows of a query over the snapshot's tables, as name → value."""
        from threepoint.store import duckdb_engine

        with self._query_lock:
            return duckdb_engine.query_dicts(self._connection, sql, values)

    @cached_property
    def searcher(self) -> Any:
        """The search index, open for reading (a tantivy Searcher)."""
        from threepoint.snapshot import search_index

        return search_index.open_searcher(self._index)

    @cached_property
    def _connection(self) -> Any:
        from threepoint.store import duckdb_engine, snapshot_tables

        connection = duckdb_engine.create_read_connection()
        snapshot_tables.create_snapshot_views(connection, self.folder)
        return connection

    def close(self) -> None:
        """Close the record store and the DuckDB connection."""
        self.records.close()
        if "_connection" in self.__dict__:
            self._connection.close()


@contextmanager
def open_snapshot(root: Path) -> Iterator[Snapshot]:
    """Open the current snapshot of the store at `root`. Raise NothingLoadedError if nothing has been built yet."""
    with os_errors.translate_os_errors(root):
        snapshot = Snapshot(root)
        try:
            yield snapshot
        finally:
            snapshot.close()
