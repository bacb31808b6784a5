"""Snapshots: what a build made, built beside and swapped in one move. Readers see the old one or the new, never half."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from threepoint.errors import NothingLoadedError, UserError
from threepoint.store.atomic_files import replace_symlink, sync_to_disk
from threepoint.store.store_paths import StorePaths

SNAPSHOTS_TO_KEEP = 3  # snapshots kept (decision 21)
MIN_REMOVAL_AGE_SECONDS = 3600  # seconds; no snapshot younger than this is removed, since someone may be reading it
SNAPSHOT_MANIFEST_NAME = "manifest.json"
SNAPSHOT_LAYOUT_VERSION = 4  # of a snapshot's files (`snapshot_tables`, `records`); another one cannot be read


@contextmanager
def create_snapshot(layout: StorePaths) -> Iterator[Path]:
    """A folder to build a snapshot in; it becomes the current one, in one move, when the block ends well."""
    name = _choose_snapshot_name(layout)
    folder = layout.snapshots / f".{name}.new"
    folder.mkdir()
    try:
        yield folder
        _sync_folder(folder)
        folder.rename(layout.snapshots / name)
        replace_symlink(layout.current, f"snapshots/{name}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _choose_snapshot_name(layout: StorePaths) -> str:
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    taken = len(list(layout.snapshots.glob(f"{name}*")))
    return f"{name}-{taken}" if taken else name


def _sync_folder(folder: Path) -> None:
    for path in folder.rglob("*"):
        sync_to_disk(path)
    sync_to_disk(folder)


def remove_old_snapshots(layout: StorePaths) -> None:
    """Removes half-built snapshots of killed builds, and whole ones beyond the newest KEPT that are old enough."""
    for left in layout.snapshots.glob(".*.new"):
        shutil.rmtree(left, ignore_errors=True)
    whole = sorted(path for path in layout.snapshots.iterdir() if not path.name.startswith("."))
    for old in whole[:-SNAPSHOTS_TO_KEEP]:
        if time.time() - old.stat().st_mtime > MIN_REMOVAL_AGE_SECONDS and old.name != get_current_name(layout):
            shutil.rmtree(old, ignore_errors=True)
    for left in (*layout.scratch.glob("*"), *layout.root.glob(".current.*.new")):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def get_current_name(layout: StorePaths) -> str | None:
    """The name of the current snapshot; None before the first build."""
    return layout.current.readlink().name if layout.current.is_symlink() else None


def get_current_folder(layout: StorePaths) -> Path:
    """The folder of the current snapshot, by its own name so that a swap does not change it under a reader."""
    name = get_current_name(layout)
    if name is None:
        raise NothingLoadedError("nothing has been built yet; run `threepoint load FILE…` and then `threepoint build`")
    folder = layout.snapshots / name
    if not (folder / SNAPSHOT_MANIFEST_NAME).exists():
        raise UserError(f"the snapshot {name} is not whole; run `threepoint build`")
    return folder


def read_manifest(folder: Path, major: int) -> dict[str, Any]:
    """The snapshot's manifest; Problem when it was made for another major version of the standard."""
    told: dict[str, Any] = json.loads((folder / SNAPSHOT_MANIFEST_NAME).read_text(encoding="utf-8"))
    if int(str(told["standard_version"]).split(".", maxsplit=1)[0]) != major:
        raise UserError(
            f"this snapshot follows SDES {told['standard_version']}; run `threepoint build` to make a new one"
        )
    if told.get("layout") != SNAPSHOT_LAYOUT_VERSION:
        raise UserError(
            "this snapshot was written by another version of this program; run `threepoint build`, or load its package again"
        )
    return told
