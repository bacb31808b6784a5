"""What a build can build upon: the last snapshot, if the same program made it from the beginning of the same history."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import threepoint
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
    """What a build can build upon: the current snapshot, if the same program made it from the beginning of this history.

    None where a file of it is missing or cut short.
    """
    from threepoint.store import snapshots

    try:
        folder = snapshots.current(layout)
        manifest = snapshots.manifest(folder, int(VERSION.split(".", maxsplit=1)[0]))
    except Problem:
        return None
    found = manifest.get("basis", {})
    seen = int(found.get("seen", 0))
    if not seen or found != told(committed[:seen], folder):
        return None
    return Basis(folder, date.fromisoformat(manifest["as_of"]), seen)


def told(committed: Sequence[history.Entry], folder: Path) -> dict[str, Any]:
    """What the manifest says for the next build: the program, the log entries that were read, and the rows of each file."""
    from threepoint.store import layers

    entries = json.dumps([entry.files for entry in committed], sort_keys=True)
    return {
        "program": _program(),
        "seen": len(committed),
        "history": hashlib.sha256(entries.encode()).hexdigest(),
        "files": layers.rows_of_files(folder),
    }


def _program() -> str:
    """A digest of the program's own files: all that the rows of a snapshot depend on besides the history and the day."""
    home = Path(threepoint.__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*home.rglob("*.py"), plan.FILE]):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
