"""What changed without a notice: silent edits and vanished notices, newest first, with the files that show it.

When we read a file stands in the store's log and in no snapshot, so it is looked up here, as a page is asked for.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from threepoint.errors import UserError
from threepoint.snapshot.cache import cache_result
from threepoint.snapshot.snapshot import Snapshot
from threepoint.store import history, snapshots
from threepoint.store.store_paths import StorePaths

_SILENT_EDITS_SQL = """SELECT ocid, release_id, revision, notice_id, new_sha256 AS sha256, old_date, new_date AS "date", publisher,
  publisher_group AS "group", old_source_id AS before, new_source_id AS after FROM notice_revision"""
_VANISHED_NOTICES_SQL = """SELECT ocid, release_id, 0 AS revision, NULL AS notice_id, sha256, NULL AS old_date, "date", publisher,
  publisher_group AS "group", last_source_id AS before, newest_source_id AS after FROM vanished_notice"""
_SQL_BY_TABLE = (("notice_revision", _SILENT_EDITS_SQL), ("vanished_notice", _VANISHED_NOTICES_SQL))
EARLIEST_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LoggedFile:
    """A file as the log holds it: sha256, name and when it was read; a store read from a package has no log."""

    sha256: str
    name: str = ""
    read: datetime | None = None


@dataclass(frozen=True)
class UnannouncedChange:
    """One change without a notice. `revision` counts the silent edits of a release from 1; 0 stands for a vanished notice.

    `before` is the file with the earlier content, `after` the one with the later, or without the notice.
    """

    ocid: str
    release_id: str
    revision: int
    notice_id: str | None
    sha256: str
    old_date: datetime | None
    date: datetime | None
    publisher: str
    group: str
    before: LoggedFile
    after: LoggedFile

    @property
    def edit(self) -> bool:
        """True for a silent edit, False for a vanished notice."""
        return self.revision > 0


@dataclass(frozen=True)
class ChangeDetails:
    """A change with what a reader knows its record by, and the rows of REVISED_FIELD of a silent edit."""

    change: UnannouncedChange
    title: str
    notice: str
    fields: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class RetainedSnapshot:
    """A snapshot that the store still keeps: its name, the day it speaks for, and the rows of its tables."""

    name: str
    as_of: date
    rows: dict[str, int]


def list_unannounced_changes(snapshot: Snapshot) -> tuple[UnannouncedChange, ...]:
    """All changes without a notice, those whose later file was read last first; worked out once."""
    return cache_result(snapshot, "unannounced", lambda: _read_changes(snapshot))


def list_process_unannounced_changes(snapshot: Snapshot, ocid: str) -> tuple[UnannouncedChange, ...]:
    """Those of one process."""
    return cache_result(snapshot, "unannounced of", lambda: _group_by_process(snapshot)).get(ocid, ())


def describe_changes(snapshot: Snapshot, some: Sequence[UnannouncedChange]) -> list[ChangeDetails]:
    """Changes with their fields and the titles of their records."""
    return [_describe_change(snapshot, change) for change in some]


def list_retained_snapshots(snapshot: Snapshot) -> list[RetainedSnapshot]:
    """The snapshots that the store keeps, newest first."""
    made = []
    for path in sorted(snapshot.folder.parent.glob(f"[!.]*/{snapshots.SNAPSHOT_MANIFEST_NAME}"), reverse=True):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            made.append(RetainedSnapshot(path.parent.name, date.fromisoformat(manifest["as_of"]), manifest["tables"]))
        except (OSError, ValueError, KeyError):
            continue  # swept away meanwhile, or of another version of this program
    return made


def _read_changes(snapshot: Snapshot) -> tuple[UnannouncedChange, ...]:
    files = _read_logged_files(snapshot)
    made = []
    for name, sql in _SQL_BY_TABLE:
        if not (snapshot.folder / name).is_dir():  # a package may have been written without it
            continue
        for row in snapshot.rows(sql):
            ends = {which: files.get(row[which]) or LoggedFile(row[which]) for which in ("before", "after")}
            made.append(UnannouncedChange(**row | ends))
    made.sort(key=lambda one: (one.ocid, one.release_id, one.revision))
    made.sort(key=lambda one: (one.after.read or EARLIEST_TIME, one.date or EARLIEST_TIME), reverse=True)
    return tuple(made)


def _group_by_process(snapshot: Snapshot) -> dict[str, tuple[UnannouncedChange, ...]]:
    found: dict[str, list[UnannouncedChange]] = defaultdict(list)
    for one in list_unannounced_changes(snapshot):
        found[one.ocid].append(one)
    return {ocid: tuple(some) for ocid, some in found.items()}


def _read_logged_files(snapshot: Snapshot) -> dict[str, LoggedFile]:
    layout = StorePaths(snapshot.folder.parent.parent)
    try:
        sources = [source for entry in history.read_committed_batches(layout) for source in entry.sources]
    except (UserError, OSError):  # of another version, or not for this reader: the snapshot can be read all the same
        return {}
    return {one.sha256: LoggedFile(one.sha256, one.name, datetime.fromisoformat(one.recorded_at)) for one in sources}


def _describe_change(snapshot: Snapshot, change: UnannouncedChange) -> ChangeDetails:
    records = snapshot.records
    title = next((row["title"] for row in records.rows("contracting_process", ocid=change.ocid)), None)
    notices = records.rows("notice", ocid=change.ocid)
    number = next((row["notice_id"] for row in notices if row["sha256"] == change.sha256), None)
    rows = records.rows("revised_field", ocid=change.ocid, release_id=change.release_id, revision=change.revision)
    return ChangeDetails(change, title or change.ocid, number or change.notice_id or change.release_id, tuple(rows))
