"""The store's inbox: the next build loads its files once, and broken files there do not stop the build."""

import json

import pytest

from tests.merge.release_factory import AS_OF, World, load, make_money, make_release
from tests.pipeline import sample_store
from threepoint import pipeline
from threepoint.errors import NothingLoadedError
from threepoint.store import snapshot_tables
from threepoint.store.store_paths import StorePaths

WORLD = World()
FIRST, LEFT = (
    make_release(
        WORLD.ocid(), f"2026-01-1{n}", "UK7", contracts=[{"id": "1", "title": title, "value": make_money(n * 1000)}]
    )
    | {"ocid": f"ocds-h6vhtk-00000{n}"}
    for n, title in ((1, "Loaded"), (2, "Left in the inbox"))
)
BROKEN = b'{"ocid": "ocds-h6vhtk-000003", "date": "2026-01-01"'


def list_contracts(root):
    """Return the titles of the contracts in the current snapshot."""
    folder = StorePaths(root).current.resolve()
    return [
        row["title"]
        for row in snapshot_tables.query_tables(folder, ["contract"], "SELECT title FROM contract ORDER BY title")
    ]


@pytest.fixture
def store(tmp_path):
    root = tmp_path / "store"
    load(root, [FIRST])
    (root / "inbox" / "0f0f.json").write_text(json.dumps(LEFT), encoding="utf-8")
    return root


def test_build_loads_file_in_inbox(store):
    result = pipeline.build(store, AS_OF)
    assert list_contracts(store) == ["Left in the inbox", "Loaded"]
    assert (result.inbox.files, result.inbox.rows["release"], result.inbox.quarantined) == (1, 1, [])
    assert [source["releases"] for source in pipeline.status(store)["sources"]] == [2]


def test_build_quarantines_broken_file_in_inbox(store):
    (store / "inbox" / "0e0e.json").write_bytes(BROKEN)
    result = pipeline.build(store, AS_OF)
    assert list_contracts(store) == ["Left in the inbox", "Loaded"]
    (report,) = result.inbox.quarantined
    assert str(report).startswith("0e0e.json: this is not valid JSON")
    assert pipeline.status(store)["quarantine"]["parts"] == 1
    assert pipeline.build(store, AS_OF).inbox.already_loaded == 2
    assert pipeline.status(store)["quarantine"]["parts"] == 1


def test_build_command_reports_inbox(store):
    (store / "inbox" / "0e0e.json").write_bytes(BROKEN)
    code, output = sample_store.run(store, "build", "--as-of", str(AS_OF))
    assert (code, output.splitlines()[:2]) == (
        0, ["From the store's inbox:", "Read 2 files: 1 release, 0 project-years. 0 files were already loaded."]
    )  # fmt: skip
    assert "Quarantined: 1." in output
    assert "inbox" not in sample_store.run(store, "build", "--as-of", str(AS_OF))[1]


def test_build_of_new_store_needs_file_in_inbox(tmp_path):
    layout = StorePaths(tmp_path / "store")
    layout.make()
    with pytest.raises(NothingLoadedError):
        pipeline.build(layout.root, AS_OF)
    (layout.inbox / "0f0f.json").write_text(json.dumps(LEFT), encoding="utf-8")
    pipeline.build(layout.root, AS_OF)
    assert list_contracts(layout.root) == ["Left in the inbox"]


def test_load_of_parent_folder_ignores_inbox(store):
    (store.parent / "more.json").write_text(json.dumps(FIRST), encoding="utf-8")
    result = pipeline.load(store, [store.parent])
    assert result.files + result.already_loaded == 2  # the file loaded before and this one
    assert pipeline.status(store)["tables"]["release"] == 1
