"""Bytes as published, kept once each under their sha256, compressed. Private: they may hold contact details (decision 44)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from threepoint.errors import Problem
from threepoint.store.files import replacing
from threepoint.store.layout import Layout

BLOCK = 1 << 20
PACKED = ".lz4"  # lz4 costs a fifth of zstd's CPU here for a quarter more space (measured on notices)


@dataclass(frozen=True)
class Source:
    """One file as it was found: where, its bytes' sha256 and length, and its time of change to notice edits."""

    path: Path
    sha256: str
    size: int
    changed: int


def look(path: Path) -> Source:
    """The sha256 and length of a file; Problem when it cannot be opened."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as handle:
            while block := handle.read(BLOCK):
                digest.update(block)
                size += len(block)
            changed = path.stat().st_mtime_ns
    except OSError as why:
        raise Problem(
            f"{path} cannot be read ({why.strerror}); check that it is there and that you may read it"
        ) from None
    return Source(path, digest.hexdigest(), size, changed)


def keep(layout: Layout, source: Source) -> None:
    """Keeps the file's bytes; Problem when the file is no longer what `look` saw."""
    target = layout.raw / f"{source.sha256}{PACKED}"
    if target.exists():
        return
    digest = hashlib.sha256()
    with replacing(target) as fresh, source.path.open("rb") as handle:
        with pa.CompressedOutputStream(str(fresh), "lz4") as packed:
            while block := handle.read(BLOCK):
                digest.update(block)
                packed.write(block)
        if digest.hexdigest() != source.sha256:
            raise Problem(f"{source.path} changed while it was read; load it again when nothing writes to it")


def bytes_of(layout: Layout, sha256: str) -> bytes:
    """The bytes of a kept file; Problem when they were pruned or never kept."""
    target = layout.raw / f"{sha256}{PACKED}"
    if not target.exists():
        raise Problem(f"the bytes of {sha256[:12]}… are not kept in this store (any more)")
    with pa.CompressedInputStream(pa.OSFile(str(target)), "lz4") as stream:
        return bytes(stream.read())
