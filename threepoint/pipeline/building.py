"""Building: history → organisations known → each process → organisations, projects, publishers as a whole → a snapshot.

A process is worked out from its own releases alone, so a large history is built some processes at a time: what is held in
memory does not grow with it (docs/decisions/0007). Where the store has been built before, only what has changed since is
worked out (`incremental`).
"""

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from threepoint import packages, plan
from threepoint.errors import NothingLoaded
from threepoint.pipeline import basis, incremental
from threepoint.pipeline.finding import find
from threepoint.pipeline.loading import Loaded, load_under_lock
from threepoint.pipeline.watch import WAIT, Watch
from threepoint.standard.sdes import SDES, VERSION
from threepoint.store import history, lock, trouble
from threepoint.store.layout import Layout

QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")


@dataclass(frozen=True)
class Built:
    """What one build made: the snapshot's name, the rows of each of its tables, and what it read from the inbox first.

    `anew` is the number of releases whose processes were worked out; None where it was all of them.
    """

    snapshot: str
    rows: dict[str, int]
    inbox: Loaded = field(default_factory=Loaded)
    anew: int | None = None


def build(
    root: Path, as_of: date | None = None, watch: Watch | None = None, wait: float = WAIT, *, whole: bool = False
) -> Built:
    """Makes a new snapshot from the history of the store at `root`, and swaps it in.

    What the site left in the store's inbox is read first, like any source (decision 20). `as_of` is the day for which
    states such as "not yet due" are told: today, if not given. Processes of which nothing changed since the last build
    are taken over from it, unless `whole`.
    """
    from threepoint.store import snapshots

    layout, watch = Layout(root), watch or Watch()
    if not root.exists():
        raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    with trouble.told(root):
        layout.make()
        with lock.writing(layout.lock, "build", wait, watch.say):
            packages.refuse_build(layout)
            history.sweep(layout)
            snapshots.sweep(layout)
            inbox = _from_inbox(layout, watch)
            committed = history.entries(layout)
            if not any(entry.files for entry in committed):
                raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
            try:
                with snapshots.fresh(layout) as folder:
                    rows, anew = _build(layout, committed, folder, as_of or _today(), watch, whole=whole)
            finally:
                snapshots.sweep(layout)
            return Built(str(snapshots.current_name(layout)), rows, inbox, anew)


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
    layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch, *, whole: bool
) -> tuple[dict[str, int], int | None]:
    """Writes the snapshot into `folder`: the rows of each table, and `anew` of Built."""
    from threepoint.store import snapshots

    last = None if whole else basis.find(layout, committed)
    made = _upon(last, layout, committed, folder, as_of, watch) if last else None
    if made is None:
        for left in (*folder.iterdir(), *layout.scratch.iterdir()):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        rows, anew = _whole(layout, committed, folder, as_of, watch), None
    else:
        rows, anew = made
    told = _manifest(committed, rows, as_of) | {"layout": snapshots.LAYOUT, "basis": basis.told(committed, folder)}
    (folder / snapshots.MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return rows, anew


def _upon(
    last: basis.Basis, layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch
) -> tuple[dict[str, int], int] | None:
    """What `incremental.build` gives; None, too, where the last snapshot turns out to be damaged."""
    from threepoint.store import engine

    try:
        return incremental.build(layout, committed, folder, as_of, watch, last)
    except engine.Full:
        raise
    except engine.Error as why:
        watch.say(f"the last snapshot cannot be read ({str(why).splitlines()[0]}); everything is worked out anew")
        return None


def _whole(layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch) -> dict[str, int]:
    """Everything worked out from the whole history; the rows of each table."""
    from threepoint.facts import index
    from threepoint.pipeline.work import Work, give_addresses, seed, taken
    from threepoint.standard.history import HISTORY
    from threepoint.store import engine, layers

    files = history.files(layout, committed)
    with engine.engine(layout.scratch) as connection:
        engine.open_history(connection, HISTORY, files)
        seed(connection, as_of, committed)
        steps = plan.adapted(plan.wanted(plan.read()), taken(connection))
        work = Work(connection, folder, steps, watch, layers.BASE)
        work.run("identities")
        give_addresses(layout, connection)
        work.write("organisation_identifier", layers.REST)
        work.run("known")
        work.divide(layout, files, alone=True)
        with index.writing(folder) as found:
            work.each(layout, found)
            work.reread()
            work.run("whole")
            work.rest(found)
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
        "tables": {name: rows[name] for name in SDES if name in rows},
        "sources": len(sources),
        "quarantined": sum(source.parts for source in sources),
        "quarantine_reasons": dict(
            Counter(_unquoted(why) for source in sources for why, *_ in source.quarantined).most_common(20)
        ),
        "passed_over": history.passed_over(committed),
    }
