"""Pruning of raw files: history, counts and reasons stay, and the files stay known."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.merge.release_factory import AS_OF, make_release
from tests.pipeline import sample_store
from threepoint import api, cli, pipeline
from threepoint.errors import NothingLoadedError, UserError
from threepoint.store import history
from threepoint.store.store_paths import StorePaths

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
BROKEN, OTHER = b'{"ocid": "x", "someone@example.org"', b'{"ocid": "y", "other@example.org"'


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store with two files, loaded 40 and 10 days before NOW. Both contain BROKEN, and the older one OTHER as well."""
    for name, age, parts in (("old", 40, [BROKEN, OTHER]), ("new", 10, [BROKEN])):
        lines = [json.dumps(make_release(f"ocds-h6vhtk-{name}", "2026-01-01", "UK4")).encode(), *parts]
        (tmp_path / f"{name}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
        monkeypatch.setattr(history, "get_log_timestamp", lambda age=age: (NOW - timedelta(days=age)).isoformat())
        pipeline.load(tmp_path / "store", [tmp_path / f"{name}.jsonl"])
    return tmp_path / "store"


def read_private_files(store):
    layout = StorePaths(store)
    return len(list(layout.raw.iterdir())), sorted(path.read_bytes() for path in layout.quarantine.iterdir())


def test_prune_keeps_heads_shared_with_recent_files(store):
    before = read_private_files(store)
    assert before == (2, [BROKEN + b"\n", OTHER + b"\n"])
    result = pipeline.prune(store, 30, NOW)
    assert (result.files, result.heads, result.kept) == (1, 1, 1)
    assert result.bytes > 0
    assert read_private_files(store) == (1, [BROKEN + b"\n"])
    assert pipeline.prune(store, 30, NOW) == pipeline.PruneResult(0, 0, 0, 1)
    result = pipeline.prune(store, 10, NOW + timedelta(seconds=1))
    assert (result.files, result.heads, read_private_files(store)) == (1, 1, (0, []))


def test_prune_deletes_files_older_than_days(store):
    assert pipeline.prune(store, 40, NOW).files == 0
    assert pipeline.prune(store, 39, NOW).files == 1


def test_prune_keeps_history_and_known_files(store, tmp_path):
    pipeline.build(store, AS_OF)
    status, rows = pipeline.status(store), sample_store.read_rows(store)
    pipeline.prune(store, 0, NOW)
    assert read_private_files(store) == (0, [])
    assert pipeline.status(store) == status
    result = pipeline.load(store, [tmp_path / "old.jsonl", tmp_path / "new.jsonl"])
    assert (result.already_loaded, result.rows) == (2, {})
    pipeline.build(store, AS_OF)
    assert sample_store.read_rows(store) == rows


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_prune_command_output(store, monkeypatch, capsys, options):
    monkeypatch.setattr(sys, "argv", ["threepoint", "prune", "--older-than", "0", "--store", str(store), *options])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    out = capsys.readouterr().out
    if options:
        result = json.loads(out)
        assert result.pop("bytes") > 0
        assert result == {"files": 2, "heads": 2, "kept": 0}
    else:
        assert out.startswith("Deleted the content of 2 files (")


def test_prune_rejects_missing_store_and_negative_days(tmp_path):
    with pytest.raises(NothingLoadedError):
        api.prune(30, tmp_path / "not-there")
    with pytest.raises(UserError, match="0 or more"):
        api.prune(-1, tmp_path)
