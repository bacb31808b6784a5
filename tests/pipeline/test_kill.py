"""kill -9 at any moment of a load or build: running both again gives the rows of an undisturbed run.

Processes are killed after a share of an undisturbed run's time, or at the n-th call that renames, links or syncs a file.
"""

import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.pipeline import sample_store
from tests.size import pick_size
from threepoint import pipeline
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.store import history, snapshots
from threepoint.store.store_paths import StorePaths

pytestmark = pytest.mark.slow

# Runs the command line, and kills itself before the n-th call that renames, links or syncs a file.
DIES = """
import os, pathlib, signal
left = {at}
def count_calls(call):
    def counted(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return counted
os.fsync = count_calls(os.fsync)
for name in ("replace", "rename", "symlink_to"):
    setattr(pathlib.Path, name, count_calls(getattr(pathlib.Path, name)))
from threepoint.cli import main
main()
"""


@dataclass
class Undisturbed:
    files: list[Path]
    store: Path
    load_seconds: float
    build_seconds: float
    rows: dict[str, list[tuple]]
    history: dict[str, list[tuple]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    files, store = sample_store.write_files(folder), folder / "store"
    start = time.monotonic()
    assert sample_store.run(store, "load", *files)[0] == 0
    middle = time.monotonic()
    assert sample_store.run(store, "build", "--as-of", sample_store.AS_OF)[0] == 0
    end = time.monotonic()
    run = Undisturbed(files, store, middle - start, end - middle, sample_store.read_rows(store), _read_history(store))
    assert sum(map(len, run.history.values())) > pick_size(3_000, 10_000)
    assert sum(map(len, run.rows.values())) > pick_size(3_000, 10_000)
    return run


def _read_history(store: Path) -> dict[str, list[tuple]]:
    """Return the committed rows of every history table, sorted."""
    layout = StorePaths(store)
    files = history.list_history_files(layout, history.read_committed_batches(layout))
    return {
        name: sorted((row for path in files[name] for row in _read_rows(path)), key=repr) for name in HISTORY_TABLES
    }


def _read_rows(path: Path) -> list[tuple]:
    return list(zip(*(column.to_pylist() for column in pq.read_table(path).columns), strict=True))


def _kill_after(seconds: float, store: Path, *arguments: object) -> None:
    child = sample_store.start(store, *arguments)
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.communicate()


def _kill_at(call: int, store: Path, *arguments: object) -> int:
    child = sample_store.start(store, *arguments, program=DIES.format(at=call))
    child.communicate()
    return child.returncode


def _find_leftovers(store: Path) -> list[str]:
    committed_names = {
        name for entry in history.read_committed_batches(StorePaths(store)) for name in entry.files.values()
    }
    # Tantivy keeps a .managed.json.
    leftovers = [path.relative_to(store).as_posix() for path in store.rglob(".*") if path.name != ".managed.json"]
    leftovers += [path.relative_to(store).as_posix() for path in (store / "scratch").iterdir()]
    return leftovers + [name for name in _list_parquet(store) if name not in committed_names]


def _list_parquet(store: Path) -> list[str]:
    return [path.relative_to(store / "history").as_posix() for path in (store / "history").glob("*/*.parquet")]


def _load_again(store: Path, undisturbed: Undisturbed) -> None:
    pipeline.load(store, undisturbed.files)
    assert _read_history(store) == undisturbed.history
    assert _find_leftovers(store) == []


@pytest.mark.parametrize("share", pick_size([0.5, 0.8], [0.3, 0.5, 0.65, 0.8, 0.95]))
def test_load_after_killed_load(share, undisturbed, tmp_path):
    store = tmp_path / "store"
    _kill_after(share * undisturbed.load_seconds, store, "load", *undisturbed.files)
    _load_again(store, undisturbed)


def test_load_after_load_killed_at_any_write(undisturbed, tmp_path):
    store, call = tmp_path / "store", 0
    while _kill_at(call, store, "load", *undisturbed.files) == -signal.SIGKILL:
        assert history.read_committed_batches(StorePaths(store)) == []  # unfinished batches are not committed
        call += pick_size(14, 7)
    assert call > 14
    _load_again(store, undisturbed)


def test_killed_build_leaves_old_snapshot_or_none(undisturbed, tmp_path):
    store = tmp_path / "store"
    pipeline.load(store, undisturbed.files)
    for call in (0, 20):  # the organisation ids; a table of the new snapshot
        assert _kill_at(call, store, "build", "--as-of", sample_store.AS_OF) == -signal.SIGKILL
        assert snapshots.get_current_name(StorePaths(store)) is None
    for share in pick_size((0.5, 0.85), (0.3, 0.5, 0.7, 0.85, 0.95)):
        _kill_after(share * undisturbed.build_seconds, store, "build", "--as-of", sample_store.AS_OF)
        _assert_whole_or_none(store, undisturbed)
    _build_again(store, undisturbed)
    old = snapshots.get_current_name(StorePaths(store))
    # Calls of a whole build: two for the organisation ids, one to sync each path of the snapshot, one to sync its folder.
    last = 2 + len(list(snapshots.get_current_folder(StorePaths(store)).rglob("*"))) + 1
    for call in (last, last + 2):  # renaming the folder; replacing the link
        assert _kill_at(call, store, "build", "--as-of", sample_store.AS_OF) == -signal.SIGKILL
        assert snapshots.get_current_name(StorePaths(store)) == old
        assert sample_store.read_rows(store) == undisturbed.rows
    _build_again(store, undisturbed)


def _assert_whole_or_none(store: Path, undisturbed: Undisturbed) -> None:
    if snapshots.get_current_name(StorePaths(store)) is not None:
        assert sample_store.read_rows(store) == undisturbed.rows


def _build_again(store: Path, undisturbed: Undisturbed) -> None:
    pipeline.load(store, undisturbed.files)
    pipeline.build(store, sample_store.AS_OF)
    assert sample_store.read_rows(store) == undisturbed.rows
    assert _find_leftovers(store) == []
