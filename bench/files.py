"""Files that a measurement needs: one big package, the newest hundredth of the releases, and counts of what came out.

They are made by child processes and are not counted as anybody's cost.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = (
    b'{"uri": "https://example.invalid/package.json", "version": "1.1", "publishedDate": "2026-01-01T00:00:00Z",'
    b' "publisher": {"name": "Three Point (synthetic)"}, "releases": [\n'
)
TAIL = b"\n]}\n"
SHARE = 100  # one release in so many is the newest hundredth


def package(lines: Path, target: Path) -> dict[str, Any]:
    """One release package of all lines, written as they are read: no more than a line is held."""
    count = 0
    with lines.open("rb") as file, target.open("wb") as out:
        out.write(HEAD)
        for count, line in enumerate(file, 1):
            out.write(line.rstrip(b"\n") if count == 1 else b",\n" + line.rstrip(b"\n"))
        out.write(TAIL)
    return {"releases": count}


def split(lines: Path, folder: Path) -> dict[str, Any]:
    """`base.jsonl` and `more.jsonl` in `folder`: the newest hundredth of the releases, and all before it."""
    folder.mkdir(parents=True, exist_ok=True)
    with lines.open("rb") as file:
        order = sorted((moment, place) for place, moment in enumerate(_moments(file)))
    newest = {place for _, place in order[len(order) - max(1, len(order) // SHARE) :]}
    with lines.open("rb") as file, base(folder).open("wb") as old, more(folder).open("wb") as new:
        for place, line in enumerate(file):
            (new if place in newest else old).write(line)
    return {"base": len(order) - len(newest), "more": len(newest)}


def base(folder: Path) -> Path:
    return folder / "base.jsonl"


def more(folder: Path) -> Path:
    return folder / "more.jsonl"


def _moments(lines: Any) -> Iterator[str]:
    import msgspec

    dated = msgspec.defstruct("Dated", [("date", str)])
    decode = msgspec.json.Decoder(dated).decode
    return (decode(line).date for line in lines)


def count_lines(lines: Path, _target: Path) -> dict[str, Any]:
    """How many processes `ocdskit compile` printed."""
    with lines.open("rb") as file:
        return {"processes": sum(1 for _ in file)}


def count_processes(sheets: Path, _target: Path) -> dict[str, Any]:
    """How many compiled processes flatten-tool laid flat."""
    return {"processes": _rows(sheets)}


def count_releases(sheets: Path, _target: Path) -> dict[str, Any]:
    """How many releases flatten-tool laid flat."""
    return {"releases": _rows(sheets)}


def _rows(sheets: Path) -> int:
    with (sheets / "releases.csv").open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1  # the first line names the columns
