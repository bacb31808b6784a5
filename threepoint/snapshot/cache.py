"""Caches for results calculated over a whole snapshot; they last as long as the snapshot is open."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from threading import Lock, RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from threepoint.snapshot.snapshot import Snapshot

Result = TypeVar("Result")
_CALCULATION_LOCK = RLock()  # if several readers ask first, one calculates and the others wait
MAX_RECENT_RESULTS = 500  # of each snapshot, kept by `cache_recent_future`
_RECENT_RESULTS_LOCK = Lock()  # never held during a calculation
_RECENT_RESULTS: WeakKeyDictionary[Snapshot, OrderedDict[Hashable, Future[Any]]] = WeakKeyDictionary()
_CACHED_RESULTS: WeakKeyDictionary[Snapshot, dict[str, Any]] = WeakKeyDictionary()


def cache_result(snapshot: Snapshot, name: str, calculate: Callable[[], Result]) -> Result:
    """Return the result of `calculate`, called only for the first request of this name: a snapshot never changes."""
    with _CALCULATION_LOCK:
        results = _CACHED_RESULTS.setdefault(snapshot, {})
        if name not in results:
            results[name] = calculate()
        result: Result = results[name]
    return result


def cache_recent_future(
    snapshot: Snapshot, key: Hashable, calculate: Callable[[], Result], executor: Executor
) -> "Future[Result]":
    """Like `cache_result`, for unbounded keys: calculate in `executor` and cache only the most recent results.

    Later requests for a running calculation wait for it. A calculation that failed is not cached.
    """
    with _RECENT_RESULTS_LOCK:
        futures = _RECENT_RESULTS.setdefault(snapshot, OrderedDict())
        if key not in futures or (futures[key].done() and futures[key].exception()):
            futures[key] = executor.submit(calculate)
        futures.move_to_end(key)
        while len(futures) > MAX_RECENT_RESULTS:
            futures.popitem(last=False)
        return futures[key]
