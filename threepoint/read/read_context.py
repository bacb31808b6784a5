"""How one file is to be read: what is already held, how far to go, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from threepoint.errors import UnreadableInputError

UTF8_BOM = b"\xef\xbb\xbf"
MAX_LINE_BYTES = 256 * 1024 * 1024  # bytes; a longer line is passed without being held (decision 19)
MAX_UNPACKED_BYTES = 20 * 1024**3  # bytes in one archive (decision 19)
MAX_UNPACK_RATIO = 200  # unpacked to packed (decision 19)
MAX_WHOLE_BYTES = 4 * 1024**3  # bytes of what is held whole: a document that is no lines, a table, a zip archive
READ_STEP_BYTES = 16 * 1024 * 1024  # bytes that are asked for at a time
MAX_BUFFERED_BYTES = 64 * 1024 * 1024  # bytes of a document; a longer one is laid on disk and held only if it must be


@dataclass(frozen=True)
class ReadLimits:
    """How much of one file is held or unpacked: bytes of a line, of a document, of a whole, unpacked, unpacked to packed."""

    line: int = MAX_LINE_BYTES
    held: int = MAX_BUFFERED_BYTES
    whole: int = MAX_WHOLE_BYTES
    unpacked: int = MAX_UNPACKED_BYTES
    ratio: int = MAX_UNPACK_RATIO


@dataclass
class UnpackBudget:
    """Bytes of the outermost archive, and bytes unpacked from it and from the archives within it: counted together."""

    packed: int = 0
    unpacked: int = 0

    def spend(self, count: int, limits: ReadLimits) -> bool:
        """Counts so many bytes more; True where that is too many."""
        self.unpacked += count
        return self.unpacked > min(limits.unpacked, limits.ratio * max(1, self.packed))


def _ignore_progress(done: int) -> None:
    """Tells no one how many bytes were read."""


@dataclass
class ReadContext:
    """One file to read: its sha256, its name for messages, and the keys of the releases already held (added to)."""

    source_id: str
    name: str = ""
    seen: set[int] = field(default_factory=set)
    limits: ReadLimits = field(default_factory=ReadLimits)
    progress: Callable[[int], None] = _ignore_progress
    scratch: Path | None = None  # where large documents are laid out; None: where the system keeps such files
    depth: int = 0  # archives around it
    budget: UnpackBudget = field(default_factory=UnpackBudget)


def read_whole_stream(stream: BinaryIO, task: ReadContext, begun: bytes = b"") -> bytes:
    """All that is left of a stream, after what was read of it; Unreadable where that is more than may be held."""
    parts, left = [begun], max(0, task.limits.whole - len(begun)) + 1
    while left > 0 and (
        part := stream.read(min(left, READ_STEP_BYTES))
    ):  # at one go, it would reserve room for the longest of all
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    if len(data) > task.limits.whole:
        raise UnreadableInputError(
            f"this is longer than {task.limits.whole:,} bytes and cannot be read a line at a time; unpack it, or split it into"
            " JSON lines, and load those"
        )
    return data
