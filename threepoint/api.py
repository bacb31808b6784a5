"""The Python API, also used by the command line and available from `import threepoint`.

Each function takes the store's folder as `store` (by default THREEPOINT_STORE, otherwise ./store), and raises
`errors.UserError` for what the user can fix.
"""

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from threepoint import pipeline
from threepoint.errors import UserError
from threepoint.pipeline import BuildResult, LoadResult, ProgressReporter, PruneResult
from threepoint.presentation.records import Record
from threepoint.store.store_paths import get_default_store

__all__ = [
    "BuildResult",
    "LoadResult",
    "ProgressReporter",
    "PruneResult",
    "Record",
    "build",
    "check_draft",
    "check_file",
    "load",
    "make_sample",
    "prune",
    "publish_ocds",
    "publish_projects",
    "publish_tables",
    "show",
    "side_by_side",
    "status",
]


def load(
    paths: Iterable[str | Path],
    store: Path | None = None,
    watch: ProgressReporter | None = None,
    wait: float = pipeline.LOCK_TIMEOUT_SECONDS,
) -> LoadResult:
    """Read published files and folders into the history of the store."""
    return pipeline.load(store or get_default_store(), [Path(path) for path in paths], watch, wait)


def build(
    store: Path | None = None,
    as_of: date | None = None,
    watch: ProgressReporter | None = None,
    wait: float = pipeline.LOCK_TIMEOUT_SECONDS,
    engine: str = pipeline.DUCKDB_ENGINE,
) -> BuildResult:
    """Build a snapshot from all loaded data and make it current. `engine` is duckdb or spark; both give the same rows."""
    return pipeline.build(store or get_default_store(), as_of, watch, wait, engine)


def prune(
    days: int,
    store: Path | None = None,
    watch: ProgressReporter | None = None,
    wait: float = pipeline.LOCK_TIMEOUT_SECONDS,
) -> PruneResult:
    """Delete the published content of files loaded more than `days` days ago. The data read from them stays."""
    return pipeline.prune(store or get_default_store(), days, datetime.now(UTC), watch, wait)


def status(store: Path | None = None) -> dict[str, Any]:
    """Return the content of the store: snapshot, sources, groups, tables, quarantine, skipped."""
    return pipeline.status(store or get_default_store())


def show(identifier: str, store: Path | None = None) -> Record:
    """Return the record of a process, contract, award, notice, major project or organisation."""
    from threepoint.snapshot import open_snapshot, read_record, resolve_identifier

    with open_snapshot(store or get_default_store()) as snapshot:
        return read_record(snapshot, resolve_identifier(snapshot, identifier))


def side_by_side(identifiers: Iterable[str], store: Path | None = None) -> Any:
    """Compare two to six records. Return a `threepoint.compare.Comparison`."""
    from threepoint import compare
    from threepoint.snapshot import open_snapshot, read_record, resolve_identifier

    with open_snapshot(store or get_default_store()) as snapshot:
        return compare.compare_records(
            [read_record(snapshot, resolve_identifier(snapshot, identifier)) for identifier in identifiers]
        )


def check_file(path: str | Path) -> Any:
    """Check a file that is not loaded: return failed checks, grades and filled fields. Nothing is stored."""
    return pipeline.check_file(Path(path))


def check_draft(path: str | Path) -> dict[str, Any]:
    """Return what readers would see of an unpublished file: {loaded, draft}, with the draft from `describe_draft`.

    Nothing is kept: the file is loaded into a temporary store.
    """
    from threepoint.snapshot import describe_draft, open_snapshot

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        loaded = pipeline.load(store, [Path(path)])
        if not loaded.rows:
            return {"loaded": loaded, "draft": None}
        pipeline.build(store)
        with open_snapshot(store) as snapshot:
            return {"loaded": loaded, "draft": describe_draft(snapshot)}


def make_sample(
    out: str | Path, releases: int, seed: int, store: Path | None = None, watch: ProgressReporter | None = None
) -> Any:
    """Write a synthetic world to the folder `out`; with `store`, load it straight into that store."""
    return (
        pipeline.write_sample_files(Path(out), releases, seed, watch)
        if store is None
        else pipeline.load_sample(store, releases, seed, watch)
    )


def publish_ocds(
    out: str | Path,
    store: Path | None = None,
    *,
    forms: Iterable[str] = ("releases", "records"),
    group: str | None = None,
    published: date | None = None,
    watch: ProgressReporter | None = None,
) -> Any:
    """Write the history as OCDS 1.1 packages to the folder `out`. Return a `threepoint.publish.manifest.Publication`.

    `group` selects one group of publishers: uk, example, synthetic or other. The date of packages is `published`, by
    default that of the newest release. Raise UserError if `out` is not empty, NothingLoadedError if there is no release.
    """
    from threepoint.publish import ocds

    progress = watch or ProgressReporter()
    options = ocds.OcdsPublishOptions(tuple(forms), group, published)
    return ocds.write_ocds_packages(
        store or get_default_store(), Path(out), options, lambda done, total: progress.tell("releases", done, total)
    )


def publish_tables(
    out: str | Path, form: str, store: Path | None = None, *, guard: bool = True, watch: ProgressReporter | None = None
) -> Any:
    """Write the tables of the snapshot to the folder `out` as `form`, csv or parquet. Return a `Publication`.

    `guard` puts an apostrophe before each text of a CSV file that a spreadsheet would treat as a formula. Raise
    UserError if `out` is not empty, NothingLoadedError if nothing is built yet.
    """
    from threepoint.publish import table_files

    if form not in table_files.MEDIA_TYPE_BY_FORMAT:
        raise UserError(f"tables can be published as csv or parquet, not as {form}")
    return table_files.write_table_files(
        store or get_default_store(), Path(out), form, guard=guard, tell=(watch or ProgressReporter()).tell
    )


def publish_projects(out: str | Path, store: Path | None = None, *, watch: ProgressReporter | None = None) -> Any:
    """Write the major projects of the snapshot as OC4IDS to the folder `out`. Return a `Publication`.

    Raise UserError if `out` is not empty, NothingLoadedError if nothing is built yet or there is no major project.
    """
    from threepoint.publish import oc4ids_projects

    progress = watch or ProgressReporter()
    return oc4ids_projects.write_project_packages(
        store or get_default_store(), Path(out), lambda done, total: progress.tell("projects", done, total)
    )
