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

from threepoint.errors import UserError
from threepoint.store.atomic_files import replace_file
from threepoint.store.store_paths import StorePaths

BLOCK_BYTES = 1 << 20
COMPRESSED_SUFFIX = ".lz4"  # lz4 costs a fifth of zstd's CPU here for a quarter more space (measured on notices)


@dataclass(frozen=True)
class SourceFile:
    """One file as it was found: where, its bytes' sha256 and length."""

    path: Path
    sha256: str
    size: int


def fingerprint_file(path: Path) -> SourceFile:
    """The sha256 and length of a file; Problem when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    for block in _read_blocks(path):
        digest.update(block)
        size += len(block)
    return SourceFile(path, digest.hexdigest(), size)


def _read_blocks(path: Path) -> Iterator[bytes]:
    try:
        with _open_regular_file(path) as handle:
            size = os.fstat(handle.fileno()).st_size
            read = 0
            while block := handle.read(BLOCK_BYTES):
                yield block
                read += len(block)
                if read > size > 0:  # else a file that something writes to would be followed for ever
                    raise UserError(_format_changed_message(path))
    except OSError as why:
        reason = f"{path} cannot be read ({why.strerror})"
        raise UserError(f"{reason}; check that it is there and that you may read it") from None


def _open_regular_file(path: Path) -> BinaryIO:
    """The file, open; Problem for a pipe or a device, which would be waited for or would never end."""
    handle = open(path, "rb", opener=_open_nonblocking)  # noqa: SIM115  # handed on open
    if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
        handle.close()
        raise UserError(f"{path} is a pipe, socket or device, and no file; save what it gives to a file and load that")
    return handle


def _open_nonblocking(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _format_changed_message(path: Path) -> str:
    return f"{path} changed while it was read; load it again when nothing writes to it"


def store_file(layout: StorePaths, source: SourceFile) -> bool:
    """Keeps the file's bytes; False where they were kept already. Problem when the file is no longer what `look` saw."""
    import pyarrow as pa

    target = _build_raw_path(layout, source.sha256)
    if target.exists():
        return False
    digest = hashlib.sha256()
    with replace_file(target) as fresh:
        with pa.CompressedOutputStream(str(fresh), "lz4") as packed:
            for block in _read_blocks(source.path):
                digest.update(block)
                packed.write(block)
        if digest.hexdigest() != source.sha256:
            raise UserError(_format_changed_message(source.path))
    return True


def discard_file(layout: StorePaths, sha256: str) -> None:
    """Removes the bytes of a file whose rows never came to count."""
    _build_raw_path(layout, sha256).unlink(missing_ok=True)


def prune_file(layout: StorePaths, sha256: str) -> int | None:
    """Drops the bytes of a file for good: how many bytes that makes free; None where they were not kept any more."""
    target = _build_raw_path(layout, sha256)
    if not target.exists():
        return None
    size = target.stat().st_size
    target.unlink()
    return size


def count_files(layout: StorePaths) -> int:
    """How many files are kept."""
    return sum(1 for _ in layout.raw.glob(f"*{COMPRESSED_SUFFIX}"))


def _build_raw_path(layout: StorePaths, sha256: str) -> Path:
    return layout.raw / f"{sha256}{COMPRESSED_SUFFIX}"


@contextmanager
def open_file(layout: StorePaths, sha256: str) -> Iterator[BinaryIO]:
    """A kept file to read from; Problem when its bytes were pruned or never kept."""
    import pyarrow as pa

    target = _build_raw_path(layout, sha256)
    if not target.exists():
        raise UserError(f"the bytes of {sha256[:12]}… are not kept in this store (any more)")
    with pa.OSFile(str(target)) as file, pa.CompressedInputStream(file, "lz4") as stream:
        yield io.BufferedReader(stream, BLOCK_BYTES)
