"""Writing so that a reader, or a kill at any moment, meets the old file or the new one, never half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; it takes the target's place in one move when the block ends well."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        yield fresh
        sync_to_disk(fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def sync_to_disk(path: Path) -> None:
    """Asks the system to put a file's bytes, or a folder's names, on disk, so that no name comes before its bytes."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(target: Path, text: str) -> None:
    """Writes a small file in one move."""
    with replace_file(target) as fresh:
        fresh.write_text(text, encoding="utf-8")


def replace_symlink(link: Path, target: str) -> None:
    """Makes `link` a symbolic link to `target` in one move, whatever it was before."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
