"""Fixtures for all tests. Tests have no network and no user's store, and use real data only through a fixture."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.merge.release_factory import AS_OF
from tests.size import bound_examples
from tests.stores import load_world, make_once
from tests.website import sample_records
from threepoint import pipeline

ROOT = Path(__file__).resolve().parent.parent

# deadline=None: the first import of DuckDB takes longer than Hypothesis's 200 ms. CI runs the same examples every time.
settings.register_profile(
    "threepoint", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=bound_examples(100)
)
settings.load_profile("threepoint")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that use real data, so that `-m "not shared"` deselects them."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[Callable[..., object]]:
    """Refuse every connection except to a local Unix socket. Yield the original `connect`."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family == getattr(socket, "AF_UNIX", None):
            return connect(self, address)
        self.close()  # callers expect an OSError at most, and would leave it open
        raise RuntimeError(f"tests may not use the network; this one tried {address}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        yield connect


@pytest.fixture
def loopback(no_network: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow connections to 127.0.0.1, for a server that the test starts."""
    refuse = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> object:
        is_local = isinstance(address, tuple) and address[0] == "127.0.0.1"
        return (no_network if is_local else refuse)(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep tests that name no store away from the user's own store."""
    monkeypatch.setenv("THREEPOINT_STORE", str(tmp_path_factory.getbasetemp() / "no-store"))


@pytest.fixture
def store_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a path for a new store, which is also the default store of the command line."""
    store = tmp_path / "store"
    monkeypatch.setenv("THREEPOINT_STORE", str(store))
    return store


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real published data in `data/`. Skip the test if there is none."""
    folder = Path(os.environ.get("THREEPOINT_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        message = f"no real data at {folder} (set THREEPOINT_SHARED)"
        if os.environ.get("REQUIRE_SHARED") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def published_store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built store of all published data. Do not write to it."""

    def make(folder: Path) -> None:
        result = pipeline.load(folder / "store", [shared / "data"])
        assert (result.quarantined, result.problems) == ([], [])
        pipeline.build(folder / "store", AS_OF)

    return make_once(tmp_path_factory, "published", make) / "store"


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small built store with one record of each kind. Do not write to it."""
    folder = make_once(tmp_path_factory, "small", lambda path: sample_records.build(path / "store"))
    return folder / "store"


@pytest.fixture(scope="session")
def synthetic_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built store of a synthetic world of 600 releases. Do not write to it."""

    def make(folder: Path) -> None:
        load_world(folder / "store", 600, seed=7)
        pipeline.build(folder / "store", AS_OF)

    return make_once(tmp_path_factory, "synthetic", make) / "store"
