"""A small synthetic world as several files, commands run as processes of their own, and snapshots as rows."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from threepoint import sample

AS_OF = date(2026, 6, 1)
RELEASES = 1500


def files(folder: Path, releases: int = RELEASES, parts: int = 4) -> list[Path]:
    """A synthetic world cut into `parts` files of JSON lines."""
    sample.write(folder / "whole", releases, seed=11)
    lines = (folder / "whole" / "releases.jsonl").read_bytes().splitlines(keepends=True)
    made = []
    for number in range(parts):
        made.append(folder / f"part{number}.jsonl")
        made[-1].write_bytes(b"".join(lines[number::parts]))
    return made


def start(
    store: Path, *arguments: object, program: str = "from threepoint.cli import main; main()"
) -> subprocess.Popen:
    """The command line as a child process; `program` is the Python text that it runs."""
    words = [sys.executable, "-c", program, *map(str, arguments), "--store", str(store)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(store: Path, *arguments: object) -> tuple[int, str]:
    """(exit code, what it said) of one command that ends by itself."""
    child = start(store, *arguments)
    out, err = child.communicate(timeout=120)
    return child.returncode, out + err


def rows(store: Path) -> dict[str, list[tuple]]:
    """Every table of the current snapshot as sorted rows."""
    return {path.name: _rows(path) for path in sorted((store / "current").iterdir()) if path.is_dir()}


def _rows(path: Path) -> list[tuple]:
    table = pq.read_table(path)
    columns = [column.to_pylist() for column in table.columns]
    return sorted(zip(*columns, strict=True), key=repr) if columns else []


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
