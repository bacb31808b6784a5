"""Building: history → organisations known → each process → organisations, projects, publishers as a whole → a snapshot.

A process is built from its own releases alone, so a large history is built some processes at a time, and memory does not grow
with it (docs/decisions/0007). Every build starts from the whole history.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from threepoint import build_plan, data_packages
from threepoint.errors import NothingLoaded, Problem
from threepoint.pipeline.history_load import Loaded, load_under_lock
from threepoint.pipeline.input_files import find
from threepoint.pipeline.progress import WAIT, Watch
from threepoint.pipeline.snapshot_files import write_snapshot_files
from threepoint.standard.sdes import SDES, VERSION
from threepoint.store import history, os_errors, write_lock
from threepoint.store.store_paths import Layout

DUCKDB, SPARK = ENGINES = ("duckdb", "spark")  # what can make a snapshot's tables
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")


@dataclass(frozen=True)
class Built:
    """What one build made: the snapshot's name, the rows of each of its tables, and what it read from the inbox first."""

    snapshot: str
    rows: dict[str, int]
    inbox: Loaded = field(default_factory=Loaded)


def build(
    root: Path, as_of: date | None = None, watch: Watch | None = None, wait: float = WAIT, engine: str = DUCKDB
) -> Built:
    """Make a new snapshot from the history of the store at `root`, and swap it in.

    What the site left in the store's inbox is read first, like any source. `as_of` is the day for which states such as
    "not yet due" hold: today, if not given. `engine` is one of ENGINES; both make the same rows.
    """
    from threepoint.store import snapshots

    layout, watch = Layout(root), watch or Watch()
    if engine not in ENGINES:
        raise Problem(f"there is no engine {engine!r}; choose one of: {', '.join(ENGINES)}")
    if not root.exists():
        raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    with os_errors.told(root):
        layout.make()
        with write_lock.writing(layout.lock, "build", wait, watch.say):
            data_packages.refuse_build(layout)
            history.sweep(layout)
            snapshots.sweep(layout)
            inbox = _from_inbox(layout, watch)
            committed = history.entries(layout)
            if not any(entry.files for entry in committed):
                raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
            try:
                with snapshots.fresh(layout) as folder:
                    rows = _build(layout, committed, folder, as_of or _today(), watch, engine)
            finally:
                snapshots.sweep(layout)
            return Built(str(snapshots.current_name(layout)), rows, inbox)


def _from_inbox(layout: Layout, watch: Watch) -> Loaded:
    """Reads what was left in the inbox, like any source."""
    found = find([layout.inbox])
    inbox = Loaded(problems=found.problems)
    if found.files:
        load_under_lock(layout, found.files, watch, inbox)
    return inbox


def _today() -> date:
    """The date in London, whose days the standard's dates are."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def _build(
    layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch, engine: str
) -> dict[str, int]:
    """Write the snapshot into `folder`; return the rows of each table of the standard."""
    from threepoint.store import snapshots

    if engine == SPARK:
        from threepoint.pipeline import spark_build

        rows = spark_build.write_tables(layout, committed, folder, as_of, watch)
    else:
        rows = _write_tables(layout, committed, folder, as_of, watch)
    write_snapshot_files(folder, layout.scratch)
    made = {name: rows[name] for name in SDES if name in rows}
    manifest = _manifest(committed, made, as_of) | {"layout": snapshots.LAYOUT}
    (folder / snapshots.MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return made


def _write_tables(
    layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch
) -> dict[str, int]:
    """Write the snapshot's tables from the whole history; return the rows of each."""
    from threepoint.pipeline.step_runner import Work, give_addresses, list_removed, make_seeds
    from threepoint.standard.history_tables import HISTORY
    from threepoint.store import duckdb_engine, snapshot_tables

    files = history.files(layout, committed)
    with duckdb_engine.engine(layout.scratch) as connection:
        duckdb_engine.open_history(connection, HISTORY, files)
        for name, columns in make_seeds(as_of, committed).items():
            duckdb_engine.put(connection, name, columns, build_plan.KINDS)
        steps = build_plan.adapted(build_plan.wanted(build_plan.read()), list_removed(connection))
        nothing = Counter({f"history_{name}": 0 for name, held in files.items() if not held})
        work = Work(connection, layout, folder, steps, watch, nothing)
        work.run("identities")
        give_addresses(layout, connection)
        work.write("organisation_identifier", snapshot_tables.WHOLE)
        work.run("known")
        work.run_each(files)
        work.run("whole")
        return work.rows


def _unquoted(why: str) -> str:
    """A reason without what it quotes: that can be anything, a person's name too, and the manifest is shown to everyone."""
    return QUOTED.sub("…", why)


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
        "quarantined": sum(source.parts for source in sources),
        "quarantine_reasons": dict(
            Counter(_unquoted(why) for source in sources for why, *_ in source.quarantined).most_common(20)
        ),
        "passed_over": history.passed_over(committed),
    }
