"""Read-only access to the current snapshot and to everything that `threepoint.snapshot` reads from it.

A request reads one snapshot from start to finish, even if a build ends meanwhile; the next request reads the new one. The old
snapshot stays open until its last reader has finished.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from threepoint.errors import NothingLoadedError, UserError
from threepoint.snapshot import *  # noqa: F403  # re-exported for the whole site
from threepoint.snapshot import Snapshot


class SnapshotNotReady(Exception):
    """There is no snapshot to read. The message says what to do."""


_snapshot_lock = Lock()  # only one thread opens a new snapshot


def _get_current_snapshot() -> Snapshot:
    try:
        name = (settings.STORE / "current").readlink().name  # one system call, because every request makes it
    except OSError:
        name = ""
    with _snapshot_lock:
        return _open_cached_snapshot(settings.STORE, name)


@lru_cache(maxsize=1)
def _open_cached_snapshot(store: Path, _name: str) -> Snapshot:
    try:
        snapshot = Snapshot(store)
        snapshot.searcher  # noqa: B018  # opens the search index now, so that no page fails halfway
        return snapshot  # noqa: TRY300  # nothing else may fail here
    except NothingLoadedError:
        raise SnapshotNotReady(
            _("There is no snapshot to read yet. Run: threepoint load FILE, then: threepoint build")
        ) from None
    except (UserError, OSError, ValueError, KeyError) as error:
        message = (
            str(error) if isinstance(error, UserError) else _("the snapshot cannot be read; run: threepoint build")
        )
        raise SnapshotNotReady(message) from error


def get_snapshot(request: HttpRequest) -> Snapshot:
    """Return the snapshot that this request reads: the one that was current at the first call."""
    snapshot: Snapshot | None = getattr(request, "snapshot", None)
    if snapshot is None:
        snapshot = request.snapshot = _get_current_snapshot()  # type: ignore[attr-defined]  # our own attribute
    return snapshot


def find_snapshot_problem() -> str:
    """Return what to do if there is no snapshot to read; otherwise an empty string."""
    try:
        _get_current_snapshot()
    except SnapshotNotReady as error:
        return str(error)
    return ""
