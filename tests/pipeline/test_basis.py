"""What a build builds upon, and how it leaves it: files that are shared and compacted, and snapshots that are not to be trusted."""

import errno
import json
import signal

import pytest

from tests.merge.world import AS_OF, load, money, party, portfolio, release
from tests.pipeline import world
from tests.pipeline.growing import ACME, FAR, ONE, OTHER, SAME, THIRD, contract, equal, folder_of, grown, whole
from tests.pipeline.test_kill import DIES
from threepoint import api, pipeline
from threepoint.errors import Problem
from threepoint.pipeline import Watch, basis, incremental, work
from threepoint.store import history, snapshots
from threepoint.store.layout import Layout


@pytest.fixture(autouse=True)
def _always(monkeypatch):
    """Small stores are built upon too, however much of them is touched."""
    monkeypatch.setattr(incremental, "MOST_ANEW", 1.0)


def test_what_is_taken_over_is_the_same_file(tmp_path, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_DELTA", 1.0)
    first = [contract(ONE, "2026-01-10"), contract(OTHER, "2026-01-10")]
    root, _ = grown(tmp_path, [first])
    before = folder_of(root)
    load(root, [contract(THIRD, "2026-01-10")], "more.jsonl")
    pipeline.build(root, AS_OF)
    base = "contract/base-0000.parquet"
    assert (before / base).samefile(folder_of(root) / base)
    assert [path.name for path in sorted((folder_of(root) / "contract").iterdir())] == [
        "base-0000.parquet",
        "delta-0000.parquet",
    ]


def test_large_deltas_are_compacted_and_older_snapshots_stay_as_they_were(tmp_path, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_DELTA", 0.35)
    loads = [[contract(f"{ONE}{number}", "2026-01-10") for number in range(4)]]
    loads += [
        [release(f"{ONE}{number}", "2026-02-10", "UK10", contracts=[{"id": "1", "value": money(7)}])]
        for number in range(3)
    ]
    root, _ = grown(tmp_path, loads[:1])
    seen, files = [], []
    for number, releases in enumerate(loads[1:]):
        seen.append((folder_of(root), world.rows(root)))
        load(root, releases, f"{number}.jsonl")
        assert pipeline.build(root, AS_OF).anew == 2
        files.append(sorted(path.name for path in (folder_of(root) / "contract").iterdir()))
    base, second, delta = "base-0000.parquet", "base-0001.parquet", "delta-0000.parquet"
    assert files == [[base, delta], [base, second], [base, second, delta]]
    assert [name for name, rows in whole(tmp_path, root, loads).items() if rows != world.rows(root)[name]] == []
    for folder, rows in seen:
        assert {name: world.table(folder, name) for name in rows} == rows


def test_where_base_files_are_many_all_is_built_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_DELTA", 0.0)
    monkeypatch.setattr(incremental, "MOST_FILES", 2)
    root, _ = grown(tmp_path, [FEW])
    worked_out = []
    for number in range(4):
        load(root, [contract(f"{FAR}{number}", "2026-01-10")], f"{number}.jsonl")
        worked_out.append(pipeline.build(root, AS_OF).anew)
    assert worked_out == [1, 1, None, 1]


def test_where_much_is_touched_all_is_built_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_ANEW", 0.5)
    loads = [[contract(ONE, "2026-01-10")], [contract(OTHER, "2026-01-10"), contract(THIRD, "2026-01-11")]]
    equal(tmp_path, *loads, anew=None)


def test_what_another_program_made_is_not_built_upon(tmp_path, monkeypatch):
    root, _ = grown(tmp_path, [FEW])
    assert pipeline.build(root, AS_OF).anew == 0
    assert pipeline.build(root, AS_OF, whole=True).anew is None
    monkeypatch.setattr(basis, "_program", lambda: "another")
    assert pipeline.build(root, AS_OF).anew is None


def test_another_history_is_not_built_upon(tmp_path):
    root, _ = grown(tmp_path, [[contract(ONE, "2026-01-10")]])
    layout = Layout(root)
    path = folder_of(root) / snapshots.MANIFEST
    told = json.loads(path.read_text())
    told["basis"]["history"] = "0" * 64
    path.write_text(json.dumps(told))
    assert basis.find(layout, history.entries(layout)) is None


FEW = [contract(f"{ONE}{number}", "2026-01-10") for number in range(20)]
ALONE = release(OTHER, "2026-01-11", "UK7", parties=[party("s", "Acme", SAME)])
BOTH = release(FAR, "2026-02-01", "UK7", parties=[party("x", "Acme", ACME, also=SAME)])


def test_a_build_that_failed_after_giving_addresses_leaves_nothing_to_the_next_one_that_is_wrong(tmp_path, monkeypatch):
    monkeypatch.setattr(incremental, "MOST_ANEW", 0.25)  # as it is by default
    root, _ = grown(tmp_path, [[*FEW, ALONE]])
    load(root, [BOTH], "both.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr(work.Work, "each", _full)
        with pytest.raises(Problem, match="full"):
            pipeline.build(root, AS_OF)
    assert pipeline.build(root, AS_OF).anew == 2
    assert pipeline.build(root, AS_OF).anew == 0
    rows = world.rows(root)
    pipeline.build(root, AS_OF, whole=True)
    assert [name for name, found in world.rows(root).items() if found != rows[name]] == []


def _full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.slow
@pytest.mark.parametrize("at", [0, 1, 5, 20, 40, 60])
def test_a_killed_build_upon_another_is_made_good_by_the_next(tmp_path, at):
    root, _ = grown(tmp_path, [[*FEW, ALONE]])
    load(root, [BOTH], "both.jsonl")
    child = world.start(root, "build", "--as-of", AS_OF, program=DIES.format(at=at))
    child.communicate(timeout=120)
    assert child.returncode == -signal.SIGKILL
    pipeline.build(root, AS_OF)
    rows = world.rows(root)
    pipeline.build(root, AS_OF, whole=True)
    assert [name for name, found in world.rows(root).items() if found != rows[name]] == []


def test_a_store_without_releases_is_built_again_and_takes_releases_later(tmp_path):
    root = tmp_path / "store"
    files = {2025: portfolio(2025, ("CO_0001_1112-Q1", "Alpha", "100", "31/03/2030", "Green"))}
    for year, text in files.items():
        (tmp_path / f"gmpp-{year}.csv").write_text(text)
        pipeline.load(root, [tmp_path / f"gmpp-{year}.csv"])
    assert pipeline.build(root, AS_OF).anew is None
    assert pipeline.build(root, AS_OF).anew == 0
    load(root, FEW)
    built = pipeline.build(root, AS_OF)
    assert (built.anew, built.rows["contract"], built.rows["scheme"]) == (20, 20, 1)
    rows = world.rows(root)
    pipeline.build(root, AS_OF, whole=True)
    assert world.rows(root) == rows


def test_addresses_that_were_lost_are_given_anew(tmp_path):
    root, _ = grown(tmp_path, [FEW])
    (root / "history" / "identities.json").unlink()
    rows = world.rows(root)
    assert pipeline.build(root, AS_OF).anew is None
    assert world.rows(root) == rows


def damaged(path, how):
    if how == "missing":
        path.unlink()
    elif how == "cut short":
        data = path.read_bytes()
        path.unlink()  # it may have a second name
        path.write_bytes(data[:-100])
    else:
        data = bytearray(path.read_bytes())
        data[4:100] = b"x" * 96
        path.unlink()
        path.write_bytes(data)


@pytest.mark.parametrize("how", ["missing", "cut short", "spoilt"])
@pytest.mark.parametrize("name", ["contract", "kept/said"])
def test_a_damaged_snapshot_is_not_built_upon(tmp_path, name, how):
    root, _ = grown(tmp_path, [FEW])
    rows = world.rows(root)
    damaged(folder_of(root) / name / "base-0000.parquet", how)
    load(root, [ALONE], "more.jsonl")
    said = []
    built = pipeline.build(root, AS_OF, Watch(say=said.append))
    assert built.rows["contract"] == len(rows["contract"])
    assert (built.anew, len(said)) == (None, int(how == "spoilt"))


def test_a_snapshot_of_another_layout_is_not_read(tmp_path):
    root, _ = grown(tmp_path, [FEW])
    path = folder_of(root) / snapshots.MANIFEST
    told = json.loads(path.read_text())
    del told["layout"]
    path.write_text(json.dumps(told))
    with pytest.raises(Problem, match="run `threepoint build`"):
        api.show(f"{ONE}0", root)
    assert pipeline.build(root, AS_OF).anew is None
    assert api.show(f"{ONE}0", root)
