"""History in the order of its releases, one release at a time, however much of it there is.

Each table is sorted once to a file beside the output, and all files are then read side by side, so that no more than a
batch of each is held.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from threepoint.errors import Problem
from threepoint.standard.definition import Table
from threepoint.standard.history_tables import GATHERED, HISTORY, RELEASE
from threepoint.standard.history_tables_notes import INVALID_VALUE, REMOVED
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import Layout

BATCH = 5_000  # rows of each table that are held
TABLES = (*GATHERED, REMOVED, INVALID_VALUE)


@dataclass(frozen=True)
class Held:
    """One release of the history: its row in `release` as name → value, and its rows of each other table, as tuples in the
    order of that table's columns, sorted by their place in the release."""

    release: dict[str, Any]
    rows: dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Sorted:
    """The history's releases, sorted on disk: how many there are and when the newest was published, and a way to read them."""

    count: int
    newest: Any
    folder: Path

    def releases(self) -> Iterator[Held]:
        """Every release, by publisher, then ocid, then (date, release id, sha256)."""
        readers = {table.name: _Reader(self.folder / f"{table.name}.parquet") for table in TABLES}
        for number, *row in _rows(self.folder / "release.parquet"):
            rows = {name: found for name, reader in readers.items() if (found := reader.of(number))}
            yield Held(dict(zip(RELEASE.names, row, strict=True)), rows)


@contextmanager
def in_order(
    layout: Layout, committed: Sequence[history.Entry], scratch: Path, group: str | None = None
) -> Iterator[Sorted]:
    """The history sorted by release in the folder `scratch`, which is removed at the end; `group` keeps one group only."""
    try:
        with duckdb_engine.engine(scratch) as connection:
            duckdb_engine.open_history(connection, HISTORY, history.files(layout, list(committed)))
            count, newest = _number(connection, group)
            duckdb_engine.write_query(
                connection, "SELECT * FROM numbered ORDER BY seq", scratch / "release.parquet", BATCH
            )
            for table in TABLES:
                duckdb_engine.write_query(connection, _query(table), scratch / f"{table.name}.parquet", BATCH)
        yield Sorted(count, newest, scratch)
    except duckdb_engine.Full as why:
        reason = str(why).splitlines()[0]
        raise Problem(
            f"the history cannot be sorted ({reason}); check the disk's space, or set THREEPOINT_MEMORY"
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _number(connection: duckdb_engine.Engine, group: str | None) -> tuple[int, Any]:
    order = "publisher, ocid, date, release_id, sha256, release_key"
    duckdb_engine.keep(
        connection,
        "numbered",
        f"SELECT row_number() OVER (ORDER BY {order}) AS seq, {', '.join(RELEASE.names)} FROM history_release"
        + (f" WHERE publisher_group = '{group}'" if group else ""),
    )
    found = duckdb_engine.dicts(
        connection,
        "SELECT count(*) AS n, coalesce(max(date) FILTER (kind = 'release'), max(date)) AS newest FROM numbered",
    )[0]
    return found["n"], found["newest"]


def _query(table: Table) -> str:
    columns = ", ".join(f't."{name}"' for name in table.names)
    order = [name for name in ("place", "position", *table.key[1:]) if name in table.names]
    by = ", ".join(f't."{name}"' for name in dict.fromkeys(order)) or "seq"
    return f'SELECT seq, {columns} FROM "history_{table.name}" t JOIN numbered USING (release_key) ORDER BY seq, {by}'


def _rows(path: Path) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(str(path)) as file:
        for batch in file.iter_batches(batch_size=BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


class _Reader:
    """The rows of one sorted file, handed out release by release."""

    def __init__(self, path: Path) -> None:
        self._rows = _rows(path)
        self._next: tuple[Any, ...] | None = next(self._rows, None)

    def of(self, number: int) -> list[tuple[Any, ...]]:
        """The rows of the release of this number, without the number; numbers are asked for in order."""
        if self._next is None or self._next[0] != number:
            return []
        found = [self._next[1:]]
        self._next = None
        for row in self._rows:
            if row[0] != number:
                self._next = row
                break
            found.append(row[1:])
        return found
