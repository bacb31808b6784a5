"""Tests that the output shown in pages is up to date. Run `make docs` to update it."""

import re
from difflib import unified_diff

import pytest

from scripts.doc_outputs import PREPARATION_BY_PAGE, REPOSITORY_ROOT, DocSession, refresh_page


def find_drift(page, session):
    """Return the changes of a page as lines of a diff."""
    shown = (REPOSITORY_ROOT / page).read_text(encoding="utf-8").splitlines()
    return list(unified_diff(shown, refresh_page(page, session).splitlines(), page, "now", lineterm="", n=1))


def find_python_blocks(page):
    return re.findall(r"```python\n(.*?)```", (REPOSITORY_ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_readme_shows_the_output_for_published_data(shared, tmp_path, monkeypatch):
    monkeypatch.setenv("THREEPOINT_SHARED", str(shared))
    assert find_drift("README.md", DocSession(tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PREPARATION_BY_PAGE if page.startswith("docs/how-to/")])
def test_how_to_page_shows_the_output_of_its_commands(page, tmp_path):
    assert find_drift(page, DocSession(tmp_path)) == []


@pytest.mark.slow
def test_readme_python_block_runs_unchanged(tmp_path):
    (block,) = find_python_blocks("README.md")
    (tmp_path / "readme.py").write_text(block)
    output, code = DocSession(tmp_path).run("python readme.py")
    assert code == 0, output
    first, *lines = output.splitlines()
    assert re.match(r"^2462400\.00 \d{6}-\d{4} \d{4}-\d{2}-\d{2}$", first)
    assert [line for line in lines if line.startswith("Money now")]


def test_doc_outputs_lists_every_page_with_console_blocks():
    pages = [REPOSITORY_ROOT / "README.md", *(REPOSITORY_ROOT / "docs").rglob("*.md")]
    console_pages = [page for page in pages if "```console" in page.read_text(encoding="utf-8")]
    assert {str(page.relative_to(REPOSITORY_ROOT)) for page in console_pages} == set(PREPARATION_BY_PAGE)
