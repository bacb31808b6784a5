"""One snapshot, open for reading: its dossiers for the record of a thing, its tables for what is counted over many."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from threepoint.errors import Problem
from threepoint.facts import index
from threepoint.standard.sdes import SDES, VERSION
from threepoint.store import engine, layers, shelf, snapshots, trouble
from threepoint.store.layout import Layout
from threepoint.store.shelf import Dossier

RECENT = 64  # dossiers that are kept as they were read: a page reads its own several times, and buyers come again


class Snapshot:
    """A snapshot's dossiers, tables and manifest. Several threads may read from one."""

    def __init__(self, root: Path) -> None:
        self.folder = snapshots.current(Layout(root))
        self.manifest: dict[str, Any] = snapshots.manifest(self.folder, int(VERSION.split(".", maxsplit=1)[0]))
        self._shelf = shelf.Shelf(self.folder)
        self._dossier = lru_cache(RECENT)(self._shelf.dossier)
        self._index = self.folder / index.FOLDER
        if not self._index.is_dir():
            raise Problem(f"the snapshot {self.name} has no search index; run `threepoint build`")
        self._one_at_a_time = Lock()  # DuckDB's connection is of one thread at a time

    @property
    def name(self) -> str:
        """The snapshot's name: when it was made, in UTC."""
        return self.folder.name

    @property
    def made(self) -> datetime:
        """When it was made, in UTC."""
        return datetime.strptime(self.name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    def dossier(self, address: str) -> Dossier:
        """All that is held of the process, organisation, project or line that an address is of."""
        return self._dossier(layers.group(address))

    def groups(self, start: str, end: str | None, most: int, kept_in: Collection[str]) -> list[str]:
        """At most `most` groups that have a dossier, from `start` on and as far as `end`, in order."""
        return self._shelf.groups(start, end, most, kept_in)

    def named(self, name: str) -> list[tuple[str, str]]:
        """(kind, address) of the things that have another name: a notice's number, an identifier."""
        return self._shelf.named(name)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query over the snapshot's tables, as name → value."""
        with self._one_at_a_time:
            return engine.dicts(self._connection, sql, values)

    @cached_property
    def searcher(self) -> Any:
        """The search index, open for reading (a tantivy Searcher)."""
        return index.reader(self._index)

    @cached_property
    def _connection(self) -> engine.Engine:
        connection = engine.connect()
        for table in SDES.values():
            layers.open_table(connection, table, self.folder)
        return connection

    def close(self) -> None:
        """Closes all that was opened."""
        self._shelf.close()
        if "_connection" in self.__dict__:
            self._connection.close()


@contextmanager
def open_snapshot(root: Path) -> Iterator[Snapshot]:
    """The current snapshot of the store at `root`; NothingLoaded where nothing was built yet."""
    with trouble.told(root):
        snapshot = Snapshot(root)
        try:
            yield snapshot
        finally:
            snapshot.close()
