"""Compressed copies of loaded files, stored once under their sha256. Private: they may contain contact details."""

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
    """A file to load: its path, sha256 and length in bytes."""

    path: Path
    sha256: str
    size: int


def fingerprint_file(path: Path) -> SourceFile:
    """Return a file's path, sha256 and length; raise UserError if it cannot be read."""
    digest, size = hashlib.sha256(), 0
    for block in _read_blocks(path):
        digest.update(block)
        size += len(block)
    return SourceFile(path, digest.hexdigest(), size)


def _read_blocks(path: Path) -> Iterator[bytes]:
    try:
        with _open_regular_file(path) as handle:
            size = os.fstat(handle.fileno()).st_size
            bytes_read = 0
            while block := handle.read(BLOCK_BYTES):
                yield block
                bytes_read += len(block)
                if bytes_read > size > 0:  # otherwise a file that is being written to might never end
                    raise UserError(_format_changed_message(path))
    except OSError as error:
        reason = f"{path} cannot be read ({error.strerror})"
        raise UserError(f"{reason}; check that it exists and that you have permission to read it") from None


def _open_regular_file(path: Path) -> BinaryIO:
    """Open a file; raise UserError for a pipe, socket or device, which might block or never end."""
    handle = open(path, "rb", opener=_open_nonblocking)  # noqa: SIM115  # the caller closes it
    if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
        handle.close()
        raise UserError(f"{path} is a pipe, socket or device, not a file; save its output to a file and load that")
    return handle


def _open_nonblocking(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _format_changed_message(path: Path) -> str:
    return f"{path} changed while it was read; load it again when nothing writes to it"


def store_file(layout: StorePaths, source: SourceFile) -> bool:
    """Store the file's bytes and return True, or False if they are stored already.

    Raise UserError if the file has changed since `fingerprint_file` read it.
    """
    import pyarrow as pa

    target = _build_raw_path(layout, source.sha256)
    if target.exists():
        return False
    digest = hashlib.sha256()
    with replace_file(target) as fresh:
        with pa.CompressedOutputStream(str(fresh), "lz4") as stream:
            for block in _read_blocks(source.path):
                digest.update(block)
                stream.write(block)
        if digest.hexdigest() != source.sha256:
            raise UserError(_format_changed_message(source.path))
    return True


def discard_file(layout: StorePaths, sha256: str) -> None:
    """Remove the bytes of a file whose rows were not committed."""
    _build_raw_path(layout, sha256).unlink(missing_ok=True)


def prune_file(layout: StorePaths, sha256: str) -> int | None:
    """Delete the stored bytes of a file for good and return the space freed in bytes; None if they were not stored."""
    target = _build_raw_path(layout, sha256)
    if not target.exists():
        return None
    size = target.stat().st_size
    target.unlink()
    return size


def count_files(layout: StorePaths) -> int:
    """Return the number of stored files."""
    return sum(1 for _ in layout.raw.glob(f"*{COMPRESSED_SUFFIX}"))


def _build_raw_path(layout: StorePaths, sha256: str) -> Path:
    return layout.raw / f"{sha256}{COMPRESSED_SUFFIX}"


@contextmanager
def open_file(layout: StorePaths, sha256: str) -> Iterator[BinaryIO]:
    """Open a stored file for reading; raise UserError if its bytes were pruned or never stored."""
    import pyarrow as pa

    target = _build_raw_path(layout, sha256)
    if not target.exists():
        raise UserError(f"the bytes of {sha256[:12]}… are not in this store: they were pruned or never stored")
    with pa.OSFile(str(target)) as file, pa.CompressedInputStream(file, "lz4") as stream:
        yield io.BufferedReader(stream, BLOCK_BYTES)
