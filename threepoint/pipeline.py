"""The whole flow on one screen: what runs, in what order, with what passed on.

load:  files → raw bytes kept → rows as published → history
build: history → releases in order → one state, its baseline, changes and field states → checks → a new snapshot
"""

import gc
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from threepoint import packages, plan
from threepoint.errors import NothingLoaded, Problem
from threepoint.standard.history import HISTORY
from threepoint.standard.sdes import SDES, VERSION
from threepoint.store import history, lock, quarantine, raw
from threepoint.store.layout import Layout

BATCH_BYTES = 512 * 1024 * 1024  # of files read into one batch; a kill loses at most the batch at hand
WAIT = 30.0  # seconds that a writer waits for another


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


@dataclass
class Watch:
    """Whom to tell of progress: (what, done, of how many); both numbers are bytes for a load and steps for a build."""

    tell: Callable[[str, int, int], None] = lambda _what, _done, _total: None
    say: Callable[[str], None] = print


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
        _load(layout, wanted, watch, done)
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


def _load(layout: Layout, wanted: list[Path], watch: Watch, done: Loaded) -> None:
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
            _note(layout, reading, log, batch.add(reading.rows), done)
    batch.sources.append(log)
    done.files += 1


def _note(layout: Layout, reading: Any, log: history.SourceLog, rows: dict[str, int], done: Loaded) -> None:
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


@dataclass(frozen=True)
class Built:
    """What one build made: the snapshot's name and the rows of each of its tables."""

    snapshot: str
    rows: dict[str, int]


def build(root: Path, as_of: date | None = None, watch: Watch | None = None, wait: float = WAIT) -> Built:
    """Makes a new snapshot from the whole history of the store at `root`, and swaps it in.

    What the site left in the store's inbox is read first, like any source (decision 20). `as_of` is the day for which
    states such as "not yet due" are told: today, if not given.
    """
    from threepoint.store import snapshots

    layout, watch = Layout(root), watch or Watch()
    if not root.exists():
        raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    layout.make()
    with lock.writing(layout.lock, "build", wait, watch.say):
        packages.refuse_build(layout)
        history.sweep(layout)
        snapshots.sweep(layout)
        if waiting := files_of([layout.inbox]):
            _load(layout, waiting, watch, Loaded())
        committed = history.entries(layout)
        if not any(entry.files for entry in committed):
            raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
        with snapshots.fresh(layout) as folder:
            rows = _build(layout, committed, folder, as_of or _today(), watch)
        snapshots.sweep(layout)
        return Built(str(snapshots.current_name(layout)), rows)


def _today() -> date:
    """The date in London, whose days the standard's dates are."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def _build(layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch) -> dict[str, int]:
    from threepoint.store import engine, snapshots

    with engine.engine(layout.scratch) as connection:
        engine.open_history(connection, HISTORY, history.files(layout, committed))
        _seed(connection, as_of)
        steps = plan.adapted(plan.read(), taken(connection))
        for number, (name, sql) in enumerate(steps):
            watch.tell(name, number, len(steps))
            engine.keep(connection, name, sql)
            if name == plan.LAST_BEFORE_ADDRESSES:
                _give_addresses(layout, connection)
        made = {name for name, _ in steps} | {"organisation_identifier"}
        rows = {
            table.name: engine.write(connection, table, table.name, folder / f"{table.name}.parquet")
            for table in SDES.values()
            if table.name in made
        }
        synthetic = engine.rows(connection, "SELECT count(*) FROM notice WHERE publisher_group = 'synthetic'")[0][0]
    told = _manifest(committed, rows, as_of) | {"synthetic_notices": synthetic}
    (folder / snapshots.MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return rows


def _seed(connection: Any, as_of: date) -> None:
    import pyarrow as pa

    from threepoint.merge.subjects import seeds
    from threepoint.store import engine

    for name, columns in {**seeds(), "today": {"as_of": [as_of]}}.items():
        engine.put(connection, name, pa.table(columns))


def taken(connection: Any) -> dict[str, tuple[str, ...]]:
    from threepoint.store import engine

    found: dict[str, tuple[str, ...]] = {}
    for name, column in engine.rows(connection, 'SELECT DISTINCT "table", field FROM history_removed ORDER BY ALL'):
        found[name] = (*found.get(name, ()), column)
    return found


def _give_addresses(layout: Layout, connection: Any) -> None:
    """Organisation ids for all identifiers, keeping those already given."""
    import pyarrow as pa

    from threepoint.merge.identity import assign
    from threepoint.store import engine, identities

    known = engine.rows(connection, "SELECT DISTINCT body FROM bodies WHERE body IS NOT NULL ORDER BY ALL")
    together = engine.rows(connection, "SELECT * FROM body_pairs ORDER BY ALL")
    made = assign([row[0] for row in known], [(row[0], row[1]) for row in together], identities.read(layout))
    identities.freeze(layout, made)
    found, addresses = pa.array(list(made), pa.string()), pa.array(list(made.values()), pa.string())
    engine.put(connection, "addresses", pa.table({"identifier": found, "address": addresses}))
    scheme = pa.array(["-".join(identifier.split("-")[:2]) for identifier in made], pa.string())
    engine.put(
        connection, "organisation_identifier", pa.table({"identifier": found, "org_id": addresses, "scheme": scheme})
    )


def _manifest(committed: list[history.Entry], rows: dict[str, int], as_of: date) -> dict[str, Any]:
    from threepoint import __version__

    sources = [source for entry in committed for source in entry.sources]
    return {
        "standard": "SDES",
        "standard_version": VERSION,
        "code_version": __version__,
        "as_of": as_of.isoformat(),
        "tables": rows,
        "sources": len(sources),
        "quarantined": sum(len(source.quarantined) for source in sources),
        "passed_over": _left_out(committed)["passed_over"],
    }


def status(root: Path) -> dict[str, Any]:
    """What is in the store: {snapshot, sources, groups, tables, standard, quarantine, passed_over} (decision 22)."""
    from threepoint.store import overview, snapshots

    layout = Layout(root)
    committed = history.entries(layout)
    if told := packages.status(layout):
        return told
    if not committed:
        raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    name = snapshots.current_name(layout)
    told = overview.of_history(layout, committed)
    standard = json.loads((layout.snapshots / name / snapshots.MANIFEST).read_text(encoding="utf-8")) if name else {}
    return {"snapshot": name, **told, "standard": standard.get("tables", {}), **_left_out(committed)}


def _left_out(committed: list[history.Entry]) -> dict[str, Any]:
    sources = [source for entry in committed for source in entry.sources]
    passed: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for source in sources:
        for kind, _, count in source.passed_over:
            passed[kind] += count
        reasons.update(why for why, *_ in source.quarantined)
    found = {
        "parts": sum(reasons.values()),
        "sources": len([s for s in sources if s.quarantined]),
        "reasons": dict(reasons),
    }
    return {"quarantine": found, "passed_over": dict(sorted(passed.items()))}


@dataclass(frozen=True)
class Checked:
    """What the checks say of one file: failures, how often each check was made, what is filled, what was not read."""

    failures: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    filled: list[dict[str, Any]]
    grades: dict[str, int]
    loaded: Loaded


def check_file(path: Path, as_of: date | None = None) -> Checked:
    """Checks a file without loading it: a store of its own, thrown away at the end."""
    from threepoint.store import engine

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        loaded = load(root, [path])
        if not loaded.rows:
            return Checked([], [], [], {}, loaded)
        made = Layout(root).snapshots / build(root, as_of).snapshot
        ask = partial(engine.ask, made, list(SDES))
        grades = {
            row["grade"]: row["n"]
            for row in ask(
                "SELECT grade, count(*) AS n FROM coverage WHERE grade IS NOT NULL GROUP BY grade ORDER BY grade"
            )
        }
        return Checked(
            ask("SELECT * FROM dq_result ORDER BY severity, check_id, subject_id"),
            ask("SELECT * FROM check_summary ORDER BY check_id, publisher"),
            ask('SELECT * FROM coverage_report ORDER BY publisher, notice_type, "table", field'),
            grades,
            loaded,
        )


def sample_into(out: Path, releases: int, seed: int, watch: Watch | None = None) -> Any:
    """Writes a synthetic world into the folder `out`; the summary says what is in it."""
    from threepoint import sample

    watch = watch or Watch()
    return sample.write(out, releases, seed, lambda done: watch.tell("releases", done, releases))


def sample_tables(root: Path, releases: int, seed: int, watch: Watch | None = None, wait: float = WAIT) -> Loaded:
    """Reads a synthetic world straight into the store at `root`, through the same code as a file of it."""
    layout, watch, done = Layout(root), watch or Watch(), Loaded()
    packages.refuse_history(layout)
    layout.make()
    with lock.writing(layout.lock, "sample", wait, watch.say), no_collection():
        history.sweep(layout)
        committed = history.entries(layout)
        batch = history.Batch(layout, history.next_number(layout))
        _sample_rows(layout, batch, releases, seed, history.release_keys(layout, committed), watch, done)
        batch.commit()
    return done


def _sample_rows(
    layout: Layout, batch: history.Batch, releases: int, seed: int, seen: set[int], watch: Watch, done: Loaded
) -> None:
    from threepoint import sample
    from threepoint.read.documents import read_lines
    from threepoint.read.task import Task

    name = f"synthetic world of {releases} releases, seed {seed}"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    log, count = history.SourceLog(sha256, name, 0, history.now()), 0
    for reading in read_lines(sample.releases(releases, seed), Task(sha256, name, seen)):
        _note(layout, reading, log, batch.add(reading.rows), done)
        count += len(reading.rows["release"])
        watch.tell("releases", count, releases)
    batch.sources.append(log)
    done.files += 1
