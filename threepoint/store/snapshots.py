"""Snapshots: results of builds, written to a new folder and swapped in atomically, so readers never see half of one."""

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

SNAPSHOTS_TO_KEEP = 3
MIN_REMOVAL_AGE_SECONDS = 3600  # younger snapshots may still be read
SNAPSHOT_MANIFEST_NAME = "manifest.json"
SNAPSHOT_LAYOUT_VERSION = 5  # version of a snapshot's files (`snapshot_tables`, `record_store`), the only one readable


@contextmanager
def create_snapshot(layout: StorePaths) -> Iterator[Path]:
    """Yield a folder to build a snapshot in; make it the current snapshot, atomically, if the block succeeds."""
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
    same_second_count = len(list(layout.snapshots.glob(f"{name}*")))
    return f"{name}-{same_second_count}" if same_second_count else name


def _sync_folder(folder: Path) -> None:
    for path in folder.rglob("*"):
        sync_to_disk(path)
    sync_to_disk(folder)


def remove_old_snapshots(layout: StorePaths) -> None:
    """Remove partial snapshots of killed builds, and complete ones beyond the newest SNAPSHOTS_TO_KEEP if old enough."""
    for leftover in layout.snapshots.glob(".*.new"):
        shutil.rmtree(leftover, ignore_errors=True)
    complete = sorted(path for path in layout.snapshots.iterdir() if not path.name.startswith("."))
    for old in complete[:-SNAPSHOTS_TO_KEEP]:
        if time.time() - old.stat().st_mtime > MIN_REMOVAL_AGE_SECONDS and old.name != get_current_name(layout):
            shutil.rmtree(old, ignore_errors=True)
    for leftover in (*layout.scratch.glob("*"), *layout.root.glob(".current.*.new")):
        shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)


def get_current_name(layout: StorePaths) -> str | None:
    """Return the name of the current snapshot; None before the first build."""
    return layout.current.readlink().name if layout.current.is_symlink() else None


def get_current_folder(layout: StorePaths) -> Path:
    """Return the current snapshot's own folder, not the link to it, so that a swap does not affect a reader."""
    name = get_current_name(layout)
    if name is None:
        raise NothingLoadedError("nothing has been built yet; run `threepoint load FILE…` and then `threepoint build`")
    folder = layout.snapshots / name
    if not (folder / SNAPSHOT_MANIFEST_NAME).exists():
        raise UserError(f"the snapshot {name} is not complete; run `threepoint build`")
    return folder


def read_manifest(folder: Path, major: int) -> dict[str, Any]:
    """Return the snapshot's manifest; raise UserError if it follows another major version of SDES or another layout."""
    manifest: dict[str, Any] = json.loads((folder / SNAPSHOT_MANIFEST_NAME).read_text(encoding="utf-8"))
    if int(str(manifest["standard_version"]).split(".", maxsplit=1)[0]) != major:
        raise UserError(
            f"this snapshot follows SDES {manifest['standard_version']}; run `threepoint build` to make a new one"
        )
    if manifest.get("layout") != SNAPSHOT_LAYOUT_VERSION:
        raise UserError(
            "this snapshot was written by another version of Three Point; run `threepoint build`, or load its package again"
        )
    return manifest
