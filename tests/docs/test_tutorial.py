"""Tests that run all commands of the tutorial in an empty folder."""

import re

import pytest

from scripts.doc_outputs import COMPARE_PICTURE_PATH, REPOSITORY_ROOT, DocSession, refresh_page, render_comparison

PAGE = "docs/tutorials/first-comparison.md"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return DocSession(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def refreshed_page(session):
    """Return the page with the current output of its commands; it also checks their exit codes."""
    return refresh_page(PAGE, session)


def test_tutorial_shows_the_output_of_its_commands(refreshed_page):
    assert refreshed_page.splitlines() == (REPOSITORY_ROOT / PAGE).read_text(encoding="utf-8").splitlines()


def test_tutorial_python_block_runs_unchanged(refreshed_page, session):
    (block,) = re.findall(r"```python\n(.*?)```", refreshed_page, re.DOTALL)
    (session.folder / "tutorial.py").write_text(block)
    output, code = session.run("python tutorial.py")
    assert (code, "withheld" in output) == (0, True), output


def test_picture_shows_the_output_of_the_command(refreshed_page, session):
    assert render_comparison(session) == (REPOSITORY_ROOT / COMPARE_PICTURE_PATH).read_text(encoding="utf-8")


def test_picture_loads_nothing_from_a_network():
    text = (REPOSITORY_ROOT / COMPARE_PICTURE_PATH).read_text(encoding="utf-8")
    assert text.replace("http://www.w3.org/2000/svg", "").count("://") == 0  # the SVG namespace is never fetched
    assert re.findall(r"url\((?!#)", text) == []
    assert "@font-face" not in text
    assert "<script" not in text
