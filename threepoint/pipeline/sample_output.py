"""Synthetic worlds: as files, or straight into a store through the same code."""

import hashlib
from pathlib import Path
from typing import Any

from threepoint import data_packages
from threepoint.pipeline.history_load import Loaded, no_collection, note
from threepoint.pipeline.progress import WAIT, Watch
from threepoint.store import history, os_errors, write_lock
from threepoint.store.store_paths import Layout


def sample_into(out: Path, releases: int, seed: int, watch: Watch | None = None) -> Any:
    """Writes a synthetic world into the folder `out`; the summary says what is in it."""
    from threepoint import sample

    watch = watch or Watch()
    return sample.write(out, releases, seed, lambda done: watch.tell("releases", done, releases))


def sample_tables(root: Path, releases: int, seed: int, watch: Watch | None = None) -> Loaded:
    """Reads a synthetic world straight into the store at `root`, through the same code as a file of it."""
    layout, watch, done = Layout(root), watch or Watch(), Loaded()
    with os_errors.told(root):
        data_packages.refuse_history(layout)
        layout.make()
        with write_lock.writing(layout.lock, "sample", WAIT, watch.say), no_collection():
            history.sweep(layout)
            committed = history.entries(layout)
            batch = history.Batch(layout, history.next_number(layout))
            _sample_rows(layout, batch, releases, seed, history.release_keys(layout, committed), watch, done)
            batch.commit()
    return done


def _sample_rows(
    layout: Layout, batch: history.Batch, releases: int, seed: int, seen: set[int], watch: Watch, done: Loaded
) -> None:
    from threepoint import sample
    from threepoint.read.json_files import read_lines
    from threepoint.read.read_context import Task

    name = f"synthetic world of {releases} releases, seed {seed}"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    log, count = history.SourceLog(sha256, name, 0, history.now()), 0
    for reading in read_lines(sample.releases(releases, seed), Task(sha256, name, seen)):
        note(layout, reading, log, batch.add(reading.rows), done)
        count += len(reading.rows["release"])
        watch.tell("releases", count, releases)
    batch.sources.append(log)
    done.files += 1
