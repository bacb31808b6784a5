"""Output shown in the pages is what the commands print now; run `make docs` where it is not."""

import re
from difflib import unified_diff

import pytest

from scripts.outputs import BLOCK, COMMAND, PAGES, PROGRAM, ROOT, Drifted, Session, ran, renewed, tidy


def drift(page, session):
    """What has changed in a page, as lines of a diff."""
    old = (ROOT / page).read_text(encoding="utf-8").splitlines()
    return list(unified_diff(old, renewed(page, session).splitlines(), page, "now", lineterm="", n=1))


def python_blocks(page):
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_the_readme_shows_what_published_data_gives(shared, tmp_path, monkeypatch):
    monkeypatch.setenv("THREEPOINT_SHARED", str(shared))
    assert drift("README.md", Session(tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/how-to/")])
def test_a_how_to_shows_what_the_commands_print(page, tmp_path):
    assert drift(page, Session(tmp_path)) == []


@pytest.mark.slow
def test_the_readme_in_python_runs_as_it_stands(tmp_path):
    (block,) = python_blocks("README.md")
    (tmp_path / "readme.py").write_text(block)
    said, code = Session(tmp_path).run("python readme.py")
    assert code == 0, said
    first, *lines = said.splitlines()
    assert re.match(r"^2462400\.00 \d{6}-\d{4} \d{4}-\d{2}-\d{2}$", first)
    assert [line for line in lines if line.startswith("Money now")]


def test_every_page_with_console_blocks_is_kept_up():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    found = {str(p.relative_to(ROOT)) for p in pages if "```console" in p.read_text(encoding="utf-8")}
    assert found == set(PAGES)


def test_every_console_block_begins_with_a_command():
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        blocks = [block["body"] for block in BLOCK.finditer(text)]
        assert len(blocks) == text.count("```console\n") > 0
        assert [body for body in blocks if not body.startswith("$ ")] == []


def test_a_block_is_written_anew_with_what_its_commands_print(tmp_path):
    body = "$ echo one \\\n    two\nold\n$ echo three\n"
    assert ran(body, "", Session(tmp_path)) == "$ echo one \\\n    two\none two\n$ echo three\nthree\n"
    assert [found["command"] for found in COMMAND.finditer(body)] == ["echo one \\\n    two", "echo three"]


def test_a_program_is_run_and_a_query_shows_its_rows(tmp_path):
    session = Session(tmp_path)
    assert session.program("python", 'print("one")\n') == "one\n"
    assert session.program("sql", "SELECT 1 AS a, NULL AS b\n") == "a | b\n1 | –\n"
    with pytest.raises(Drifted, match="a block of python ended with 3"):
        session.program("python", "raise SystemExit(3)\n")


def test_every_program_of_a_page_shows_its_output():
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        if page.startswith("docs/how-to/"):
            assert len(PROGRAM.findall(text)) == text.count("```python\n") + text.count("```sql\n")


def test_an_exit_code_that_the_page_does_not_name_is_an_error(tmp_path):
    session = Session(tmp_path)
    assert ran("$ exit 3\n", "exit 3", session) == "$ exit 3\n"
    with pytest.raises(Drifted, match="ended with 3, not with 0"):
        ran("$ exit 3\n", "", session)
    with pytest.raises(Drifted, match="ended with 0, not with 3"):
        ran("$ true\n", "exit 3", session)


def test_output_is_shown_without_what_changes_from_run_to_run():
    assert tidy("Built snapshot 20300102T030405Z: 1  \nx\n") == "Built snapshot 20261001T120000Z: 1\nx\n"
    assert tidy("a\nb\nc\n", 2) == "a\nb\n…\n"
