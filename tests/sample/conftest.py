"""One world for all tests of this folder: it is the same for everyone, so nobody need make it again."""

import pytest

from threepoint.sample import world

SEED, COUNT = 7, 5000


@pytest.fixture(scope="session")
def processes():
    return list(world(COUNT, SEED))
