"""Build a snapshot's tables on Spark: the same steps as on DuckDB, from the same Ibis expressions.

Spark manages its own memory, so all processes are built together.
"""

from collections import Counter
from datetime import date
from pathlib import Path

from threepoint import build_plan
from threepoint.pipeline.progress import ProgressReporter
from threepoint.pipeline.step_runner import make_organisation_id_columns, make_seed_tables
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.tables_states import STATE_TABLES, STORED_TABLES
from threepoint.store import duckdb_engine, history, snapshot_tables, spark_engine, state_tables
from threepoint.store.store_paths import StorePaths


def write_tables(
    layout: StorePaths, committed: list[history.CommittedBatch], folder: Path, as_of: date, watch: ProgressReporter
) -> dict[str, int]:
    """Write the snapshot's tables from the whole history and return the number of rows of each."""
    files = history.list_history_files(layout, committed)
    with spark_engine.open_spark_tables(layout.scratch) as tables:
        for name, table in HISTORY_TABLES.items():
            tables.open_files(f"history_{name}", table, files[name])
        for name, columns in make_seed_tables(as_of, committed).items():
            tables.put(name, columns, build_plan.INPUT_TYPE_BY_COLUMN)
        runner = SparkStepRunner(tables, folder, watch)
        runner.run("identities")
        addresses = make_organisation_id_columns(layout, tables.read("identifiers"), tables.read("body_pairs"))
        for name, columns in addresses.items():
            tables.put(name, columns)
        runner.write("organisation_identifier", snapshot_tables.WHOLE_FILE_STEM)
        runner.run("known")
        runner.run("each", snapshot_tables.name_part(0))
        runner.open_written("each")
        runner.run("whole")
    return runner.rows | {state_tables.FIELD_STATE_TABLE: _count_states(folder)}


def _count_states(folder: Path) -> int:
    with duckdb_engine.open_read_connection() as connection:
        snapshot_tables.create_snapshot_views(connection, folder, [table.name for table in STATE_TABLES.values()])
        return sum(
            state_tables.count_field_states(connection, subject, table.name) for subject, table in STATE_TABLES.items()
        )


class SparkStepRunner:
    """Runs the steps of a build on Spark and writes the snapshot's tables."""

    def __init__(self, tables: spark_engine.SparkTables, folder: Path, watch: ProgressReporter) -> None:
        self.tables, self.folder, self.watch = tables, folder, watch
        self.rows: Counter[str] = Counter()
        self.done = 0
        self.expressions = build_plan.list_expressions(
            {table for (table,) in tables.read(build_plan.REMOVED_VALUES_TABLE, "table")}
        )
        self.steps = [step for step in build_plan.select_build_steps(build_plan.read_steps()) if step.scope != "totals"]

    def run(self, scope: str, name: str = snapshot_tables.WHOLE_FILE_STEM) -> None:
        """Run the steps of a scope and write their tables to files called `name`."""
        for step in self.steps:
            if step.scope == scope:
                self.watch.tell(step.name, self.done, len(self.steps))
                empty = step.has_no_rows(lambda name: not self.tables.rows[name])
                self.tables.keep(step.name, self.expressions[step.name], empty=empty)
                if step.name in build_plan.TABLE_BY_STEP:
                    self.write(step.name, name)
                self.done += 1

    def write(self, name: str, file: str) -> None:
        """Write the rows of the step `name` to a file of the snapshot's table."""
        table = STORED_TABLES[build_plan.TABLE_BY_STEP[name]]
        path = snapshot_tables.prepare_file(self.folder, table.name, file)
        self.rows[table.name] += self.tables.write(table, name, path)

    def open_written(self, scope: str) -> None:
        """Let later steps read a scope's tables from the snapshot's files."""
        for step in self.steps:
            if step.scope == scope and step.name in STORED_TABLES:
                files = snapshot_tables.list_files(self.folder, step.name)
                self.tables.open_files(step.name, STORED_TABLES[step.name], files)
