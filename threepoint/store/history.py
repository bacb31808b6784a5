"""History on disk: Parquet files by table, and a log whose entries make them count.

A batch's files are written first and named in one log entry last, in one move. Files that no entry names do not exist
for a reader, so a kill at any moment loses at most the batch at hand, whose sources are then read again.
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

MAX_QUARANTINED_PARTS_PER_FILE = 1000  # of one file whose reasons and first bytes are kept; the file itself is in raw


@dataclass
class SourceLog:
    """What one source gave: shown by `status` and counted wherever totals are shown."""

    sha256: str
    name: str
    size: int
    recorded_at: str
    rows: dict[str, int] = field(default_factory=dict)
    passed_over: list[tuple[str, str, int]] = field(default_factory=list)  # (kind, why, count)
    quarantined: list[tuple[str, int, int, str]] = field(
        default_factory=list
    )  # (why, offset, length, file of the head)
    notes: list[str] = field(default_factory=list)
    more: int = 0  # parts quarantined beyond the first MOST_PARTS, counted only

    @property
    def parts(self) -> int:
        """How many parts were quarantined."""
        return len(self.quarantined) + self.more


@dataclass
class CommittedBatch:
    """One committed batch: its Parquet files by table (names relative to history/) and its sources."""

    version: int
    files: dict[str, str]
    sources: list[SourceLog]


def get_log_timestamp() -> str:
    """The clock reading that the log keeps; no snapshot ever holds one (decision 13)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class HistoryBatch:
    """Rows on their way into history. Nothing of it counts before `commit`."""

    def __init__(self, layout: StorePaths, number: int) -> None:
        self._layout, self._stem = layout, f"{number:08d}"
        self._writers: dict[str, Any] = {}
        self._files: dict[str, str] = {}
        self.sources: list[SourceLog] = []

    def add(self, rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
        """Writes rows (by table, tuples in the order of its columns); the number of rows of each table."""
        from threepoint.store.arrow_columns import create_arrow_table

        for name, found in rows.items():
            if found:
                self._writer(name).write_table(create_arrow_table(HISTORY_TABLES[name], found))
        return {name: len(found) for name, found in rows.items() if found}

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
        """Makes the batch count, in one move."""
        self.close()
        for name in self._files.values():
            sync_to_disk(self._layout.history / name)
        entry = CommittedBatch(HISTORY_VERSION, self._files, self.sources)
        write_text(self._layout.log / f"{self._stem}.json", json.dumps(_redact_emails(asdict(entry)), indent=1))

    def close(self) -> None:
        """Ends the files without making them count."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def discard(self) -> None:
        """Removes the files of a batch that will never count, which makes room again where the disk is full."""
        import pyarrow as pa

        for writer in self._writers.values():
            with suppress(OSError, pa.ArrowException):
                writer.close()
            writer.is_open = False  # else it would try once more when it is forgotten
        for name in self._files.values():
            (self._layout.history / name).unlink(missing_ok=True)
        self._writers, self._files = {}, {}


def _redact_emails(told: Any) -> Any:
    """The same without e-mail addresses: file names and reasons can hold them, too."""
    if isinstance(told, dict):
        return {name: _redact_emails(value) for name, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [_redact_emails(value) for value in told]
    return scrub_text(told) if isinstance(told, str) else told


def read_committed_batches(layout: StorePaths) -> list[CommittedBatch]:
    """Every committed batch, oldest first; Problem when the history is of another version."""
    found = []
    for path in sorted(layout.log.glob("[0-9]*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["version"] != HISTORY_VERSION:
            raise UserError(
                f"this store's history has version {told['version']}, this program reads {HISTORY_VERSION}; load the files into a new store"
            )
        found.append(
            CommittedBatch(told["version"], told["files"], [SourceLog(**source) for source in told["sources"]])
        )
    return found


def count_skipped(committed: list[CommittedBatch]) -> dict[str, int]:
    """How much was passed over, by kind."""
    found: Counter[str] = Counter()
    for source in (source for entry in committed for source in entry.sources):
        for kind, _, count in source.passed_over:
            found[kind] += count
    return dict(sorted(found.items()))


def get_next_batch_number(layout: StorePaths) -> int:
    """The number of the next batch."""
    taken = [int(path.stem) for path in layout.log.glob("[0-9]*.json")]
    return max(taken, default=0) + 1


def remove_uncommitted_files(layout: StorePaths) -> None:
    """Removes what killed writers left: files that no log entry names. Call it under the lock."""
    known = {name for entry in read_committed_batches(layout) for name in entry.files.values()}
    for path in layout.history.glob("*/*.parquet"):
        if f"{path.parent.name}/{path.name}" not in known:
            path.unlink()
    for folder in (layout.log, layout.history, layout.raw, layout.quarantine, layout.root):
        for left in folder.glob(".*.new"):
            left.unlink()


def list_history_files(layout: StorePaths, committed: list[CommittedBatch]) -> dict[str, list[Path]]:
    """The Parquet files of each history table, oldest first."""
    found: dict[str, list[Path]] = {name: [] for name in HISTORY_TABLES}
    for entry in committed:
        for name, path in entry.files.items():
            found[name].append(layout.history / path)
    return found


def read_release_keys(layout: StorePaths, committed: list[CommittedBatch]) -> set[int]:
    """The keys of all releases held."""
    keys: set[int] = set()
    for path in list_history_files(layout, committed)["release"]:
        for batch in _read_column_batches(path, "release_key"):
            keys.update(batch.column(0).to_pylist())
    return keys


def _read_column_batches(path: Path, column: str) -> Iterator[Any]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(str(path)) as file:
        yield from file.iter_batches(columns=[column])
