"""A disk that fills up during load or build: said in words, the store as it was, and the next run works."""

import json
import shutil

import pytest

from tests.hostile.os_faults import LIMITED, mount_small_disk, read_state, run
from tests.pipeline import sample_store
from tests.size import pick_size
from threepoint import pipeline

FULL = "the disk is full; make room"
TOO_LARGE = "the system lets you write no file of that size; raise the limit (ulimit -f)"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two files of a synthetic world; the second is what fills the disk."""
    return sample_store.write_files(tmp_path_factory.mktemp("world"), releases=300, parts=2)


@pytest.fixture(scope="module")
def calm(files, tmp_path_factory):
    """A store with the first file, and what a build of both gives."""
    folder = tmp_path_factory.mktemp("calm")
    pipeline.load(folder / "one", files[:1])
    shutil.copytree(folder / "one", folder / "both")
    pipeline.load(folder / "both", files[1:])
    shutil.copytree(folder / "both", folder / "built")
    pipeline.build(folder / "built", sample_store.AS_OF)
    return folder


@pytest.mark.parametrize("most", pick_size([0, 3000, 60_000], [0, 100, 3000, 20_000, 60_000]))
def test_a_load_that_may_write_no_more_leaves_the_store_as_it_was(most, files, calm, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(calm / "one", store)
    before = read_state(store)
    code, said = run("load", files[1], "--store", store, program=LIMITED.format(bytes=most))
    assert (code, TOO_LARGE in said, said.count("\n")) == (1, True, 1)
    assert read_state(store) == before
    assert run("load", files[1], "--store", store)[0] == 0
    assert pipeline.status(store)["tables"] == pipeline.status(calm / "both")["tables"]


@pytest.mark.parametrize("most", pick_size([0, 9000, 200_000], [0, 3000, 9000, 20_000, 200_000]))
def test_a_build_that_may_write_no_more_leaves_the_snapshot_as_it_was(most, calm, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(calm / "built", store, symlinks=True)
    before = read_state(store)
    code, said = run("build", "--store", store, "--as-of", "2026-07-01", program=LIMITED.format(bytes=most))
    assert (code, TOO_LARGE in said, said.count("\n")) == (1, True, 1)
    assert read_state(store) == before
    assert sample_store.read_rows(store) == sample_store.read_rows(calm / "built")


def test_a_first_build_that_fails_is_made_good_by_the_next(calm, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(calm / "both", store)
    assert run("build", "--store", store, program=LIMITED.format(bytes=6000))[0] == 1
    assert not (store / "current").is_symlink()
    assert run("build", "--store", store, "--as-of", sample_store.AS_OF)[0] == 0
    assert sample_store.read_rows(store) == sample_store.read_rows(calm / "built")


def test_on_a_disk_that_is_really_full(files, calm, tmp_path):
    with mount_small_disk(tmp_path / "disk", "6m") as disk:
        store, fill = disk / "store", disk / "fill"
        shutil.copytree(calm / "one", store)
        _fill(fill)
        before = read_state(store)
        for command in (["load", files[1]], ["build"]):
            code, said = run(*command, "--store", store)
            assert (code, FULL in said, said.count("\n")) == (1, True, 1)
            assert read_state(store) == before
        assert run("status", "--store", store)[0] == 0  # reading needs no room
        fill.unlink()
        assert run("load", files[1], "--store", store)[0] == 0
        assert run("build", "--store", store, "--as-of", sample_store.AS_OF)[0] == 0
        assert sample_store.read_rows(store) == sample_store.read_rows(calm / "built")
        kept = read_state(store)
        _fill(fill)
        assert FULL in run("build", "--store", store)[1]
        assert read_state(store) == kept
        assert run("show", "--json", _find_contract(store), "--store", store)[0] == 0


def _fill(path) -> None:
    with path.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        _write_for_ever(file)


def _write_for_ever(file) -> None:
    while True:
        file.write(b"x" * 4096)


def _find_contract(store) -> str:
    told = json.loads(run("status", "--json", "--store", store)[1])
    assert told["snapshot"]
    return str(sample_store.read_rows(store)["contract"][0][0])
