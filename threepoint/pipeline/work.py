"""Running the plan: what each step gives is kept while later steps need it, and written where the snapshot holds it."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from threepoint import plan
from threepoint.facts import index
from threepoint.pipeline.watch import Watch
from threepoint.standard.history import HISTORY
from threepoint.standard.sdes import SDES
from threepoint.store import engine, history, layers, shelf
from threepoint.store.layout import Layout

AT_A_TIME = 80_000  # releases whose processes are worked out together: within 1 GB of memory, measured in bench/
PARTS, ALL = "parts", "all_releases"

Files = dict[str, list[Path]]


@dataclass
class Work:
    """Runs the steps of a plan; keeps what later steps need, writes what the snapshot holds.

    `layer` says in which files of a table the rows of processes go: a whole build's or a later one's.
    """

    connection: Any
    folder: Path
    steps: list[plan.Step]
    watch: Watch
    layer: str
    rows: dict[str, int] = field(default_factory=dict)
    written: Files = field(default_factory=dict)  # since the last dossiers were made
    parts: int = 0
    done: int = 0

    def of(self, scope: str) -> list[plan.Step]:
        """The steps of one scope, in order."""
        return [step for step in self.steps if step.scope == scope]

    def kept(self, scope: str) -> list[str]:
        """What a scope makes that later scopes need, but for what they read from the snapshot (`reread`)."""
        later = plan.SCOPES[plan.SCOPES.index(scope) + 1 :]
        needed = {name for step in self.steps if step.scope in later for name in step.needs} | set(plan.FOR_ADDRESSES)
        own = {step.name for step in self.of(scope)}
        return sorted(needed & own - (set(SDES) if scope == "each" else set()))

    def reread(self) -> None:
        """Lets the scope `whole` see the tables that `each` wrote, with all that other steps and earlier builds wrote to them."""
        needed = {name for step in self.of("whole") for name in step.needs}
        for name in needed & set(SDES) & {step.name for step in self.of("each")}:
            layers.open_table(self.connection, SDES[name], self.folder)
        for name in self.kept("each"):
            layers.open_kept(self.connection, name, self.folder)

    def run(self, scope: str) -> None:
        """Works out the steps of a scope; drops what none of the steps to come needs."""
        steps, held = self.of(scope), set(self.kept(scope))
        last = {name: place for place, step in enumerate(steps) for name in (*step.needs, step.name)}
        own = {step.name for step in steps}
        total = len(self.steps) + (self.parts - 1) * len(self.of("each")) if self.parts else len(self.steps)
        for place, step in enumerate(steps):
            self.watch.tell(step.name, self.done, total)
            if step.asks and not engine.count(self.connection, step.asks):
                engine.keep_nothing(self.connection, step.name, SDES[plan.TABLE_OF[step.name]])
            else:
                engine.keep(self.connection, step.name, step.sql)
            if step.name in plan.TABLE_OF:
                self.write(step.name, self.layer if scope == "each" else layers.REST)
            over = [name for name in (*step.needs, step.name) if name in own - held and last[name] == place]
            engine.drop(self.connection, over)
            self.done += 1

    def write(self, name: str, layer: str) -> None:
        """Writes the rows kept under a name into the snapshot."""
        table = SDES[plan.TABLE_OF[name]]
        path = layers.next_file(self.folder / table.name, layer)
        made = engine.write(self.connection, table, name, path)
        self.rows[table.name] = self.rows.get(table.name, 0) + made
        if made:
            self.written.setdefault(table.name, []).append(path)
        elif layer == layers.DELTA:
            path.unlink()

    def divide(self, layout: Layout, files: Files, *, alone: bool) -> None:
        """Divides the processes of `history_release` into parts and writes the history of each to a folder of its own.

        Where there would be but one part and it is all `alone` in the history, there are no parts.
        """
        self.parts = max(-(-engine.count(self.connection, "history_release") // AT_A_TIME), 1)
        if alone and self.parts == 1:
            self.parts = 0
            return
        engine.divide(self.connection, self.parts)
        engine.rename(self.connection, "releases", ALL)
        for name in self._read():
            if files[name]:
                engine.spread(self.connection, f"history_{name}", layout.scratch / PARTS / name)

    def take(self, layout: Layout, part: int, releases: str = ALL) -> None:
        """Makes the history that of one part, and `releases` those of `releases` that are of it."""
        for name in self._read():
            mine = sorted((layout.scratch / PARTS / name).glob(f"part={part}/*.parquet"))
            engine.open_files(self.connection, f"history_{name}", HISTORY[name], mine)
        engine.take_part(self.connection, releases, "releases", part)

    def each(self, layout: Layout, found: index.Writer) -> None:
        """Runs the steps of each process, part by part: as if there were no other processes. Then shelves and indexes what they gave.

        What later scopes and later builds need of them is written beside the snapshot's tables.
        """
        for part in range(max(self.parts, 1)):
            if self.parts:
                self.take(layout, part)
            self.written.clear()
            self.run("each")
            for name in self.kept("each"):
                self.set_aside(name)
            with shelf.writing(self.folder, self.layer) as made:
                shelf.add(made, self.connection, self.written)
            found.add_processes(self.connection, self.written)
            _give_back()

    def rest(self, found: index.Writer) -> None:
        """Shelves and indexes all that is of no process."""
        rest = {name: layers.files(self.folder / name, layers.REST) for name in SDES}
        with shelf.writing(self.folder, layers.REST) as made:
            shelf.add(made, self.connection, rest)
            shelf.add_beside(made, self.connection, self.folder)
        found.add_rest(self.connection, self.folder)

    def set_aside(self, name: str, layer: str = "") -> None:
        """Writes the rows kept under a name for later scopes and later builds, and forgets them."""
        folder = self.folder / layers.KEPT / name
        engine.set_aside(self.connection, name, layers.next_file(folder, layer or self.layer))
        engine.drop(self.connection, [name])

    def _read(self) -> list[str]:
        """The history tables that the steps of each process read. Those that ask first look for a few releases in all of history."""
        steps = [step for step in self.of("each") if not step.asks]
        needed = {name.removeprefix("history_") for step in steps for name in step.needs}
        return sorted(needed & set(HISTORY))


def _give_back() -> None:
    """Gives freed memory back to the machine, which C's library else keeps: dossiers leave some 80 MB of it, in small pieces."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # glibc's alone
        trim(0)


def seed(connection: Any, as_of: date, committed: Sequence[history.Entry] = ()) -> None:
    """Puts the small tables that the steps look things up in: codes, the day that the snapshot speaks for, and `sources`.

    `sources` has the files of the log in the order in which they were read, and how many parts of each could not be.
    """
    import pyarrow as pa

    from threepoint.merge.subjects import seeds

    for name, columns in {**seeds(), "today": {"as_of": [as_of]}}.items():
        engine.put(connection, name, pa.table(columns))
    read = list({source.sha256: source for entry in committed for source in entry.sources}.values())
    names = [pa.array(found, pa.string()) for found in ([one.sha256 for one in read], [one.name for one in read])]
    counts = [pa.array(found, pa.int64()) for found in (range(len(read)), [one.parts for one in read])]
    engine.put(connection, "sources", pa.table([*names, *counts], names=["source_id", "name", "place", "parts"]))


def taken(connection: Any) -> list[str]:
    """The history tables of which some release takes values back."""
    return [row[0] for row in engine.rows(connection, 'SELECT DISTINCT "table" FROM history_removed ORDER BY ALL')]


def give_addresses(layout: Layout, connection: Any) -> None:
    """Organisation ids for all identifiers, keeping those already given."""
    import pyarrow as pa

    from threepoint.merge.identity import assign
    from threepoint.store import identities

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
