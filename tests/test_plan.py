"""The build's SQL stands written out: it is what the rooms' expressions give, and it runs on a history of nothing."""

import json
import re
from datetime import date

import pytest

from tests.merge.world import load_and_build, make_money, make_release
from threepoint import plan
from threepoint.pipeline import work
from threepoint.standard.history import GATHERED, HISTORY
from threepoint.store import engine, history
from threepoint.store.layout import Layout


@pytest.mark.slow
def test_the_plan_is_compiled_again_when_a_source_has_changed(tmp_path, monkeypatch):
    steps = plan.read()
    monkeypatch.setattr(plan, "FILE", tmp_path / "plan.json")
    (tmp_path / "plan.json").write_text(json.dumps({"sources": "of another day", "steps": []}))
    assert plan.read() == steps
    monkeypatch.setattr(plan, "compile_steps", None)  # the second time it is read
    assert plan.read() == steps


def test_the_plan_holds_no_day_and_no_path():
    plan.read()
    text = plan.FILE.read_text(encoding="utf-8")
    assert re.findall(r"parquet|/tmp|/home", text) == []
    assert set(re.findall(r"\b20\d\d-\d\d-\d\d\b", text)) <= {
        "2026-12-31"
    }  # the first assessment that the Act asks for


def test_every_step_runs_on_a_history_of_nothing(tmp_path):
    with engine.engine(tmp_path) as connection:
        engine.open_history(connection, HISTORY, {})
        for name, columns in work.make_seeds(date(2026, 6, 30)).items():
            engine.put(connection, name, columns, plan.KINDS)
        layout = Layout(tmp_path / "store")
        layout.make()
        for step in plan.read():
            if step.scope == "known" and not engine.count(connection, "body_pairs"):
                work.give_addresses(layout, connection)
            if step.scope != "totals":  # they read the snapshot's tables
                engine.keep(connection, step.name, step.sql)
                assert engine.count(connection, step.name) == 0, step.name


@pytest.fixture(scope="module")
def taken_back(tmp_path_factory):
    """A store in which releases take back a contract's value, a lot's title, an award's date and a party's roles."""
    root = tmp_path_factory.mktemp("plan") / "store"
    at = "ocds-h6vhtk-00000a"
    first = {
        "contracts": [{"id": "1", "value": make_money(5, 6), "title": "T"}],
        "awards": [{"id": "1", "date": "2026-01-01"}], "parties": [{"id": "1", "name": "A", "roles": ["supplier"]}],
        "tender": {"lots": [{"id": "1", "title": "North"}]},
    }  # fmt: skip
    nothing = {"amount": None, "amountGross": None, "currency": None}
    second = {"contracts": [{"id": "1", "value": nothing}], "awards": [{"id": "1", "date": None}],
              "parties": [{"id": "1", "roles": None}], "tender": {"lots": [{"id": "1", "title": None}]}}  # fmt: skip
    return load_and_build(
        root, [make_release(at, "2026-01-10", "UK7", **first), make_release(at, "2026-02-10", "UK10", **second)]
    )


def test_where_nothing_is_taken_back_both_merges_give_the_same(taken_back):
    layout = Layout(taken_back.root)
    with engine.engine(layout.scratch) as connection:
        engine.open_history(connection, HISTORY, history.files(layout, history.entries(layout)))
        taken = work.list_removed(connection)
        assert taken == ["award", "contract", "lot", "party"]
        steps = {step.name: step for step in plan.read()}
        engine.keep(connection, "releases", steps["releases"].sql)
        for table in GATHERED:
            step = steps[f"m_{table.name}"]
            one, other = (_read_rows(connection, sql) for sql in (step.sql, step.taken_back))
            assert (one == other) == (table.name not in taken), table.name
        rows = engine.dicts(connection, steps["m_contract"].taken_back)
    assert [(row["title"], row["value_net"], row["value_gross"], row["value_currency"]) for row in rows] == [
        ("T", None, None, None)
    ]


def _read_rows(connection, sql):
    return sorted(map(repr, engine.dicts(connection, sql)))


def test_a_value_taken_back_leaves_the_snapshot_and_its_baseline_stays(taken_back):
    columns = "value_net value_gross value_net_first value_gross_first"
    assert taken_back.draw("contract", "ocds-h6vhtk-00000a", columns) == [("", "", "5.00", "6.00")]
    assert taken_back.draw("lot", "ocds-h6vhtk-00000a", "title") == [("",)]
    assert taken_back.draw("award", "ocds-h6vhtk-00000a", "date") == [("",)]
