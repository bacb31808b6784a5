"""Measurable rules of the repository. ARCHITECTURE.md has the others."""

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

# In two halves, so that this file does not contain what it forbids.
FORBIDDEN = ["/" + "work/", "pypi" + ".org", "files." + "pythonhosted", "registry." + "npmjs"]
# Folders at the root to skip if there is no git.
UNTRACKED_FOLDERS = {".git", ".venv", ".boot", ".demo", "store", "build", "dist", "node_modules", "site-data"}

EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|ruff:\s*noqa|mypy:)(?P<rest>.*)")
CODES = re.compile(r"^\s*(:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*|\[[a-z, -]+\])?")


def list_repository_files() -> list[Path]:
    """Return every file that is tracked, or is not ignored."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        done = subprocess.run(listing, capture_output=True, text=True, check=True)
        return sorted(ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and not is_generated(p.relative_to(ROOT)))


def is_generated(path: Path) -> bool:
    return path.parts[0] in UNTRACKED_FOLDERS or any(
        part == "__pycache__" or part.endswith("_cache") for part in path.parts
    )


def read_text(path: Path) -> str:
    """Return the text of a file, or empty text if it is binary."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def list_python_files(folder: Path) -> list[Path]:
    return [path for path in list_repository_files() if path.suffix == ".py" and path.is_relative_to(folder)]


def measure_functions(source: str) -> list[int]:
    """Return the number of lines of each function, including its docstring."""
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [node.end_lineno - node.lineno + 1 for node in functions]


def find_bare_exemptions(source: str) -> list[str]:
    """Return the comments that disable a check without a reason."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    exemptions = [(comment, match["rest"]) for comment in comments for match in EXEMPTION.finditer(comment)]
    return [comment for comment, rest in exemptions if not re.search(r"[A-Za-z]{3}", CODES.sub("", rest, count=1))]


@pytest.fixture(scope="module")
def line_counts() -> dict[str, int]:
    files = [path for folder in (PACKAGE, SITE) for path in list_python_files(folder)]
    return {str(path.relative_to(ROOT)): len(read_text(path).splitlines()) for path in files}


def test_files_have_at_most_400_lines(line_counts):
    assert {name: lines for name, lines in line_counts.items() if lines > 400} == {}


@pytest.mark.parametrize("folder", [PACKAGE, SITE], ids=lambda folder: folder.name)
def test_functions_are_short(folder):
    lengths = sorted(length for path in list_python_files(folder) for length in measure_functions(read_text(path)))
    assert statistics.median(lengths) <= 8
    assert sum(length <= 30 for length in lengths) >= 0.9 * len(lengths)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_files_name_no_machine_or_registry(text):
    assert [str(path.relative_to(ROOT)) for path in list_repository_files() if text in read_text(path)] == []


def test_exemptions_have_a_reason():
    bare = {str(path.relative_to(ROOT)): find_bare_exemptions(read_text(path)) for path in list_python_files(ROOT)}
    assert {name: comments for name, comments in bare.items() if comments} == {}


def test_architecture_names_every_package():
    packages = {path.name for path in [*PACKAGE.iterdir(), *SITE.iterdir()] if (path / "__init__.py").exists()}
    text = read_text(ROOT / "ARCHITECTURE.md")
    assert {package for package in packages if f"{package}/" not in text} == set()
    assert packages


def read_pins(lock: str) -> set[str]:
    return set(re.findall(r"^\S+==\S+", read_text(ROOT / "requirements" / lock), re.MULTILINE))


def test_runtime_lock_is_part_of_full_lock():
    assert read_pins("base.txt") < read_pins("all.txt")
