"""The store on disk: atomic writes, history log, removal of old snapshots, raw files, quarantine."""

import hashlib
import json
import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from threepoint.errors import UserError
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.store import atomic_files, duckdb_engine, history, organisation_ids, quarantine, raw_files, snapshots
from threepoint.store.store_paths import HISTORY_VERSION, StorePaths, get_default_store

ROWS = {"removed": [(1, "award", "a", "title")], "release": [(None,) * len(HISTORY_TABLES["release"].fields)]}


@pytest.fixture
def layout(tmp_path) -> StorePaths:
    paths = StorePaths(tmp_path / "store")
    paths.make()
    return paths


def list_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


# ------------------------------------------------------------------------------------------- files


def test_replace_file_is_atomic(tmp_path):
    target = tmp_path / "a.txt"
    atomic_files.write_text(target, "old")
    with atomic_files.replace_file(target) as fresh:
        fresh.write_text("new")
        assert target.read_text() == "old"
    assert (target.read_text(), list_files(tmp_path)) == ("new", ["a.txt"])


def test_replace_symlink_is_atomic(tmp_path):
    atomic_files.replace_symlink(tmp_path / "current", "one")
    (tmp_path / f".current.{os.getpid()}.new").symlink_to("left by a kill")
    atomic_files.replace_symlink(tmp_path / "current", "two")
    assert ((tmp_path / "current").readlink(), list_files(tmp_path)) == (Path("two"), ["current"])


def test_default_store_comes_from_environment(monkeypatch):
    monkeypatch.setenv("THREEPOINT_STORE", "/elsewhere")
    assert get_default_store() == Path("/elsewhere")
    monkeypatch.setenv("THREEPOINT_STORE", "")
    assert get_default_store() == Path("store")


# ------------------------------------------------------------------------------------------- history


def make_source(number: int = 1, name: str = "a.json") -> history.SourceLog:
    return history.SourceLog(f"{number:064d}", name, 5, history.get_log_timestamp())


def commit_batch(layout: StorePaths, *names: str) -> history.HistoryBatch:
    batch = history.HistoryBatch(layout, history.get_next_batch_number(layout))
    batch.add(ROWS)
    batch.sources += [make_source(number, name) for number, name in enumerate(names or ["a.json"])]
    batch.commit()
    return batch


def test_second_batch_leaves_first_unchanged(layout):
    commit_batch(layout)
    before = {name: (layout.history / name).read_bytes() for name in list_files(layout.history)}
    commit_batch(layout)
    assert {name: (layout.history / name).read_bytes() for name in before} == before
    assert (len(history.read_committed_batches(layout)), history.get_next_batch_number(layout)) == (2, 3)


def test_history_of_another_version_is_rejected(layout):
    (layout.log / "00000001.json").write_text(json.dumps({"version": HISTORY_VERSION + 1, "files": {}, "sources": []}))
    with pytest.raises(
        UserError, match=f"history has version {HISTORY_VERSION + 1}, this program reads {HISTORY_VERSION}"
    ):
        history.read_committed_batches(layout)


def test_release_keys_of_committed_batches(layout):
    batch = history.HistoryBatch(layout, 1)
    rest = (None,) * (len(HISTORY_TABLES["release"].fields) - 1)
    batch.add({"release": [(7, *rest), (-(2**63), *rest)]})
    batch.commit()
    assert history.read_release_keys(layout, history.read_committed_batches(layout)) == {7, -(2**63)}


def test_organisation_ids_are_stored(layout):
    assert organisation_ids.read_organisation_ids(layout) == {}
    organisation_ids.write_organisation_ids(layout, {"GB-COH-2": "GB-COH-1", "GB-COH-1": "GB-COH-1"})
    assert organisation_ids.read_organisation_ids(layout) == {"GB-COH-1": "GB-COH-1", "GB-COH-2": "GB-COH-1"}


# ------------------------------------------------------------------------------------------- snapshots


def build_snapshot(layout: StorePaths, version: str = "0.1.0") -> str:
    with snapshots.create_snapshot(layout) as folder:
        (folder / snapshots.SNAPSHOT_MANIFEST_NAME).write_text(
            json.dumps({"standard_version": version, "layout": snapshots.SNAPSHOT_LAYOUT_VERSION})
        )
    return str(snapshots.get_current_name(layout))


def age_snapshot(layout: StorePaths, name: str, seconds: int) -> None:
    modified_at = time.time() - seconds
    os.utime(layout.snapshots / name, (modified_at, modified_at))


def test_old_snapshots_beyond_three_are_removed(layout):
    names = [build_snapshot(layout) for _ in range(5)]
    snapshots.remove_old_snapshots(layout)
    assert {path.name for path in layout.snapshots.iterdir()} == set(names)
    for name in names:
        age_snapshot(layout, name, snapshots.MIN_REMOVAL_AGE_SECONDS + 60)
    snapshots.remove_old_snapshots(layout)
    assert {path.name for path in layout.snapshots.iterdir()} == set(names[-3:])


def test_current_snapshot_is_never_removed(layout):
    names = [build_snapshot(layout) for _ in range(5)]
    atomic_files.replace_symlink(layout.current, f"snapshots/{names[0]}")  # as if killed before the last swaps
    for name in names:
        age_snapshot(layout, name, snapshots.MIN_REMOVAL_AGE_SECONDS + 60)
    snapshots.remove_old_snapshots(layout)
    assert {path.name for path in layout.snapshots.iterdir()} == {names[0], *names[-3:]}


# ------------------------------------------------------------------------------------------- raw, quarantine


def test_raw_file_round_trip(layout, tmp_path):
    data = os.urandom(3 << 20)
    (tmp_path / "a").write_bytes(data)
    source = raw_files.fingerprint_file(tmp_path / "a")
    assert (source.sha256, source.size) == (hashlib.sha256(data).hexdigest(), len(data))
    raw_files.store_file(layout, source)
    before = list_files(layout.raw)
    raw_files.store_file(layout, source)
    with raw_files.open_file(layout, source.sha256) as stream:
        assert stream.read() == data
    assert list_files(layout.raw) == before == [f"{source.sha256}.lz4"]


def test_raw_and_quarantine_are_private(layout):
    layout.raw.chmod(0o755)
    layout.make()
    assert [oct(folder.stat().st_mode)[-3:] for folder in (layout.raw, layout.quarantine)] == ["700", "700"]


def test_quarantine_stores_head_once(layout):
    name = quarantine.store_head(layout, b"x" * 100_000)
    assert quarantine.store_head(layout, b"x" * 90_000) == name
    assert (list_files(layout.quarantine), (layout.quarantine / name).stat().st_size) == ([name], 64 * 1024)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
def test_dates_do_not_depend_on_machine_time_zone(zone, monkeypatch, tmp_path):
    sql = "SELECT t, t::DATE AS day, t::VARCHAR AS text FROM (SELECT TIMESTAMPTZ '2026-06-30 23:30:00+00' AS t)"
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with duckdb_engine.open_read_connection() as reader, duckdb_engine.open_connection(tmp_path) as builder:
            results = [duckdb_engine.query_dicts(connection, sql) for connection in (reader, builder)]
    finally:
        monkeypatch.undo()
        time.tzset()
    expected = {
        "t": datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "day": date(2026, 6, 30), "text": "2026-06-30 23:30:00+00",
    }  # fmt: skip
    assert results == [[expected], [expected]]
    assert {f"{rows[0]['t']:%H:%M}" for rows in results} == {"23:30"}
