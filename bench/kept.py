"""The results kept in bench/results, and how a figure is read from them."""

import json
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"

Found = dict[str, Any]  # the results of one size
Results = dict[int, Found]


def results(folder: Path = RESULTS) -> Results:
    """The results kept, by number of releases, smallest first."""
    sizes = sorted(int(path.stem) for path in folder.glob("*.json"))
    return {size: json.loads((folder / f"{size}.json").read_text(encoding="utf-8")) for size in sizes}


def has(found: Found, *names: str) -> bool:
    """Whether all of these were measured and ended well."""
    return all(name in found["costs"] and not found["costs"][name].get("failed") for name in names)


def cpu(found: Found, *names: str) -> float:
    """CPU seconds of commands that run one after another: the median of each, added up."""
    return float(sum(median(found["costs"][name]["cpu"]) for name in names))


def memory(found: Found, *names: str) -> int:
    """The most that any of the commands held in any run, in bytes."""
    return int(max(max(found["costs"][name]["memory"]) for name in names))


def largest(held: Results, *names: str, most: int | None = None) -> tuple[int, Found] | None:
    """The largest size, of at most `most` releases, at which all of these were measured, and its results."""
    sizes = [size for size, found in held.items() if has(found, *names) and (most is None or size <= most)]
    return (max(sizes), held[max(sizes)]) if sizes else None
