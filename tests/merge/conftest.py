"""What several test modules of this folder share."""

import pytest

from tests.merge.portfolio_factory import Engine


@pytest.fixture(scope="module")
def engine():
    made = Engine()
    yield made
    made.backend.disconnect()
