"""Write a synthetic world as files, or load it straight into a store through the same code."""

import hashlib
from pathlib import Path
from typing import Any

from threepoint import data_packages
from threepoint.pipeline.history_load import LoadResult, pause_garbage_collection, record_read_result
from threepoint.pipeline.progress import LOCK_TIMEOUT_SECONDS, ProgressReporter
from threepoint.store import history, os_errors, write_lock
from threepoint.store.store_paths import StorePaths


def write_sample_files(out: Path, releases: int, seed: int, watch: ProgressReporter | None = None) -> Any:
    """Write a synthetic world into the folder `out` and return a summary of its contents."""
    from threepoint import sample

    watch = watch or ProgressReporter()
    return sample.write_world(out, releases, seed, lambda count: watch.tell("releases", count, releases))


def load_sample(root: Path, releases: int, seed: int, watch: ProgressReporter | None = None) -> LoadResult:
    """Load a synthetic world straight into the store at `root`, through the same code as its files."""
    layout, watch, result = StorePaths(root), watch or ProgressReporter(), LoadResult()
    with os_errors.translate_os_errors(root):
        data_packages.reject_history_load(layout)
        layout.make()
        with (
            write_lock.hold_write_lock(layout.lock, "sample", LOCK_TIMEOUT_SECONDS, watch.say),
            pause_garbage_collection(),
        ):
            history.remove_uncommitted_files(layout)
            committed = history.read_committed_batches(layout)
            batch = history.HistoryBatch(layout, history.get_next_batch_number(layout))
            _load_sample_rows(
                layout, batch, releases, seed, history.read_release_keys(layout, committed), watch, result
            )
            batch.commit()
    return result


def _load_sample_rows(
    layout: StorePaths,
    batch: history.HistoryBatch,
    releases: int,
    seed: int,
    release_keys: set[int],
    watch: ProgressReporter,
    result: LoadResult,
) -> None:
    from threepoint import sample
    from threepoint.read.json_files import read_json_lines
    from threepoint.read.read_context import ReadContext

    name = f"synthetic world of {releases} releases, seed {seed}"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    log, count = history.SourceLog(sha256, name, 0, history.get_log_timestamp()), 0
    for reading in read_json_lines(sample.generate_releases(releases, seed), ReadContext(sha256, name, release_keys)):
        record_read_result(layout, reading, log, batch.add(reading.rows), result)
        count += len(reading.rows["release"])
        watch.tell("releases", count, releases)
    batch.sources.append(log)
    result.files += 1
