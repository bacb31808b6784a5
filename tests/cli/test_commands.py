"""The command line: what each command answers, as words and as JSON, and with which exit code it ends."""

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

SYNTHETIC = "Synthetic data: nothing here is real."
WORLD = World()
DEAL, OTHER = (
    WORLD.add(
        make_release(WORLD.ocid(), "2026-01-10", "UK7", tender={"title": title}, parties=[make_party("s", "Alpha Ltd", "GB-COH-01234567")],
                contracts=[{"id": "1", "title": title, "value": make_money(9007199254740993.01, 9007199254740993.01)}])
    )
    for title in ("Licences", "Support")
)  # fmt: skip
# A number that no float holds: money must come through as it was published.
EXACT = "9007199254740993.01"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "releases.jsonl"
    lines = [json.dumps(each) for each in WORLD.releases]
    path.write_text("\n".join(line.replace(repr(float(EXACT)), EXACT) for line in lines) + "\n", encoding="utf-8")
    assert EXACT in path.read_text(encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def store(file):
    root = file.parent / "store"
    pipeline.load(root, [file])
    pipeline.build(root, AS_OF)
    return root


# ------------------------------------------------------------------------------------------ load, build, status


def test_load_counts_what_it_read_and_a_second_load_changes_nothing(capsys, file, store_dir):
    code, out, _ = run_command(capsys, "load", file)
    assert (code, out.splitlines()) == (
        0, ["Read 1 file: 2 releases, 0 project-years. 0 files were held already.", "Quarantined: 0."]
    )  # fmt: skip
    code, out, _ = run_command(capsys, "load", file, "--json")
    told = json.loads(out)
    assert (code, told["files"], told["held"], told["rows"], told["quarantined"]) == (0, 0, 1, {}, [])
    assert run_command(capsys, "load", file)[1].startswith(
        "Read 0 files: 0 releases, 0 project-years. 1 file was held already."
    )


def test_quarantine_ends_well_unless_strict(capsys, tmp_path, store_dir):
    for name, good in zip(("one", "two"), WORLD.releases, strict=True):
        bad = {**good, "ocid": None}
        (tmp_path / f"{name}.jsonl").write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n")
    code, out, _ = run_command(capsys, "load", tmp_path / "one.jsonl")
    assert (code, out.splitlines()[-1]) == (0, "Quarantined: 1.")
    code, out, _ = run_command(capsys, "load", "--strict", tmp_path / "two.jsonl")
    assert (code, out.splitlines()[-1]) == (3, "Quarantined: 1.")


def test_a_path_that_is_not_there_is_said_without_a_traceback(capsys, tmp_path, store_dir):
    code, out, err = run_command(capsys, "load", tmp_path / "nothing.json")
    assert (code, out) == (1, "")
    assert err == f"threepoint: {tmp_path / 'nothing.json'} is not there; check the path\n"


def test_a_file_with_nothing_for_us_ends_with_5(capsys, tmp_path, store_dir):
    (tmp_path / "notes.txt").write_text("nothing to see\n")
    assert run_command(capsys, "load", tmp_path / "notes.txt")[0] == 5


@pytest.mark.parametrize("command", [("build",), ("status",), ("show", "x"), ("compare", "x", "y")])
def test_before_anything_is_loaded_every_command_says_what_to_run(capsys, store_dir, command):
    code, out, err = run_command(capsys, *command)
    assert (code, out) == (5, "")
    assert err.startswith("threepoint: nothing has been")
    assert "run `threepoint load" in err


def test_build_says_what_it_made(capsys, file, store_dir):
    load(store_dir, WORLD.releases)
    code, out, _ = run_command(capsys, "build", "--as-of", "2026-06-30", "--json")
    told = json.loads(out)
    assert (code, told["rows"]["contract"], told["rows"]["contracting_process"]) == (0, 2, 2)
    code, out, _ = run_command(capsys, "build")
    assert code == 0
    assert " ".join(out.split()).endswith("2 processes, 0 awards, 2 contracts, 0 major projects, 0 changes.")


def test_status_is_of_the_agreed_form(capsys, store):
    code, out, _ = run_command(capsys, "status", "--json", "--store", store)
    told = json.loads(out)
    assert code == 0
    assert {"snapshot", "sources", "groups", "tables", "quarantine", "passed_over"} <= set(told)
    rows = sum(count for name, count in told["tables"].items())
    assert told["sources"] == [
        {"publisher": "Find a Tender", "group": "uk", "releases": 2, "compiled": 0, "ocids": 2, "rows": rows}
    ]
    assert told["groups"] == {"uk": {"releases": 2, "compiled": 0, "ocids": 2}}
    assert (told["tables"]["release"], told["tables"]["contract"]) == (2, 2)
    assert told["quarantine"] == {"parts": 0, "sources": 0, "reasons": {}}
    assert told["passed_over"] == {}
    assert (store / "snapshots" / told["snapshot"]).is_dir()


def test_status_shows_compiled_releases_and_what_the_snapshot_holds(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", 120)
    releases = [{**WORLD.releases[0], "tag": ["compiled"]}, WORLD.releases[1], {**WORLD.releases[1], "ocid": None}]
    (tmp_path / "both.jsonl").write_text("\n".join(json.dumps(each) for each in releases))
    pipeline.load(tmp_path / "store", [tmp_path / "both.jsonl"])
    pipeline.build(tmp_path / "store", AS_OF)
    out = run_command(capsys, "status", "--store", tmp_path / "store")[1].splitlines()
    assert out[1] == "In it: 2 processes, 0 awards, 2 contracts, 0 major projects, 0 changes."
    assert out[2].split() == ["publisher", "group", "releases", "compiled", "processes", "rows"]
    assert out[3].split()[:-1] == ["Find", "a", "Tender", "uk", "1", "1", "2"]
    assert out[-2] == "Quarantined: 1 part of 1 file."
    assert out[-1].startswith("  1 × the release has no ocid")


def test_the_store_may_be_named_before_the_command(capsys, store):
    assert run_command(capsys, "--store", store, "status") == run_command(capsys, "status", "--store", store)
    code, out, _ = run_command(capsys, "--store", store / "nothing", "status", "--store", store, "--json")
    assert (code, json.loads(out)["groups"]["uk"]["releases"]) == (0, 2)


# ------------------------------------------------------------------------------------------ show, compare, check


def test_show_gives_money_exactly(capsys, store):
    code, out, _ = run_command(capsys, "show", f"{DEAL}/contracts/1", "--json", "--store", store)
    told = json.loads(out)
    assert (code, told["kind"], told["id"], told["title"]) == (0, "contract", f"{DEAL}/contracts/1", "Licences")
    assert (told["facts"]["value_net"]["value"], told["facts"]["value_net"]["state"]) == (EXACT, "observed")
    assert Decimal(told["facts"]["value_net"]["value"]) == Decimal(EXACT)
    assert told["facts"]["date_signed"]["value"] is None
    assert told["synthetic"] is False


def test_show_says_every_figure_in_words(capsys, store, monkeypatch):
    monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", 200)
    code, out, _ = run_command(capsys, "show", f"{DEAL}/contracts/1", "--store", store)
    words = " ".join(out.split())
    assert code == 0
    assert words.startswith(f"Licences contract · {DEAL}/contracts/1 · Find a Tender")
    assert "£9,007,199,254,740,993.01" in words
    assert "not reported" in words
    assert SYNTHETIC not in words


def test_compare_gives_lines_of_cells(capsys, store):
    code, out, _ = run_command(capsys, "compare", DEAL, OTHER, "--json", "--store", store)
    told = json.loads(out)
    assert (code, told["headings"], told["ids"], told["synthetic"]) == (
        0, ["Licences", "Support"], [DEAL, OTHER], False,
    )  # fmt: skip
    assert {len(line["cells"]) for line in told["lines"]} == {2}
    code, out, _ = run_command(capsys, "compare", DEAL, OTHER, "--store", store)
    assert code == 0
    assert "Are these alike?" in out
    assert SYNTHETIC not in out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_addresses_of_a_comparison_are_never_broken(capsys, store, monkeypatch, width):
    monkeypatch.setattr(terminal.STDOUT_CONSOLE, "width", width)
    lines = [
        line.rstrip()
        for line in run_command(capsys, "compare", f"{DEAL}/contracts/1", OTHER, "--store", store)[1].splitlines()
    ]
    assert lines[:5] == ["A  Licences", f"   {DEAL}/contracts/1", "B  Support", f"   {OTHER}", lines[4]]
    assert lines[4].split() == ["A", "B"]
    assert max(len(line) for line in lines[5 : lines.index("Are these alike?")]) <= width


def test_check_reads_a_file_and_keeps_nothing(capsys, file, store_dir):
    code, out, _ = run_command(capsys, "check", file, "--json")
    told = json.loads(out)
    assert (code, told["loaded"]["rows"]["release"], store_dir.exists()) == (0, 2, False)
    assert {row["table"] for row in told["filled"]} == {"contract", "party", "process"}
    assert all(set(row) == {"check_id", "publisher", "severity", "made", "failed"} for row in told["summary"])
    code, out, _ = run_command(capsys, "check", file)
    assert code == 0
    places = [
        out.index(said)
        for said in ("Checks made:", "Coverage grades:", "What is filled, by publisher and notice type:")
    ]
    assert places == sorted(places)
    assert out.index("Find a Tender · UK7 Contract details notice") > places[-1]
    made, failed = (sum(row[name] for row in told["summary"]) for name in ("made", "failed"))
    assert f"Checks made: {made:,}; failed: {failed:,}" in out


# ------------------------------------------------------------------------------------------ the synthetic world


def test_synthetic_data_says_so_wherever_it_shows(capsys, synthetic_store):
    things = snapshot_tables.query_tables(
        StorePaths(synthetic_store).snapshots
        / json.loads(run_command(capsys, "status", "--json", "--store", synthetic_store)[1])["snapshot"],
        ["contract"], "SELECT contract_id FROM contract ORDER BY 1 LIMIT 2",
    )  # fmt: skip
    wanted = [row["contract_id"] for row in things]
    for command in (("show", wanted[0]), ("compare", *wanted)):
        assert SYNTHETIC in " ".join(run_command(capsys, *command, "--store", synthetic_store)[1].split())
        assert json.loads(run_command(capsys, *command, "--store", synthetic_store, "--json")[1])["synthetic"] is True
    told = json.loads(run_command(capsys, "status", "--json", "--store", synthetic_store)[1])
    assert [source["publisher"] for source in told["sources"]] == ["Three Point synthetic data (not real)"]
    assert list(told["groups"]) == ["synthetic"]
    assert "Three Point synthetic data (not real)" in " ".join(
        run_command(capsys, "status", "--store", synthetic_store)[1].split()
    )


def read_history(root):
    """The rows of a store's history by table, without what names the file they came from."""
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


def test_a_world_read_straight_into_the_store_is_the_world_of_its_file(capsys, tmp_path):
    code, out, _ = run_command(capsys, "sample", tmp_path / "world", "--releases", 60, "--seed", 5, "--json")
    told = json.loads(out)
    assert (code, told["releases"], told["seed"]) == (0, 60, 5)
    pipeline.load(tmp_path / "file", [tmp_path / "world" / "releases.jsonl"])
    code, out, _ = run_command(
        capsys, "sample", "--as", "tables", "--releases", 60, "--seed", 5, "--store", tmp_path / "tables"
    )
    assert (code, out.splitlines()[-1]) == (0, "Quarantined: 0.")
    assert read_history(tmp_path / "tables") == read_history(tmp_path / "file")
    assert len(read_history(tmp_path / "file")["release"]) == 60


def test_a_sample_needs_a_folder_or_the_store(capsys, store_dir):
    code, _, err = run_command(capsys, "sample")
    assert code == 2
    assert "give a folder to write to, or --as tables to read it into the store" in " ".join(
        err.replace("│", " ").split()
    )


@pytest.mark.parametrize("releases", pick_size([1, 300], [1, 60, 110, 300]))
def test_a_sample_names_what_to_compare_or_how_to_get_it(capsys, tmp_path, store_dir, releases):
    out = run_command(capsys, "sample", tmp_path / "world", "--releases", releases)[1]
    named = [line.split()[4:] for line in out.splitlines() if line.startswith("To compare: threepoint compare")]
    if named:
        pipeline.load(store_dir, [tmp_path / "world"])
        pipeline.build(store_dir, AS_OF)
        assert run_command(capsys, "compare", *named[0])[0] == 0
    else:
        assert " ".join(out.split()).endswith(
            "To compare contracts, make a larger world: three that are worth it are among the first 200 releases."
        )
    assert [len(ids) for ids in named] == {1: [], 60: [], 110: [2], 300: [3]}[releases]


def test_the_folder_of_a_sample_is_loaded_without_its_truth(capsys, tmp_path, store_dir):
    run_command(capsys, "sample", tmp_path / "world", "--releases", 60)
    code, out, _ = run_command(capsys, "load", tmp_path / "world", "--strict", "--json")
    told = json.loads(out)
    assert (code, told["rows"]["release"], told["quarantined"]) == (0, 60, [])
    assert told["passed_over"] == {"text": 1, "truth of a synthetic world": 1}


@pytest.mark.parametrize(
    ("size", "said"),
    [("lots", "THREEPOINT_MEMORY is 'lots', which is no size; give a number and its unit: 4GB"),
     ("80%", "THREEPOINT_MEMORY is '80%', which is no size; give a number and its unit: 4GB"),
     ("1MB", "this needs more than 1MB of memory; set THREEPOINT_MEMORY, such as 4GB")],
)  # fmt: skip
def test_a_memory_that_cannot_do_is_said_without_a_traceback(store, size, said):
    command = [sys.executable, "-m", "threepoint", "status", "--store", str(store)]
    env = {**os.environ, "THREEPOINT_MEMORY": size}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"threepoint: {said}\n")


# ------------------------------------------------------------------------------------------ the command itself


def test_the_command_runs_as_a_module(store):
    command = [sys.executable, "-m", "threepoint", "status", "--store", str(store), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["snapshot"] == (store / "current").resolve().name


def test_the_command_imports_nothing_heavy():
    heavy = ("duckdb", "ibis", "pyarrow", "msgspec", "rich", "sqlglot", "pandas", "numpy", "threepoint.pipeline")
    code = f"import sys, threepoint, threepoint.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_has_one_line_of_help(capsys):
    code, out, _ = run_command(capsys, "--help")
    named = [
        line.split()[0]
        for line in out.split("Commands:")[1].split("Begin with")[0].splitlines()
        if line.strip() and line[2] != " "
    ]
    assert (code, named) == (
        0,
        ["load", "build", "status", "check", "show", "compare", "sample", "prune", "serve", "publish"],
    )
