"""Changes without a notice: silent edits and vanished notices, newest first, with the files that show them.

Only the store's log has the time when a file was read; snapshots do not. So it is looked up here, for each request.
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
    """A file in the log: its sha256, name and the time when it was read. A store read from a package has no log."""

    sha256: str
    name: str = ""
    read: datetime | None = None


@dataclass(frozen=True)
class UnannouncedChange:
    """One change without a notice. `revision` counts the silent edits of a release from 1; 0 is a vanished notice.

    `before` is the file with the earlier content, `after` the file with the later content or without the notice.
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
    """A change with the title and notice of its record, and the rows of REVISED_FIELD of a silent edit."""

    change: UnannouncedChange
    title: str
    notice: str
    fields: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class RetainedSnapshot:
    """A snapshot that the store still keeps: its name, the date that its states describe, and the rows of its tables."""

    name: str
    as_of: date
    rows: dict[str, int]


def list_unannounced_changes(snapshot: Snapshot) -> tuple[UnannouncedChange, ...]:
    """Return all changes without a notice, most recently read first; calculated once."""
    return cache_result(snapshot, "unannounced", lambda: _read_changes(snapshot))


def list_process_unannounced_changes(snapshot: Snapshot, ocid: str) -> tuple[UnannouncedChange, ...]:
    """Return the unannounced changes of one process."""
    return cache_result(snapshot, "unannounced of", lambda: _group_by_process(snapshot)).get(ocid, ())


def describe_changes(snapshot: Snapshot, changes: Sequence[UnannouncedChange]) -> list[ChangeDetails]:
    """Add to changes their fields and the titles of their records."""
    return [_describe_change(snapshot, change) for change in changes]


def list_retained_snapshots(snapshot: Snapshot) -> list[RetainedSnapshot]:
    """Return the snapshots that the store keeps, newest first."""
    retained = []
    for path in sorted(snapshot.folder.parent.glob(f"[!.]*/{snapshots.SNAPSHOT_MANIFEST_NAME}"), reverse=True):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            retained.append(
                RetainedSnapshot(path.parent.name, date.fromisoformat(manifest["as_of"]), manifest["tables"])
            )
        except (OSError, ValueError, KeyError):
            continue  # deleted meanwhile, or written by another version of this program
    return retained


def _read_changes(snapshot: Snapshot) -> tuple[UnannouncedChange, ...]:
    files = _read_logged_files(snapshot)
    changes = []
    for name, sql in _SQL_BY_TABLE:
        if not (snapshot.folder / name).is_dir():  # a package may have been written without it
            continue
        for row in snapshot.rows(sql):
            logged_files = {key: files.get(row[key]) or LoggedFile(row[key]) for key in ("before", "after")}
            changes.append(UnannouncedChange(**row | logged_files))
    changes.sort(key=lambda change: (change.ocid, change.release_id, change.revision))
    changes.sort(key=lambda change: (change.after.read or EARLIEST_TIME, change.date or EARLIEST_TIME), reverse=True)
    return tuple(changes)


def _group_by_process(snapshot: Snapshot) -> dict[str, tuple[UnannouncedChange, ...]]:
    changes_by_ocid: dict[str, list[UnannouncedChange]] = defaultdict(list)
    for change in list_unannounced_changes(snapshot):
        changes_by_ocid[change.ocid].append(change)
    return {ocid: tuple(changes) for ocid, changes in changes_by_ocid.items()}


def _read_logged_files(snapshot: Snapshot) -> dict[str, LoggedFile]:
    paths = StorePaths(snapshot.folder.parent.parent)
    try:
        sources = [source for batch in history.read_committed_batches(paths) for source in batch.sources]
    except (
        UserError,
        OSError,
    ):  # another version wrote the log, or this user may not read it; the snapshot still works
        return {}
    return {
        source.sha256: LoggedFile(source.sha256, source.name, datetime.fromisoformat(source.recorded_at))
        for source in sources
    }


def _describe_change(snapshot: Snapshot, change: UnannouncedChange) -> ChangeDetails:
    records = snapshot.records
    title = next((row["title"] for row in records.rows("contracting_process", ocid=change.ocid)), None)
    notices = records.rows("notice", ocid=change.ocid)
    number = next((row["notice_id"] for row in notices if row["sha256"] == change.sha256), None)
    rows = records.rows("revised_field", ocid=change.ocid, release_id=change.release_id, revision=change.revision)
    return ChangeDetails(change, title or change.ocid, number or change.notice_id or change.release_id, tuple(rows))
