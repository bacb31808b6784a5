"""The tutorial, run from its first command to its last in an empty folder."""

import re

import pytest

from scripts.doc_outputs import COMPARE_PICTURE_PATH, REPOSITORY_ROOT, DocSession, refresh_page, render_comparison

PAGE = "docs/tutorials/first-comparison.md"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return DocSession(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def now(session):
    """The page as its commands print it today; every exit code has been compared."""
    return refresh_page(PAGE, session)


def test_the_tutorial_shows_what_the_commands_print(now):
    assert now.splitlines() == (REPOSITORY_ROOT / PAGE).read_text(encoding="utf-8").splitlines()


def test_the_tutorial_in_python_runs_as_it_stands(now, session):
    (block,) = re.findall(r"```python\n(.*?)```", now, re.DOTALL)
    (session.folder / "tutorial.py").write_text(block)
    said, code = session.run("python tutorial.py")
    assert (code, "withheld" in said) == (0, True), said


def test_the_picture_is_what_the_command_prints(now, session):
    assert render_comparison(session) == (REPOSITORY_ROOT / COMPARE_PICTURE_PATH).read_text(encoding="utf-8")


def test_the_picture_asks_nothing_of_a_network():
    text = (REPOSITORY_ROOT / COMPARE_PICTURE_PATH).read_text(encoding="utf-8")
    assert text.replace("http://www.w3.org/2000/svg", "").count("://") == 0  # the name of SVG itself, never fetched
    assert re.findall(r"url\((?!#)", text) == []
    assert "@font-face" not in text
    assert "<script" not in text
