"""Output and exit code of each command, as text and as JSON."""

import json
import os
import subprocess
import sys
from decimal import Decimal

import pytest

from tests.command_line import run_command
from tests.merge.release_factory import AS_OF, World, load, make_money, make_party, make_release
from tests.size import pick_size
from threepoint import pipeline, terminal
from threepoint.store import duckdb_engine, history, snapshot_tables
from threepoint.store.store_paths import StorePaths

SYNTHETIC_WARNING = "Synthetic data: nothing here is real."
WORLD = World()
DEAL, OTHER = (
    WORLD.add(
        make_release(WORLD.ocid(), "2026-01-10", "UK7", tender={"title": title}, parties=[make_party("s", "Alpha Ltd", "GB-COH-01234567")],
                contracts=[{"id": "1", "title": title, "value": make_money(9007199254740993.01, 9007199254740993.01)}])
    )
    for title in ("Licences", "Support")
)  # fmt: skip
# No float holds this number: money must be exactly as published.
EXACT_AMOUNT = "9007199254740993.01"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "releases.jsonl"
    lines = [json.dumps(release) for release in WORLD.releases]
    path.write_text(
        "\n".join(line.replace(repr(float(EXACT_AMOUNT)), EXACT_AMOUNT) for line in lines) + "\n", encoding="utf-8"
    )
    assert EXACT_AMOUNT in path.read_text(encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def store(file):
    root = file.parent / "store"
    pipeline.load(root, [file])
    pipeline.build(root, AS_OF)
    return root


# ------------------------------------------------------------------------------------------ load, build, status


def test_load_counts_rows_and_second_load_changes_nothing(capsys, file, store_dir):
    code, out, _ = run_command(capsys, "load", file)
    assert (code, out.splitlines()) == (
        0, ["Read 1 file: 2 releases, 0 project-years. 0 files were already loaded.", "Quarantined: 0."]
    )  # fmt: skip
    code, out, _ = run_command(capsys, "load", file, "--json")
    output = json.loads(out)
    assert (code, output["files"], output["already_loaded"], output["rows"], output["quarantined"]) == (0, 0, 1, {}, [])
    assert run_command(capsys, "load", file)[1].startswith(
        "Read 0 files: 0 releases, 0 project-years. 1 file was already loaded."
    )


def test_load_with_quarantine_exits_0_unless_strict(capsys, tmp_path, store_dir):
    for name, valid in zip(("one", "two"), WORLD.releases, strict=True):
        invalid = {**valid, "ocid": None}
        (tmp_path / f"{name}.jsonl").write_text(f"{json.dumps(valid)}\n{json.dumps(invalid)}\n")
    code, out, _ = run_command(capsys, "load", tmp_path / "one.jsonl")
    assert (code, out.splitlines()[-1]) == (0, "Quarantined: 1.")
    code, out, _ = run_command(capsys, "load", "--strict", tmp_path / "two.jsonl")
    assert (code, out.splitlines()[-1]) == (3, "Quarantined: 1.")


def test_load_of_missing_path_prints_error_without_traceback(capsys, tmp_path, store_dir):
    code, out, err = run_command(capsys, "load", tmp_path / "nothing.json")
    assert (code, out) == (1, "")
    assert err == f"threepoint: {tmp_path / 'nothing.json'} is not there; check the path\n"


def test_load_of_file_without_data_exits_5(capsys, tmp_path, store_dir):
    (tmp_path / "notes.txt").write_text("nothing to see\n")
    assert run_command(capsys, "load", tmp_path / "notes.txt")[0] == 5


@pytest.mark.parametrize("command", [("build",), ("status",), ("show", "x"), ("compare", "x", "y")])
def test_commands_on_empty_store_say_what_to_run(capsys, store_dir, command):
    code, out, err = run_command(capsys, *command)
    assert (code, out) == (5, "")
    assert err.startswith("threepoint: nothing has been")
    assert "run `threepoint load" in err


def test_build_counts_rows(capsys, file, store_dir):
    load(store_dir, WORLD.releases)
    code, out, _ = run_command(capsys, "build", "--as-of", "2026-06-30", "--json")
    output = json.loads(out)
    assert (code, output["rows"]["contract"], output["rows"]["contracting_process"]) == (0, 2, 2)
    code, out, _ = run_command(capsys, "build")
    assert code == 0
    assert " ".join(out.split()).endswith("2 processes, 0 awards, 2 contracts, 0 major projects, 0 changes.")


def test_status_json(capsys, store):
    code, out, _ = run_command(capsys, "status", "--json", "--store", store)
    output = json.loads(out)
    assert code == 0
    assert {"snapshot", "sources", "groups", "tables", "quarantine", "skipped"} <= set(output)
    rows = sum(count for name, count in output["tables"].items())
    assert output["sources"] == [
        {"publisher": "Find a Tender", "group": "uk", "releases": 2, "compiled": 0, "ocids": 2, "rows": rows}
    ]
    assert output["groups"] == {"uk": {"releases": 2, "compiled": 0, "ocids": 2}}
    assert (output["tables"]["release"], output["tables"]["contract"]) == (2, 2)
    assert output["quarantine"] == {"parts": 0, "sources": 0, "reasons": {}}
    assert output["skipped"] == {}
    assert (store / "snapshots" / output["snapshot"]).is_dir()


def test_status_shows_compiled_releases_and_snapshot_rows(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", 120)
    releases = [{**WORLD.releases[0], "tag": ["compiled"]}, WORLD.releases[1], {**WORLD.releases[1], "ocid": None}]
    (tmp_path / "both.jsonl").write_text("\n".join(json.dumps(release) for release in releases))
    pipeline.load(tmp_path / "store", [tmp_path / "both.jsonl"])
    pipeline.build(tmp_path / "store", AS_OF)
    out = run_command(capsys, "status", "--store", tmp_path / "store")[1].splitlines()
    assert out[1] == "In it: 2 processes, 0 awards, 2 contracts, 0 major projects, 0 changes."
    assert out[2].split() == ["publisher", "group", "releases", "compiled", "processes", "rows"]
    assert out[3].split()[:-1] == ["Find", "a", "Tender", "uk", "1", "1", "2"]
    assert out[-2] == "Quarantined: 1 part of 1 file."
    assert out[-1].startswith("  1 × the release has no ocid")


def test_store_option_works_before_and_after_the_command(capsys, store):
    assert run_command(capsys, "--store", store, "status") == run_command(capsys, "status", "--store", store)
    code, out, _ = run_command(capsys, "--store", store / "nothing", "status", "--store", store, "--json")
    assert (code, json.loads(out)["groups"]["uk"]["releases"]) == (0, 2)


# ------------------------------------------------------------------------------------------ show, compare, check


def test_show_json_has_exact_money(capsys, store):
    code, out, _ = run_command(capsys, "show", f"{DEAL}/contracts/1", "--json", "--store", store)
    output = json.loads(out)
    assert (code, output["kind"], output["id"], output["title"]) == (0, "contract", f"{DEAL}/contracts/1", "Licences")
    assert (output["facts"]["value_net"]["value"], output["facts"]["value_net"]["state"]) == (EXACT_AMOUNT, "observed")
    assert Decimal(output["facts"]["value_net"]["value"]) == Decimal(EXACT_AMOUNT)
    assert output["facts"]["date_signed"]["value"] is None
    assert output["synthetic"] is False


def test_show_prints_facts_and_states(capsys, store, monkeypatch):
    monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", 200)
    code, out, _ = run_command(capsys, "show", f"{DEAL}/contracts/1", "--store", store)
    text = " ".join(out.split())
    assert code == 0
    assert text.startswith(f"Licences contract · {DEAL}/contracts/1 · Find a Tender")
    assert "£9,007,199,254,740,993.01" in text
    assert "not reported" in text
    assert SYNTHETIC_WARNING not in text


def test_compare_json_has_lines_of_cells(capsys, store):
    code, out, _ = run_command(capsys, "compare", DEAL, OTHER, "--json", "--store", store)
    output = json.loads(out)
    assert (code, output["headings"], output["ids"], output["synthetic"]) == (
        0, ["Licences", "Support"], [DEAL, OTHER], False,
    )  # fmt: skip
    assert {len(line["cells"]) for line in output["lines"]} == {2}
    code, out, _ = run_command(capsys, "compare", DEAL, OTHER, "--store", store)
    assert code == 0
    assert "How alike these records are" in out
    assert SYNTHETIC_WARNING not in out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_compare_never_breaks_ids(capsys, store, monkeypatch, width):
    monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", width)
    lines = [
        line.rstrip()
        for line in run_command(capsys, "compare", f"{DEAL}/contracts/1", OTHER, "--store", store)[1].splitlines()
    ]
    assert lines[:5] == ["A  Licences", f"   {DEAL}/contracts/1", "B  Support", f"   {OTHER}", lines[4]]
    assert lines[4].split() == ["A", "B"]
    assert max(len(line) for line in lines[5 : lines.index("How alike these records are")]) <= width


def test_check_prints_results_and_stores_nothing(capsys, file, store_dir):
    code, out, _ = run_command(capsys, "check", file, "--json")
    output = json.loads(out)
    assert (code, output["loaded"]["rows"]["release"], store_dir.exists()) == (0, 2, False)
    assert {row["table"] for row in output["filled"]} == {"contract", "party", "process"}
    assert all(set(row) == {"check_id", "publisher", "severity", "made", "failed"} for row in output["summary"])
    code, out, _ = run_command(capsys, "check", file)
    assert code == 0
    places = [
        out.index(heading)
        for heading in ("Checks made:", "Coverage grades:", "Filled fields, by publisher and notice type:")
    ]
    assert places == sorted(places)
    assert out.index("Find a Tender · UK7 Contract details notice") > places[-1]
    made, failed = (sum(row[name] for row in output["summary"]) for name in ("made", "failed"))
    assert f"Checks made: {made:,}; failed: {failed:,}" in out


# ------------------------------------------------------------------------------------------ the synthetic world


def test_commands_label_synthetic_data(capsys, synthetic_store):
    rows = snapshot_tables.query_tables(
        StorePaths(synthetic_store).snapshots
        / json.loads(run_command(capsys, "status", "--json", "--store", synthetic_store)[1])["snapshot"],
        ["contract"], "SELECT contract_id FROM contract ORDER BY 1 LIMIT 2",
    )  # fmt: skip
    ids = [row["contract_id"] for row in rows]
    for command in (("show", ids[0]), ("compare", *ids)):
        assert SYNTHETIC_WARNING in " ".join(run_command(capsys, *command, "--store", synthetic_store)[1].split())
        assert json.loads(run_command(capsys, *command, "--store", synthetic_store, "--json")[1])["synthetic"] is True
    status = json.loads(run_command(capsys, "status", "--json", "--store", synthetic_store)[1])
    assert [source["publisher"] for source in status["sources"]] == ["Three Point synthetic data (not real)"]
    assert list(status["groups"]) == ["synthetic"]
    assert "Three Point synthetic data (not real)" in " ".join(
        run_command(capsys, "status", "--store", synthetic_store)[1].split()
    )


def read_history(root):
    """Return the rows of a store's history by table, without source_id."""
    layout = StorePaths(root)
    with duckdb_engine.open_connection(layout.scratch) as connection:
        from threepoint.standard.history_tables import HISTORY_TABLES

        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        return {
            name: duckdb_engine.query_dicts(
                connection, f'SELECT {_list_columns(table)} FROM "history_{name}" ORDER BY ALL'
            )
            for name, table in HISTORY_TABLES.items()
        }


def _list_columns(table):
    return ", ".join(f'"{name}"' for name in table.names if name != "source_id")


def test_sample_as_tables_gives_the_history_of_its_file(capsys, tmp_path):
    code, out, _ = run_command(capsys, "sample", tmp_path / "world", "--releases", 60, "--seed", 5, "--json")
    output = json.loads(out)
    assert (code, output["releases"], output["seed"]) == (0, 60, 5)
    pipeline.load(tmp_path / "file", [tmp_path / "world" / "releases.jsonl"])
    code, out, _ = run_command(
        capsys, "sample", "--as", "tables", "--releases", 60, "--seed", 5, "--store", tmp_path / "tables"
    )
    assert (code, out.splitlines()[-1]) == (0, "Quarantined: 0.")
    assert read_history(tmp_path / "tables") == read_history(tmp_path / "file")
    assert len(read_history(tmp_path / "file")["release"]) == 60


def test_sample_without_folder_or_tables_option_fails(capsys, store_dir):
    code, _, err = run_command(capsys, "sample")
    assert code == 2
    assert "give a folder to write to, or --as tables to load straight into the store" in " ".join(
        err.replace("│", " ").split()
    )


@pytest.mark.parametrize("releases", pick_size([1, 300], [1, 60, 110, 300]))
def test_sample_names_contracts_to_compare_or_how_to_get_them(capsys, tmp_path, store_dir, releases):
    out = run_command(capsys, "sample", tmp_path / "world", "--releases", releases)[1]
    id_lists = [line.split()[4:] for line in out.splitlines() if line.startswith("To compare: threepoint compare")]
    if id_lists:
        pipeline.load(store_dir, [tmp_path / "world"])
        pipeline.build(store_dir, AS_OF)
        assert run_command(capsys, "compare", *id_lists[0])[0] == 0
    else:
        assert " ".join(out.split()).endswith(
            "To compare contracts, make a larger world: the first 200 releases include three contracts worth comparing."
        )
    assert [len(ids) for ids in id_lists] == {1: [], 60: [], 110: [2], 300: [3]}[releases]


def test_load_of_sample_folder_skips_its_truth(capsys, tmp_path, store_dir):
    run_command(capsys, "sample", tmp_path / "world", "--releases", 60)
    code, out, _ = run_command(capsys, "load", tmp_path / "world", "--strict", "--json")
    output = json.loads(out)
    assert (code, output["rows"]["release"], output["quarantined"]) == (0, 60, [])
    assert output["skipped"] == {"text": 1, "truth of a synthetic world": 1}


@pytest.mark.parametrize(
    ("size", "message"),
    [("lots", "THREEPOINT_MEMORY is 'lots', which is not a size; give a number and its unit: 4GB"),
     ("80%", "THREEPOINT_MEMORY is '80%', which is not a size; give a number and its unit: 4GB"),
     ("1MB", "this needs more than 1MB of memory; set THREEPOINT_MEMORY, such as 4GB")],
)  # fmt: skip
def test_wrong_memory_setting_prints_error_without_traceback(store, size, message):
    command = [sys.executable, "-m", "threepoint", "status", "--store", str(store)]
    env = {**os.environ, "THREEPOINT_MEMORY": size}
    process = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (process.returncode, process.stdout, process.stderr) == (1, "", f"threepoint: {message}\n")


# ------------------------------------------------------------------------------------------ the command itself


def test_command_runs_as_module(store):
    command = [sys.executable, "-m", "threepoint", "status", "--store", str(store), "--json"]
    process = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(process.stdout)["snapshot"] == (store / "current").resolve().name


def test_command_imports_nothing_heavy():
    heavy = ("duckdb", "ibis", "pyarrow", "msgspec", "rich", "sqlglot", "pandas", "numpy", "threepoint.pipeline")
    code = f"import sys, threepoint, threepoint.cli; print([name for name in {heavy!r} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_help_has_one_line_for_each_command(capsys):
    code, out, _ = run_command(capsys, "--help")
    commands = [
        line.split()[0]
        for line in out.split("Commands:")[1].split("Start with")[0].splitlines()
        if line.strip() and line[2] != " "
    ]
    assert (code, commands) == (
        0,
        ["load", "build", "status", "check", "show", "compare", "sample", "prune", "serve", "publish"],
    )
