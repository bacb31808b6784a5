"""The Python API, which the command line uses too: load, build, status, check_file, show, side_by_side, make_sample, prune,
publish_….

Each function takes the store's folder as `store` (else THREEPOINT_STORE, else ./store) and raises `errors.Problem` with
words for what a person can put right. `import threepoint` gives these names.
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
    """Reads published files and folders into the store's history."""
    return pipeline.load(store or get_default_store(), [Path(path) for path in paths], watch, wait)


def build(
    store: Path | None = None,
    as_of: date | None = None,
    watch: ProgressReporter | None = None,
    wait: float = pipeline.LOCK_TIMEOUT_SECONDS,
    engine: str = pipeline.DUCKDB_ENGINE,
) -> BuildResult:
    """Make a new snapshot from all that was loaded, and swap it in. `engine` is duckdb or spark; both make the same rows."""
    return pipeline.build(store or get_default_store(), as_of, watch, wait, engine)


def prune(
    days: int,
    store: Path | None = None,
    watch: ProgressReporter | None = None,
    wait: float = pipeline.LOCK_TIMEOUT_SECONDS,
) -> PruneResult:
    """Drops the bytes, as published, of files loaded more than `days` days ago. What was read of them stays."""
    return pipeline.prune(store or get_default_store(), days, datetime.now(UTC), watch, wait)


def status(store: Path | None = None) -> dict[str, Any]:
    """What is in the store, in the form of decision 22: snapshot, sources, groups, tables, quarantine, passed_over."""
    return pipeline.status(store or get_default_store())


def show(wanted: str, store: Path | None = None) -> Record:
    """The record of a process, contract, award, notice, major project or organisation."""
    from threepoint.snapshot import open_snapshot, read_record, resolve_identifier

    with open_snapshot(store or get_default_store()) as snapshot:
        return read_record(snapshot, resolve_identifier(snapshot, wanted))


def side_by_side(wanted: Iterable[str], store: Path | None = None) -> Any:
    """Two to six things side by side, as a `threepoint.compare.Comparison`."""
    from threepoint import compare
    from threepoint.snapshot import open_snapshot, read_record, resolve_identifier

    with open_snapshot(store or get_default_store()) as snapshot:
        return compare.compare_records([read_record(snapshot, resolve_identifier(snapshot, one)) for one in wanted])


def check_file(path: str | Path) -> Any:
    """What the checks say of a file that is not loaded, and how much of it is filled. Nothing is kept."""
    return pipeline.check_file(Path(path))


def check_draft(path: str | Path) -> dict[str, Any]:
    """What a reader would see of a file that is not published yet: {loaded, draft}, the second as `describe_draft` says.

    Nothing is kept: it is loaded into a store of its own, which is thrown away at the end.
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
    """A synthetic world in the folder `out`; with `store`, straight into that store through the same reading."""
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
    """Writes the history as OCDS 1.1 packages to the new folder `out`; the `threepoint.publish.Published` of it.

    `group` keeps one group of publishers: uk, example, synthetic or other. Packages are dated `published`, else by the
    newest release. Problem where `out` holds something; NothingLoaded where there is no release to write.
    """
    from threepoint.publish import ocds

    watch = watch or ProgressReporter()
    wishes = ocds.OcdsPublishOptions(tuple(forms), group, published)
    return ocds.write_ocds_packages(
        store or get_default_store(), Path(out), wishes, lambda done, of: watch.tell("releases", done, of)
    )


def publish_tables(
    out: str | Path, form: str, store: Path | None = None, *, guard: bool = True, watch: ProgressReporter | None = None
) -> Any:
    """Writes the snapshot's tables to the new folder `out` as `form`, csv or parquet; the `threepoint.publish.Published` of it.

    `guard` puts an apostrophe before each text of a CSV file that a spreadsheet would take for a formula. Problem where
    `out` holds something; NothingLoaded where nothing was built yet.
    """
    from threepoint.publish import table_files

    if form not in table_files.MEDIA_TYPE_BY_FORMAT:
        raise UserError(f"tables are published as csv or parquet, not as {form}")
    return table_files.write_table_files(
        store or get_default_store(), Path(out), form, guard=guard, tell=(watch or ProgressReporter()).tell
    )


def publish_projects(out: str | Path, store: Path | None = None, *, watch: ProgressReporter | None = None) -> Any:
    """Writes the snapshot's major projects as OC4IDS to the new folder `out`; the `threepoint.publish.Published` of it.

    Problem where `out` holds something; NothingLoaded where nothing was built yet, or no major project is held.
    """
    from threepoint.publish import oc4ids_projects

    tell = (watch or ProgressReporter()).tell
    return oc4ids_projects.write_project_packages(
        store or get_default_store(), Path(out), lambda done, of: tell("projects", done, of)
    )
