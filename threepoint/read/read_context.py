"""Limits, progress reporting and known releases for reading one file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from threepoint.errors import UnreadableInputError

UTF8_BOM = b"\xef\xbb\xbf"
MAX_LINE_BYTES = 256 * 1024 * 1024  # a longer line or table is quarantined
MAX_UNPACKED_BYTES = 20 * 1024**3  # per archive
MAX_UNPACK_RATIO = 200  # unpacked to packed
MAX_WHOLE_BYTES = 4 * 1024**3  # for input read into memory whole: a document that is not lines, a zip archive
READ_STEP_BYTES = 16 * 1024 * 1024
MAX_BUFFERED_BYTES = 64 * 1024 * 1024  # a longer document is copied to disk and read into memory only if necessary


@dataclass(frozen=True)
class ReadLimits:
    """Limits for one file: bytes per line, bytes in memory before using disk, bytes read whole, unpacked bytes, unpack ratio."""

    line: int = MAX_LINE_BYTES
    buffered_bytes: int = MAX_BUFFERED_BYTES
    whole: int = MAX_WHOLE_BYTES
    unpacked: int = MAX_UNPACKED_BYTES
    ratio: int = MAX_UNPACK_RATIO


@dataclass
class UnpackBudget:
    """Bytes of the outermost archive, and bytes unpacked from it and all archives inside it."""

    packed: int = 0
    unpacked: int = 0

    def spend(self, count: int, limits: ReadLimits) -> bool:
        """Add `count` unpacked bytes; return True if that exceeds the limits."""
        self.unpacked += count
        return self.unpacked > min(limits.unpacked, limits.ratio * max(1, self.packed))


def _ignore_progress(done: int) -> None:
    """Do nothing."""


@dataclass
class ReadContext:
    """One file to read: its sha256, its name for messages, and the keys of known releases (new ones are added)."""

    source_id: str
    name: str = ""
    seen: set[int] = field(default_factory=set)
    limits: ReadLimits = field(default_factory=ReadLimits)
    progress: Callable[[int], None] = _ignore_progress
    scratch: Path | None = None  # folder for large documents; None: the system's temporary folder
    depth: int = 0  # number of archives that contain it
    budget: UnpackBudget = field(default_factory=UnpackBudget)


def read_whole_stream(stream: BinaryIO, task: ReadContext, begun: bytes = b"") -> bytes:
    """Return `begun`, the part already read, and the rest of a stream. Raises UnreadableInputError if it is too long."""
    parts, left = [begun], max(0, task.limits.whole - len(begun)) + 1
    # One large read would allocate memory for the longest possible stream.
    while left > 0 and (part := stream.read(min(left, READ_STEP_BYTES))):
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    if len(data) > task.limits.whole:
        raise UnreadableInputError(
            f"this is longer than {task.limits.whole:,} bytes and cannot be read a line at a time; unpack it, or split it into"
            " JSON lines, and load those"
        )
    return data
