"""Output shown in the pages is what the commands print now; run `make docs` where it is not."""

import re
from difflib import unified_diff

import pytest

from scripts.doc_outputs import PREPARATION_BY_PAGE, REPOSITORY_ROOT, DocSession, refresh_page


def find_drift(page, session):
    """What has changed in a page, as lines of a diff."""
    old = (REPOSITORY_ROOT / page).read_text(encoding="utf-8").splitlines()
    return list(unified_diff(old, refresh_page(page, session).splitlines(), page, "now", lineterm="", n=1))


def find_python_blocks(page):
    return re.findall(r"```python\n(.*?)```", (REPOSITORY_ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_the_readme_shows_what_published_data_gives(shared, tmp_path, monkeypatch):
    monkeypatch.setenv("THREEPOINT_SHARED", str(shared))
    assert find_drift("README.md", DocSession(tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PREPARATION_BY_PAGE if page.startswith("docs/how-to/")])
def test_a_how_to_shows_what_the_commands_print(page, tmp_path):
    assert find_drift(page, DocSession(tmp_path)) == []


@pytest.mark.slow
def test_the_readme_in_python_runs_as_it_stands(tmp_path):
    (block,) = find_python_blocks("README.md")
    (tmp_path / "readme.py").write_text(block)
    said, code = DocSession(tmp_path).run("python readme.py")
    assert code == 0, said
    first, *lines = said.splitlines()
    assert re.match(r"^2462400\.00 \d{6}-\d{4} \d{4}-\d{2}-\d{2}$", first)
    assert [line for line in lines if line.startswith("Money now")]


def test_every_page_with_console_blocks_is_kept_up():
    pages = [REPOSITORY_ROOT / "README.md", *(REPOSITORY_ROOT / "docs").rglob("*.md")]
    found = {str(p.relative_to(REPOSITORY_ROOT)) for p in pages if "```console" in p.read_text(encoding="utf-8")}
    assert found == set(PREPARATION_BY_PAGE)
