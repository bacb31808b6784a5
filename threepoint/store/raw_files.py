"""Bytes as published, kept once each under their sha256, compressed. Private, since they may hold contact details."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from threepoint.errors import Problem
from threepoint.store.atomic_files import replacing
from threepoint.store.store_paths import Layout

BLOCK = 1 << 20
PACKED = ".lz4"  # lz4 costs a fifth of zstd's CPU here for a quarter more space (measured on notices)


@dataclass(frozen=True)
class Source:
    """One file as it was found: where, its bytes' sha256 and length."""

    path: Path
    sha256: str
    size: int


def look(path: Path) -> Source:
    """The sha256 and length of a file; Problem when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    for block in _blocks(path):
        digest.update(block)
        size += len(block)
    return Source(path, digest.hexdigest(), size)


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with _regular(path) as handle:
            size = os.fstat(handle.fileno()).st_size
            read = 0
            while block := handle.read(BLOCK):
                yield block
                read += len(block)
                if read > size > 0:  # else a file that something writes to would be followed for ever
                    raise Problem(_changed(path))
    except OSError as why:
        reason = f"{path} cannot be read ({why.strerror})"
        raise Problem(f"{reason}; check that it is there and that you may read it") from None


def _regular(path: Path) -> BinaryIO:
    """The file, open; Problem for a pipe or a device, which would be waited for or would never end."""
    handle = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  # handed on open
    if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
        handle.close()
        raise Problem(f"{path} is a pipe, socket or device, and no file; save what it gives to a file and load that")
    return handle


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _changed(path: Path) -> str:
    return f"{path} changed while it was read; load it again when nothing writes to it"


def keep(layout: Layout, source: Source) -> bool:
    """Keeps the file's bytes; False where they were kept already. Problem when the file is no longer what `look` saw."""
    import pyarrow as pa

    target = _target(layout, source.sha256)
    if target.exists():
        return False
    digest = hashlib.sha256()
    with replacing(target) as fresh:
        with pa.CompressedOutputStream(str(fresh), "lz4") as packed:
            for block in _blocks(source.path):
                digest.update(block)
                packed.write(block)
        if digest.hexdigest() != source.sha256:
            raise Problem(_changed(source.path))
    return True


def forget(layout: Layout, sha256: str) -> None:
    """Removes the bytes of a file whose rows never came to count."""
    _target(layout, sha256).unlink(missing_ok=True)


def drop(layout: Layout, sha256: str) -> int | None:
    """Drops the bytes of a file for good: how many bytes that makes free; None where they were not kept any more."""
    target = _target(layout, sha256)
    if not target.exists():
        return None
    size = target.stat().st_size
    target.unlink()
    return size


def count(layout: Layout) -> int:
    """How many files are kept."""
    return sum(1 for _ in layout.raw.glob(f"*{PACKED}"))


def _target(layout: Layout, sha256: str) -> Path:
    return layout.raw / f"{sha256}{PACKED}"


@contextmanager
def opened(layout: Layout, sha256: str) -> Iterator[BinaryIO]:
    """A kept file to read from; Problem when its bytes were pruned or never kept."""
    import pyarrow as pa

    target = _target(layout, sha256)
    if not target.exists():
        raise Problem(f"the bytes of {sha256[:12]}… are not kept in this store (any more)")
    with pa.OSFile(str(target)) as file, pa.CompressedInputStream(file, "lz4") as stream:
        yield io.BufferedReader(stream, BLOCK)
