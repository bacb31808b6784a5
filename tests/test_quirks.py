"""Every habit of publishers that QUIRKS.md lists (part 1) has its tests, or the reason why it has none: tests/quirks.csv.

Items are numbered in their order: Q1.1 is the first of part 1. A test says which it covers by `@pytest.mark.quirk("Q1.1")`.
"""

import ast
import csv
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROWS = list(csv.DictReader((TESTS / "quirks.csv").read_text(encoding="utf-8").splitlines()))
LISTED = {(name, row["id"]) for row in ROWS for name in row["tests"].split()}


def find_tests(path: Path) -> dict[str, set[str]]:
    """The tests of a file by name, each with the habits that it is marked with."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            name = f"{path.relative_to(TESTS.parent).as_posix()}::{node.name}"
            found[name] = {ident for mark in node.decorator_list for ident in read_marks(mark)}
    return found


def read_marks(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.quirk":
        return [str(ast.literal_eval(given)) for given in mark.args]
    return []


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    return {name: ids for path in sorted(TESTS.rglob("test_*.py")) for name, ids in find_tests(path).items()}


def count_items(text: str) -> int:
    """How many items part 1 has."""
    part = re.split(r"^# Part \d+.*$", text, flags=re.MULTILINE)[1]
    return len(re.findall(r"^- ", part, flags=re.MULTILINE))


def test_every_habit_stands_in_the_list_once_and_no_other(shared):
    count = count_items((shared / "data" / "QUIRKS.md").read_text(encoding="utf-8"))
    assert [row["id"] for row in ROWS] == [f"Q1.{number}" for number in range(1, count + 1)]


def test_each_has_words_and_either_tests_or_a_reason():
    assert [row["id"] for row in ROWS if not row["quirk"] or bool(row["tests"]) == bool(row["reason"])] == []


def test_every_test_named_is_there(known):
    assert {name for name, _ in LISTED} - set(known) == set()


def test_every_mark_stands_in_the_list_and_every_entry_is_marked(known):
    assert {(name, ident) for name, ids in known.items() for ident in ids} == LISTED
    assert LISTED
