"""Stores that several test modules read. The first worker that needs one makes it. Copy a store to write to it."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from threepoint import pipeline, sample
from threepoint.pipeline import LoadResult


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder filled by `make`, in this worker or in another worker of the same run."""
    base = factory.getbasetemp()  # a worker has its own folder, such as popen-gw0, in the folder of the run
    folder = (base.parent if base.name.startswith("popen-") else base) / name
    with folder.with_suffix(".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not lock.read():
            folder.mkdir()
            make(folder)
            lock.write("made")
    return folder


def load_world(root: Path, releases: int, seed: int) -> LoadResult:
    """Load a synthetic world from the files that `threepoint sample` writes."""
    sample.write_world(root.parent / "world", releases, seed)
    return pipeline.load(root, [root.parent / "world"])
