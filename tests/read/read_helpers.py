"""Helpers that make releases and read them from bytes as a load does."""

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


def make_release(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a release of a separate process; keyword arguments replace its fields."""
    return RELEASE | {"ocid": f"ocds-213czf-{number}", "id": str(number), "tender": {"id": str(number)}} | fields


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def join_lines(*values: Any) -> bytes:
    return b"".join((value if isinstance(value, bytes) else encode(value)) + b"\n" for value in values)


@dataclass
class FileResult:
    """The combined results of one file."""

    rows: HistoryRows = field(default_factory=dict)
    skipped: list[SkippedItem] = field(default_factory=list)
    quarantined: list[QuarantinedPart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def column(self, table: str, name: str) -> list[Any]:
        """Return one column of a history table, in the order read."""
        place = HISTORY_TABLES[table].names.index(name)
        return [row[place] for row in self.rows.get(table, [])]

    @property
    def ids(self) -> list[str]:
        return self.column("release", "release_id")

    @property
    def kinds(self) -> list[str]:
        return [item.kind for item in self.skipped]

    @property
    def outcome(self) -> tuple[list[str], list[str], int]:
        """Return (ids of the releases read, kinds of skipped items, number of quarantined parts)."""
        return self.ids, self.kinds, len(self.quarantined)


def read_file(data: bytes, limits: ReadLimits | None = None, seen: set[int] | None = None) -> FileResult:
    file_result = FileResult()
    task = ReadContext(ORIGIN.source_id, "file", set() if seen is None else seen, limits or ReadLimits())
    for result in read_stream(io.BytesIO(data), task):
        for name, rows in result.rows.items():
            file_result.rows.setdefault(name, []).extend(rows)
        file_result.skipped += result.skipped
        file_result.quarantined += result.quarantined
        file_result.notes += result.notes
    return file_result


def read_release(**fields: Any) -> FileResult:
    """Read one release with either reader."""
    return read_file(encode(make_release(**fields)))


def find_row(result: FileResult, table: str) -> dict[str, Any]:
    """Return the only row of a table, by column."""
    (row,) = result.rows[table]
    return dict(zip(HISTORY_TABLES[table].names, row, strict=True))


def read_as_loaded(raw: bytes) -> HistoryRows:
    """Return the rows of one release from the reader that a load uses."""
    rows = make_empty_rows()
    append_release(raw, ORIGIN, rows, set())
    return rows


def read_carefully(raw: bytes) -> HistoryRows:
    """Return the rows of one release from the tolerant reader."""
    rows = make_empty_rows()
    _append_rows(*_read_with_tolerance(raw), raw, ORIGIN, rows, set())
    return rows


def is_fast(raw: bytes) -> bool:
    """Return True if the fast reader reads this release."""
    try:
        _append_rows(releases._RELEASE_DECODER.decode(raw), ReleaseFindings(), raw, ORIGIN, make_empty_rows(), set())
    except (msgspec.DecodeError, NeedsTolerantReader):
        return False
    return True


def take_one(values: Iterable[Any]) -> Any:
    """Return the only value."""
    (value,) = values
    return value
