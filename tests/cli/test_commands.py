"""The command line: what each command answers, as words and as JSON, and with which exit code it ends."""

import json
import os
import subprocess
import sys
from decimal import Decimal

import pytest

from tests.merge.world import AS_OF, World, load, money, party, release
from threepoint import api, cli, pipeline, screen
from threepoint.store import engine, history, snapshot_tables
from threepoint.store.layout import Layout

SYNTHETIC = "Synthetic data: nothing here is real."
WORLD = World()
DEAL, OTHER = (
    WORLD.add(
        release(WORLD.ocid(), "2026-01-10", "UK7", tender={"title": title}, parties=[party("s", "Alpha Ltd", "GB-COH-01234567")],
                contracts=[{"id": "1", "title": title, "value": money(9007199254740993.01, 9007199254740993.01)}])
    )
    for title in ("Licences", "Support")
)  # fmt: skip
# A number that no float holds: money must come through as it was published.
EXACT = "9007199254740993.01"


def said(capsys, *arguments):
    """Runs the command in this process: (exit code, answer, what went to the error stream)."""
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["threepoint", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
    out, err = capsys.readouterr()
    return code, out, err


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


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A store of the synthetic world."""
    root = tmp_path_factory.mktemp("synthetic") / "store"
    pipeline.sample_tables(root, 200, 7)
    pipeline.build(root, AS_OF)
    return root


# ------------------------------------------------------------------------------------------ load, build, status


def test_load_counts_what_it_read_and_a_second_load_changes_nothing(capsys, file, store_dir):
    code, out, _ = said(capsys, "load", file)
    assert (code, out.splitlines()) == (
        0, ["Read 1 file: 2 releases, 0 project-years. 0 files were held already.", "Quarantined: 0."]
    )  # fmt: skip
    code, out, _ = said(capsys, "load", file, "--json")
    told = json.loads(out)
    assert (code, told["files"], told["held"], told["rows"], told["quarantined"]) == (0, 0, 1, {}, [])
    assert said(capsys, "load", file)[1].startswith(
        "Read 0 files: 0 releases, 0 project-years. 1 file was held already."
    )


def test_quarantine_ends_well_unless_strict(capsys, tmp_path, store_dir):
    for name, good in zip(("one", "two"), WORLD.releases, strict=True):
        bad = {**good, "ocid": None}
        (tmp_path / f"{name}.jsonl").write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n")
    code, out, _ = said(capsys, "load", tmp_path / "one.jsonl")
    assert (code, out.splitlines()[-1]) == (0, "Quarantined: 1.")
    code, out, _ = said(capsys, "load", "--strict", tmp_path / "two.jsonl")
    assert (code, out.splitlines()[-1]) == (3, "Quarantined: 1.")


def test_a_path_that_is_not_there_is_said_without_a_traceback(capsys, tmp_path, store_dir):
    code, out, err = said(capsys, "load", tmp_path / "nothing.json")
    assert (code, out) == (1, "")
    assert err == f"threepoint: {tmp_path / 'nothing.json'} is not there; check the path\n"


def test_a_file_with_nothing_for_us_ends_with_5(capsys, tmp_path, store_dir):
    (tmp_path / "notes.txt").write_text("nothing to see\n")
    assert said(capsys, "load", tmp_path / "notes.txt")[0] == 5


@pytest.mark.parametrize("command", [("build",), ("status",), ("show", "x"), ("compare", "x", "y")])
def test_before_anything_is_loaded_every_command_says_what_to_run(capsys, store_dir, command):
    code, out, err = said(capsys, *command)
    assert (code, out) == (5, "")
    assert err.startswith("threepoint: nothing has been")
    assert "run `threepoint load" in err


def test_build_says_what_it_made(capsys, file, store_dir):
    load(store_dir, WORLD.releases)
    code, out, _ = said(capsys, "build", "--as-of", "2026-06-30", "--json")
    told = json.loads(out)
    assert (code, told["rows"]["contract"], told["rows"]["contracting_process"]) == (0, 2, 2)
    code, out, _ = said(capsys, "build")
    assert code == 0
    assert " ".join(out.split()).endswith("2 processes, 0 awards, 2 contracts, 0 major projects, 0 changes.")


def test_status_is_of_the_agreed_form(capsys, store):
    code, out, _ = said(capsys, "status", "--json", "--store", store)
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
    monkeypatch.setattr(screen.OUT, "width", 120)
    releases = [{**WORLD.releases[0], "tag": ["compiled"]}, WORLD.releases[1], {**WORLD.releases[1], "ocid": None}]
    (tmp_path / "both.jsonl").write_text("\n".join(json.dumps(each) for each in releases))
    pipeline.load(tmp_path / "store", [tmp_path / "both.jsonl"])
    pipeline.build(tmp_path / "store", AS_OF)
    out = said(capsys, "status", "--store", tmp_path / "store")[1].splitlines()
    assert out[1] == "In it: 2 processes, 0 awards, 2 contracts, 0 major projects, 0 changes."
    assert out[2].split() == ["publisher", "group", "releases", "compiled", "processes", "rows"]
    assert out[3].split()[:-1] == ["Find", "a", "Tender", "uk", "1", "1", "2"]
    assert out[-2] == "Quarantined: 1 part of 1 file."
    assert out[-1].startswith("  1 × the release has no ocid")


def test_the_store_may_be_named_before_the_command(capsys, store):
    assert said(capsys, "--store", store, "status") == said(capsys, "status", "--store", store)
    code, out, _ = said(capsys, "--store", store / "nothing", "status", "--store", store, "--json")
    assert (code, json.loads(out)["groups"]["uk"]["releases"]) == (0, 2)


# ------------------------------------------------------------------------------------------ show, compare, check


def test_show_gives_money_exactly(capsys, store):
    code, out, _ = said(capsys, "show", f"{DEAL}/contracts/1", "--json", "--store", store)
    told = json.loads(out)
    assert (code, told["kind"], told["id"], told["title"]) == (0, "contract", f"{DEAL}/contracts/1", "Licences")
    assert (told["facts"]["value_net"]["value"], told["facts"]["value_net"]["state"]) == (EXACT, "observed")
    assert Decimal(told["facts"]["value_net"]["value"]) == Decimal(EXACT)
    assert told["facts"]["date_signed"]["value"] is None
    assert told["synthetic"] is False


def test_show_says_every_figure_in_words(capsys, store, monkeypatch):
    monkeypatch.setattr(screen.OUT, "width", 200)
    code, out, _ = said(capsys, "show", f"{DEAL}/contracts/1", "--store", store)
    words = " ".join(out.split())
    assert code == 0
    assert words.startswith(f"Licences contract · {DEAL}/contracts/1 · Find a Tender")
    assert "£9,007,199,254,740,993.01" in words
    assert "not reported" in words
    assert SYNTHETIC not in words


def test_an_id_of_several_things_ends_with_2(capsys, tmp_path):
    twins = [release(f"ocds-h6vhtk-00000{n}", "2026-01-10", "UK4", id="1-2026", tender={"title": "T"}) for n in (1, 2)]
    load(tmp_path / "store", twins)
    pipeline.build(tmp_path / "store", AS_OF)
    code, out, err = said(capsys, "show", "1-2026", "--store", tmp_path / "store")
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "threepoint: 1-2026 names 2 things; give one of these addresses instead:"


def test_an_unknown_id_ends_with_1(capsys, store):
    assert said(capsys, "show", "no-such-thing", "--store", store)[0] == 1


def test_compare_gives_lines_of_cells(capsys, store):
    code, out, _ = said(capsys, "compare", DEAL, OTHER, "--json", "--store", store)
    told = json.loads(out)
    assert (code, told["headings"], told["ids"], told["synthetic"]) == (
        0,
        ["Licences", "Support"],
        [DEAL, OTHER],
        False,
    )
    assert {len(line["cells"]) for line in told["lines"]} == {2}
    code, out, _ = said(capsys, "compare", DEAL, OTHER, "--store", store)
    assert code == 0
    assert "Are these alike?" in out
    assert SYNTHETIC not in out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_addresses_of_a_comparison_are_never_broken(capsys, store, monkeypatch, width):
    monkeypatch.setattr(screen.OUT, "width", width)
    lines = [
        line.rstrip()
        for line in said(capsys, "compare", f"{DEAL}/contracts/1", OTHER, "--store", store)[1].splitlines()
    ]
    assert lines[:5] == ["A  Licences", f"   {DEAL}/contracts/1", "B  Support", f"   {OTHER}", lines[4]]
    assert lines[4].split() == ["A", "B"]
    assert max(len(line) for line in lines[5 : lines.index("Are these alike?")]) <= width


def test_one_thing_is_no_comparison(capsys, store):
    code, _, err = said(capsys, "compare", DEAL, "--store", store)
    assert (code, err) == (1, "threepoint: a comparison takes 2 to 6 things; you gave 1\n")


def test_check_reads_a_file_and_keeps_nothing(capsys, file, store_dir):
    code, out, _ = said(capsys, "check", file, "--json")
    told = json.loads(out)
    assert (code, told["loaded"]["rows"]["release"], store_dir.exists()) == (0, 2, False)
    assert {row["table"] for row in told["filled"]} == {"contract", "party", "process"}
    assert all(set(row) == {"check_id", "publisher", "severity", "made", "failed"} for row in told["summary"])
    code, out, _ = said(capsys, "check", file)
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


def test_synthetic_data_says_so_wherever_it_shows(capsys, world):
    things = snapshot_tables.query_tables(
        Layout(world).snapshots / json.loads(said(capsys, "status", "--json", "--store", world)[1])["snapshot"],
        ["contract"],
        "SELECT contract_id FROM contract ORDER BY 1 LIMIT 2",
    )
    wanted = [row["contract_id"] for row in things]
    for command in (("show", wanted[0]), ("compare", *wanted)):
        assert SYNTHETIC in " ".join(said(capsys, *command, "--store", world)[1].split())
        assert json.loads(said(capsys, *command, "--store", world, "--json")[1])["synthetic"] is True
    told = json.loads(said(capsys, "status", "--json", "--store", world)[1])
    assert [source["publisher"] for source in told["sources"]] == ["Three Point synthetic data (not real)"]
    assert list(told["groups"]) == ["synthetic"]
    assert "Three Point synthetic data (not real)" in " ".join(said(capsys, "status", "--store", world)[1].split())


def rows_of(root):
    """The rows of a store's history by table, without what names the file they came from."""
    layout = Layout(root)
    with engine.engine(layout.scratch) as connection:
        from threepoint.standard.history import HISTORY

        engine.open_history(connection, HISTORY, history.files(layout, history.entries(layout)))
        return {
            name: engine.dicts(connection, f'SELECT {_columns(table)} FROM "history_{name}" ORDER BY ALL')
            for name, table in HISTORY.items()
        }


def _columns(table):
    return ", ".join(f'"{name}"' for name in table.names if name != "source_id")


def test_a_world_read_straight_into_the_store_is_the_world_of_its_file(capsys, tmp_path):
    code, out, _ = said(capsys, "sample", tmp_path / "world", "--releases", 60, "--seed", 5, "--json")
    told = json.loads(out)
    assert (code, told["releases"], told["seed"]) == (0, 60, 5)
    pipeline.load(tmp_path / "file", [tmp_path / "world" / "releases.jsonl"])
    code, out, _ = said(
        capsys, "sample", "--as", "tables", "--releases", 60, "--seed", 5, "--store", tmp_path / "tables"
    )
    assert (code, out.splitlines()[-1]) == (0, "Quarantined: 0.")
    assert rows_of(tmp_path / "tables") == rows_of(tmp_path / "file")
    assert len(rows_of(tmp_path / "file")["release"]) == 60


def test_a_sample_needs_a_folder_or_the_store(capsys, store_dir):
    code, _, err = said(capsys, "sample")
    assert code == 2
    assert "give a folder to write to, or --as tables to read it into the store" in " ".join(
        err.replace("│", " ").split()
    )


def test_a_sample_says_that_nothing_in_it_is_real(capsys, tmp_path):
    out = said(capsys, "sample", tmp_path / "world", "--releases", 20)[1]
    assert SYNTHETIC in " ".join(out.split())


@pytest.mark.parametrize("releases", [1, 60, 110, 300])
def test_a_sample_names_what_to_compare_or_how_to_get_it(capsys, tmp_path, store_dir, releases):
    out = said(capsys, "sample", tmp_path / "world", "--releases", releases)[1]
    named = [line.split()[4:] for line in out.splitlines() if line.startswith("To compare: threepoint compare")]
    if named:
        pipeline.load(store_dir, [tmp_path / "world"])
        pipeline.build(store_dir, AS_OF)
        assert said(capsys, "compare", *named[0])[0] == 0
    else:
        assert " ".join(out.split()).endswith(
            "To compare contracts, make a larger world: three that are worth it are among the first 200 releases."
        )
    assert [len(ids) for ids in named] == {1: [], 60: [], 110: [2], 300: [3]}[releases]


@pytest.mark.parametrize("releases", [1, 60])
def test_the_folder_of_a_sample_is_loaded_without_its_truth(capsys, tmp_path, store_dir, releases):
    said(capsys, "sample", tmp_path / "world", "--releases", releases)
    code, out, _ = said(capsys, "load", tmp_path / "world", "--strict", "--json")
    told = json.loads(out)
    assert (code, told["rows"]["release"], told["quarantined"]) == (0, releases, [])
    assert told["passed_over"] == {"text": 1, "truth of a synthetic world": 1}


@pytest.mark.parametrize("size", ["lots", "4", "80%"])
def test_a_memory_that_is_no_size_is_said_without_a_traceback(store, size):
    command = [sys.executable, "-m", "threepoint", "status", "--store", str(store)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "THREEPOINT_MEMORY": size}, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == f"threepoint: THREEPOINT_MEMORY is {size!r}, which is no size; give a number and its unit: 4GB\n"
    )


def test_too_little_memory_is_said_without_a_traceback(store):
    command = [sys.executable, "-m", "threepoint", "status", "--store", str(store)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "THREEPOINT_MEMORY": "1MB"}, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "threepoint: this needs more than 1MB of memory; set THREEPOINT_MEMORY, such as 4GB\n"


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
    code, out, _ = said(capsys, "--help")
    named = [
        line.split()[0]
        for line in out.split("Commands:")[1].split("Begin with")[0].splitlines()
        if line.strip() and line[2] != " "
    ]
    assert (code, named) == (
        0,
        ["load", "build", "status", "check", "show", "compare", "sample", "prune", "serve", "publish"],
    )


@pytest.mark.parametrize("command", ["load", "build", "status", "check", "show", "compare", "sample", "prune", "serve"])
def test_the_first_line_of_help_is_whole(capsys, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    (line,) = [line for line in said(capsys, "--help")[1].splitlines() if line.startswith(f"  {command} ")]
    assert line.endswith(".")
    assert not line.endswith("..")


def test_the_python_interface_gives_the_same_answers(store):
    assert api.show(f"{DEAL}/contracts/1", store).value("value_net") == Decimal(EXACT)
    assert api.side_by_side([DEAL, OTHER], store).ids == (DEAL, OTHER)
    assert api.status(store)["groups"] == {"uk": {"releases": 2, "compiled": 0, "ocids": 2}}
