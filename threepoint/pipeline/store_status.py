"""What is in a store, and what the checks say of a file that is not in one."""

import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from threepoint import data_packages
from threepoint.errors import NothingLoaded
from threepoint.pipeline.history_load import Loaded, load
from threepoint.pipeline.snapshot_build import build
from threepoint.standard.sdes import SDES
from threepoint.store import history, os_errors
from threepoint.store.store_paths import Layout

MORE = f"more parts of files that have over {history.MOST_PARTS:,} of them"


def status(root: Path) -> dict[str, Any]:
    """What is in the store: {snapshot, sources, groups, tables, standard, quarantine, passed_over} (decision 22)."""
    from threepoint.store import history_summary, snapshots

    layout = Layout(root)
    with os_errors.told(root):
        if told := data_packages.status(layout):
            return told
        committed = history.entries(layout)
        if not committed:
            raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
        name = snapshots.current_name(layout)
        held = history_summary.of_history(layout, committed)
        manifest = layout.snapshots / name / snapshots.MANIFEST if name else None
        standard = json.loads(manifest.read_text(encoding="utf-8")) if manifest else {}
        return {"snapshot": name, **held, "standard": standard.get("tables", {}), **_left_out(committed)}


def _left_out(committed: list[history.Entry]) -> dict[str, Any]:
    sources = [source for entry in committed for source in entry.sources]
    reasons = Counter(why for source in sources for why, *_ in source.quarantined)
    found = {
        "parts": sum(source.parts for source in sources),
        "sources": len([s for s in sources if s.quarantined]),
        "reasons": dict(reasons) | ({MORE: more} if (more := sum(source.more for source in sources)) else {}),
    }
    return {"quarantine": found, "passed_over": history.passed_over(committed)}


@dataclass(frozen=True)
class Checked:
    """What the checks say of one file: failures, how often each check was made, what is filled, what was not read."""

    failures: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    filled: list[dict[str, Any]]
    grades: dict[str, int]
    loaded: Loaded


def check_file(path: Path) -> Checked:
    """Checks a file without loading it: a store of its own, thrown away at the end."""
    from threepoint.store import snapshot_tables

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        loaded = load(root, [path])
        if not loaded.rows:
            return Checked([], [], [], {}, loaded)
        made = Layout(root).snapshots / build(root).snapshot
        ask = partial(snapshot_tables.query_tables, made, list(SDES))
        grades = {
            row["grade"]: row["n"]
            for row in ask(
                "SELECT grade, count(*) AS n FROM coverage WHERE grade IS NOT NULL GROUP BY grade ORDER BY grade"
            )
        }
        return Checked(
            ask("SELECT * FROM dq_result ORDER BY severity, check_id, subject_id"),
            ask("SELECT * FROM check_summary ORDER BY check_id, publisher"),
            ask('SELECT * FROM coverage_report ORDER BY publisher, notice_type, "table", field'),
            grades,
            loaded,
        )
