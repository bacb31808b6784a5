"""A history built one part of the processes at a time gives the same rows as a build of all processes at once."""

import pytest

from tests.merge.release_factory import AS_OF, load, make_money, make_party, make_release
from tests.pipeline import sample_store
from tests.size import pick_size
from threepoint import pipeline
from threepoint.pipeline import step_runner
from threepoint.store import duckdb_engine

ONE, OTHER, COMPILED = (f"ocds-h6vhtk-0ffff{number}" for number in (1, 2, 3))
BRISTOL, KENT = (
    make_party("b", "Bristol City Council", roles="buyer"),
    make_party("k", "Kent", roles="buyer procuringEntity"),
)
ACME = "GB-COH-01234567"


def build_in_parts(root, size):
    """Build a snapshot `size` releases at a time and return the rows of every table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            duckdb_engine, "get_memory_megabytes", lambda _connection: size / step_runner.RELEASES_PER_MEGABYTE
        )
        result = pipeline.build(root, AS_OF)
    rows = sample_store.read_rows(root)
    assert {name: len(table_rows) for name, table_rows in rows.items()} == result.rows
    return rows


def load_processes(root):
    """Load processes that share organisations, name each other and remove values."""
    related = [{"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": ONE}]
    load(root, [
        make_release(ONE, "2026-01-10", "UK7", parties=[BRISTOL, make_party("s", "Acme Ltd", ACME)],
                contracts=[{"id": "1", "value": make_money(5)}]),
        make_release(OTHER, "2026-02-10", "UK7", parties=[KENT, make_party("s", "ACME LIMITED", ACME)],
                relatedProcesses=related, contracts=[{"id": "1", "value": make_money(7), "title": "T"}]),
        make_release(OTHER, "2026-03-10", "UK10", contracts=[{"id": "1", "title": None}]),
        {**make_release(COMPILED, "2026-03-11", parties=[BRISTOL]), "tag": ["compiled"]},
    ])  # fmt: skip
    return root


@pytest.fixture(scope="module")
def rows_of_single_builds(tmp_path_factory):
    return build_in_parts(load_processes(tmp_path_factory.mktemp("rows_of_single_builds") / "store"), 1)


def test_build_of_single_processes_equals_whole_build(rows_of_single_builds, tmp_path):
    root = load_processes(tmp_path / "store")
    assert rows_of_single_builds == build_in_parts(root, 100)
    assert list((root / "scratch").iterdir()) == []


def test_organisation_shared_by_parts_is_listed_once(rows_of_single_builds):
    assert [row[:2] for row in rows_of_single_builds["organisation"] if row[0] == ACME] == [(ACME, "ACME LIMITED")]
    assert [row for row in rows_of_single_builds["organisation_name"] if row[0] == ACME] == [
        (ACME, "ACME LIMITED", 1),
        (ACME, "Acme Ltd", 1),
    ]


def test_related_process_in_another_part_is_found(rows_of_single_builds):
    assert [(row[0], row[5], row[-1]) for row in rows_of_single_builds["related_process"]] == [(OTHER, ONE, True)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", pick_size([11], [11, 12]))
def test_build_of_synthetic_world_in_parts_equals_whole_build(tmp_path, seed):
    root = tmp_path / "store"
    pipeline.load_sample(root, 400, seed)
    load_processes(root)
    whole, in_parts = build_in_parts(root, 1000), build_in_parts(root, 101)
    assert len(list((root / "current" / "contract").iterdir())) == 4
    assert list(in_parts) == list(whole)
    assert [name for name in whole if in_parts[name] != whole[name]] == []
