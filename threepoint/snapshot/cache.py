"""What is counted over a whole snapshot, worked out once and kept as long as the snapshot is open."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from threading import Lock, RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from threepoint.snapshot.snapshot import Snapshot

Made = TypeVar("Made")
_CALCULATION_LOCK = RLock()  # several readers may ask first; one counts, the others wait
MAX_RECENT_RESULTS = 500  # answers of `lately` that are kept of a snapshot
_RECENT_RESULTS_LOCK = Lock()  # never held while something is worked out
_RECENT_RESULTS: WeakKeyDictionary[Snapshot, OrderedDict[Hashable, Future[Any]]] = WeakKeyDictionary()
_CACHED_RESULTS: WeakKeyDictionary[Snapshot, dict[str, Any]] = WeakKeyDictionary()


def cache_result(snapshot: Snapshot, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, made when it is first asked for under this name. A snapshot never changes, so neither does it."""
    with _CALCULATION_LOCK:
        kept = _CACHED_RESULTS.setdefault(snapshot, {})
        if name not in kept:
            kept[name] = make()
        made: Made = kept[name]
    return made


def cache_recent_future(
    snapshot: Snapshot, key: Hashable, make: Callable[[], Made], beside: Executor
) -> "Future[Made]":
    """The same for what there is no end of, made `beside`: the answers asked for last are kept, all others are made anew.

    Who asks for what is being made waits for it. What could not be made is not kept.
    """
    with _RECENT_RESULTS_LOCK:
        kept = _RECENT_RESULTS.setdefault(snapshot, OrderedDict())
        if key not in kept or (kept[key].done() and kept[key].exception()):
            kept[key] = beside.submit(make)
        kept.move_to_end(key)
        while len(kept) > MAX_RECENT_RESULTS:
            kept.popitem(last=False)
        return kept[key]
