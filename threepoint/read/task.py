"""How one file is to be read: what is already held, how far to go, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass, field

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 256 * 1024 * 1024  # bytes; a longer line is passed without being held (decision 19)
MOST_UNPACKED = 20 * 1024**3  # bytes in one archive (decision 19)
MOST_RATIO = 200  # unpacked to packed (decision 19)


@dataclass(frozen=True)
class Limits:
    """How much of one file is held or unpacked: bytes of a line, bytes unpacked, unpacked to packed."""

    line: int = LONGEST_LINE
    unpacked: int = MOST_UNPACKED
    ratio: int = MOST_RATIO


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
    depth: int = 0  # archives around it
