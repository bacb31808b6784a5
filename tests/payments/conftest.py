"""The published payments, sales and pipelines, loaded and built once for all tests here."""

from pathlib import Path

import pytest

from tests.merge.world import Built, build
from threepoint import pipeline


@pytest.fixture(scope="session")
def built(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("payments") / "store"
    done = pipeline.load(root, [shared / "data" / "gcloud", shared / "data" / "spend"])
    assert done.quarantined == []
    return build(root)
