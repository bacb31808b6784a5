"""One world for all tests of this folder, generated once."""

import pytest

from threepoint.sample import generate_processes

SEED, COUNT = 7, 5000


@pytest.fixture(scope="session")
def processes():
    return list(generate_processes(COUNT, SEED))
