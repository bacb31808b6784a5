"""The real published files, loaded whole: how many releases, what was passed over, and that nothing was lost."""

from pathlib import Path

import pytest

from threepoint import pipeline


@pytest.fixture(scope="module")
def told(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    store = tmp_path_factory.mktemp("real") / "store"
    pipeline.load(store, [shared / "data" / "ocds", shared / "data" / "gmpp"])
    return pipeline.status(store)


def test_every_british_release_is_read(told):
    assert told["groups"]["uk"] == {"releases": 614, "compiled": 1, "ocids": 579}


def test_nothing_is_quarantined(told):
    assert told["quarantine"] == {"parts": 0, "sources": 0, "reasons": {}}


def test_what_holds_no_release_is_recognised(told):
    assert told["passed_over"] == {
        "JSON schema": 18,
        "OCDS extension": 8,
        "code list": 46,
        "linked release": 14,
        "list of OCDS extensions": 1,
        "release already held": 658,  # the British releases stand in their publishers' folders and in one file of all
        "table of another kind": 1,
        "versioned release": 11,
    }


def test_every_project_year_is_read(told):
    assert told["tables"]["gmpp_year"] == 2356
