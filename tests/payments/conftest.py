"""Fixture for tests of lists: the snapshot of all published data."""

from pathlib import Path

import pytest

from tests.merge.release_factory import Built


@pytest.fixture(scope="session")
def built(published_store: Path) -> Built:
    return Built(published_store, (published_store / "current").resolve())
