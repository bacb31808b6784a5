"""Delete raw files that are no longer needed. The history is complete without them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from threepoint.errors import NothingLoadedError, UserError
from threepoint.pipeline.progress import LOCK_TIMEOUT_SECONDS, ProgressReporter
from threepoint.store import history, os_errors, quarantine, raw_files, write_lock
from threepoint.store.store_paths import StorePaths


@dataclass(frozen=True)
class PruneResult:
    """Result of pruning: raw files deleted, their stored size in bytes, quarantine heads deleted, raw files that remain."""

    files: int
    bytes: int
    heads: int
    kept: int


def prune(
    root: Path, days: int, now: datetime, watch: ProgressReporter | None = None, wait: float = LOCK_TIMEOUT_SECONDS
) -> PruneResult:
    """Delete the raw and quarantined bytes of every file that was loaded more than `days` days before `now`.

    The rows read stay, and so do the reasons and counts of quarantined parts. A pruned file is still known: loading it
    again changes nothing. Raise UserError if `days` is below 0, and NothingLoadedError if there is no store.
    """
    if days < 0:
        raise UserError(f"{days} days is not an age; give 0 or more")
    layout, watch = StorePaths(root), watch or ProgressReporter()
    if not root.exists():
        raise NothingLoadedError(f"nothing has been loaded into {root}; run `threepoint load FILE…` first")
    with os_errors.translate_os_errors(root), write_lock.hold_write_lock(layout.lock, "prune", wait, watch.say):
        return _prune_files(layout, now - timedelta(days=days))


def _prune_files(layout: StorePaths, cutoff: datetime) -> PruneResult:
    sources = [source for entry in history.read_committed_batches(layout) for source in entry.sources]
    old = [source for source in sources if datetime.fromisoformat(source.recorded_at) < cutoff]
    recent = [source for source in sources if datetime.fromisoformat(source.recorded_at) >= cutoff]
    sizes = [size for source in old if (size := raw_files.prune_file(layout, source.sha256)) is not None]
    heads = sum(
        quarantine.delete_head(layout, name) for name in _list_quarantine_files(old) - _list_quarantine_files(recent)
    )
    return PruneResult(len(sizes), sum(sizes), heads, raw_files.count_files(layout))


def _list_quarantine_files(sources: Iterable[history.SourceLog]) -> set[str]:
    return {name for source in sources for _, _, _, name in source.quarantined}
