"""What is counted over a whole snapshot, worked out once and kept as long as the snapshot is open."""

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from threepoint.facts.snapshot import Snapshot

Made = TypeVar("Made")
_ONE_AT_A_TIME = RLock()  # several readers may ask first; one counts, the others wait
_KEPT: WeakKeyDictionary[Snapshot, dict[str, Any]] = WeakKeyDictionary()


def once(snapshot: Snapshot, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, made when it is first asked for under this name. A snapshot never changes, so neither does it."""
    with _ONE_AT_A_TIME:
        kept = _KEPT.setdefault(snapshot, {})
        if name not in kept:
            kept[name] = make()
        made: Made = kept[name]
    return made
