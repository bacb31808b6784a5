"""Two writers at once, a file loaded twice, files loaded in another order, and exit codes."""

import fcntl
import json
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.pipeline import sample_store
from threepoint import pipeline
from threepoint.errors import NothingLoadedError, StoreLockedError
from threepoint.store import write_lock
from threepoint.store.store_paths import StorePaths

BROKEN = b'{"ocid": "ocds-213czf-1", "date": "2026-01-01"'


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    return sample_store.write_files(tmp_path_factory.mktemp("world"), releases=60, parts=3)


def hold_lock(store: Path) -> subprocess.Popen:
    """Start a process that holds the store's lock until it gets input."""
    program = (
        "import sys, pathlib; from threepoint.store import write_lock\n"
        "with write_lock.hold_write_lock(pathlib.Path(sys.argv[-1]) / 'lock', 'build', 0): print('held', flush=True); sys.stdin.read()"
    )
    child = sample_store.start(store, program=program)
    assert child.stdout.readline() == "held\n"
    return child


def test_second_writer_exits_with_4_and_names_lock_holder(files, tmp_path):
    other = hold_lock(tmp_path / "store")
    code, output = sample_store.run(tmp_path / "store", "load", files[0], "--wait", "0")
    other.communicate("")
    assert code == 4
    assert f"process {other.pid} (threepoint build) is writing to this store" in output


def test_second_writer_waits_for_first(files, tmp_path):
    other, messages = hold_lock(tmp_path / "store"), []
    threading.Timer(0.5, other.communicate, [""]).start()
    result = pipeline.load(tmp_path / "store", files, pipeline.ProgressReporter(say=messages.append), wait=30)
    assert result.rows["release"] == 60
    assert messages == [f"Waiting for process {other.pid} (threepoint build) …"]


def test_simultaneous_loads_both_succeed(files, tmp_path):
    children = [sample_store.start(tmp_path / "store", "load", *files) for _ in range(2)]
    assert [(child.communicate()[1], child.returncode)[1] for child in children] == [0, 0]
    assert pipeline.status(tmp_path / "store")["tables"]["release"] == 60


def test_killed_writer_leaves_no_lock(tmp_path):
    other = hold_lock(tmp_path)
    other.kill()
    other.communicate()
    with write_lock.hold_write_lock(tmp_path / "lock", "load", 0):
        assert json.loads((tmp_path / "lock").read_text())["doing"] == "load"
    assert (tmp_path / "lock").read_text() == ""


def test_lock_without_holder_name(tmp_path):
    with (tmp_path / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        start = time.monotonic()
        with (
            pytest.raises(StoreLockedError, match="another command is writing"),
            write_lock.hold_write_lock(tmp_path / "lock", "load", 0),
        ):
            pass
    assert time.monotonic() - start < 1


def test_loading_file_twice_changes_nothing(files, tmp_path):
    store = tmp_path / "store"
    pipeline.load(store, files)
    before = sample_store.read_tree(store)
    result = pipeline.load(store, [*files, files[0]])
    assert (result.already_loaded, result.files, result.rows) == (3, 0, {})
    assert sample_store.read_tree(store) == before


def test_load_ignores_files_of_its_own_store(files, tmp_path):
    for number in range(2):
        result = pipeline.load(tmp_path / "store", [*files, tmp_path])
        assert (result.files, result.already_loaded) == [(3, 0), (0, 3)][number]


def test_order_of_loading_does_not_matter(files, tmp_path):
    pipeline.load(tmp_path / "one", files)
    for path in reversed(files):
        pipeline.load(tmp_path / "two", [path])
    for store in ("one", "two"):
        pipeline.build(tmp_path / store, sample_store.AS_OF)
    rows = sample_store.read_rows(tmp_path / "one")
    assert sum(map(len, rows.values())) > 500
    assert sample_store.read_rows(tmp_path / "two") == rows


def test_build_of_only_quarantined_files_raises(tmp_path):
    (tmp_path / "bad.json").write_bytes(BROKEN)
    result = pipeline.load(tmp_path / "store", [tmp_path / "bad.json"])
    assert (result.rows, len(result.quarantined)) == ({}, 1)
    with pytest.raises(NothingLoadedError):
        pipeline.build(tmp_path / "store")
    assert pipeline.status(tmp_path / "store")["quarantine"]["parts"] == 1


def test_quarantine_records_offset_and_bytes(tmp_path):
    (tmp_path / "bad.json").write_bytes(BROKEN)
    pipeline.load(tmp_path / "store", [tmp_path / "bad.json"])
    layout = StorePaths(tmp_path / "store")
    (source,) = json.loads((layout.log / "00000001.json").read_text())["sources"]
    ((reason, offset, length, name),) = source["quarantined"]
    assert (reason[:26], offset, length) == ("this is not valid JSON (In", 0, len(BROKEN))
    assert (layout.quarantine / name).read_bytes() == BROKEN
