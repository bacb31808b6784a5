"""A build upon the last one gives what a whole build gives, row for row, and works out only what has changed."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.world import load, money, party, release
from tests.pipeline import world
from tests.pipeline.growing import ACME, BRISTOL, FAR, ONE, OTHER, SAME, THIRD, contract, equal, folder_of, grown, whole
from threepoint import pipeline, plan, sample
from threepoint.pipeline import incremental
from threepoint.standard.sdes import SDES
from threepoint.store import layers


@pytest.fixture(autouse=True)
def _always(monkeypatch):
    """Small stores are built upon too, however much of them is touched."""
    monkeypatch.setattr(incremental, "MOST_ANEW", 1.0)


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


def test_a_silent_edit_is_found_when_its_second_content_is_loaded(tmp_path):
    def said(net):
        return {**contract(ONE, "2026-01-10", net), "id": "a"}

    rows = equal(tmp_path, [said(5), contract(OTHER, "2026-01-11")], [said(6)], [said(7)], anew=3)
    assert [row[-2:] for row in rows["revised_field"]] == [("5.00", "6.00"), ("6.00", "7.00")]
    assert len(rows["notice_revision"]) == 2


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
    # Of these the synthetic world has none.
    assert steps - filled == {"observation_dimension", "notice_revision", "revised_field"}


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
