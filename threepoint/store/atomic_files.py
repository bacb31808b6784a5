"""Atomic writes: readers see the old file or the new one, never a partial file, even after a kill."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """Yield a temporary path next to `target` to write to; replace the target atomically if the block succeeds."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        yield fresh
        sync_to_disk(fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def sync_to_disk(path: Path) -> None:
    """Flush a file's bytes, or a folder's entries, to disk, so that no name gets there before its bytes."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(target: Path, text: str) -> None:
    """Write a small file atomically."""
    with replace_file(target) as fresh:
        fresh.write_text(text, encoding="utf-8")


def replace_symlink(link: Path, target: str) -> None:
    """Replace `link` atomically with a symbolic link to `target`, whatever it was before."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
