"""What numbers can hold of the repository's habits; ARCHITECTURE.md says the rest."""

import ast
import io
import re
import statistics
import subprocess
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


def list_our_files() -> list[Path]:
    """Every file that is tracked or would be, were it added now."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        done = subprocess.run(listing, capture_output=True, text=True, check=True)
        return sorted(ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and not is_left_over(p.relative_to(ROOT)))


def is_left_over(path: Path) -> bool:
    return path.parts[0] in NOT_OURS or any(part == "__pycache__" or part.endswith("_cache") for part in path.parts)


def read_text(path: Path) -> str:
    """The file's text, or nothing if it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def list_python_files(below: Path) -> list[Path]:
    return [path for path in list_our_files() if path.suffix == ".py" and path.is_relative_to(below)]


def measure_functions(source: str) -> list[int]:
    """Lines of each function, from `def` to its last line, docstring and all."""
    functions = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.end_lineno - node.lineno + 1 for node in functions]


def find_bare_exemptions(source: str) -> list[str]:
    """Comments that switch a check off and do not say why."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    found = [(comment, match["rest"]) for comment in comments for match in EXEMPTION.finditer(comment)]
    return [comment for comment, rest in found if not re.search(r"[A-Za-z]{3}", CODES.sub("", rest, count=1))]


@pytest.fixture(scope="module")
def line_counts() -> dict[str, int]:
    files = [path for folder in (PACKAGE, SITE) for path in list_python_files(folder)]
    return {str(path.relative_to(ROOT)): len(read_text(path).splitlines()) for path in files}


def test_no_file_is_long(line_counts):
    assert {name: lines for name, lines in line_counts.items() if lines > 400} == {}


@pytest.mark.parametrize("folder", [PACKAGE, SITE], ids=lambda folder: folder.name)
def test_functions_are_short(folder):
    lengths = sorted(n for path in list_python_files(folder) for n in measure_functions(read_text(path)))
    assert statistics.median(lengths) <= 8
    assert sum(length <= 30 for length in lengths) >= 0.9 * len(lengths)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_no_file_names_a_machine_or_a_registry(text):
    assert [str(path.relative_to(ROOT)) for path in list_our_files() if text in read_text(path)] == []


def test_every_exemption_in_code_carries_its_reason():
    bare = {str(path.relative_to(ROOT)): find_bare_exemptions(read_text(path)) for path in list_python_files(ROOT)}
    assert {name: comments for name, comments in bare.items() if comments} == {}


def test_every_room_is_named_in_the_architecture():
    rooms = {path.name for path in [*PACKAGE.iterdir(), *SITE.iterdir()] if (path / "__init__.py").exists()}
    text = read_text(ROOT / "ARCHITECTURE.md")
    assert {room for room in rooms if f"{room}/" not in text} == set()
    assert rooms


def read_pins(lock: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", read_text(ROOT / "requirements" / lock), re.MULTILINE))


def test_the_runtime_lock_is_part_of_the_whole_lock():
    assert read_pins("base.txt") < read_pins("all.txt")
