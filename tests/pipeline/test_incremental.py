"""A build upon the last one gives what a whole build gives, row for row, and works out only what has changed."""

import errno
import json
import signal
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.world import AS_OF, load, money, party, portfolio, release
from tests.pipeline import world
from tests.pipeline.test_kill import DIES
from threepoint import api, pipeline, plan, sample
from threepoint.errors import Problem
from threepoint.pipeline import Watch, basis, incremental, work
from threepoint.standard.sdes import SDES
from threepoint.store import history, identities, layers, snapshots
from threepoint.store.layout import Layout

ONE, OTHER, THIRD, FAR = (f"ocds-h6vhtk-0eeee{number}" for number in (1, 2, 3, 4))
BRISTOL = party("b", "Bristol City Council", roles="buyer")
ACME, SAME = "GB-COH-01234567", "GB-CHC-123456"


@pytest.fixture(autouse=True)
def _always(monkeypatch):
    """Small stores are built upon too, however much of them is touched."""
    monkeypatch.setattr(incremental, "MOST_ANEW", 1.0)


def whole(tmp_path: Path, grown: Path, loads, as_of=AS_OF):
    """The rows of a new store into which all was loaded, with the addresses that the grown one gave."""
    root = tmp_path / "whole" / "store"
    for number, releases in enumerate(loads):
        load(root, releases, f"load{number}.jsonl")
    identities.freeze(Layout(root), identities.read(Layout(grown)))
    assert pipeline.build(root, as_of).anew is None
    return world.rows(root)


def grown(tmp_path: Path, loads, days=()):
    """A store that is built after each load, for each of the days (the same one if none is given); the last build."""
    root = tmp_path / "grown" / "store"
    for number, releases in enumerate(loads):
        load(root, releases, f"load{number}.jsonl")
        built = pipeline.build(root, days[number] if days else AS_OF)
    return root, built


def equal(tmp_path: Path, *loads, anew, days=()):
    """Builds after each load, and of all at once: the rows, which must be equal. `anew` is of the last build."""
    root, built = grown(tmp_path, loads, days)
    rows = world.rows(root)
    assert {name: len(found) for name, found in rows.items()} == built.rows
    expected = whole(tmp_path, root, loads, days[-1] if days else AS_OF)
    assert [name for name in expected if rows[name] != expected[name]] == []
    assert built.anew == anew
    return rows


def contract(ocid, when, net=5, **more):
    return release(ocid, when, "UK7", parties=[BRISTOL, party("s", "Acme Ltd", ACME)],
                   contracts=[{"id": "1", "value": money(net), **more}])  # fmt: skip


def test_only_the_processes_that_a_load_speaks_of_are_worked_out(tmp_path):
    first = [contract(ONE, "2026-01-10"), contract(OTHER, "2026-01-11"), contract(THIRD, "2026-01-12")]
    change = release(ONE, "2026-03-10", "UK10", contracts=[{"id": "1", "value": money(7)}])
    rows = equal(tmp_path, first, [change], anew=2)
    assert [row[1] for row in rows["change"]] == ["contract"]


def test_a_process_may_change_again_and_again(tmp_path):
    first = [contract(ONE, "2026-01-10"), contract(OTHER, "2026-01-11")]
    changes = [
        [release(ONE, f"2026-0{month}-10", "UK10", contracts=[{"id": "1", "value": money(month)}])]
        for month in (3, 4, 5)
    ]
    rows = equal(tmp_path, first, *changes, anew=4)
    assert len(rows["change"]) == 3


def test_a_load_of_nothing_new_works_out_nothing(tmp_path):
    loads = [[contract(ONE, "2026-01-10")], [contract(ONE, "2026-01-10")]]
    equal(tmp_path, *loads, anew=0)


def test_what_was_said_last_of_an_organisation_stands_wherever_it_was_said(tmp_path):
    first = [contract(ONE, "2026-03-10"), contract(OTHER, "2026-01-11")]
    late, early = (
        release(FAR, day, "UK7", parties=[party("s", name, ACME)])
        for day, name in (("2026-04-01", "ACME"), ("2025-04-01", "Akme"))
    )
    rows = equal(tmp_path, first, [late], [early], anew=2)
    assert [row[1] for row in rows["organisation"] if row[0] == ACME] == ["ACME"]


def test_two_organisations_that_turn_out_to_be_one_are_one_everywhere(tmp_path):
    first = [
        release(OTHER, "2026-01-11", "UK7", parties=[party("s", "Acme", SAME)]),
        contract(ONE, "2026-01-10"),
        contract(THIRD, "2026-01-10"),
    ]
    both = release(FAR, "2026-02-01", "UK7", parties=[party("x", "Acme", ACME, also=SAME)])
    rows = equal(tmp_path, first, [both], anew=2)
    assert {row[1] for row in rows["party_role"] if row[0] in (OTHER, FAR)} == {ACME}


def test_all_that_was_one_organisation_follows_when_it_becomes_another(tmp_path):
    loads = [
        [release(ONE, "2026-01-01", "UK7", parties=[party("x", "A", "GB-SHPE-1", also="GB-SHPE-2")])],
        [release(OTHER, "2026-01-02", "UK7", parties=[party("x", "B", ACME, also=SAME)])],
        [release(THIRD, "2026-01-03", "UK7", parties=[party("x", "C", "GB-SHPE-2", also=SAME)])],
    ]
    rows = equal(tmp_path, *loads, anew=2)
    assert [row[:2] for row in rows["organisation_identifier"]] == [
        (identifier, ACME) for identifier in (SAME, ACME, "GB-SHPE-1", "GB-SHPE-2")
    ]


def test_a_process_that_names_another_learns_that_it_is_held(tmp_path):
    related = [{"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": OTHER}]
    first = [release(ONE, "2026-01-10", "UK7", relatedProcesses=related), contract(THIRD, "2026-01-10")]
    rows = equal(tmp_path, first, [contract(OTHER, "2026-02-10")], anew=2)
    assert [row[-1] for row in rows["related_process"]] == [True]


def failing(rows):
    """The checks of the first process that fail because a supplier is not held."""
    return [row[0] for row in rows["dq_result"] if row[0] == "ref-award-supplier" and row[2].startswith(ONE)]


def test_a_process_that_names_a_supplier_learns_that_it_is_held(tmp_path):
    unheld = release(ONE, "2026-01-10", "UK6", awards=[{"id": "1", "suppliers": [{"id": "z", "name": "Zed Ltd"}]}])
    first = [unheld, contract(THIRD, "2026-01-10")]
    party_to = release(OTHER, "2026-02-10", "UK7", parties=[party("z", "Zed Ltd")])
    root, _ = grown(tmp_path / "before", [first])
    assert len(failing(world.rows(root))) == 1
    assert failing(equal(tmp_path, first, [party_to], anew=2)) == []


def test_a_compiled_release_gives_way_to_a_real_one(tmp_path):
    compiled = {
        **release(ONE, "2026-03-11", parties=[BRISTOL], contracts=[{"id": "1", "value": money(3)}]),
        "tag": ["compiled"],
    }
    equal(tmp_path, [compiled, contract(OTHER, "2026-01-10")], [contract(ONE, "2026-02-10")], anew=2)


def test_a_value_may_be_taken_back_later(tmp_path):
    rows = equal(
        tmp_path,
        [contract(ONE, "2026-01-10", title="T"), contract(OTHER, "2026-01-10", title="U")],
        [release(ONE, "2026-02-10", "UK10", contracts=[{"id": "1", "title": None}])],
        anew=2,
    )
    at = SDES["contract"].names.index("title")
    assert [row[at] for row in rows["contract"]] == [None, "U"]


def test_an_ocid_may_hold_what_parts_addresses(tmp_path):
    odd = ["x/contracts/1", "x", "y/1"]
    first = [contract(ocid, "2026-01-10") for ocid in odd]
    equal(tmp_path, first, [release("x", "2026-02-10", "UK10", contracts=[{"id": "1", "value": money(9)}])], anew=3)


PLACES = {"contract": 0, "field_state": 1, "coverage": 1}  # tables that change with the day, and where their address is


def test_states_change_with_the_day_forwards_and_backwards(tmp_path):
    """A contract ends, KPIs fall due a year after signature, nothing is heard for 18 months."""
    ends = {"period": {"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-07-09T12:00:00Z"}}
    signed = {"dateSigned": "2026-03-01T12:00:00Z", "agreedMetrics": [{"id": "k", "title": "K"}]}
    runs = {"period": {"endDate": "2040-01-01T00:00:00Z"}}
    releases = [
        contract(ONE, "2026-06-20", **ends),
        contract(OTHER, "2026-06-20", **signed),
        contract(THIRD, "2026-01-10", **runs),
    ]
    releases.append(contract(FAR, "2026-06-25", **runs))
    roots = [tmp_path / name / "store" for name in ("grown", "whole")]
    for root in roots:
        load(root, releases)
    pipeline.build(roots[0], date(2026, 7, 8))
    worked_out, changed, before = [], [], world.rows(roots[0])
    days = "2026-07-09 2026-07-10 2026-12-30 2027-03-01 2027-03-02 2027-07-10 2028-06-01 2026-07-01"
    for day in map(date.fromisoformat, days.split()):
        worked_out.append(pipeline.build(roots[0], day).anew)
        pipeline.build(roots[1], day, whole=True)
        rows, expected = map(world.rows, roots)
        assert [name for name in expected if rows[name] != expected[name]] == [], day
        differ = [row[at] for name, at in PLACES.items() for row in set(before[name]) ^ set(expected[name])]
        changed.append(len({address.split("/")[0] for address in differ if address.startswith("ocds")}))
        before = expected
    # The end, then the assessment of KPIs; back again, both. More is worked out than changes: that nothing was heard for
    # long changes no grade here (it does in the next test).
    assert (worked_out, changed) == ([1, 1, 0, 4, 1, 1, 4, 4], [0, 1, 0, 1, 0, 0, 0, 2])


def test_grades_are_capped_when_nothing_was_heard_for_long(tmp_path, lines):
    roots, days = [tmp_path / name / "store" for name in ("grown", "whole")], (date(2027, 5, 1), date(2027, 6, 1))
    caps = []
    for root in roots:
        load(root, lines)
    for day in days:
        built = pipeline.build(roots[0], day)
        pipeline.build(roots[1], day, whole=True)
        rows, expected = map(world.rows, roots)
        assert [name for name in expected if rows[name] != expected[name]] == [], day
        caps.append(sum("nothing new" in (row[-1] or "") for row in rows["coverage"]))
    assert caps[0] != caps[1]
    assert min(caps) > 0
    assert built.anew < len(lines)


def folder_of(root):
    return snapshots.current(Layout(root))


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


def test_steps_look_at_other_processes_and_at_the_day_only_where_that_is_followed_up():
    """A new step that does needs a line in `store/touched.py`: without it, what is taken over goes stale."""
    steps = plan.wanted(plan.read())
    each = [step for step in steps if step.scope == "each"]
    known = {step.name for step in steps if step.scope in ("identities", "known")} - {"releases"}
    assert {name for step in each for name in step.needs} & known == {"held", "ocids"}
    assert [step.name for step in each if "held" in step.needs] == [
        "answers_contracting_process", "answers_award", "answers_contract", "answers_spend"]  # fmt: skip
    assert [step.name for step in each if "ocids" in step.needs] == ["related_process"]
    assert [step.name for step in each if "today" in step.needs] == [
        "contract", "field_state", "answers_milestone", "answers_spend", "coverage"]  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    sample.write(folder, 600, seed=5)
    return [json.loads(line) for line in (folder / "releases.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_address_of_every_row_of_a_process_begins_with_its_ocid(tmp_path, lines):
    root, _ = grown(tmp_path, [lines])
    ocids = {line["ocid"] for line in lines}
    steps = {plan.TABLE_OF.get(step.name) for step in plan.read() if step.scope == "each"} - {None}
    for name in sorted(steps):
        found = layers.files(folder_of(root) / name, layers.BASE)
        rows = world.read(found, SDES[name].address)
        assert {row.split("/")[0] for row in rows} <= ocids, name
    filled = {
        name for name in steps if layers.ask(folder_of(root), [name], f'SELECT count(*) AS n FROM "{name}"')[0]["n"]
    }
    assert steps - filled == {"observation_dimension"}  # of which the synthetic world has none


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_loads_on_any_days_give_what_the_whole_gives(tmp_path_factory, lines, data):
    tmp_path = tmp_path_factory.mktemp("any")
    parts = data.draw(st.integers(2, 4))
    days = data.draw(st.lists(st.dates(date(2025, 6, 1), date(2028, 1, 1)), min_size=parts, max_size=parts))
    cuts = data.draw(st.lists(st.integers(0, parts - 1), min_size=97, max_size=97))
    loads = [[line for at, line in enumerate(lines) if cuts[at % 97] == part] for part in range(parts)]
    loads = [load for load in loads if load]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incremental, "MOST_DELTA", data.draw(st.sampled_from([0.0, 0.2, 1.0])))
        root, _ = grown(tmp_path, loads, days[: len(loads)])
    rows, expected = world.rows(root), whole(tmp_path, root, loads, days[len(loads) - 1])
    assert [name for name in expected if rows[name] != expected[name]] == []
