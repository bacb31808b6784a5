"""One engine with the SQL of all subjects; the SQL is compiled once per run, because that takes longest."""

import json

import pytest

from tests.check.check_tables import Asker, compile_checks
from tests.stores import make_once


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """Return a callable that runs the checks of one subject on drawn tables."""
    folder = make_once(
        tmp_path_factory, "checks", lambda path: (path / "sql.json").write_text(json.dumps(compile_checks()))
    )
    return Asker(json.loads((folder / "sql.json").read_text()))
