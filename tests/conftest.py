"""What every test stands on: no network, no store of anyone's, and real data only for a test that names it."""

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

# deadline=None: DuckDB's first import outlasts Hypothesis's 200 ms. In CI the same examples every time.
settings.register_profile(
    "threepoint", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=bound_examples(100)
)
settings.load_profile("threepoint")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for real data, so that `-m "not shared"` leaves them out."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[Callable[..., object]]:
    """Refuse every connection but one to a local Unix socket. Gives the way to connect that was taken away."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family == getattr(socket, "AF_UNIX", None):
            return connect(self, address)
        self.close()  # whoever opened it expects an OSError at most, and would leave it open
        raise RuntimeError(f"tests may not use the network; this one tried {address}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        yield connect


@pytest.fixture
def loopback(no_network: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test ask a server that it started itself, on this machine's own address and nowhere else."""
    refuse = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> object:
        local = isinstance(address, tuple) and address[0] == "127.0.0.1"
        return (no_network if local else refuse)(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep a test that names no store away from the one the reader may have."""
    monkeypatch.setenv("THREEPOINT_STORE", str(tmp_path_factory.getbasetemp() / "no-store-was-asked-for"))


@pytest.fixture
def store_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a store of the test's own, not made yet; the command line finds it too."""
    store = tmp_path / "store"
    monkeypatch.setenv("THREEPOINT_STORE", str(store))
    return store


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder whose `data/` holds real published data; a test that asks for it is skipped where there is none."""
    folder = Path(os.environ.get("THREEPOINT_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        message = f"no real data at {folder} (set THREEPOINT_SHARED)"
        if os.environ.get("REQUIRE_SHARED") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def published_store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of all published data, built. Read it only."""

    def make(folder: Path) -> None:
        done = pipeline.load(folder / "store", [shared / "data"])
        assert (done.quarantined, done.problems) == ([], [])
        pipeline.build(folder / "store", AS_OF)

    return make_once(tmp_path_factory, "published", make) / "store"


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store with one record of each kind, built. Read it only."""
    folder = make_once(tmp_path_factory, "small", lambda made: sample_records.build(made / "store"))
    return folder / "store"


@pytest.fixture(scope="session")
def synthetic_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a synthetic world of 600 releases, built. Read it only."""

    def make(folder: Path) -> None:
        load_world(folder / "store", 600, seed=7)
        pipeline.build(folder / "store", AS_OF)

    return make_once(tmp_path_factory, "synthetic", make) / "store"
