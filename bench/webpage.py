"""What the page of measurements says of the site."""

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results" / "web"
SEARCH, OTHER, TIMES, START = (
    50,
    100,
    5,
    3,
)  # targets: milliseconds of p95, times Datasette's requests a second, seconds
AIMED = 1_000_000  # contracts that the targets are for


def results(folder: Path = RESULTS) -> list[dict[str, Any]]:
    """The results kept, smallest world first."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    return sorted(found, key=lambda one: int(one["releases"]))


def section(held: list[dict[str, Any]]) -> str:
    """A table for each size, and how that stands to the targets."""
    return (
        "\n\n".join(text for found in held for text in (_said(found), _table(found), _targets(found)))
        or "Not measured yet."
    )


def _said(found: dict[str, Any]) -> str:
    note = f", {found['note']}" if "note" in found else ""
    mb = {who: held / 1e6 for who, held in found["memory"].items()}
    start = found["start_up"]
    return (
        f"{found['contracts']:,} contracts ({found['releases']:,} releases), measured on {found['measured']}{note}. Two processes"
        f" each. Until the first answer: {start['ours']:.1f} s, Datasette {start['datasette']:.1f} s; memory of the servers"
        f" afterwards: {mb['ours']:,.0f} MB, Datasette {mb['datasette']:,.0f} MB."
    )


def _table(found: dict[str, Any]) -> str:
    heads = ["page", "CPU a request", "requests a second", "median", "p95", "bytes"]
    rows = []
    for name, page in found["pages"].items():
        rows.append([name, *_cells(page["ours"])])
        if "datasette" in page:
            rows.append([f"Datasette's {page['peer']}", *_cells(page["datasette"])])
    aligned = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, aligned, *rows])


def _cells(cost: dict[str, Any]) -> list[str]:
    times = [f"{cost[name]:,.1f} ms" for name in ("cpu_ms", "median_ms", "p95_ms")]
    return [times[0], f"{cost['a_second']:,.0f}", times[1], times[2], f"{cost['bytes']:,.0f}"]


def _targets(found: dict[str, Any]) -> str:
    """Each target, met or missed at this size; what was not measured is said."""
    pages, lines = found["pages"], []
    slow = [
        name
        for name, page in pages.items()
        if page["ours"]["p95_ms"] > (SEARCH if name.startswith("search") else OTHER)
    ]
    lines.append(
        f"p95 at 20 requests a second: search {SEARCH} ms, others {OTHER} ms: {_met(not slow, ', '.join(slow))}."
    )
    for name, page in pages.items():
        if "datasette" in page:
            times = page["ours"]["a_second"] / page["datasette"]["a_second"]
            lines.append(
                f"{name}: at least {TIMES} times the requests of Datasette's {page['peer']}: {times:.1f} times, {_met(times >= TIMES)}."
            )
    lines.append(f"start-up under {START} s: {_met(found['start_up']['ours'] < START)}.")
    if found["contracts"] < AIMED:
        lines.append(f"The targets are for {AIMED:,} contracts, which was not measured yet.")
    return "\n".join(f"- {line[0].upper()}{line[1:]}" for line in lines)


def _met(well: bool, which: str = "") -> str:  # one word of a sentence
    return "met" if well else f"**missed**{f' ({which})' if which else ''}"
