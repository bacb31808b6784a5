"""The tutorial, run from its first command to its last in an empty folder."""

import re

import pytest

from scripts.outputs import BLOCK, PICTURE, ROOT, Session, pictured, renewed

PAGE = "docs/tutorials/first-comparison.md"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    return Session(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def now(session):
    """The page as its commands print it today; every exit code has been compared."""
    return renewed(PAGE, session)


def output_of(text, command):
    return next(block["body"] for block in BLOCK.finditer(text) if block["body"].startswith(f"$ {command}"))


def test_the_tutorial_shows_what_the_commands_print(now):
    assert now.splitlines() == (ROOT / PAGE).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("threepoint sample world", "Made 2,000 synthetic releases"),
        ("threepoint load world", "Quarantined: 0."),
        ("threepoint build", "475 processes"),
        ("threepoint status", "synthetic     2,000"),
        # what the text says of A, B and C
        ("threepoint compare", "+38%"),
        ("threepoint compare", "not yet due"),
        ("threepoint compare", "withheld (s.94(1)(b))"),
        ("threepoint compare", "no notified change"),
        ("threepoint compare", "Are these alike?"),
        ("threepoint show 999999", "nothing in this snapshot is called 999999-2023"),
        ("threepoint check mine.jsonl\n", "Quarantined: 1."),
        ("threepoint check mine.jsonl |", "Coverage grades:"),
        ("threepoint load --strict", "Quarantined: 1."),
    ],
)
def test_the_lines_that_the_text_speaks_of_are_there(now, command, line):
    assert line in output_of(now, command)


def test_loading_again_adds_nothing(now):
    again = [block["body"] for block in BLOCK.finditer(now) if block["body"].startswith("$ threepoint load world")][1]
    assert "Read 0 files" in again


def test_the_contracts_compared_are_those_that_the_sample_named(now):
    named = re.findall(r"ocds-sample-\S+", output_of(now, "threepoint sample world"))
    given = re.findall(r"ocds-sample-\S+", output_of(now, "threepoint compare").partition("\nSynthetic")[0])
    assert given == named
    assert len(given) == 3


def test_the_tutorial_in_python_runs_as_it_stands(now, session):
    (block,) = re.findall(r"```python\n(.*?)```", now, re.DOTALL)
    (session.folder / "tutorial.py").write_text(block)
    said, code = session.run("python tutorial.py")
    assert (code, "withheld" in said) == (0, True), said


def test_the_picture_is_what_the_command_prints(now, session):
    assert pictured(session) == (ROOT / PICTURE).read_text(encoding="utf-8")


def test_the_picture_asks_nothing_of_a_network():
    text = (ROOT / PICTURE).read_text(encoding="utf-8")
    assert text.replace("http://www.w3.org/2000/svg", "").count("://") == 0  # the name of SVG itself, never fetched
    assert re.findall(r"url\((?!#)", text) == []
    assert "@font-face" not in text
    assert "<script" not in text
