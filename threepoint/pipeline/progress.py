"""Whom to tell how far a load or a build has come, and how long a writer waits for another."""

from collections.abc import Callable
from dataclasses import dataclass

LOCK_TIMEOUT_SECONDS = 30.0  # seconds that a writer waits for another


@dataclass
class ProgressReporter:
    """Whom to tell of progress: (what, done, of how many); both numbers are bytes for a load and steps for a build."""

    tell: Callable[[str, int, int], None] = lambda _what, _done, _total: None
    say: Callable[[str], None] = print
