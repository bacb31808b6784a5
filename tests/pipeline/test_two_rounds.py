"""Load and build in two rounds: any Parquet reader gets from the snapshot what `threepoint publish parquet` writes."""

import json
from datetime import date

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.merge.release_factory import AS_OF, load, make_money, make_party, make_release
from tests.pipeline import sample_store
from threepoint import api, pipeline, sample
from threepoint.errors import UserError
from threepoint.standard.sdes import SDES_TABLES
from threepoint.store import snapshot_tables, snapshots
from threepoint.store.store_paths import StorePaths

ONE, OTHER, THIRD, FAR = (f"ocds-h6vhtk-0eeee{number}" for number in (1, 2, 3, 4))
BRISTOL = make_party("b", "Bristol City Council", roles="buyer")
ACME, SAME = "GB-COH-01234567", "GB-CHC-123456"


def make_contract(ocid, release_date, net=5, **fields):
    return make_release(ocid, release_date, "UK7", parties=[BRISTOL, make_party("s", "Acme Ltd", ACME)],
                   contracts=[{"id": "1", "value": make_money(net), **fields}])  # fmt: skip


def build_after_each(tmp_path, *loads):
    """Load releases, build after each load, and return the rows of the store."""
    root = tmp_path / "store"
    for number, releases in enumerate(loads):
        load(root, releases, f"load{number}.jsonl")
        pipeline.build(root, AS_OF)
    return sample_store.read_rows(root)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A synthetic world, loaded and built in two rounds; the second has a change to a contract of the first."""
    folder = tmp_path_factory.mktemp("rounds")
    sample.write_world(folder, 300, seed=5)
    lines = [json.loads(line) for line in (folder / "releases.jsonl").read_text(encoding="utf-8").splitlines()]
    root = folder / "store"
    load(root, [*lines[:200], make_contract(ONE, "2026-01-10")], "first.jsonl")
    pipeline.build(root, AS_OF)
    load(
        root,
        [*lines[200:], make_release(ONE, "2026-03-10", "UK10", contracts=[{"id": "1", "value": make_money(7)}])],
        "second.jsonl",
    )
    pipeline.build(root, AS_OF)
    api.publish_tables(folder / "published", "parquet", root)
    return folder


def test_duckdb_and_pandas_read_published_rows_from_current(store):
    current = store / "store" / "current"
    names = [
        name for name in SDES_TABLES if (store / "published" / f"{name}.parquet").exists() and name != "field_state"
    ]
    assert len(names) > 30
    for name in names:
        expected = _read(pq.read_table(store / "published" / f"{name}.parquet"))
        assert _read(duckdb.sql(f"FROM read_parquet('{current}/{name}/*.parquet')").to_arrow_table()) == expected, name
        assert len(pd.read_parquet(current / name)) == len(expected), name
    assert duckdb.sql(f"FROM read_parquet('{current}/contract/*.parquet') WHERE ocid = '{ONE}'").fetchall() != []


def _read(table):
    """Return rows as sorted texts. Times are seconds, since readers name UTC differently."""
    rows = [
        [value.timestamp() if hasattr(value, "timestamp") else value for value in row.values()]
        for row in table.to_pylist()
    ]
    return sorted(map(str, rows))


def test_published_field_states_equal_stored_wide_states(store):
    current, published = store / "store" / "current", store / "published" / "field_state.parquet"
    wide_counts = duckdb.sql(
        f"SELECT end_actual, count(*) FROM '{current}/contract_state/*.parquet' GROUP BY 1 ORDER BY 1"
    )
    long_counts = duckdb.sql(
        f"SELECT state, count(*) FROM '{published}' WHERE \"table\" = 'contract' AND field = 'end_actual' GROUP BY 1 ORDER BY 1"
    )
    assert wide_counts.fetchall() == long_counts.fetchall()


def test_later_change_replaces_value_and_keeps_first(tmp_path):
    change = make_release(ONE, "2026-03-10", "UK10", contracts=[{"id": "1", "value": make_money(7)}])
    rows = build_after_each(tmp_path, [make_contract(ONE, "2026-01-10"), make_contract(OTHER, "2026-01-11")], [change])
    names = SDES_TABLES["contract"].names
    values = [
        [str(dict(zip(names, row, strict=True))[name]) for name in ("value_net_first", "value_net")]
        for row in rows["contract"]
    ]
    assert values == [["5.00", "7.00"], ["5.00", "5.00"]]
    assert [row[1] for row in rows["change"]] == ["contract"]


def test_organisations_found_to_be_one_are_merged_everywhere(tmp_path):
    loads = [
        [make_release(ONE, "2026-01-01", "UK7", parties=[make_party("x", "A", "GB-SHPE-1", also="GB-SHPE-2")])],
        [make_release(OTHER, "2026-01-02", "UK7", parties=[make_party("x", "B", ACME, also=SAME)])],
        [make_release(THIRD, "2026-01-03", "UK7", parties=[make_party("x", "C", "GB-SHPE-2", also=SAME)])],
    ]
    rows = build_after_each(tmp_path, *loads)
    assert [row[:2] for row in rows["organisation_identifier"]] == [
        (identifier, ACME) for identifier in (SAME, ACME, "GB-SHPE-1", "GB-SHPE-2")
    ]
    assert {row[1] for row in rows["party_role"]} == {ACME}


def test_related_process_loaded_later_is_found(tmp_path):
    related = [{"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": OTHER}]
    first = [make_release(ONE, "2026-01-10", "UK7", relatedProcesses=related), make_contract(THIRD, "2026-01-10")]
    rows = build_after_each(tmp_path, first, [make_contract(OTHER, "2026-02-10")])
    assert [row[-1] for row in rows["related_process"]] == [True]


def test_release_replaces_compiled_release(tmp_path):
    compiled = {
        **make_release(ONE, "2026-03-11", parties=[BRISTOL], contracts=[{"id": "1", "value": make_money(3)}]),
        "tag": ["compiled"],
    }
    rows = build_after_each(tmp_path, [compiled], [make_contract(ONE, "2026-02-10")])
    assert [str(row[SDES_TABLES["contract"].names.index("value_net")]) for row in rows["contract"]] == ["5.00"]


def test_ocids_with_slashes(tmp_path):
    first = [make_contract(ocid, "2026-01-10") for ocid in ("x/contracts/1", "x", "y/1")]
    rows = build_after_each(
        tmp_path, first, [make_release("x", "2026-02-10", "UK10", contracts=[{"id": "1", "value": make_money(9)}])]
    )
    assert {row[0] for row in rows["contracting_process"]} == {"x/contracts/1", "x", "y/1"}
    assert api.show("y/1/contracts/1", tmp_path / "store").facts["value_net"].value == 5


def test_states_depend_on_build_date(tmp_path):
    root = tmp_path / "store"
    load(
        root,
        [
            make_contract(
                ONE, "2026-06-20", period={"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-07-09T12:00:00Z"}
            )
        ],
    )
    states = []
    for day in (date(2026, 7, 9), date(2026, 7, 10), date(2026, 7, 1)):
        pipeline.build(root, day)
        states.append(api.show(f"{ONE}/contracts/1", root).facts["end_actual"].state)
    assert states == ["not_yet_due", "not_reported", "not_yet_due"]


def test_row_ids_of_process_begin_with_its_ocid(store):
    """The record store relies on this to read a process's rows."""
    folder = snapshots.get_current_folder(StorePaths(store / "store"))
    ocids = {
        row["ocid"]
        for row in snapshot_tables.query_tables(folder, ["contracting_process"], "SELECT ocid FROM contracting_process")
    }
    for path in sorted(folder.glob("*/part-*.parquet")):
        name = path.parent.name
        if name in SDES_TABLES:
            row_ids = sample_store.read_column([path], SDES_TABLES[name].address)
            assert {row_id.split("/")[0] for row_id in row_ids} <= ocids, name


def test_snapshot_of_old_layout_needs_new_build(tmp_path):
    build_after_each(tmp_path, [make_contract(ONE, "2026-01-10")])
    root = tmp_path / "store"
    path = snapshots.get_current_folder(StorePaths(root)) / snapshots.SNAPSHOT_MANIFEST_NAME
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"layout": 3}))
    with pytest.raises(UserError, match="run `threepoint build`"):
        api.show(ONE, root)
    pipeline.build(root, AS_OF)
    assert api.show(ONE, root).id == ONE
