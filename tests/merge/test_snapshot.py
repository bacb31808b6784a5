"""Every table of a snapshot: sorted by its key, no row twice, flat, without a clock, the same each time it is built."""

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
    # A process whose arrays repeat an id, which no publisher should do and some do.
    ocid = "ocds-h6vhtk-00000a"
    twice = [{"id": "1", "title": "one", "value": make_money(5)}, {"id": "1", "title": "two"}]
    return load_and_build(root, [
        make_release(ocid, "2026-01-10", "UK7", contracts=twice, awards=twice, parties=[make_party("1", "A"), make_party("1", "B")],
                tender={"lots": twice, "items": [{"classification": {"scheme": "CPV", "id": "72000000"}}] * 2}),
        make_release(ocid, "2026-01-10", "UK7", contracts=twice),
    ])  # fmt: skip


def list_files(built):
    return {
        name: sorted((built.snapshot / name).glob("*.parquet"))
        for name in STORED_TABLES
        if (built.snapshot / name).is_dir()
    }


def test_a_build_makes_the_tables_of_the_standard_and_no_others(built):
    made = {path.parent.name for path in built.snapshot.glob("*/*.parquet")}
    assert made == set(list_files(built))
    assert made >= {
        "contract", "award", "organisation", "change", "contract_state", "state_source", "scheme", "spend",
        "dq_result",
    }  # fmt: skip


def test_every_row_has_its_own_key_and_stands_in_its_place(built):
    for name, paths in list_files(built).items():
        files = [
            [tuple(row.values()) for row in pq.read_table(path, columns=list(STORED_TABLES[name].key)).to_pylist()]
            for path in paths
        ]
        keys = [key for file in files for key in file]
        assert None not in {part for key in keys for part in key}, name
        assert len(set(keys)) == len(keys), name
        assert files == [sorted(file) for file in files], name


def test_columns_are_those_of_the_standard_and_hold_single_values(built):
    for name, path in [(name, path) for name, paths in list_files(built).items() for path in paths]:
        schema = pq.read_schema(path)
        assert tuple(schema.names) == STORED_TABLES[name].names
        kinds = {str(field.type).split("[")[0].split("(")[0] for field in schema}
        assert kinds <= {"string", "int64", "double", "bool", "decimal128", "date32", "timestamp"}, name


def test_two_builds_of_one_history_for_one_day_are_the_same_bytes(built):
    assert build(built.root).tables() == built.tables()


def test_a_snapshot_holds_no_reading_of_the_clock(built):
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
    found = [built.ask(f'SELECT max("{column}") AS x FROM "{name}"')[0]["x"] for name, column in sorted(stamps)]
    assert max(when for when in found if when) == newest


def test_the_manifest_says_what_the_snapshot_holds(built):
    told = json.loads((StorePaths(built.root).snapshots / built.snapshot.name / "manifest.json").read_text())
    rows = {
        name: built.ask(f'SELECT count(*) AS n FROM "{name}"')[0]["n"] for name in SDES_TABLES if name in built.held()
    }
    assert told["tables"] == rows
    assert (told["as_of"], told["standard"], told["sources"], told["quarantined"]) == ("2026-06-30", "SDES", 2, 0)
