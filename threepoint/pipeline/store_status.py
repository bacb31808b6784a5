"""Report the contents of a store, and check a file without loading it into a store."""

import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from threepoint import data_packages
from threepoint.errors import NothingLoadedError
from threepoint.pipeline.history_load import LoadResult, load
from threepoint.pipeline.snapshot_build import build
from threepoint.standard.sdes import SDES_TABLES
from threepoint.store import history, os_errors
from threepoint.store.store_paths import StorePaths

MORE_PARTS_REASON = f"more parts of files that have over {history.MAX_QUARANTINED_PARTS_PER_FILE:,} of them"


def status(root: Path) -> dict[str, Any]:
    """Return the store's contents as {snapshot, sources, groups, tables, standard, quarantine, skipped}."""
    from threepoint.store import history_summary, snapshots

    layout = StorePaths(root)
    with os_errors.translate_os_errors(root):
        if package_status := data_packages.describe_package_store(layout):
            return package_status
        committed = history.read_committed_batches(layout)
        if not committed:
            raise NothingLoadedError(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
        name = snapshots.get_current_name(layout)
        summary = history_summary.summarise_history(layout, committed)
        manifest = layout.snapshots / name / snapshots.SNAPSHOT_MANIFEST_NAME if name else None
        standard = json.loads(manifest.read_text(encoding="utf-8")) if manifest else {}
        return {"snapshot": name, **summary, "standard": standard.get("tables", {}), **_count_unread_parts(committed)}


def _count_unread_parts(committed: list[history.CommittedBatch]) -> dict[str, Any]:
    sources = [source for entry in committed for source in entry.sources]
    reasons = Counter(reason for source in sources for reason, *_ in source.quarantined)
    quarantine_counts = {
        "parts": sum(source.parts for source in sources),
        "sources": len([s for s in sources if s.quarantined]),
        "reasons": dict(reasons)
        | ({MORE_PARTS_REASON: more} if (more := sum(source.unlisted for source in sources)) else {}),
    }
    return {"quarantine": quarantine_counts, "skipped": history.count_skipped(committed)}


@dataclass(frozen=True)
class FileCheckResult:
    """Results of checking one file: failures, counts by check, filled fields, processes by grade, and what was loaded."""

    failures: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    filled: list[dict[str, Any]]
    grades: dict[str, int]
    loaded: LoadResult


def check_file(path: Path) -> FileCheckResult:
    """Check a file in a temporary store, which is deleted at the end."""
    from threepoint.store import snapshot_tables

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        loaded = load(root, [path])
        if not loaded.rows:
            return FileCheckResult([], [], [], {}, loaded)
        snapshot = StorePaths(root).snapshots / build(root).snapshot
        query = partial(snapshot_tables.query_tables, snapshot, list(SDES_TABLES))
        grades = {
            row["grade"]: row["n"]
            for row in query(
                "SELECT grade, count(*) AS n FROM coverage WHERE grade IS NOT NULL GROUP BY grade ORDER BY grade"
            )
        }
        return FileCheckResult(
            query("SELECT * FROM dq_result ORDER BY severity, check_id, subject_id"),
            query("SELECT * FROM check_summary ORDER BY check_id, publisher"),
            query('SELECT * FROM coverage_report ORDER BY publisher, notice_type, "table", field'),
            grades,
            loaded,
        )
