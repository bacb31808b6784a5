"""One small store for all tests of pages; a test that names `reader` reads it as anyone may."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.website import shelf


@pytest.fixture(scope="session")
def small_store(tmp_path_factory):
    return shelf.build(tmp_path_factory.mktemp("pages") / "store")


@pytest.fixture
def reader(small_store, settings):
    """Someone who is not signed in. No test that names this may ask the database: pytest-django refuses it."""
    settings.STORE = small_store
    cache.clear()
    return Client()
