"""What a build can build upon: the last snapshot, if the same program made it from the beginning of the same history."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from threepoint import plan
from threepoint.errors import Problem
from threepoint.standard.sdes import VERSION
from threepoint.store import history
from threepoint.store.layout import Layout


@dataclass(frozen=True)
class Basis:
    """The last snapshot, the day it speaks for, and how many entries of the log it was built from."""

    folder: Path
    as_of: date
    seen: int


def find(layout: Layout, committed: Sequence[history.Entry]) -> Basis | None:
    """What a build can build upon: the current snapshot, if the same program made it from the beginning of this history."""
    from threepoint.store import snapshots

    try:
        folder = snapshots.current(layout)
        manifest = snapshots.manifest(folder, int(VERSION.split(".", maxsplit=1)[0]))
    except Problem:
        return None
    found = manifest.get("basis", {})
    seen = int(found.get("seen", 0))
    if not seen or found != told(committed[:seen]):
        return None
    return Basis(folder, date.fromisoformat(manifest["as_of"]), seen)


def told(committed: Sequence[history.Entry]) -> dict[str, Any]:
    """What the manifest says for the next build: the plan, and the log entries that were read."""
    files = [entry.files for entry in committed]
    return {"plan": _plan(), "seen": len(files), "history": _digest(json.dumps(files, sort_keys=True))}


def _plan() -> str:
    """A digest of all that the rows of a snapshot depend on besides the history."""
    from threepoint import __version__
    from threepoint.merge.subjects import seeds

    return _digest(json.dumps([__version__, VERSION, [asdict(step) for step in plan.read()], seeds()]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
