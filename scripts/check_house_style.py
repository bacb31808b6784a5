"""Check names and references: no module or public name from a word list, no reference to a file that does not exist.

`make check` runs `python -m scripts.check_house_style`. The word list is about names only, not about sentences.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN_NAME_WORDS = {
    "anew", "asked", "behind", "beside", "door", "dossier", "guise", "guises", "held", "kept", "laid", "mended", "once",
    "said", "shelf", "stands", "tale", "tell", "tells", "thing", "things", "told", "whoever", "wish",
}  # fmt: skip
CAMEL_CASE_PATTERN = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# A path with a folder, or the name of a document; not part of a URL, a placeholder or a glob.
REFERENCE_PATTERN = re.compile(
    r"(?<![\w/.:<>*{}~$-])(?P<path>(?:(?:threepoint|website|tests|scripts|bench|docs|requirements)/[\w./-]+|[\w-]+)\.(?:md|py|toml))\b(?![\w/*{])"
)
BARE_DECISION_PATTERN = re.compile(r"\bdecisions? \d+\b", re.IGNORECASE)
TEXT_SUFFIXES = {".py", ".md", ".html", ".toml", ".scss", ".js", ".txt", ""}


def find_forbidden_names() -> Iterator[str]:
    """Return a line for each module, and each public name of a module, that has a word of the list."""
    for path in list_tracked_files("threepoint/*.py", "website/*.py", "scripts/*.py", "bench/*.py"):
        if "migrations" in path.parts:
            continue
        names = [path.stem, *list_public_names(ast.parse((REPOSITORY_ROOT / path).read_text(encoding="utf-8")))]
        for name in names:
            words = set(CAMEL_CASE_PATTERN.sub("_", name).lower().split("_"))
            if forbidden := words & FORBIDDEN_NAME_WORDS:
                yield f"{path}: the name {name!r} has {', '.join(sorted(forbidden))!r}; say what it holds or does"


def list_public_names(module: ast.Module) -> Iterator[str]:
    """Return the names that a module defines at its top, without a leading underscore."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def find_broken_references() -> Iterator[str]:
    """Return a line for each path or document named in a tracked file that is not tracked, and each decision without its path."""
    for path in list_tracked_files():
        if (
            path.suffix not in TEXT_SUFFIXES
            or path.parts[0] in ("requirements", "tests")
            or path.name == "package-lock.json"
        ):
            continue  # tests name files that they write
        for number, line in enumerate((REPOSITORY_ROOT / path).read_text(encoding="utf-8").splitlines(), start=1):
            for match in REFERENCE_PATTERN.finditer(line):
                if not is_tracked(match["path"], path):
                    yield f"{path}:{number}: {match['path']} is not in the repository"
            if path.suffix != ".md" and (bare := BARE_DECISION_PATTERN.search(line)):
                yield f"{path}:{number}: name the file of {bare[0]!r}: docs/decisions/…"


def is_tracked(reference: str, source: Path) -> bool:
    """Return whether git tracks a path: from the root, from the file that names it, or as the end of some path."""
    tracked = list_tracked_names()
    return (
        reference in tracked
        or str(source.parent / reference) in tracked
        or any(name.endswith(f"/{reference}") for name in tracked)
    )


@cache
def list_tracked_names() -> frozenset[str]:
    """Return the paths of all tracked files."""
    return frozenset(str(path) for path in list_tracked_files())


def list_tracked_files(*patterns: str) -> list[Path]:
    """Return the tracked files, below the root, that match one of the patterns of git."""
    command = [
        "git",
        "-C",
        str(REPOSITORY_ROOT),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        *patterns,
    ]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listing.split("\0") if name and (REPOSITORY_ROOT / name).is_file()]


if __name__ == "__main__":
    sys.exit("\n".join([*find_forbidden_names(), *find_broken_references()]) or 0)
