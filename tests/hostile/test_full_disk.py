"""A disk that fills up during a load or build: the message says so, the store is unchanged, and the next run works."""

import json
import shutil

import pytest

from tests.hostile.os_faults import LIMITED, mount_small_disk, read_state, run
from tests.pipeline import sample_store
from tests.size import pick_size
from threepoint import pipeline

FULL = "the disk is full; free some space"
TOO_LARGE = "the system does not allow a file of that size; raise the limit (ulimit -f)"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two files of a synthetic world, of which the second fills the disk."""
    return sample_store.write_files(tmp_path_factory.mktemp("world"), releases=300, parts=2)


@pytest.fixture(scope="module")
def stores(files, tmp_path_factory):
    """A folder of three stores: `one` has the first file, `both` has both files, `built` has both and a snapshot."""
    folder = tmp_path_factory.mktemp("stores")
    pipeline.load(folder / "one", files[:1])
    shutil.copytree(folder / "one", folder / "both")
    pipeline.load(folder / "both", files[1:])
    shutil.copytree(folder / "both", folder / "built")
    pipeline.build(folder / "built", sample_store.AS_OF)
    return folder


@pytest.mark.parametrize("max_bytes", pick_size([0, 3000, 60_000], [0, 100, 3000, 20_000, 60_000]))
def test_load_over_file_size_limit_leaves_store_unchanged(max_bytes, files, stores, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(stores / "one", store)
    before = read_state(store)
    code, output = run("load", files[1], "--store", store, program=LIMITED.format(bytes=max_bytes))
    assert (code, TOO_LARGE in output, output.count("\n")) == (1, True, 1)
    assert read_state(store) == before
    assert run("load", files[1], "--store", store)[0] == 0
    assert pipeline.status(store)["tables"] == pipeline.status(stores / "both")["tables"]


@pytest.mark.parametrize("max_bytes", pick_size([0, 9000, 200_000], [0, 3000, 9000, 20_000, 200_000]))
def test_build_over_file_size_limit_leaves_store_unchanged(max_bytes, stores, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(stores / "built", store, symlinks=True)
    before = read_state(store)
    code, output = run("build", "--store", store, "--as-of", "2026-07-01", program=LIMITED.format(bytes=max_bytes))
    assert (code, TOO_LARGE in output, output.count("\n")) == (1, True, 1)
    assert read_state(store) == before
    assert sample_store.read_rows(store) == sample_store.read_rows(stores / "built")


def test_build_after_failed_first_build(stores, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(stores / "both", store)
    assert run("build", "--store", store, program=LIMITED.format(bytes=6000))[0] == 1
    assert not (store / "current").is_symlink()
    assert run("build", "--store", store, "--as-of", sample_store.AS_OF)[0] == 0
    assert sample_store.read_rows(store) == sample_store.read_rows(stores / "built")


def test_load_and_build_on_full_disk(files, stores, tmp_path):
    with mount_small_disk(tmp_path / "disk", "6m") as disk:
        store, fill = disk / "store", disk / "fill"
        shutil.copytree(stores / "one", store)
        _fill(fill)
        before = read_state(store)
        for command in (["load", files[1]], ["build"]):
            code, output = run(*command, "--store", store)
            assert (code, FULL in output, output.count("\n")) == (1, True, 1)
            assert read_state(store) == before
        assert run("status", "--store", store)[0] == 0  # reading needs no space
        fill.unlink()
        assert run("load", files[1], "--store", store)[0] == 0
        assert run("build", "--store", store, "--as-of", sample_store.AS_OF)[0] == 0
        assert sample_store.read_rows(store) == sample_store.read_rows(stores / "built")
        state_before = read_state(store)
        _fill(fill)
        assert FULL in run("build", "--store", store)[1]
        assert read_state(store) == state_before
        assert run("show", "--json", _find_contract(store), "--store", store)[0] == 0


def _fill(path) -> None:
    with path.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        _write_for_ever(file)


def _write_for_ever(file) -> None:
    while True:
        file.write(b"x" * 4096)


def _find_contract(store) -> str:
    status = json.loads(run("status", "--json", "--store", store)[1])
    assert status["snapshot"]
    return str(sample_store.read_rows(store)["contract"][0][0])
