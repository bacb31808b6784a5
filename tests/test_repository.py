"""What numbers can hold of the repository's habits; ARCHITECTURE.md says the rest."""

import ast
import io
import os
import re
import socket
import statistics
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "threepoint"
SITE = ROOT / "website"

# Written in two halves, so that this file does not hold what it forbids.
FORBIDDEN = ["/" + "work/", "pypi" + ".org", "files." + "pythonhosted", "registry." + "npmjs"]
NOT_OURS = {
    ".git",
    ".venv",
    ".boot",
    ".demo",
    "store",
    "build",
    "dist",
    "node_modules",
    "site-data",
}  # at the root, where git cannot tell us

EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|ruff:\s*noqa|mypy:)(?P<rest>.*)")
CODES = re.compile(r"^\s*(:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*|\[[a-z, -]+\])?")


def our_files() -> list[Path]:
    """Every file that is tracked or would be, were it added now."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        done = subprocess.run(listing, capture_output=True, text=True, check=True)
        return sorted(ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and not is_left_over(p.relative_to(ROOT)))


def is_left_over(path: Path) -> bool:
    return path.parts[0] in NOT_OURS or any(part == "__pycache__" or part.endswith("_cache") for part in path.parts)


def text_of(path: Path) -> str:
    """The file's text, or nothing if it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def python_files(below: Path) -> list[Path]:
    return [path for path in our_files() if path.suffix == ".py" and path.is_relative_to(below)]


def function_lengths(source: str) -> list[int]:
    """Lines of each function, from `def` to its last line, docstring and all."""
    functions = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.end_lineno - node.lineno + 1 for node in functions]


def bare_exemptions(source: str) -> list[str]:
    """Comments that switch a check off and do not say why."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    found = [(comment, match["rest"]) for comment in comments for match in EXEMPTION.finditer(comment)]
    return [comment for comment, rest in found if not re.search(r"[A-Za-z]{3}", CODES.sub("", rest, count=1))]


@pytest.fixture(scope="module")
def line_counts() -> dict[str, int]:
    files = [path for folder in (PACKAGE, SITE) for path in python_files(folder)]
    return {str(path.relative_to(ROOT)): len(text_of(path).splitlines()) for path in files}


def test_no_file_is_long(line_counts):
    assert {name: lines for name, lines in line_counts.items() if lines > 400} == {}


def test_files_are_mostly_short(line_counts):
    assert statistics.median(line_counts.values()) <= 100


@pytest.mark.parametrize("folder", [PACKAGE, SITE], ids=lambda folder: folder.name)
def test_functions_are_short(folder):
    lengths = sorted(n for path in python_files(folder) for n in function_lengths(text_of(path)))
    assert statistics.median(lengths) <= 8
    assert sum(length <= 30 for length in lengths) >= 0.9 * len(lengths)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_no_file_names_a_machine_or_a_registry(text):
    assert [str(path.relative_to(ROOT)) for path in our_files() if text in text_of(path)] == []


def test_every_exemption_in_code_carries_its_reason():
    bare = {str(path.relative_to(ROOT)): bare_exemptions(text_of(path)) for path in python_files(ROOT)}
    assert {name: comments for name, comments in bare.items() if comments} == {}


@pytest.mark.parametrize(
    ("comment", "is_bare"),
    [
        ("# noqa: S608", True),
        ("# noqa", True),
        ("# type: ignore[no-any-return, misc]", True),
        ("# noqa: S608, E501  the names are our own", False),
        ("# type: ignore[arg-type]  # ibis has no type for this", False),
        ("# a plain remark", False),
    ],
)
def test_an_exemption_without_a_reason_is_seen(comment, is_bare):
    assert bare_exemptions(f"x = 1  {comment}\n") == [comment] * is_bare


def test_every_ruff_rule_switched_off_carries_its_reason():
    rules = re.findall(r'^ +"[A-Z]+[0-9]*",.*$', text_of(ROOT / "pyproject.toml"), re.MULTILINE)
    off = [line for line in rules if line.count('"') == 2]  # one rule a line; `select` holds several
    assert [line for line in off if "#" not in line] == []
    assert off


def test_every_room_is_named_in_the_architecture():
    rooms = {path.name for path in [*PACKAGE.iterdir(), *SITE.iterdir()] if (path / "__init__.py").exists()}
    text = text_of(ROOT / "ARCHITECTURE.md")
    assert {room for room in rooms if f"{room}/" not in text} == set()
    assert rooms


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", text_of(ROOT / "requirements" / lock), re.MULTILINE))


def test_the_runtime_lock_is_part_of_the_whole_lock():
    assert pins("base.txt") < pins("all.txt")


def test_asking_for_help_imports_nothing_heavy():
    code = "import sys, threepoint.cli; print(*sorted({'duckdb', 'ibis', 'pyarrow', 'pandas'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_the_network_is_shut_while_tests_run():
    with pytest.raises(RuntimeError, match="may not use the network"):
        socket.create_connection(("127.0.0.1", 9))
