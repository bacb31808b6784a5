"""Fixtures shared by the test modules of this folder."""

import pytest

from tests.merge.portfolio_factory import Engine


@pytest.fixture(scope="module")
def engine():
    portfolio_engine = Engine()
    yield portfolio_engine
    portfolio_engine.backend.disconnect()
