"""Each publisher habit in part 1 of `data/QUIRKS.md` (shared test data) has tests or a reason for none in tests/quirks.csv.

Q1.1 is the first item of part 1. A test names the items that it covers with `@pytest.mark.quirk("Q1.1")`.
"""

import ast
import csv
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROWS = list(csv.DictReader((TESTS / "quirks.csv").read_text(encoding="utf-8").splitlines()))
LISTED_TESTS = {(name, row["id"]) for row in ROWS for name in row["tests"].split()}


def find_tests(path: Path) -> dict[str, set[str]]:
    """Return the tests of a file by name, each with the ids of its marks."""
    tests = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            name = f"{path.relative_to(TESTS.parent).as_posix()}::{node.name}"
            tests[name] = {ident for mark in node.decorator_list for ident in read_marks(mark)}
    return tests


def read_marks(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.quirk":
        return [str(ast.literal_eval(argument)) for argument in mark.args]
    return []


@pytest.fixture(scope="module")
def marked_tests() -> dict[str, set[str]]:
    return {name: ids for path in sorted(TESTS.rglob("test_*.py")) for name, ids in find_tests(path).items()}


def count_items(text: str) -> int:
    """Return the number of items in part 1."""
    part = re.split(r"^# Part \d+.*$", text, flags=re.MULTILINE)[1]
    return len(re.findall(r"^- ", part, flags=re.MULTILINE))


def test_list_has_each_habit_once(shared):
    count = count_items((shared / "data" / "QUIRKS.md").read_text(encoding="utf-8"))
    assert [row["id"] for row in ROWS] == [f"Q1.{number}" for number in range(1, count + 1)]


def test_each_habit_has_text_and_either_tests_or_reason():
    assert [row["id"] for row in ROWS if not row["quirk"] or bool(row["tests"]) == bool(row["reason"])] == []


def test_listed_tests_exist(marked_tests):
    assert {name for name, _ in LISTED_TESTS} - set(marked_tests) == set()


def test_marks_match_the_list(marked_tests):
    assert {(name, ident) for name, ids in marked_tests.items() for ident in ids} == LISTED_TESTS
    assert LISTED_TESTS
