"""A file read as a load reads it, and releases to put in it."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from threepoint.read.format_detection import read
from threepoint.read.ocds import releases
from threepoint.read.ocds.releases import Origin, _careful, _keep, empty_rows, read_one
from threepoint.read.ocds.tolerant_reader import Findings
from threepoint.read.read_context import Limits, Task
from threepoint.read.read_result import PassedOver, Quarantined, Rows
from threepoint.read.value_parsing import NeedsCare
from threepoint.standard.history_tables import HISTORY

ORIGIN = Origin("0f" * 32)
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

    rows: Rows = field(default_factory=dict)
    passed_over: list[PassedOver] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def column(self, table: str, name: str) -> list[Any]:
        """One column of a history table, in the order read."""
        place = HISTORY[table].names.index(name)
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


def read_file(data: bytes, limits: Limits | None = None, seen: set[int] | None = None) -> Told:
    """What reading a file of these bytes gives."""
    found = Told()
    task = Task(ORIGIN.source_id, "file", set() if seen is None else seen, limits or Limits())
    for reading in read(io.BytesIO(data), task):
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
    return dict(zip(HISTORY[table].names, row, strict=True))


def read_as_loaded(raw: bytes) -> Rows:
    """The rows of one release by the reader that a load takes."""
    out = empty_rows()
    read_one(raw, ORIGIN, out, set())
    return out


def read_carefully(raw: bytes) -> Rows:
    """The rows of one release by the careful reader."""
    out = empty_rows()
    _keep(*_careful(raw), raw, ORIGIN, out, set())
    return out


def is_fast(raw: bytes) -> bool:
    """True where the fast reader takes this release."""
    try:
        _keep(releases._FAST.decode(raw), Findings(), raw, ORIGIN, empty_rows(), set())
    except (msgspec.DecodeError, NeedsCare):
        return False
    return True


def take_one(values: Iterable[Any]) -> Any:
    """The one value there is."""
    (value,) = values
    return value
