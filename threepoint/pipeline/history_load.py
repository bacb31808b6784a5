"""Loading: files → raw bytes kept → rows as published → history."""

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

MAX_BATCH_BYTES = 512 * 1024 * 1024  # of files read into one batch; a kill loses at most the batch at hand


@dataclass(frozen=True)
class QuarantineReport:
    """A part of a file that was quarantined: why, what to ask its publisher, and the byte of the file where reading stopped."""

    file: str
    reason: str
    advice: str
    byte: int | None

    def __str__(self) -> str:
        return f"{self.file}: {join_advice(self.reason, self.advice)}"


@dataclass
class LoadResult:
    """What one load did: files read, passed over and already held, rows by table, and what was quarantined.

    `tables` has the rows of a package of tables that became the snapshot.
    """

    files: int = 0
    held: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)
    quarantined: list[QuarantineReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    more: int = 0  # parts quarantined beyond the first thousand of a file, counted only

    @property
    def parts(self) -> int:
        """How many parts were quarantined."""
        return len(self.quarantined) + self.more


def load(
    root: Path, paths: Iterable[Path], watch: ProgressReporter | None = None, wait: float = LOCK_TIMEOUT_SECONDS
) -> LoadResult:
    """Reads files into the history of the store at `root`. One bad release never stops a file, one bad file no load."""
    layout, watch = StorePaths(root), watch or ProgressReporter()
    found = find_files(paths, root)
    done = LoadResult(passed_over=dict(found.passed_over), problems=found.problems)
    wanted = [path for path in found.files if root.resolve() not in path.resolve().parents]  # the store is no source
    theirs, wanted = data_packages.separate_packages(wanted, done.problems)
    with os_errors.translate_os_errors(root):
        if wanted:
            data_packages.reject_history_load(layout)
        layout.make()
        with write_lock.hold_write_lock(layout.lock, "load", wait, watch.say), pause_garbage_collection():
            history.remove_uncommitted_files(layout)
            if theirs:
                done.tables, done.held = data_packages.load_package(
                    layout, theirs, done.problems, alone=not wanted, finish=write_snapshot_files, tell=watch.tell
                )
            load_under_lock(layout, wanted, watch, done)
    return done


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Rows are tuples without cycles: looking for cycles among them costs a third of a load's CPU (measured)."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def load_under_lock(layout: StorePaths, wanted: list[Path], watch: ProgressReporter, done: LoadResult) -> None:
    """Reads files into history in batches; what a failure leaves unfinished is removed, as if it had not been begun."""
    committed = history.read_committed_batches(layout)
    seen, known = history.read_release_keys(layout, committed), {s.sha256 for entry in committed for s in entry.sources}
    sizes = {path: _get_file_size(path) for path in wanted}
    total, passed = sum(sizes.values()), 0
    work = _PendingBatch(layout)
    with work.whole_or_nothing():
        for path in wanted:
            source = work.kept(path, known, done)
            if source and source.sha256 in known:
                done.held += 1
            elif source:
                known.add(source.sha256)
                _read_source(
                    layout, work.batch, source, seen, done, _make_progress_callback(watch, path.name, passed, total)
                )
                work.pending += source.size
            passed += sizes[path]
            watch.tell(path.name, passed, total)
            if work.pending > MAX_BATCH_BYTES:
                work.commit()
        work.commit()


def _get_file_size(path: Path) -> int:
    """The bytes of a file, for telling how far a load has come; 0 where they cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


class _PendingBatch:
    """The batch at hand: what was kept and read for it counts together, or not at all."""

    def __init__(self, layout: StorePaths) -> None:
        self._layout = layout
        self._begin()

    def _begin(self) -> None:
        self.batch = history.HistoryBatch(self._layout, history.get_next_batch_number(self._layout))
        self.pending = 0  # bytes of the files read
        self._kept: list[str] = []

    def kept(self, path: Path, known: set[str], done: LoadResult) -> raw_files.SourceFile | None:
        """The file as it was found, its bytes kept unless it is known; None where it cannot be read or changes meanwhile."""
        try:
            source = raw_files.fingerprint_file(path)
            if source.sha256 not in known and raw_files.store_file(self._layout, source):
                self._kept.append(source.sha256)
        except UserError as why:
            done.problems.append(make_printable(str(why)))
            return None
        return source

    def commit(self) -> None:
        """Makes the batch count, where anything was read for it, and begins the next."""
        if self.batch.sources:
            self.batch.commit()
            self._begin()

    @contextmanager
    def whole_or_nothing(self) -> Iterator[None]:
        """Removes the batch at hand where the block fails; on a full disk, that makes room again."""
        try:
            yield
        except BaseException:
            self.batch.discard()
            for sha256 in self._kept:
                raw_files.discard_file(self._layout, sha256)
            raise


def _make_progress_callback(watch: ProgressReporter, name: str, before: int, total: int) -> Callable[[int], None]:
    """Tells of the bytes read of one file, on top of those of the files before it."""
    return lambda done: watch.tell(name, before + done, total)


def _read_source(
    layout: StorePaths,
    batch: history.HistoryBatch,
    source: raw_files.SourceFile,
    seen: set[int],
    done: LoadResult,
    progress: Callable[[int], None],
) -> None:
    from threepoint.read.format_detection import read_stream
    from threepoint.read.read_context import ReadContext

    log = history.SourceLog(source.sha256, make_printable(source.path.name), source.size, history.get_log_timestamp())
    with raw_files.open_file(layout, source.sha256) as stream:  # not the file itself, which may change under the reader
        for reading in read_stream(
            stream, ReadContext(source.sha256, source.path.name, seen, progress=progress, scratch=layout.scratch)
        ):
            record_read_result(layout, reading, log, batch.add(reading.rows), done)
    batch.sources.append(log)
    done.files += 1


def record_read_result(
    layout: StorePaths, reading: Any, log: history.SourceLog, rows: dict[str, int], done: LoadResult
) -> None:
    for name, count in rows.items():
        if name == SIGHTING.name:  # counted as passed over: they say nothing new
            continue
        log.rows[name] = log.rows.get(name, 0) + count
        done.rows[name] = done.rows.get(name, 0) + count
    for found in reading.passed_over:
        log.passed_over.append((found.kind, found.why, found.count))
        done.passed_over[found.kind] = done.passed_over.get(found.kind, 0) + found.count
    for part in reading.quarantined:
        if len(log.quarantined) == history.MAX_QUARANTINED_PARTS_PER_FILE:
            log.more += 1
            done.more += 1
            continue
        log.quarantined.append(
            (make_printable(part.text), part.offset, part.length, quarantine.store_head(layout, part.head))
        )
        done.quarantined.append(QuarantineReport(log.name, make_printable(part.reason), part.advice, part.byte))
    log.notes += map(make_printable, reading.notes)
