"""Results of reading a file: each part is read, skipped or quarantined."""

from dataclasses import dataclass, field
from typing import Any

from threepoint.errors import join_advice

HistoryRows = dict[str, list[tuple[Any, ...]]]
REQUEST_FILE_ADVICE = "ask the publisher for the file again"


@dataclass(frozen=True)
class SkippedItem:
    """A recognised item that has no rows: its kind, why it was skipped, and how many there were."""

    kind: str
    why: str
    count: int = 1


@dataclass(frozen=True)
class QuarantinedPart:
    """A part of a file that could not be read: why, where (byte offset and length), and the bytes (at most 64 kB).

    `advice` says what to ask the publisher, and `byte` where in the file reading stopped.
    """

    reason: str
    offset: int
    length: int
    head: bytes
    advice: str = ""
    byte: int | None = None

    @property
    def text(self) -> str:
        """The reason with the advice."""
        return join_advice(self.reason, self.advice)


@dataclass
class ReadResult:
    """The result for one file: rows by history table, skipped items, quarantined parts, and notes for the log."""

    rows: HistoryRows
    skipped: list[SkippedItem] = field(default_factory=list)
    quarantined: list[QuarantinedPart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
