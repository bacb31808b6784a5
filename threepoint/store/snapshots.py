"""Snapshots: what a build made, built beside and swapped in one move. Readers see the old one or the new, never half."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threepoint.errors import NothingLoaded, Problem
from threepoint.store.atomic_files import point, settle
from threepoint.store.store_paths import Layout

KEPT = 3  # snapshots kept (decision 21)
YOUNGEST = 3600  # seconds; no snapshot younger than this is removed, since someone may be reading it
MANIFEST = "manifest.json"
LAYOUT = 4  # of a snapshot's files (`snapshot_tables`, `records`); another one cannot be read


@contextmanager
def fresh(layout: Layout) -> Iterator[Path]:
    """A folder to build a snapshot in; it becomes the current one, in one move, when the block ends well."""
    name = _free_name(layout)
    folder = layout.snapshots / f".{name}.new"
    folder.mkdir()
    try:
        yield folder
        _settle(folder)
        folder.rename(layout.snapshots / name)
        point(layout.current, f"snapshots/{name}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_name(layout: Layout) -> str:
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    taken = len(list(layout.snapshots.glob(f"{name}*")))
    return f"{name}-{taken}" if taken else name


def _settle(folder: Path) -> None:
    for path in folder.rglob("*"):
        settle(path)
    settle(folder)


def sweep(layout: Layout) -> None:
    """Removes half-built snapshots of killed builds, and whole ones beyond the newest KEPT that are old enough."""
    for left in layout.snapshots.glob(".*.new"):
        shutil.rmtree(left, ignore_errors=True)
    whole = sorted(path for path in layout.snapshots.iterdir() if not path.name.startswith("."))
    for old in whole[:-KEPT]:
        if time.time() - old.stat().st_mtime > YOUNGEST and old.name != current_name(layout):
            shutil.rmtree(old, ignore_errors=True)
    for left in (*layout.scratch.glob("*"), *layout.root.glob(".current.*.new")):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def current_name(layout: Layout) -> str | None:
    """The name of the current snapshot; None before the first build."""
    return layout.current.readlink().name if layout.current.is_symlink() else None


def current(layout: Layout) -> Path:
    """The folder of the current snapshot, by its own name so that a swap does not change it under a reader."""
    name = current_name(layout)
    if name is None:
        raise NothingLoaded("nothing has been built yet; run `threepoint load FILE…` and then `threepoint build`")
    folder = layout.snapshots / name
    if not (folder / MANIFEST).exists():
        raise Problem(f"the snapshot {name} is not whole; run `threepoint build`")
    return folder


def manifest(folder: Path, major: int) -> dict[str, Any]:
    """The snapshot's manifest; Problem when it was made for another major version of the standard."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if int(str(told["standard_version"]).split(".", maxsplit=1)[0]) != major:
        raise Problem(
            f"this snapshot follows SDES {told['standard_version']}; run `threepoint build` to make a new one"
        )
    if told.get("layout") != LAYOUT:
        raise Problem(
            "this snapshot was written by another version of this program; run `threepoint build`, or load its package again"
        )
    return told
