"""One engine with the SQL of all subjects, for the whole session."""

import pytest

from tests.check.drawn import Asker


@pytest.fixture(scope="session")
def ask() -> Asker:
    """Puts the checks of one subject to drawn tables."""
    return Asker()
