"""Run the plan: keep what each step makes while later steps need it, and write what the snapshot holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from threepoint import build_plan
from threepoint.pipeline.progress import ProgressReporter
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.tables_states import STATE_TABLES, STORED_TABLES
from threepoint.store import duckdb_engine, field_states, history, snapshot_tables
from threepoint.store.store_paths import StorePaths

# Releases whose processes are built together, for each megabyte that DuckDB may use: with its 550 MB by default, a build of
# a million releases held 848 MB. With 250 it held 1,018 MB; more parts cost CPU, since each is planned and written apart.
RELEASES_PER_MEGABYTE = 200
SUBJECT_BY_STATE_TABLE = {table.name: subject for subject, table in STATE_TABLES.items()}
PARTS_FOLDER, CARRIED_FOLDER, ALL_RELEASES_TABLE = "parts", "carried", "all_releases"

FilesByTable = dict[str, list[Path]]


@dataclass
class StepRunner:
    """The steps of a plan on their way into a snapshot."""

    connection: Any
    layout: StorePaths
    folder: Path
    steps: list[build_plan.BuildStep]
    watch: ProgressReporter
    made: Counter[str]  # rows by step, and 0 for each table of the history without any
    rows: Counter[str] = field(default_factory=Counter)
    parts: int = 1
    done: int = 0

    def select(self, scope: str) -> list[build_plan.BuildStep]:
        """Return the steps of one scope, in order."""
        return [step for step in self.steps if step.scope == scope]

    def run(self, scope: str, name: str = snapshot_tables.WHOLE_FILE_STEM) -> None:
        """Run the steps of a scope, write their tables to files called `name`, and drop what no later step needs."""
        steps = self.select(scope)
        carried = self._list_carried(scope)
        last = {needed: place for place, step in enumerate(steps) for needed in (*step.needs, step.name)}
        own = {step.name for step in steps}
        total = len(self.steps) + (self.parts - 1) * len(self.select("each"))
        for place, step in enumerate(steps):
            self.watch.tell(step.name, self.done, total)
            self._make(step)
            if step.name in build_plan.TABLE_BY_STEP:
                self.write(step.name, name)
            over = {one for one in (*step.needs, step.name) if one in own - carried and last[one] == place}
            duckdb_engine.drop_tables(self.connection, over)
            self.done += 1

    def _make(self, step: build_plan.BuildStep) -> None:
        """Keep the rows of a step; of one that cannot have any, none."""
        empty = step.has_no_rows(self._is_empty)
        self.made[step.name] += duckdb_engine.create_table(
            self.connection, step.name, step.nothing if empty else step.sql
        )

    def _is_empty(self, name: str) -> bool:
        """Return whether a table of the history, or what a step has made so far, in whatever part, is known to be empty."""
        return not self.made.get(name, 1)

    def write(self, name: str, file: str) -> None:
        """Write the rows kept under a name into a file of the snapshot's table."""
        table = STORED_TABLES[build_plan.TABLE_BY_STEP[name]]
        path = snapshot_tables.prepare_file(self.folder, table.name, file)
        self.rows[table.name] += duckdb_engine.write_sorted_parquet(self.connection, table, name, path)
        if table.name in SUBJECT_BY_STATE_TABLE:
            self.rows[field_states.FIELD_STATE_TABLE] += field_states.count_field_states(
                self.connection, SUBJECT_BY_STATE_TABLE[table.name], name
            )

    def run_each(self, files: FilesByTable) -> None:
        """Run the steps of each process, some processes at a time, as if there were no others.

        A history of one part is read where it is. A larger one is first written to scratch by part, in the order of the ocids.
        """
        releases = duckdb_engine.count_rows(self.connection, "history_release")
        at_a_time = max(int(duckdb_engine.get_memory_megabytes(self.connection) * RELEASES_PER_MEGABYTE), 1)
        self.parts = max(-(-releases // at_a_time), 1)
        if self.parts > 1:
            duckdb_engine.divide_processes(self.connection, self.parts)
            duckdb_engine.rename_table(self.connection, "releases", ALL_RELEASES_TABLE)
            for name in self._list_read():
                if files[name]:
                    duckdb_engine.write_partitions(
                        self.connection, f"history_{name}", self.layout.scratch / PARTS_FOLDER / name
                    )
        for part in range(self.parts):
            if self.parts > 1:
                self._open_part(part)
            self.run("each", snapshot_tables.name_part(part))
            for name in sorted(self._list_carried("each")):
                target = self.layout.scratch / CARRIED_FOLDER / name / f"{part}.parquet"
                duckdb_engine.write_scratch_parquet(self.connection, name, target)
                duckdb_engine.drop_tables(self.connection, [name])
        self._open_carried()

    def _list_carried(self, scope: str) -> set[str]:
        """Return what a scope makes that later scopes need. Tables of the snapshot are read from its files."""
        later = build_plan.STEP_SCOPES[build_plan.STEP_SCOPES.index(scope) + 1 :]
        needed = {name for step in self.steps if step.scope in later for name in step.needs} | set(
            build_plan.ORGANISATION_ID_STEPS
        )
        own = {step.name for step in self.select(scope)}
        return (needed & own) - (set(STORED_TABLES) if scope == "each" else set())

    def _list_read(self) -> list[str]:
        """Return the history tables that the steps of each process read."""
        # A step that asks first looks for a few releases in all of the history.
        steps = [step for step in self.select("each") if not step.asks]
        needed = {name.removeprefix("history_") for step in steps for name in step.needs}
        return sorted(needed & set(HISTORY_TABLES))

    def _open_part(self, part: int) -> None:
        """Make the history, and `releases`, those of one part."""
        for name in self._list_read():
            mine = sorted((self.layout.scratch / PARTS_FOLDER / name).glob(f"part={part}/*.parquet"))
            duckdb_engine.create_table_view(self.connection, f"history_{name}", HISTORY_TABLES[name], mine)
        duckdb_engine.create_part_table(self.connection, ALL_RELEASES_TABLE, "releases", part)

    def _open_carried(self) -> None:
        """Let the later scopes see what `each` made: tables in the snapshot, and the rest in scratch."""
        needed = {name for step in self.select("whole") for name in step.needs}
        opened = needed & {step.name for step in self.select("each")} & set(STORED_TABLES)
        snapshot_tables.create_snapshot_views(self.connection, self.folder, opened)
        for name in opened:  # with the rows of other steps for the same table
            self.made[name] = self.rows[name]
        for name in self._list_carried("each"):
            files = sorted((self.layout.scratch / CARRIED_FOLDER / name).glob("*.parquet"))
            duckdb_engine.create_parquet_view(self.connection, name, files)


def make_seed_tables(
    as_of: date, committed: Sequence[history.CommittedBatch] = ()
) -> dict[str, build_plan.ColumnValues]:
    """Return the small tables that the steps look things up in: codes, the day that the snapshot is for, and `sources`.

    `sources` has the files of the log in the order in which they were read, and how many parts of each could not be.
    """
    from threepoint.merge.field_origins import build_lookup_tables

    read = list({source.sha256: source for entry in committed for source in entry.sources}.values())
    sources = {
        "source_id": [source.sha256 for source in read],
        "name": [source.name for source in read],
        "place": [*range(len(read))],
        "parts": [source.parts for source in read],
    }
    return {**build_lookup_tables(), "today": {"as_of": [as_of]}, "sources": sources}


def list_tables_with_removals(connection: Any) -> list[str]:
    """Return the history tables of which some release removes values."""
    return [
        row[0]
        for row in duckdb_engine.query_rows(connection, 'SELECT DISTINCT "table" FROM history_removed ORDER BY ALL')
    ]


def create_organisation_id_tables(layout: StorePaths, connection: Any) -> None:
    """Give all identifiers organisation ids, and keep those given before."""
    known = duckdb_engine.query_rows(connection, "SELECT identifier FROM identifiers ORDER BY ALL")
    together = duckdb_engine.query_rows(connection, "SELECT * FROM body_pairs ORDER BY ALL")
    for name, columns in make_organisation_id_columns(layout, known, together).items():
        duckdb_engine.create_table_from_columns(connection, name, columns)


def make_organisation_id_columns(
    layout: StorePaths, known: Sequence[tuple[Any, ...]], together: Sequence[tuple[Any, ...]]
) -> dict[str, build_plan.ColumnValues]:
    """Return the tables `addresses` and `organisation_identifier` of the sorted rows of `identifiers` and `body_pairs`.

    Ids given before are kept, and those given now are written down.
    """
    from threepoint.merge.organisation_ids import assign_org_ids
    from threepoint.store import organisation_ids

    made = assign_org_ids(
        [row[0] for row in known],
        [(row[0], row[1]) for row in together],
        organisation_ids.read_organisation_ids(layout),
    )
    organisation_ids.write_organisation_ids(layout, made)
    found, addresses = [*made], [*made.values()]
    schemes = ["-".join(identifier.split("-")[:2]) for identifier in made]
    return {
        "addresses": {"identifier": found, "address": addresses},
        "organisation_identifier": {"identifier": found, "org_id": addresses, "scheme": schemes},
    }
