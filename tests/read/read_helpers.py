"""A file read as a load reads it, and releases to put in it."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from threepoint.read.format_detection import read_stream
from threepoint.read.ocds import releases
from threepoint.read.ocds.releases import (
    ReleaseOrigin,
    _append_rows,
    _read_with_tolerance,
    append_release,
    make_empty_rows,
)
from threepoint.read.ocds.tolerant_reader import ReleaseFindings
from threepoint.read.read_context import ReadContext, ReadLimits
from threepoint.read.read_result import HistoryRows, QuarantinedPart, SkippedItem
from threepoint.read.value_parsing import NeedsTolerantReader
from threepoint.standard.history_tables import HISTORY_TABLES

ORIGIN = ReleaseOrigin("0f" * 32)
RELEASE = {"ocid": "ocds-213czf-1", "id": "1", "date": "2026-03-01T10:00:00Z", "tag": ["tender"]}


def make_release(number: int = 1, **more: Any) -> dict[str, Any]:
    """A release of a process of its own; what is given replaces what it says."""
    return RELEASE | {"ocid": f"ocds-213czf-{number}", "id": str(number), "tender": {"id": str(number)}} | more


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def join_lines(*values: Any) -> bytes:
    return b"".join((value if isinstance(value, bytes) else encode(value)) + b"\n" for value in values)


@dataclass
class Told:
    """All readings of one file together."""

    rows: HistoryRows = field(default_factory=dict)
    passed_over: list[SkippedItem] = field(default_factory=list)
    quarantined: list[QuarantinedPart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def column(self, table: str, name: str) -> list[Any]:
        """One column of a history table, in the order read."""
        place = HISTORY_TABLES[table].names.index(name)
        return [row[place] for row in self.rows.get(table, [])]

    @property
    def ids(self) -> list[str]:
        return self.column("release", "release_id")

    @property
    def kinds(self) -> list[str]:
        return [found.kind for found in self.passed_over]

    @property
    def outcome(self) -> tuple[list[str], list[str], int]:
        """(ids of the releases read, kinds passed over, number of parts quarantined)."""
        return self.ids, self.kinds, len(self.quarantined)


def read_file(data: bytes, limits: ReadLimits | None = None, seen: set[int] | None = None) -> Told:
    """What reading a file of these bytes gives."""
    found = Told()
    task = ReadContext(ORIGIN.source_id, "file", set() if seen is None else seen, limits or ReadLimits())
    for reading in read_stream(io.BytesIO(data), task):
        for name, rows in reading.rows.items():
            found.rows.setdefault(name, []).extend(rows)
        found.passed_over += reading.passed_over
        found.quarantined += reading.quarantined
        found.notes += reading.notes
    return found


def read_release(**more: Any) -> Told:
    """What reading one release gives, however it must be read."""
    return read_file(encode(make_release(**more)))


def find_row(found: Told, table: str) -> dict[str, Any]:
    """The one row of a table, by column."""
    (row,) = found.rows[table]
    return dict(zip(HISTORY_TABLES[table].names, row, strict=True))


def read_as_loaded(raw: bytes) -> HistoryRows:
    """The rows of one release by the reader that a load takes."""
    out = make_empty_rows()
    append_release(raw, ORIGIN, out, set())
    return out


def read_carefully(raw: bytes) -> HistoryRows:
    """The rows of one release by the careful reader."""
    out = make_empty_rows()
    _append_rows(*_read_with_tolerance(raw), raw, ORIGIN, out, set())
    return out


def is_fast(raw: bytes) -> bool:
    """True where the fast reader takes this release."""
    try:
        _append_rows(releases._RELEASE_DECODER.decode(raw), ReleaseFindings(), raw, ORIGIN, make_empty_rows(), set())
    except (msgspec.DecodeError, NeedsTolerantReader):
        return False
    return True


def take_one(values: Iterable[Any]) -> Any:
    """The one value there is."""
    (value,) = values
    return value
