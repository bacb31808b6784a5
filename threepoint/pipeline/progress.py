"""Progress callbacks for loads and builds, and the default wait for the write lock."""

from collections.abc import Callable
from dataclasses import dataclass

LOCK_TIMEOUT_SECONDS = 30.0


@dataclass
class ProgressReporter:
    """Callbacks: `tell(item, done, total)` for progress, in bytes for a load and steps for a build; `say` for messages."""

    tell: Callable[[str, int, int], None] = lambda _item, _done, _total: None
    say: Callable[[str], None] = print
