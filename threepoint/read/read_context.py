"""How one file is to be read: what is already held, how far to go, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from threepoint.errors import Unreadable

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 256 * 1024 * 1024  # bytes; a longer line is passed without being held (decision 19)
MOST_UNPACKED = 20 * 1024**3  # bytes in one archive (decision 19)
MOST_RATIO = 200  # unpacked to packed (decision 19)
LONGEST_WHOLE = 4 * 1024**3  # bytes of what is held whole: a document that is no lines, a table, a zip archive
STEP = 16 * 1024 * 1024  # bytes that are asked for at a time
LONGEST_HELD = 64 * 1024 * 1024  # bytes of a document; a longer one is laid on disk and held only if it must be


@dataclass(frozen=True)
class Limits:
    """How much of one file is held or unpacked: bytes of a line, of a document, of a whole, unpacked, unpacked to packed."""

    line: int = LONGEST_LINE
    held: int = LONGEST_HELD
    whole: int = LONGEST_WHOLE
    unpacked: int = MOST_UNPACKED
    ratio: int = MOST_RATIO


@dataclass
class Budget:
    """Bytes of the outermost archive, and bytes unpacked from it and from the archives within it: counted together."""

    packed: int = 0
    unpacked: int = 0

    def spend(self, count: int, limits: Limits) -> bool:
        """Counts so many bytes more; True where that is too many."""
        self.unpacked += count
        return self.unpacked > min(limits.unpacked, limits.ratio * max(1, self.packed))


def _silent(done: int) -> None:
    """Tells no one how many bytes were read."""


@dataclass
class Task:
    """One file to read: its sha256, its name for messages, and the keys of the releases already held (added to)."""

    source_id: str
    name: str = ""
    seen: set[int] = field(default_factory=set)
    limits: Limits = field(default_factory=Limits)
    progress: Callable[[int], None] = _silent
    scratch: Path | None = None  # where large documents are laid out; None: where the system keeps such files
    depth: int = 0  # archives around it
    budget: Budget = field(default_factory=Budget)


def whole(stream: BinaryIO, task: Task, begun: bytes = b"") -> bytes:
    """All that is left of a stream, after what was read of it; Unreadable where that is more than may be held."""
    parts, left = [begun], max(0, task.limits.whole - len(begun)) + 1
    while left > 0 and (
        part := stream.read(min(left, STEP))
    ):  # at one go, it would reserve room for the longest of all
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    if len(data) > task.limits.whole:
        raise Unreadable(
            f"this is longer than {task.limits.whole:,} bytes and cannot be read a line at a time; unpack it, or split it into"
            " JSON lines, and load those"
        )
    return data
