"""History on disk: Parquet files by table, and a log whose entries commit them.

A batch's files are written first; one log entry, written atomically, then names them all. Readers ignore files that no
entry names, so a kill at any moment loses at most the current batch, whose sources are then read again.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threepoint.errors import UserError
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.store.atomic_files import sync_to_disk, write_text
from threepoint.store.store_paths import HISTORY_VERSION, StorePaths

MAX_QUARANTINED_PARTS_PER_FILE = 1000  # with their reasons and first bytes; raw has the whole file


@dataclass
class SourceLog:
    """Results of reading one source, shown by `status` and included in all totals."""

    sha256: str
    name: str
    size: int
    recorded_at: str
    rows: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[str, str, int]] = field(default_factory=list)  # (kind, why, count)
    # (why, offset, length, name of the file with the first bytes)
    quarantined: list[tuple[str, int, int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unlisted: int = 0  # quarantined parts beyond MAX_QUARANTINED_PARTS_PER_FILE, which are only counted

    @property
    def parts(self) -> int:
        """Number of quarantined parts."""
        return len(self.quarantined) + self.unlisted


@dataclass
class CommittedBatch:
    """One committed batch: its Parquet files by table (paths relative to history/) and its sources."""

    version: int
    files: dict[str, str]
    sources: list[SourceLog]


def get_log_timestamp() -> str:
    """Return the current time for the log. It is never copied into a snapshot."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class HistoryBatch:
    """Rows being written to the history. Readers see none of them before `commit`."""

    def __init__(self, layout: StorePaths, number: int) -> None:
        self._layout, self._stem = layout, f"{number:08d}"
        self._writers: dict[str, Any] = {}
        self._files: dict[str, str] = {}
        self.sources: list[SourceLog] = []

    def add(self, rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
        """Write rows (by table, tuples in the order of its columns) and return the number of rows of each table."""
        from threepoint.store.arrow_columns import create_arrow_table

        for name, table_rows in rows.items():
            if table_rows:
                self._writer(name).write_table(create_arrow_table(HISTORY_TABLES[name], table_rows))
        return {name: len(table_rows) for name, table_rows in rows.items() if table_rows}

    def _writer(self, name: str) -> Any:
        import pyarrow.parquet as pq

        from threepoint.store.arrow_columns import create_arrow_schema

        if name not in self._writers:
            folder = self._layout.history / name
            folder.mkdir(parents=True, exist_ok=True)
            self._files[name] = f"{name}/{self._stem}.parquet"
            self._writers[name] = pq.ParquetWriter(
                str(self._layout.history / self._files[name]), create_arrow_schema(HISTORY_TABLES[name]), compression="lz4",
                store_decimal_as_integer=True, write_statistics=False,
            )  # fmt: skip
        return self._writers[name]

    def commit(self) -> None:
        """Write the log entry that makes the batch part of the history."""
        self.close()
        for name in self._files.values():
            sync_to_disk(self._layout.history / name)
        entry = CommittedBatch(HISTORY_VERSION, self._files, self.sources)
        write_text(self._layout.log / f"{self._stem}.json", json.dumps(_redact_emails(asdict(entry)), indent=1))

    def close(self) -> None:
        """Close the files without committing them."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def discard(self) -> None:
        """Remove the files of a batch that will not be committed, to free space if the disk is full."""
        import pyarrow as pa

        for writer in self._writers.values():
            with suppress(OSError, pa.ArrowException):
                writer.close()
            writer.is_open = False  # otherwise its destructor would close it again
        for name in self._files.values():
            (self._layout.history / name).unlink(missing_ok=True)
        self._writers, self._files = {}, {}


def _redact_emails(value: Any) -> Any:
    """Return a JSON value without e-mail addresses, which file names and reasons can contain."""
    if isinstance(value, dict):
        return {name: _redact_emails(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redact_emails(item) for item in value]
    return scrub_text(value) if isinstance(value, str) else value


def read_committed_batches(layout: StorePaths) -> list[CommittedBatch]:
    """Return every committed batch, oldest first; raise UserError if the history has another version."""
    batches = []
    for path in sorted(layout.log.glob("[0-9]*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        if entry["version"] != HISTORY_VERSION:
            raise UserError(
                f"this store's history has version {entry['version']}, this program reads {HISTORY_VERSION};"
                " load the files into a new store"
            )
        sources = [SourceLog(**source) for source in entry["sources"]]
        batches.append(CommittedBatch(entry["version"], entry["files"], sources))
    return batches


def count_skipped(committed: list[CommittedBatch]) -> dict[str, int]:
    """Return the number of skipped items by kind."""
    counts: Counter[str] = Counter()
    for source in (source for entry in committed for source in entry.sources):
        for kind, _, count in source.skipped:
            counts[kind] += count
    return dict(sorted(counts.items()))


def get_next_batch_number(layout: StorePaths) -> int:
    numbers = [int(path.stem) for path in layout.log.glob("[0-9]*.json")]
    return max(numbers, default=0) + 1


def remove_uncommitted_files(layout: StorePaths) -> None:
    """Remove files that no log entry names, which killed writers leave. Call it while you hold the write lock."""
    committed_names = {name for entry in read_committed_batches(layout) for name in entry.files.values()}
    for path in layout.history.glob("*/*.parquet"):
        if f"{path.parent.name}/{path.name}" not in committed_names:
            path.unlink()
    for folder in (layout.log, layout.history, layout.raw, layout.quarantine, layout.root):
        for leftover in folder.glob(".*.new"):
            leftover.unlink()


def list_history_files(layout: StorePaths, committed: list[CommittedBatch]) -> dict[str, list[Path]]:
    """Return the Parquet files of each history table, oldest first."""
    files: dict[str, list[Path]] = {name: [] for name in HISTORY_TABLES}
    for entry in committed:
        for name, path in entry.files.items():
            files[name].append(layout.history / path)
    return files


def read_release_keys(layout: StorePaths, committed: list[CommittedBatch]) -> set[int]:
    """Return the keys of all releases in the history."""
    keys: set[int] = set()
    for path in list_history_files(layout, committed)["release"]:
        for batch in _read_column_batches(path, "release_key"):
            keys.update(batch.column(0).to_pylist())
    return keys


def _read_column_batches(path: Path, column: str) -> Iterator[Any]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(str(path)) as file:
        yield from file.iter_batches(columns=[column])
