"""Fixtures for tests of the API and the downloads."""

import json

import pytest
from django.core.cache import cache, caches

from tests.website import sample_records
from threepoint import api


@pytest.fixture
def ask(reader):
    """A function that requests a path below /api/v1 and returns its JSON. `reader` fails on database queries."""
    caches["limits"].clear()
    cache.clear()

    def request_json(path, status=200, **query):
        answer = reader.get(f"/api/v1{path}", query)
        assert answer.status_code == status, answer.content
        return json.loads(answer.content)

    return request_json


@pytest.fixture(scope="session")
def published(small_store, tmp_path_factory):
    """A folder with three packages of the small store."""
    folder = tmp_path_factory.mktemp("published")
    api.publish_tables(folder / "csv", "csv", small_store)
    api.publish_ocds(folder / "ocds", small_store)
    api.publish_projects(folder / "oc4ids", small_store)
    return folder


RECORD_IDS = {
    "processes": sample_records.DEAL, "contracts": f"{sample_records.DEAL}/contracts/1", "awards": f"{sample_records.DEAL}/awards/1",
    "organisations": sample_records.OFFICE, "projects": f"sdes-gmpp-{sample_records.GMPP}",
}  # fmt: skip
