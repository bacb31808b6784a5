"""Building: history → organisations known → each process → organisations, projects, publishers as a whole → a snapshot.

A process is worked out from its own releases alone, so a large history is built some processes at a time: what is held in
memory does not grow with it (docs/decisions/0007).
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from threepoint import packages, plan
from threepoint.errors import NothingLoaded
from threepoint.pipeline.finding import find
from threepoint.pipeline.loading import Loaded, load_under_lock
from threepoint.pipeline.watch import WAIT, Watch
from threepoint.standard.history import HISTORY
from threepoint.standard.sdes import SDES, VERSION
from threepoint.store import history, lock, trouble
from threepoint.store.layout import Layout

AT_A_TIME = 100_000  # releases whose processes are worked out together: within 1 GB of memory, measured in bench/


@dataclass(frozen=True)
class Built:
    """What one build made: the snapshot's name, the rows of each of its tables, and what it read from the inbox first."""

    snapshot: str
    rows: dict[str, int]
    inbox: Loaded = field(default_factory=Loaded)


def build(root: Path, as_of: date | None = None, watch: Watch | None = None, wait: float = WAIT) -> Built:
    """Makes a new snapshot from the whole history of the store at `root`, and swaps it in.

    What the site left in the store's inbox is read first, like any source (decision 20). `as_of` is the day for which
    states such as "not yet due" are told: today, if not given.
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
                    rows = _build(layout, committed, folder, as_of or _today(), watch)
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


def _build(layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch) -> dict[str, int]:
    from threepoint.store import engine, snapshots

    files = history.files(layout, committed)
    with engine.engine(layout.scratch) as connection:
        for name, table in HISTORY.items():
            engine.open_files(connection, f"history_{name}", table, files[name])
        seed(connection, as_of)
        steps = plan.adapted(plan.wanted(plan.read()), taken(connection))
        work = _Work(connection, folder, steps, watch)
        work.run("identities")
        give_addresses(layout, connection)
        work.write("organisation_identifier")
        work.run("known")
        count = engine.divide(connection, AT_A_TIME)
        if count == 1:
            work.run("each")
        else:
            _each_part(work, layout, files, count)
        work.reread()
        work.run("whole")
    told = _manifest(committed, work.rows, as_of) | {"synthetic_notices": work.synthetic}
    (folder / snapshots.MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return work.rows


def _each_part(work: "_Work", layout: Layout, files: dict[str, list[Path]], count: int) -> None:
    """Runs the steps of each process part by part: every part sees its own history, as if there were no other."""
    from threepoint.store import engine

    wanted = {name.removeprefix("history_") for step in work.of("each") for name in step.needs} & set(HISTORY)
    for name in sorted(wanted):
        if files[name]:
            engine.spread(work.connection, f"history_{name}", layout.scratch / "parts" / name)
    work.parts = count
    for part in range(count):
        for name in sorted(wanted):
            mine = sorted((layout.scratch / "parts" / name).glob(f"part={part}/*.parquet"))
            engine.open_files(work.connection, f"history_{name}", HISTORY[name], mine)
        engine.take_part(work.connection, part)
        work.run("each")
        for name in work.kept("each"):
            engine.set_aside(work.connection, name, layout.scratch / "aside" / name / f"{part:04d}.parquet")
        engine.drop(work.connection, work.kept("each"))
    for name in work.kept("each"):
        engine.open_folder(work.connection, name, layout.scratch / "aside" / name)


@dataclass
class _Work:
    """Runs the steps of a plan; keeps what later steps need, writes what the snapshot holds."""

    connection: Any
    folder: Path
    steps: list[plan.Step]
    watch: Watch
    rows: dict[str, int] = field(default_factory=dict)
    synthetic: int = 0
    parts: int = 1
    done: int = 0

    def of(self, stage: str) -> list[plan.Step]:
        """The steps of one stage, in order."""
        return [step for step in self.steps if step.stage == stage]

    def kept(self, stage: str) -> list[str]:
        """What a stage makes that later stages need, but for what they read from the snapshot (`reread`)."""
        later = plan.STAGES[plan.STAGES.index(stage) + 1 :]
        needed = {name for step in self.steps if step.stage in later for name in step.needs} | set(plan.FOR_ADDRESSES)
        own = {step.name for step in self.of(stage)}
        return sorted(needed & own - (set(SDES) if stage == "each" else set()))

    def reread(self) -> None:
        """Lets the stage `whole` see the tables that `each` wrote, with all that other steps wrote to them."""
        from threepoint.store import engine

        needed = {name for step in self.of("whole") for name in step.needs}
        for name in needed & set(SDES) & {step.name for step in self.of("each")}:
            engine.open_folder(self.connection, name, self.folder / name)

    def run(self, stage: str) -> None:
        """Works out the steps of a stage; drops what none of the steps to come needs."""
        from threepoint.store import engine

        steps, held = self.of(stage), set(self.kept(stage))
        last = {name: place for place, step in enumerate(steps) for name in (*step.needs, step.name)}
        own = {step.name for step in steps}
        total = len(self.steps) + (self.parts - 1) * len(self.of("each"))
        for place, step in enumerate(steps):
            self.watch.tell(step.name, self.done, total)
            engine.keep(self.connection, step.name, step.sql)
            if step.name in plan.TABLE_OF:
                self.write(step.name)
            over = [name for name in (*step.needs, step.name) if name in own - held and last[name] == place]
            engine.drop(self.connection, over)
            self.done += 1

    def write(self, name: str) -> None:
        """Writes the rows kept under a name into the snapshot."""
        from threepoint.store import engine

        table = SDES[plan.TABLE_OF[name]]
        folder = self.folder / table.name
        folder.mkdir(exist_ok=True)
        path = folder / f"{len(list(folder.iterdir())):04d}.parquet"
        count = engine.write(self.connection, table, name, path)
        self.rows[table.name] = self.rows.get(table.name, 0) + count
        if name == "notice":
            self.synthetic += engine.count(self.connection, "notice", "publisher_group = 'synthetic'")


def seed(connection: Any, as_of: date) -> None:
    """Puts the small tables that the steps look things up in, and the day that the snapshot speaks for."""
    import pyarrow as pa

    from threepoint.merge.subjects import seeds
    from threepoint.store import engine

    for name, columns in {**seeds(), "today": {"as_of": [as_of]}}.items():
        engine.put(connection, name, pa.table(columns))


def taken(connection: Any) -> list[str]:
    """The history tables of which some release takes values back."""
    from threepoint.store import engine

    return [row[0] for row in engine.rows(connection, 'SELECT DISTINCT "table" FROM history_removed ORDER BY ALL')]


def give_addresses(layout: Layout, connection: Any) -> None:
    """Organisation ids for all identifiers, keeping those already given."""
    import pyarrow as pa

    from threepoint.merge.identity import assign
    from threepoint.store import engine, identities

    known = engine.rows(connection, "SELECT identifier FROM identifiers ORDER BY ALL")
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
        "tables": {name: rows[name] for name in SDES if name in rows},
        "sources": len(sources),
        "quarantined": sum(source.parts for source in sources),
        "passed_over": history.passed_over(committed),
    }
