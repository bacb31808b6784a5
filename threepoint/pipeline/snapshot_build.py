"""Build a snapshot: history → known organisations → each process → organisations, projects and publishers as a whole.

A process is built from its own releases alone, so a large history is built a part of the processes at a time, and memory
does not grow with it (docs/decisions/0007-build-some-processes-at-a-time.md). Every build starts from the whole history.
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
from threepoint.errors import NothingLoadedError, UserError
from threepoint.pipeline.history_load import LoadResult, load_under_lock
from threepoint.pipeline.input_files import find_files
from threepoint.pipeline.progress import LOCK_TIMEOUT_SECONDS, ProgressReporter
from threepoint.pipeline.snapshot_files import write_snapshot_files
from threepoint.standard.sdes import SDES_TABLES, SDES_VERSION
from threepoint.store import history, os_errors, write_lock
from threepoint.store.store_paths import StorePaths

DUCKDB_ENGINE, SPARK_ENGINE = ENGINE_NAMES = ("duckdb", "spark")
QUOTED_TEXT_PATTERN = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")


@dataclass(frozen=True)
class BuildResult:
    """Result of one build: the snapshot's name, the number of rows by table, and the result of loading the inbox first."""

    snapshot: str
    rows: dict[str, int]
    inbox: LoadResult = field(default_factory=LoadResult)


def build(
    root: Path,
    as_of: date | None = None,
    watch: ProgressReporter | None = None,
    wait: float = LOCK_TIMEOUT_SECONDS,
    engine: str = DUCKDB_ENGINE,
) -> BuildResult:
    """Build a new snapshot from the history of the store at `root`, and make it the current one.

    Files that the site left in the store's inbox are loaded first, like any source. `as_of` is the day for which states
    such as "not yet due" are calculated: today by default. `engine` is one of ENGINE_NAMES; both make the same rows.
    """
    from threepoint.store import snapshots

    layout, watch = StorePaths(root), watch or ProgressReporter()
    if engine not in ENGINE_NAMES:
        raise UserError(f"there is no engine {engine!r}; choose one of: {', '.join(ENGINE_NAMES)}")
    if not root.exists():
        raise NothingLoadedError(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    with os_errors.translate_os_errors(root):
        layout.make()
        with write_lock.hold_write_lock(layout.lock, "build", wait, watch.say):
            data_packages.reject_build(layout)
            history.remove_uncommitted_files(layout)
            snapshots.remove_old_snapshots(layout)
            inbox = _load_inbox(layout, watch)
            committed = history.read_committed_batches(layout)
            if not any(entry.files for entry in committed):
                raise NothingLoadedError(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
            try:
                with snapshots.create_snapshot(layout) as folder:
                    rows = _build_snapshot(layout, committed, folder, as_of or _get_london_date(), watch, engine)
            finally:
                snapshots.remove_old_snapshots(layout)
            return BuildResult(str(snapshots.get_current_name(layout)), rows, inbox)


def _load_inbox(layout: StorePaths, watch: ProgressReporter) -> LoadResult:
    input_files = find_files([layout.inbox])
    result = LoadResult(problems=input_files.problems)
    if input_files.files:
        load_under_lock(layout, input_files.files, watch, result)
    return result


def _get_london_date() -> date:
    # SDES dates are days in London.
    return datetime.now(ZoneInfo("Europe/London")).date()


def _build_snapshot(
    layout: StorePaths,
    committed: list[history.CommittedBatch],
    folder: Path,
    as_of: date,
    watch: ProgressReporter,
    engine: str,
) -> dict[str, int]:
    """Write the snapshot into `folder` and return the number of rows of each SDES table."""
    from threepoint.store import snapshots

    if engine == SPARK_ENGINE:
        from threepoint.pipeline import spark_build

        rows = spark_build.write_tables(layout, committed, folder, as_of, watch)
    else:
        rows = _write_tables(layout, committed, folder, as_of, watch)
    write_snapshot_files(folder, layout.scratch)
    sdes_rows = {name: rows[name] for name in SDES_TABLES if name in rows}
    manifest = _create_manifest(committed, sdes_rows, as_of) | {"layout": snapshots.SNAPSHOT_LAYOUT_VERSION}
    (folder / snapshots.SNAPSHOT_MANIFEST_NAME).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return sdes_rows


def _write_tables(
    layout: StorePaths, committed: list[history.CommittedBatch], folder: Path, as_of: date, watch: ProgressReporter
) -> dict[str, int]:
    """Write the snapshot's tables from the whole history and return the number of rows of each."""
    from threepoint.pipeline.step_runner import (
        StepRunner,
        create_organisation_id_tables,
        list_tables_with_removals,
        make_seed_tables,
    )
    from threepoint.standard.history_tables import HISTORY_TABLES
    from threepoint.store import duckdb_engine, snapshot_tables

    files = history.list_history_files(layout, committed)
    with duckdb_engine.open_connection(layout.scratch) as connection:
        duckdb_engine.create_history_views(connection, HISTORY_TABLES, files)
        for name, columns in make_seed_tables(as_of, committed).items():
            duckdb_engine.create_table_from_columns(connection, name, columns, build_plan.INPUT_TYPE_BY_COLUMN)
        steps = build_plan.adapt_steps(
            build_plan.select_build_steps(build_plan.read_steps()), list_tables_with_removals(connection)
        )
        empty_tables = Counter({f"history_{name}": 0 for name, paths in files.items() if not paths})
        runner = StepRunner(connection, layout, folder, steps, watch, empty_tables)
        runner.run("identities")
        create_organisation_id_tables(layout, connection)
        runner.write("organisation_identifier", snapshot_tables.WHOLE_FILE_STEM)
        runner.run("known")
        runner.run_each(files)
        runner.run("whole")
        return runner.rows


def _remove_quoted_text(reason: str) -> str:
    # Quoted text can be anything, including a person's name, and the manifest is public.
    return QUOTED_TEXT_PATTERN.sub("…", reason)


def _create_manifest(committed: list[history.CommittedBatch], rows: dict[str, int], as_of: date) -> dict[str, Any]:
    from threepoint import __version__

    sources = [source for entry in committed for source in entry.sources]
    reasons = Counter(_remove_quoted_text(reason) for source in sources for reason, *_ in source.quarantined)
    return {
        "standard": "SDES",
        "standard_version": SDES_VERSION,
        "code_version": __version__,
        "as_of": as_of.isoformat(),
        "tables": rows,
        "sources": len(sources),
        "quarantined": sum(source.parts for source in sources),
        "quarantine_reasons": dict(reasons.most_common(20)),
        "skipped": history.count_skipped(committed),
    }
