"""Run a build's steps on DuckDB: keep each step's rows while later steps need them, and write the snapshot's tables."""

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
from threepoint.store import duckdb_engine, history, snapshot_tables, state_tables
from threepoint.store.store_paths import StorePaths

# Releases whose processes are built together, for each megabyte of DuckDB's memory limit. With the default of 550 MB, a
# build of a million releases used 848 MB; with 250 releases per megabyte it used 1,018 MB. More parts cost CPU, since
# each is planned and written separately.
RELEASES_PER_MEGABYTE = 200
SUBJECT_BY_STATE_TABLE = {table.name: subject for subject, table in STATE_TABLES.items()}
PARTS_FOLDER, CARRIED_FOLDER, ALL_RELEASES_TABLE = "parts", "carried", "all_releases"

FilesByTable = dict[str, list[Path]]


@dataclass
class StepRunner:
    """Runs the steps of a build on DuckDB and writes the snapshot's tables."""

    connection: Any
    layout: StorePaths
    folder: Path
    steps: list[build_plan.BuildStep]
    watch: ProgressReporter
    row_counts: Counter[str]  # rows by step, and 0 for each empty history table
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
            finished = {table for table in (*step.needs, step.name) if table in own - carried and last[table] == place}
            duckdb_engine.drop_tables(self.connection, finished)
            self.done += 1

    def _make(self, step: build_plan.BuildStep) -> None:
        """Run a step and keep its rows; skip its query if it cannot return any."""
        empty = step.has_no_rows(self._is_empty)
        self.row_counts[step.name] += duckdb_engine.create_table(
            self.connection, step.name, step.empty_sql if empty else step.sql
        )

    def _is_empty(self, name: str) -> bool:
        """Return True if a history table, or a step's rows in all parts so far, are known to be empty."""
        return not self.row_counts.get(name, 1)

    def write(self, name: str, file: str) -> None:
        """Write the rows of the step `name` to a file of the snapshot's table."""
        table = STORED_TABLES[build_plan.TABLE_BY_STEP[name]]
        path = snapshot_tables.prepare_file(self.folder, table.name, file)
        self.rows[table.name] += duckdb_engine.write_sorted_parquet(self.connection, table, name, path)
        if table.name in SUBJECT_BY_STATE_TABLE:
            self.rows[state_tables.FIELD_STATE_TABLE] += state_tables.count_field_states(
                self.connection, SUBJECT_BY_STATE_TABLE[table.name], name
            )

    def run_each(self, files: FilesByTable) -> None:
        """Run the steps for each process, one part of the processes at a time.

        A history of one part is read in place. A larger one is first written to scratch by part, in the order of the ocids.
        """
        releases = duckdb_engine.count_rows(self.connection, "history_release")
        releases_per_part = max(int(duckdb_engine.get_memory_megabytes(self.connection) * RELEASES_PER_MEGABYTE), 1)
        self.parts = max(-(-releases // releases_per_part), 1)
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
        """Return a scope's tables that later scopes need, except those that are read from the snapshot's files."""
        later = build_plan.STEP_SCOPES[build_plan.STEP_SCOPES.index(scope) + 1 :]
        needed = {name for step in self.steps if step.scope in later for name in step.needs} | set(
            build_plan.ORGANISATION_ID_STEPS
        )
        own = {step.name for step in self.select(scope)}
        return (needed & own) - (set(STORED_TABLES) if scope == "each" else set())

    def _list_read(self) -> list[str]:
        """Return the history tables that the steps for each process read."""
        # A step with `required_table` reads a few releases from the whole history.
        steps = [step for step in self.select("each") if not step.required_table]
        needed = {name.removeprefix("history_") for step in steps for name in step.needs}
        return sorted(needed & set(HISTORY_TABLES))

    def _open_part(self, part: int) -> None:
        """Limit the history views and `releases` to one part."""
        for name in self._list_read():
            part_files = sorted((self.layout.scratch / PARTS_FOLDER / name).glob(f"part={part}/*.parquet"))
            duckdb_engine.create_table_view(self.connection, f"history_{name}", HISTORY_TABLES[name], part_files)
        duckdb_engine.create_part_table(self.connection, ALL_RELEASES_TABLE, "releases", part)

    def _open_carried(self) -> None:
        """Let later scopes read the tables of `each`: from the snapshot's files, or else from scratch."""
        needed = {name for step in self.select("whole") for name in step.needs}
        snapshot_names = needed & {step.name for step in self.select("each")} & set(STORED_TABLES)
        snapshot_tables.create_snapshot_views(self.connection, self.folder, snapshot_names)
        for name in snapshot_names:  # includes rows that other steps wrote to the same table
            self.row_counts[name] = self.rows[name]
        for name in self._list_carried("each"):
            files = sorted((self.layout.scratch / CARRIED_FOLDER / name).glob("*.parquet"))
            duckdb_engine.create_parquet_view(self.connection, name, files)


def make_seed_tables(
    as_of: date, committed: Sequence[history.CommittedBatch] = ()
) -> dict[str, build_plan.ColumnValues]:
    """Return the small tables that steps look values up in: codes, the snapshot's date, and `sources`.

    `sources` lists the loaded files in the order of reading, with the number of quarantined parts of each.
    """
    from threepoint.merge.field_origins import build_lookup_tables

    loaded = list({source.sha256: source for entry in committed for source in entry.sources}.values())
    sources = {
        "source_id": [source.sha256 for source in loaded],
        "name": [source.name for source in loaded],
        "place": [*range(len(loaded))],
        "parts": [source.parts for source in loaded],
    }
    return {**build_lookup_tables(), "today": {"as_of": [as_of]}, "sources": sources}


def list_tables_with_removals(connection: Any) -> list[str]:
    """Return the history tables from which some release removes values."""
    return [
        row[0]
        for row in duckdb_engine.query_rows(connection, 'SELECT DISTINCT "table" FROM history_removed ORDER BY ALL')
    ]


def create_organisation_id_tables(layout: StorePaths, connection: Any) -> None:
    """Assign organisation ids to all identifiers, keeping ids from earlier builds, and create the tables of the result."""
    identifiers = duckdb_engine.query_rows(connection, "SELECT identifier FROM identifiers ORDER BY ALL")
    body_pairs = duckdb_engine.query_rows(connection, "SELECT * FROM body_pairs ORDER BY ALL")
    for name, columns in make_organisation_id_columns(layout, identifiers, body_pairs).items():
        duckdb_engine.create_table_from_columns(connection, name, columns)


def make_organisation_id_columns(
    layout: StorePaths, identifier_rows: Sequence[tuple[Any, ...]], body_pairs: Sequence[tuple[Any, ...]]
) -> dict[str, build_plan.ColumnValues]:
    """Return the tables `addresses` and `organisation_identifier` for the sorted rows of `identifiers` and `body_pairs`.

    Ids from earlier builds are kept, and new ones are saved for later builds.
    """
    from threepoint.merge.organisation_ids import assign_org_ids
    from threepoint.store import organisation_ids

    org_id_by_identifier = assign_org_ids(
        [row[0] for row in identifier_rows],
        [(row[0], row[1]) for row in body_pairs],
        organisation_ids.read_organisation_ids(layout),
    )
    organisation_ids.write_organisation_ids(layout, org_id_by_identifier)
    identifiers, addresses = [*org_id_by_identifier], [*org_id_by_identifier.values()]
    schemes = ["-".join(identifier.split("-")[:2]) for identifier in org_id_by_identifier]
    return {
        "addresses": {"identifier": identifiers, "address": addresses},
        "organisation_identifier": {"identifier": identifiers, "org_id": addresses, "scheme": schemes},
    }
