"""Loading: files → raw bytes kept → rows as published → history."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from threepoint import packages
from threepoint.errors import Problem
from threepoint.pipeline.watch import WAIT, Watch
from threepoint.store import history, lock, quarantine, raw
from threepoint.store.layout import Layout

BATCH_BYTES = 512 * 1024 * 1024  # of files read into one batch; a kill loses at most the batch at hand


@dataclass
class Loaded:
    """What one load did: files read, passed over and already held, rows by table, and what was quarantined.

    `tables` has the rows of a package of tables that became the snapshot.
    """

    files: int = 0
    held: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)
    quarantined: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Every file named or in a folder named, in the order of their paths; Problem for a path that is not there."""
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise Problem(f"{path} is not there; check the path")
        found |= {inner for inner in path.rglob("*") if inner.is_file()} if path.is_dir() else {path}
    return sorted(found)


def load(root: Path, paths: Iterable[Path], watch: Watch | None = None, wait: float = WAIT) -> Loaded:
    """Reads files into the history of the store at `root`. One bad release never stops a file, one bad file no load."""
    layout, watch, done = Layout(root), watch or Watch(), Loaded()
    wanted = [
        path for path in files_of(paths) if root.resolve() not in path.resolve().parents
    ]  # the store is no source
    found, wanted = packages.split(wanted, done.problems)
    if wanted:
        packages.refuse_history(layout)
    layout.make()
    with lock.writing(layout.lock, "load", wait, watch.say), no_collection():
        history.sweep(layout)
        if found:
            done.tables, done.held = packages.take(layout, found, done.problems, alone=not wanted, tell=watch.tell)
        load_under_lock(layout, wanted, watch, done)
    return done


@contextmanager
def no_collection() -> Iterator[None]:
    """Rows are tuples without cycles: looking for cycles among them costs a third of a load's CPU (measured)."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def load_under_lock(layout: Layout, wanted: list[Path], watch: Watch, done: Loaded) -> None:
    committed = history.entries(layout)
    seen, known = history.release_keys(layout, committed), {s.sha256 for entry in committed for s in entry.sources}
    sizes = {path: path.stat().st_size for path in wanted if path.exists()}
    total, passed = sum(sizes.values()), 0
    batch, pending = history.Batch(layout, history.next_number(layout)), 0
    for path in wanted:
        source = _kept(layout, path, known, done)
        if source and source.sha256 in known:
            done.held += 1
        elif source:
            known.add(source.sha256)
            _read_source(layout, batch, source, seen, done, _teller(watch, path.name, passed, total))
            pending += source.size
        passed += sizes.get(path, 0)
        watch.tell(path.name, passed, total)
        if pending > BATCH_BYTES:
            batch.commit()
            batch, pending = history.Batch(layout, history.next_number(layout)), 0
    if batch.sources:
        batch.commit()


def _teller(watch: Watch, name: str, before: int, total: int) -> Callable[[int], None]:
    """Tells of the bytes read of one file, on top of those of the files before it."""
    return lambda done: watch.tell(name, before + done, total)


def _kept(layout: Layout, path: Path, known: set[str], done: Loaded) -> raw.Source | None:
    """The file as it was found, its bytes kept unless it is known; None where it cannot be read or changes meanwhile."""
    try:
        source = raw.look(path)
        if source.sha256 not in known:
            raw.keep(layout, source)
    except Problem as why:
        done.problems.append(str(why))
        return None
    return source


def _read_source(
    layout: Layout,
    batch: history.Batch,
    source: raw.Source,
    seen: set[int],
    done: Loaded,
    progress: Callable[[int], None],
) -> None:
    from threepoint.read.recognise import read
    from threepoint.read.task import Task

    log = history.SourceLog(source.sha256, source.path.name, source.size, history.now())
    with raw.opened(layout, source.sha256) as stream:  # not the file itself, which may change under the reader
        for reading in read(stream, Task(source.sha256, source.path.name, seen, progress=progress)):
            note(layout, reading, log, batch.add(reading.rows), done)
    batch.sources.append(log)
    done.files += 1


def note(layout: Layout, reading: Any, log: history.SourceLog, rows: dict[str, int], done: Loaded) -> None:
    for name, count in rows.items():
        log.rows[name] = log.rows.get(name, 0) + count
        done.rows[name] = done.rows.get(name, 0) + count
    for found in reading.passed_over:
        log.passed_over.append((found.kind, found.why, found.count))
        done.passed_over[found.kind] = done.passed_over.get(found.kind, 0) + found.count
    for part in reading.quarantined:
        log.quarantined.append((part.reason, part.offset, part.length, quarantine.keep(layout, part.head)))
        done.quarantined.append(f"{log.name}: {part.reason}")
    log.notes += reading.notes
