"""Input files for measurements (one large package, four releases of one process) and counts of outputs.

Child processes run these functions, so that no contender's cost includes them.
"""

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

PACKAGE_HEADER = (
    b'{"uri": "https://example.invalid/package.json", "version": "1.1", "publishedDate": "2026-01-01T00:00:00Z",'
    b' "publisher": {"name": "Three Point (synthetic)"}, "releases": [\n'
)
PACKAGE_FOOTER = b"\n]}\n"
SMALL_FILE_RELEASES = 4


def write_package(lines: Path, target: Path) -> dict[str, Any]:
    """Write one release package of all lines, with only one line in memory at a time."""
    count = 0
    with lines.open("rb") as file, target.open("wb") as out:
        out.write(PACKAGE_HEADER)
        for count, line in enumerate(file, 1):
            out.write(line.rstrip(b"\n") if count == 1 else b",\n" + line.rstrip(b"\n"))
        out.write(PACKAGE_FOOTER)
    return {"releases": count}


def write_small_process(lines: Path, target: Path) -> dict[str, Any]:
    """Write the first SMALL_FILE_RELEASES releases of the first process that has as many."""
    import orjson

    releases_by_ocid: dict[str, list[bytes]] = defaultdict(list)
    with lines.open("rb") as file:
        for line in file:
            releases = releases_by_ocid[orjson.loads(line)["ocid"]]
            releases.append(line)
            if len(releases) == SMALL_FILE_RELEASES:
                target.write_bytes(b"".join(releases))
                return {"releases": SMALL_FILE_RELEASES}
    raise SystemExit(f"no process of {lines} has {SMALL_FILE_RELEASES} releases")


def read_ocid(lines: Path) -> str:
    """Return the ocid of the first release."""
    with lines.open("rb") as file:
        return str(json.loads(file.readline())["ocid"])


def count_lines(lines: Path, _target: Path) -> dict[str, Any]:
    """Count the processes that `ocdskit compile` printed."""
    with lines.open("rb") as file:
        return {"processes": sum(1 for _ in file)}


def count_processes(sheets: Path, _target: Path) -> dict[str, Any]:
    """Count the compiled processes that flatten-tool flattened."""
    return {"processes": _count_rows(sheets)}


def count_releases(sheets: Path, _target: Path) -> dict[str, Any]:
    """Count the releases that flatten-tool flattened."""
    return {"releases": _count_rows(sheets)}


def _count_rows(sheets: Path) -> int:
    with (sheets / "releases.csv").open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1  # the first line names the columns
