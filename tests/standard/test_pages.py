"""The reference pages follow the code: what stands in docs/reference/sdes is what the definitions say."""

import ast
import inspect
import subprocess
import sys

import pytest

from threepoint.standard import codes
from threepoint.standard.history import HISTORY
from threepoint.standard.pages import FOLDER, code_lists, drift, history, main, pages, states, write
from threepoint.standard.sdes import SDES
from threepoint.standard.states import STATES


@pytest.fixture(scope="module")
def made():
    return pages()


def test_the_reference_pages_follow_the_code(made):
    assert drift(FOLDER, made) == []


def test_every_table_has_a_page_and_both_schemas(made):
    assert {f"{name}.md" for name in SDES} <= made.keys()
    assert {f"schemas/{name}.schema.json" for name in SDES} <= made.keys()
    assert {f"schemas/{name}.frictionless.json" for name in SDES} <= made.keys()


def test_every_page_says_what_it_is_generated_from_and_ends_with_a_line(made):
    assert [name for name, text in made.items() if not text.endswith("\n") or text.endswith("\n\n")] == []
    texts = {name: text for name, text in made.items() if name.endswith(".md")}
    assert [name for name, text in texts.items() if not text.startswith("*Generated from ")] == []
    schemas = {name: text.splitlines()[1] for name, text in made.items() if name.endswith(".json")}
    assert [name for name, line in schemas.items() if "Generated from the table " not in line] == []


def test_every_page_of_a_table_shows_all_its_fields(made):
    shown = {name: made[f"{name}.md"] for name in SDES}
    assert [f"{n}.{f}" for n, table in SDES.items() for f in table.names if f"| `{f}` |" not in shown[n]] == []


def test_the_history_page_shows_every_field_of_every_history_table():
    text = history()
    assert [name for name in HISTORY if f"\n## {name}\n" not in text] == []
    assert [f"{n}.{f}" for n, table in HISTORY.items() for f in table.names if f"| `{f}` |" not in text] == []


def test_the_states_page_shows_every_state():
    assert [code for code, state in STATES.items() if f"| `{code}` | {state.words} |" not in states()] == []


def public_lists():
    """Names of the code lists in codes.py, told from its text so that a new one is not forgotten."""
    nodes = ast.parse(inspect.getsource(codes)).body
    named = [node.target for node in nodes if isinstance(node, ast.AnnAssign)]
    named += [node.targets[0] for node in nodes if isinstance(node, ast.Assign)]
    return [target.id for target in named if target.id.isupper()]


def test_the_code_list_page_shows_every_code():
    text = code_lists()
    assert len(public_lists()) > 5
    for name in public_lists():
        assert [code for code in getattr(codes, name) if f"| `{code}` |" not in text] == []


def test_a_bar_in_a_meaning_does_not_break_a_table():
    lines = [line.replace("\\|", "") for line in history().splitlines() if line.startswith("| `")]
    assert {line.count("|") for line in lines} == {5}


def test_what_is_missing_drifted_or_stray_is_named(tmp_path):
    write(tmp_path, {"index.md": "one\n", "schemas/a.json": "{}\n"})
    (tmp_path / "old.md").write_text("left over\n")
    expected = {"index.md": "two\n", "schemas/a.json": "{}\n", "new.md": "new\n"}
    assert drift(tmp_path, expected) == [
        "drifted: docs/reference/sdes/index.md",
        "missing: docs/reference/sdes/new.md",
        "stray: docs/reference/sdes/old.md",
    ]
    write(tmp_path, expected)
    assert drift(tmp_path, expected) == []
    assert not (tmp_path / "old.md").exists()


def test_the_check_ends_well_or_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("threepoint.standard.pages.FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="Run `make docs`"):
        main(["--check"])
    main([])
    main(["--check"])


def test_an_unknown_option_is_refused():
    with pytest.raises(SystemExit, match="usage:"):
        main(["--chekc"])


def test_the_check_runs_as_a_module():
    command = [sys.executable, "-m", "threepoint.standard.pages", "--check"]
    done = subprocess.run(command, cwd=FOLDER.parents[2], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
