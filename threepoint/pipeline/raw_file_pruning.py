"""Dropping bytes as published that are no longer needed: history is whole without them (decision 44)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from threepoint.errors import NothingLoaded, Problem
from threepoint.pipeline.progress import WAIT, Watch
from threepoint.store import history, os_errors, quarantine, raw_files, write_lock
from threepoint.store.store_paths import Layout


@dataclass(frozen=True)
class Pruned:
    """What was dropped: files of raw, their bytes as they were kept, first bytes of quarantined parts; and files that stay."""

    files: int
    bytes: int
    heads: int
    kept: int


def prune(root: Path, days: int, now: datetime, watch: Watch | None = None, wait: float = WAIT) -> Pruned:
    """Drops the raw bytes of every file that was loaded more than `days` days before `now`, and what quarantine holds of it.

    What was read stays, and so do the reasons and counts of what was not. A file that was pruned is still known: loading it
    again changes nothing. Problem where `days` is below 0; NothingLoaded where there is no store.
    """
    if days < 0:
        raise Problem(f"{days} days is no age; give 0 or more")
    layout, watch = Layout(root), watch or Watch()
    if not root.exists():
        raise NothingLoaded(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    with os_errors.told(root), write_lock.writing(layout.lock, "prune", wait, watch.say):
        return _prune(layout, now - timedelta(days=days))


def _prune(layout: Layout, before: datetime) -> Pruned:
    sources = [source for entry in history.entries(layout) for source in entry.sources]
    old = [source for source in sources if datetime.fromisoformat(source.recorded_at) < before]
    young = [source for source in sources if datetime.fromisoformat(source.recorded_at) >= before]
    sizes = [size for source in old if (size := raw_files.drop(layout, source.sha256)) is not None]
    heads = sum(quarantine.drop(layout, name) for name in _heads(old) - _heads(young))
    return Pruned(len(sizes), sum(sizes), heads, raw_files.count(layout))


def _heads(sources: Iterable[history.SourceLog]) -> set[str]:
    """The files of quarantine that these sources name."""
    return {name for source in sources for _, _, _, name in source.quarantined}
