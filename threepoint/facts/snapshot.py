"""One snapshot, open for reading."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threepoint.standard.sdes import SDES, VERSION
from threepoint.store import engine, layers, snapshots, trouble
from threepoint.store.layout import Layout


@dataclass(frozen=True)
class Snapshot:
    """A snapshot's tables under their own names, and its manifest."""

    connection: engine.Engine
    folder: Path
    manifest: dict[str, Any]

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query over the snapshot's tables, as name → value."""
        return engine.dicts(self.connection, sql, values)


@contextmanager
def open_snapshot(root: Path) -> Iterator[Snapshot]:
    """The current snapshot of the store at `root`; NothingLoaded where nothing was built yet."""
    with trouble.told(root), engine.reading() as connection:
        folder = snapshots.current(Layout(root))
        told = snapshots.manifest(folder, int(VERSION.split(".", maxsplit=1)[0]))
        for table in SDES.values():
            layers.open_table(connection, table, folder)
        yield Snapshot(connection, folder, told)
