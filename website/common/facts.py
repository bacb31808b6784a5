"""The one read-only door to the current snapshot, and to what is worked out of its records.

A build that ends while people read changes nothing under them: a request reads one snapshot from its beginning to its end,
and the next request the new one. Whoever still reads the old one keeps it open; it is closed when the last has gone.
"""

from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from threepoint import compare
from threepoint.errors import Ambiguous, NothingLoaded, Problem
from threepoint.facts import (
    COMPARED,
    LISTS,
    MOST_OPTIONS,
    File,
    Found,
    Hit,
    Outline,
    Snapshot,
    Thing,
    Told,
    Unannounced,
    Wish,
    at,
    coverage,
    cpv_groups,
    every,
    find,
    gaps,
    has_several_buyers,
    holdings,
    kept,
    missing,
    of_process,
    outline,
    record,
    search,
    tables,
    told,
    unannounced,
)

__all__ = [
    "COMPARED",
    "LISTS",
    "MOST_OPTIONS",
    "Ambiguous",
    "File",
    "Found",
    "Hit",
    "Outline",
    "Problem",
    "Snapshot",
    "Thing",
    "Told",
    "Unannounced",
    "Unready",
    "Wish",
    "at",
    "compare",
    "coverage",
    "cpv_groups",
    "current",
    "every",
    "find",
    "gaps",
    "has_several_buyers",
    "holdings",
    "kept",
    "missing",
    "of_process",
    "outline",
    "record",
    "search",
    "tables",
    "told",
    "unannounced",
]  # fmt: skip


class Unready(Exception):
    """There is no snapshot to read. The words say what to do."""


class _Door:
    """The snapshot that was current when last looked at."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: Snapshot | None = None
        self._told = ("", "")  # store and name

    def current(self) -> Snapshot:
        """The current snapshot, opened anew when it is another one; Unready where there is none."""
        told = (str(settings.STORE), _name())
        if self._held is None or told != self._told:
            with self._lock:
                if self._held is None or told != self._told:
                    self._held, self._told = _open(), told
        return self._held


def _name() -> str:
    """The name of the current snapshot, as its link says; one look at the folder, since every request asks."""
    try:
        return (settings.STORE / "current").readlink().name
    except OSError:
        return ""


def _open() -> Snapshot:
    try:
        return _whole(Snapshot(settings.STORE))
    except NothingLoaded:
        raise Unready(
            _("There is no snapshot to read yet. Run: threepoint load FILE, then: threepoint build")
        ) from None
    except (Problem, OSError, ValueError, KeyError) as why:
        words = str(why) if isinstance(why, Problem) else _("the snapshot cannot be read; run: threepoint build")
        raise Unready(words) from why


def _whole(made: Snapshot) -> Snapshot:
    """The same, with its search index open: where that cannot be opened, no page begins."""
    made.searcher  # noqa: B018  # opened when it is first asked for
    return made


_door = _Door()


def current(request: HttpRequest) -> Snapshot:
    """The snapshot that this request reads: the current one when it is first asked for, and that one to the end."""
    held: Snapshot | None = getattr(request, "snapshot", None)
    if held is None:
        held = request.snapshot = _door.current()  # type: ignore[attr-defined]  # a request holds what a middleware gives it
    return held


def ready() -> str:
    """Empty when there is a snapshot to read; else what to do about it."""
    try:
        _door.current()
    except Unready as why:
        return str(why)
    return ""
