"""What is in a store, and what the checks say of a file that is not in one."""

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
    """What is in the store: {snapshot, sources, groups, tables, standard, quarantine, passed_over} (decision 22)."""
    from threepoint.store import history_summary, snapshots

    layout = StorePaths(root)
    with os_errors.translate_os_errors(root):
        if told := data_packages.describe_package_store(layout):
            return told
        committed = history.read_committed_batches(layout)
        if not committed:
            raise NothingLoadedError(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
        name = snapshots.get_current_name(layout)
        held = history_summary.summarise_history(layout, committed)
        manifest = layout.snapshots / name / snapshots.SNAPSHOT_MANIFEST_NAME if name else None
        standard = json.loads(manifest.read_text(encoding="utf-8")) if manifest else {}
        return {"snapshot": name, **held, "standard": standard.get("tables", {}), **_count_unread_parts(committed)}


def _count_unread_parts(committed: list[history.CommittedBatch]) -> dict[str, Any]:
    sources = [source for entry in committed for source in entry.sources]
    reasons = Counter(why for source in sources for why, *_ in source.quarantined)
    found = {
        "parts": sum(source.parts for source in sources),
        "sources": len([s for s in sources if s.quarantined]),
        "reasons": dict(reasons)
        | ({MORE_PARTS_REASON: more} if (more := sum(source.more for source in sources)) else {}),
    }
    return {"quarantine": found, "passed_over": history.count_skipped(committed)}


@dataclass(frozen=True)
class FileCheckResult:
    """What the checks say of one file: failures, how often each check was made, what is filled, what was not read."""

    failures: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    filled: list[dict[str, Any]]
    grades: dict[str, int]
    loaded: LoadResult


def check_file(path: Path) -> FileCheckResult:
    """Checks a file without loading it: a store of its own, thrown away at the end."""
    from threepoint.store import snapshot_tables

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        loaded = load(root, [path])
        if not loaded.rows:
            return FileCheckResult([], [], [], {}, loaded)
        made = StorePaths(root).snapshots / build(root).snapshot
        ask = partial(snapshot_tables.query_tables, made, list(SDES_TABLES))
        grades = {
            row["grade"]: row["n"]
            for row in ask(
                "SELECT grade, count(*) AS n FROM coverage WHERE grade IS NOT NULL GROUP BY grade ORDER BY grade"
            )
        }
        return FileCheckResult(
            ask("SELECT * FROM dq_result ORDER BY severity, check_id, subject_id"),
            ask("SELECT * FROM check_summary ORDER BY check_id, publisher"),
            ask('SELECT * FROM coverage_report ORDER BY publisher, notice_type, "table", field'),
            grades,
            loaded,
        )
