"""Load files into the history: store their raw bytes and add their rows as published."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from threepoint import data_packages
from threepoint.errors import UserError, join_advice, make_printable
from threepoint.pipeline.input_files import find_files
from threepoint.pipeline.progress import LOCK_TIMEOUT_SECONDS, ProgressReporter
from threepoint.pipeline.snapshot_files import write_snapshot_files
from threepoint.standard.history_tables_notes import SIGHTING
from threepoint.store import history, os_errors, quarantine, raw_files, write_lock
from threepoint.store.store_paths import StorePaths

MAX_BATCH_BYTES = 512 * 1024 * 1024  # files in one batch; a kill loses at most the current batch


@dataclass(frozen=True)
class QuarantineReport:
    """A quarantined part of a file: the reason, what to ask its publisher, and the byte of the file where reading stopped."""

    file: str
    reason: str
    advice: str
    byte: int | None

    def __str__(self) -> str:
        return f"{self.file}: {join_advice(self.reason, self.advice)}"


@dataclass
class LoadResult:
    """Result of one load: files read, files already loaded, rows by table, skipped items by kind, and quarantined parts.

    `tables` has the number of rows by table of an imported package of tables.
    """

    files: int = 0
    already_loaded: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    quarantined: list[QuarantineReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    unlisted: int = 0  # quarantined parts beyond the first thousand of a file, which are only counted

    @property
    def parts(self) -> int:
        """Number of quarantined parts."""
        return len(self.quarantined) + self.unlisted


def load(
    root: Path, paths: Iterable[Path], watch: ProgressReporter | None = None, wait: float = LOCK_TIMEOUT_SECONDS
) -> LoadResult:
    """Read files into the history of the store at `root`. A bad release never stops a file, nor a bad file the load."""
    layout, watch = StorePaths(root), watch or ProgressReporter()
    input_files = find_files(paths, root)
    result = LoadResult(skipped=dict(input_files.skipped), problems=input_files.problems)
    # The store's own files are not input.
    files = [path for path in input_files.files if root.resolve() not in path.resolve().parents]
    packages, files = data_packages.separate_packages(files, result.problems)
    with os_errors.translate_os_errors(root):
        if files:
            data_packages.reject_history_load(layout)
        layout.make()
        with write_lock.hold_write_lock(layout.lock, "load", wait, watch.say), pause_garbage_collection():
            history.remove_uncommitted_files(layout)
            if packages:
                result.tables, result.already_loaded = data_packages.load_package(
                    layout, packages, result.problems, alone=not files, finish=write_snapshot_files, tell=watch.tell
                )
            load_under_lock(layout, files, watch, result)
    return result


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Switch garbage collection off for the block: rows have no cycles, and it took a third of a load's CPU (measured)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def load_under_lock(layout: StorePaths, files: list[Path], watch: ProgressReporter, result: LoadResult) -> None:
    """Read files into the history in batches; on failure, remove the unfinished batch. The caller holds the write lock."""
    committed = history.read_committed_batches(layout)
    release_keys = history.read_release_keys(layout, committed)
    loaded_sha256s = {source.sha256 for entry in committed for source in entry.sources}
    sizes = {path: _get_file_size(path) for path in files}
    total, bytes_done = sum(sizes.values()), 0
    pending_batch = _PendingBatch(layout)
    with pending_batch.discard_on_error():
        for path in files:
            source = pending_batch.store_source(path, loaded_sha256s, result)
            if source and source.sha256 in loaded_sha256s:
                result.already_loaded += 1
            elif source:
                loaded_sha256s.add(source.sha256)
                progress = _make_progress_callback(watch, path.name, bytes_done, total)
                _read_source(layout, pending_batch.batch, source, release_keys, result, progress)
                pending_batch.pending += source.size
            bytes_done += sizes[path]
            watch.tell(path.name, bytes_done, total)
            if pending_batch.pending > MAX_BATCH_BYTES:
                pending_batch.commit()
        pending_batch.commit()


def _get_file_size(path: Path) -> int:
    """Return a file's size in bytes for the progress display; 0 if it is not known."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


class _PendingBatch:
    """The current batch: the files stored and read for it are committed together or not at all."""

    def __init__(self, layout: StorePaths) -> None:
        self._layout = layout
        self._begin()

    def _begin(self) -> None:
        self.batch = history.HistoryBatch(self._layout, history.get_next_batch_number(self._layout))
        self.pending = 0  # size in bytes of the files read
        self._kept: list[str] = []

    def store_source(self, path: Path, loaded_sha256s: set[str], result: LoadResult) -> raw_files.SourceFile | None:
        """Store a file's bytes unless they are known, and return it; None if it cannot be read or has changed meanwhile."""
        try:
            source = raw_files.fingerprint_file(path)
            if source.sha256 not in loaded_sha256s and raw_files.store_file(self._layout, source):
                self._kept.append(source.sha256)
        except UserError as error:
            result.problems.append(make_printable(str(error)))
            return None
        return source

    def commit(self) -> None:
        """Commit the batch if it has any sources, and begin the next."""
        if self.batch.sources:
            self.batch.commit()
            self._begin()

    @contextmanager
    def discard_on_error(self) -> Iterator[None]:
        """Remove the current batch if the block fails; on a full disk, that frees space."""
        try:
            yield
        except BaseException:
            self.batch.discard()
            for sha256 in self._kept:
                raw_files.discard_file(self._layout, sha256)
            raise


def _make_progress_callback(watch: ProgressReporter, name: str, before: int, total: int) -> Callable[[int], None]:
    """Return a callback that reports the bytes read of one file, added to those of the files before it."""
    return lambda file_bytes: watch.tell(name, before + file_bytes, total)


def _read_source(
    layout: StorePaths,
    batch: history.HistoryBatch,
    source: raw_files.SourceFile,
    release_keys: set[int],
    result: LoadResult,
    progress: Callable[[int], None],
) -> None:
    from threepoint.read.format_detection import read_stream
    from threepoint.read.read_context import ReadContext

    log = history.SourceLog(source.sha256, make_printable(source.path.name), source.size, history.get_log_timestamp())
    with raw_files.open_file(layout, source.sha256) as stream:  # not the original file, which may change meanwhile
        for reading in read_stream(
            stream,
            ReadContext(source.sha256, source.path.name, release_keys, progress=progress, scratch=layout.scratch),
        ):
            record_read_result(layout, reading, log, batch.add(reading.rows), result)
    batch.sources.append(log)
    result.files += 1


def record_read_result(
    layout: StorePaths, reading: Any, log: history.SourceLog, rows: dict[str, int], result: LoadResult
) -> None:
    for name, count in rows.items():
        if name == SIGHTING.name:  # sightings say nothing new and are counted as skipped
            continue
        log.rows[name] = log.rows.get(name, 0) + count
        result.rows[name] = result.rows.get(name, 0) + count
    for skipped in reading.skipped:
        log.skipped.append((skipped.kind, skipped.why, skipped.count))
        result.skipped[skipped.kind] = result.skipped.get(skipped.kind, 0) + skipped.count
    for part in reading.quarantined:
        if len(log.quarantined) == history.MAX_QUARANTINED_PARTS_PER_FILE:
            log.unlisted += 1
            result.unlisted += 1
            continue
        log.quarantined.append(
            (make_printable(part.text), part.offset, part.length, quarantine.store_head(layout, part.head))
        )
        result.quarantined.append(QuarantineReport(log.name, make_printable(part.reason), part.advice, part.byte))
    log.notes += map(make_printable, reading.notes)
