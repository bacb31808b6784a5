"""Old bytes as published can be dropped: history, counts and reasons stay, and the files stay known."""

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
    """Two files, loaded 40 and 10 days before NOW; both hold BROKEN, the older one OTHER as well."""
    for name, age, parts in (("old", 40, [BROKEN, OTHER]), ("new", 10, [BROKEN])):
        lines = [json.dumps(make_release(f"ocds-h6vhtk-{name}", "2026-01-01", "UK4")).encode(), *parts]
        (tmp_path / f"{name}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
        monkeypatch.setattr(history, "get_log_timestamp", lambda age=age: (NOW - timedelta(days=age)).isoformat())
        pipeline.load(tmp_path / "store", [tmp_path / f"{name}.jsonl"])
    return tmp_path / "store"


def read_kept(store):
    layout = StorePaths(store)
    return len(list(layout.raw.iterdir())), sorted(path.read_bytes() for path in layout.quarantine.iterdir())


def test_bytes_of_old_files_go_and_what_younger_ones_share_stays(store):
    before = read_kept(store)
    assert before == (2, [BROKEN + b"\n", OTHER + b"\n"])
    done = pipeline.prune(store, 30, NOW)
    assert (done.files, done.heads, done.kept) == (1, 1, 1)
    assert done.bytes > 0
    assert read_kept(store) == (1, [BROKEN + b"\n"])
    assert pipeline.prune(store, 30, NOW) == pipeline.PruneResult(0, 0, 0, 1)
    done = pipeline.prune(store, 10, NOW + timedelta(seconds=1))
    assert (done.files, done.heads, read_kept(store)) == (1, 1, (0, []))


def test_a_file_is_old_when_more_than_so_many_days_have_passed(store):
    assert pipeline.prune(store, 40, NOW).files == 0
    assert pipeline.prune(store, 39, NOW).files == 1


def test_history_counts_and_reasons_stay_and_the_files_stay_known(store, tmp_path):
    pipeline.build(store, AS_OF)
    told, rows = pipeline.status(store), sample_store.read_rows(store)
    pipeline.prune(store, 0, NOW)
    assert read_kept(store) == (0, [])
    assert pipeline.status(store) == told
    done = pipeline.load(store, [tmp_path / "old.jsonl", tmp_path / "new.jsonl"])
    assert (done.held, done.rows) == (2, {})
    pipeline.build(store, AS_OF)
    assert sample_store.read_rows(store) == rows


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_the_command_says_what_it_did(store, monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["threepoint", "prune", "--older-than", "0", "--store", str(store), *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    out = capsys.readouterr().out
    if words:
        told = json.loads(out)
        assert told.pop("bytes") > 0
        assert told == {"files": 2, "heads": 2, "kept": 0}
    else:
        assert out.startswith("Dropped the bytes of 2 files (")


def test_what_cannot_be_pruned_is_said(tmp_path):
    with pytest.raises(NothingLoadedError):
        api.prune(30, tmp_path / "not-there")
    with pytest.raises(UserError, match="0 or more"):
        api.prune(-1, tmp_path)
