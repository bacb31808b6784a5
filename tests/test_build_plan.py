"""The build's SQL stands written out: it is what the rooms' expressions give, and it runs on a history of nothing."""

import json
import re
from datetime import date

import pytest

from tests.merge.release_factory import load_and_build, make_money, make_release
from threepoint import build_plan
from threepoint.pipeline import step_runner
from threepoint.standard.history_tables import HISTORY_TABLES, RELEASE_CONTENT_TABLES
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import StorePaths


@pytest.mark.slow
def test_the_plan_is_compiled_again_when_a_source_has_changed(tmp_path, monkeypatch):
    steps = build_plan.read_steps()
    monkeypatch.setattr(build_plan, "COMPILED_PLAN_PATH", tmp_path / "plan.json")
    (tmp_path / "plan.json").write_text(json.dumps({"sources": "of another day", "steps": []}))
    assert build_plan.read_steps() == steps
    monkeypatch.setattr(build_plan, "compile_steps", None)  # the second time it is read
    assert build_plan.read_steps() == steps


def test_the_plan_holds_no_day_and_no_path():
    build_plan.read_steps()
    text = build_plan.COMPILED_PLAN_PATH.read_text(encoding="utf-8")
    assert re.findall(r"parquet|/tmp|/home", text) == []
    assert set(re.findall(r"\b20\d\d-\d\d-\d\d\b", text)) <= {
        "2026-12-31"
    }  # the first assessment that the Act asks for


def test_every_step_runs_on_a_history_of_nothing(tmp_path):
    with duckdb_engine.open_connection(tmp_path) as connection:
        duckdb_engine.create_history_views(connection, HISTORY_TABLES, {})
        for name, columns in step_runner.make_seed_tables(date(2026, 6, 30)).items():
            duckdb_engine.create_table_from_columns(connection, name, columns, build_plan.INPUT_TYPE_BY_COLUMN)
        layout = StorePaths(tmp_path / "store")
        layout.make()
        for step in build_plan.read_steps():
            if step.scope == "known" and not duckdb_engine.count_rows(connection, "body_pairs"):
                step_runner.create_organisation_id_tables(layout, connection)
            if step.scope != "totals":  # they read the snapshot's tables
                duckdb_engine.create_table(connection, step.name, step.sql)
                assert duckdb_engine.count_rows(connection, step.name) == 0, step.name


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
    layout = StorePaths(taken_back.root)
    with duckdb_engine.open_connection(layout.scratch) as connection:
        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        taken = step_runner.list_tables_with_removals(connection)
        assert taken == ["award", "contract", "lot", "party"]
        steps = {step.name: step for step in build_plan.read_steps()}
        duckdb_engine.create_table(connection, "releases", steps["releases"].sql)
        for table in RELEASE_CONTENT_TABLES:
            step = steps[f"m_{table.name}"]
            one, other = (_read_rows(connection, sql) for sql in (step.sql, step.taken_back))
            assert (one == other) == (table.name not in taken), table.name
        rows = duckdb_engine.query_dicts(connection, steps["m_contract"].taken_back)
    assert [(row["title"], row["value_net"], row["value_gross"], row["value_currency"]) for row in rows] == [
        ("T", None, None, None)
    ]


def _read_rows(connection, sql):
    return sorted(map(repr, duckdb_engine.query_dicts(connection, sql)))


def test_a_value_taken_back_leaves_the_snapshot_and_its_baseline_stays(taken_back):
    columns = "value_net value_gross value_net_first value_gross_first"
    assert taken_back.draw("contract", "ocds-h6vhtk-00000a", columns) == [("", "", "5.00", "6.00")]
    assert taken_back.draw("lot", "ocds-h6vhtk-00000a", "title") == [("",)]
    assert taken_back.draw("award", "ocds-h6vhtk-00000a", "date") == [("",)]
