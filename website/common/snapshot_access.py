"""The one read-only door to the current snapshot, and to what is worked out of its records.

A build that ends while people read changes nothing under them: a request reads one snapshot from its beginning to its end,
and the next request the new one. Whoever still reads the old one keeps it open; it is closed when the last has gone.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from threepoint.errors import NothingLoadedError, UserError
from threepoint.snapshot import *  # noqa: F403  # the door gives all that the room gives
from threepoint.snapshot import Snapshot


class SnapshotNotReady(Exception):
    """There is no snapshot to read. The words say what to do."""


_snapshot_lock = Lock()  # only one thread opens a new snapshot


def _get_current_snapshot() -> Snapshot:
    try:
        name = (settings.STORE / "current").readlink().name  # one look at the folder, since every request asks
    except OSError:
        name = ""
    with _snapshot_lock:
        return _open_cached_snapshot(settings.STORE, name)


@lru_cache(maxsize=1)
def _open_cached_snapshot(store: Path, _name: str) -> Snapshot:
    try:
        made = Snapshot(store)
        made.searcher  # noqa: B018  # opened when first asked for; where that fails, no page begins
        return made  # noqa: TRY300  # nothing else may fail here
    except NothingLoadedError:
        raise SnapshotNotReady(
            _("There is no snapshot to read yet. Run: threepoint load FILE, then: threepoint build")
        ) from None
    except (UserError, OSError, ValueError, KeyError) as why:
        words = str(why) if isinstance(why, UserError) else _("the snapshot cannot be read; run: threepoint build")
        raise SnapshotNotReady(words) from why


def get_snapshot(request: HttpRequest) -> Snapshot:
    """The snapshot that this request reads: the current one when it is first asked for, and that one to the end."""
    held: Snapshot | None = getattr(request, "snapshot", None)
    if held is None:
        held = request.snapshot = _get_current_snapshot()  # type: ignore[attr-defined]  # a request holds what a middleware gives it
    return held


def find_snapshot_problem() -> str:
    """Empty when there is a snapshot to read; else what to do about it."""
    try:
        _get_current_snapshot()
    except SnapshotNotReady as why:
        return str(why)
    return ""
