"""Every table of a snapshot: sorted by a unique key, flat, without clock times, identical each time it is built."""

import json

import pyarrow.parquet as pq
import pytest

from tests.merge.release_factory import build, load_and_build, make_money, make_party, make_release
from threepoint import pipeline
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import STORED_TABLES
from threepoint.store.store_paths import StorePaths


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("snapshot") / "store"
    pipeline.load_sample(root, 400, 11)
    # A process whose arrays repeat an id, as those of some publishers do against the standard.
    ocid = "ocds-h6vhtk-00000a"
    repeated = [{"id": "1", "title": "one", "value": make_money(5)}, {"id": "1", "title": "two"}]
    return load_and_build(root, [
        make_release(ocid, "2026-01-10", "UK7", contracts=repeated, awards=repeated, parties=[make_party("1", "A"), make_party("1", "B")],
                tender={"lots": repeated, "items": [{"classification": {"scheme": "CPV", "id": "72000000"}}] * 2}),
        make_release(ocid, "2026-01-10", "UK7", contracts=repeated),
    ])  # fmt: skip


def list_files(built):
    return {
        name: sorted((built.snapshot / name).glob("*.parquet"))
        for name in STORED_TABLES
        if (built.snapshot / name).is_dir()
    }


def test_build_writes_only_standard_tables(built):
    tables = {path.parent.name for path in built.snapshot.glob("*/*.parquet")}
    assert tables == set(list_files(built))
    assert tables >= {
        "contract", "award", "organisation", "change", "contract_state", "state_source", "scheme", "spend",
        "dq_result",
    }  # fmt: skip


def test_build_sorts_rows_by_unique_key(built):
    for name, paths in list_files(built).items():
        files = [
            [tuple(row.values()) for row in pq.read_table(path, columns=list(STORED_TABLES[name].key)).to_pylist()]
            for path in paths
        ]
        keys = [key for file in files for key in file]
        assert None not in {part for key in keys for part in key}, name
        assert len(set(keys)) == len(keys), name
        assert files == [sorted(file) for file in files], name


def test_build_writes_standard_columns_of_single_values(built):
    for name, path in [(name, path) for name, paths in list_files(built).items() for path in paths]:
        schema = pq.read_schema(path)
        assert tuple(schema.names) == STORED_TABLES[name].names
        kinds = {str(field.type).split("[")[0].split("(")[0] for field in schema}
        assert kinds <= {"string", "int64", "double", "bool", "decimal128", "date32", "timestamp"}, name


def test_build_of_one_history_and_day_is_reproducible(built):
    assert build(built.root).tables() == built.tables()


def test_build_writes_no_clock_times(built):
    stamps = {
        (name, field.name)
        for name, paths in list_files(built).items()
        for field in pq.read_schema(paths[0])
        if str(field.type).startswith("timestamp")
    }
    assert stamps == {
        ("contracting_process", "first_published"), ("contracting_process", "last_published"), ("notice", "date"),
        ("notice", "valid_to"), ("notice_revision", "new_date"), ("notice_revision", "old_date"),
        ("state_source", "release_date"), ("vanished_notice", "date"),
    }  # fmt: skip
    newest = built.ask("SELECT max(date) AS newest FROM notice")[0]["newest"]
    stamps = {*stamps - {("state_source", "release_date")}, ("field_state", "release_date")}
    latest = [built.ask(f'SELECT max("{column}") AS x FROM "{name}"')[0]["x"] for name, column in sorted(stamps)]
    assert max(when for when in latest if when) == newest


def test_build_manifest_counts_table_rows(built):
    manifest = json.loads((StorePaths(built.root).snapshots / built.snapshot.name / "manifest.json").read_text())
    rows = {
        name: built.ask(f'SELECT count(*) AS n FROM "{name}"')[0]["n"] for name in SDES_TABLES if name in built.held()
    }
    assert manifest["tables"] == rows
    assert (manifest["as_of"], manifest["standard"], manifest["sources"], manifest["quarantined"]) == (
        "2026-06-30",
        "SDES",
        2,
        0,
    )
