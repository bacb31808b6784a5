"""The compiled SQL of a build: it is up to date, and runs on an empty history."""

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
def test_read_steps_recompiles_when_a_source_changes(tmp_path, monkeypatch):
    steps = build_plan.read_steps()
    monkeypatch.setattr(build_plan, "COMPILED_PLAN_PATH", tmp_path / "plan.json")
    (tmp_path / "plan.json").write_text(json.dumps({"sources": "of another day", "steps": []}))
    assert build_plan.read_steps() == steps
    monkeypatch.setattr(build_plan, "compile_steps", None)  # not called: the plan is read from the file
    assert build_plan.read_steps() == steps


def test_compiled_plan_has_no_dates_or_paths():
    build_plan.read_steps()
    text = build_plan.COMPILED_PLAN_PATH.read_text(encoding="utf-8")
    assert re.findall(r"parquet|/tmp|/home", text) == []
    first_assessment = "2026-12-31"  # required by the Act
    assert set(re.findall(r"\b20\d\d-\d\d-\d\d\b", text)) <= {first_assessment}


def test_every_step_runs_on_empty_history(tmp_path):
    with duckdb_engine.open_connection(tmp_path) as connection:
        duckdb_engine.create_history_views(connection, HISTORY_TABLES, {})
        for name, columns in step_runner.make_seed_tables(date(2026, 6, 30)).items():
            duckdb_engine.create_table_from_columns(connection, name, columns, build_plan.INPUT_TYPE_BY_COLUMN)
        layout = StorePaths(tmp_path / "store")
        layout.make()
        for step in build_plan.read_steps():
            if step.scope == "known" and not duckdb_engine.count_rows(connection, "body_pairs"):
                step_runner.create_organisation_id_tables(layout, connection)
            if step.scope != "totals":  # totals read the tables of a snapshot
                duckdb_engine.create_table(connection, step.name, step.sql)
                assert duckdb_engine.count_rows(connection, step.name) == 0, step.name


@pytest.fixture(scope="module")
def store_with_removals(tmp_path_factory):
    """Build a store in which releases remove a contract's value, a lot's title, an award's date and a party's roles."""
    root = tmp_path_factory.mktemp("plan") / "store"
    at = "ocds-h6vhtk-00000a"
    first = {
        "contracts": [{"id": "1", "value": make_money(5, 6), "title": "T"}],
        "awards": [{"id": "1", "date": "2026-01-01"}], "parties": [{"id": "1", "name": "A", "roles": ["supplier"]}],
        "tender": {"lots": [{"id": "1", "title": "North"}]},
    }  # fmt: skip
    no_value = {"amount": None, "amountGross": None, "currency": None}
    second = {"contracts": [{"id": "1", "value": no_value}], "awards": [{"id": "1", "date": None}],
              "parties": [{"id": "1", "roles": None}], "tender": {"lots": [{"id": "1", "title": None}]}}  # fmt: skip
    return load_and_build(
        root, [make_release(at, "2026-01-10", "UK7", **first), make_release(at, "2026-02-10", "UK10", **second)]
    )


def test_both_merges_agree_on_tables_without_removals(store_with_removals):
    layout = StorePaths(store_with_removals.root)
    with duckdb_engine.open_connection(layout.scratch) as connection:
        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        tables_with_removals = step_runner.list_tables_with_removals(connection)
        assert tables_with_removals == ["award", "contract", "lot", "party"]
        steps = {step.name: step for step in build_plan.read_steps()}
        duckdb_engine.create_table(connection, "releases", steps["releases"].sql)
        for table in RELEASE_CONTENT_TABLES:
            step = steps[f"m_{table.name}"]
            rows, rows_with_removals = (_read_rows(connection, sql) for sql in (step.sql, step.sql_with_removals))
            assert (rows == rows_with_removals) == (table.name not in tables_with_removals), table.name
        rows = duckdb_engine.query_dicts(connection, steps["m_contract"].sql_with_removals)
    assert [(row["title"], row["value_net"], row["value_gross"], row["value_currency"]) for row in rows] == [
        ("T", None, None, None)
    ]


def _read_rows(connection, sql):
    return sorted(map(repr, duckdb_engine.query_dicts(connection, sql)))


def test_removed_value_leaves_snapshot_but_not_baseline(store_with_removals):
    columns = "value_net value_gross value_net_first value_gross_first"
    assert store_with_removals.draw("contract", "ocds-h6vhtk-00000a", columns) == [("", "", "5.00", "6.00")]
    assert store_with_removals.draw("lot", "ocds-h6vhtk-00000a", "title") == [("",)]
    assert store_with_removals.draw("award", "ocds-h6vhtk-00000a", "date") == [("",)]
