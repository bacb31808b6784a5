"""The tables of bench/README.md, written from the results in bench/results, so that no figure is typed by hand."""

import json
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE, RESULTS = ROOT / "bench" / "README.md", ROOT / "bench" / "results"
SMALL, LARGE = 100_000, 1_000_000
MOST_MEMORY = 1_000_000_000  # bytes
MOST_TIMES, STRETCH, LEAST_SHARE = 6, 4, 10
TOP = 12

LABELS = {
    "lines": "reading the lines, nothing else",
    "orjson": "orjson parsing them, nothing else",
    "load": "`threepoint load`",
    "build": "`threepoint build`",
    "both": "load and build in one process",
    "merge": "our merge alone, from a loaded store",
    "ocdsmerge": "ocdsmerge compiling them",
}

Results = dict[int, dict[str, Any]]


def results(folder: Path = RESULTS) -> Results:
    """The results kept, by number of releases."""
    return {int(path.stem): json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}


def cpu(found: dict[str, Any], name: str) -> float:
    return float(median(found["costs"][name]["cpu"]))


def memory(found: dict[str, Any], name: str) -> int:
    return int(max(found["costs"][name]["memory"]))


def targets(held: Results) -> list[tuple[str, str, str, str]]:
    """(what, target, measured, met or missed) of each target that the results can judge."""
    rows = []
    if small := held.get(SMALL):
        times = cpu(small, "both") / cpu(small, "orjson")
        rows.append((
            "load and build 100,000 releases", f"at most {MOST_TIMES} times orjson's CPU; better, {STRETCH} times",
            f"{times:.1f} times", verdict(times <= MOST_TIMES) + (", and the better one too" if times <= STRETCH else ""),
        ))  # fmt: skip
        if "ocdsmerge" in small["costs"]:
            whole = cpu(small, "merge") / cpu(small, "ocdsmerge")
            alone = cpu(small, "merge") / median(one["merging"] for one in small["costs"]["ocdsmerge"]["said"])
            aim = f"at most 1/{LEAST_SHARE} of ocdsmerge's CPU"
            for what, share in (
                ("process against process", whole),
                ("against ocdsmerge's merging without its reading and parsing", alone),
            ):
                rows.append((f"current state, {what}", aim, f"1/{1 / share:.1f}", verdict(share * LEAST_SHARE <= 1)))
    if large := held.get(LARGE):
        for name in ("load", "build"):
            held_at_once = memory(large, name)
            what, aim = f"{name} a million releases as JSON lines", "at most 1 GB of memory (1,000 MB)"
            failed = large["costs"][name].get("failed", False)
            measured = f"did not finish; {mb(held_at_once)} by then" if failed else mb(held_at_once)
            rows.append((what, aim, measured, verdict(held_at_once <= MOST_MEMORY and not failed)))
    return rows


def verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def table(heads: list[str], rows: list[list[str]]) -> str:
    aligned = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, aligned, *rows])


def target_table(held: Results) -> str:
    rows = [f"| {' | '.join(row)} |" for row in targets(held)]
    return "\n".join(["| what | target | measured | |", "| --- | --- | --- | --- |", *rows])


def cost_table(found: dict[str, Any]) -> str:
    """What each job cost, beside orjson in the same run."""
    rows = []
    for name, label in LABELS.items():
        if name in found["costs"]:
            runs = len(found["costs"][name]["cpu"])
            times = cpu(found, name) / cpu(found, "orjson")
            end = ", **which did not finish**" if found["costs"][name].get("failed") else ""
            rows.append([label + end, str(runs), f"{cpu(found, name):.2f}", f"{times:.2f}", mb(memory(found, name))])
    made = table(["what", "runs", "CPU seconds (median)", "times orjson", "most memory"], rows)
    return f"{found['releases']:,} releases, {found['bytes'] / 1e6:,.0f} MB of JSON lines.\n\n{made}"


def part_table(found: dict[str, Any]) -> str:
    total = sum(spent for _, spent in found["parts"])
    rows = [[label, f"{spent:.2f}", f"{spent / total:.0%}"] for label, spent in found["parts"]]
    return table(["part of the load", "CPU seconds", "share"], [*rows, ["together", f"{total:.2f}", "100%"]])


def step_table(found: dict[str, Any]) -> str:
    total = sum(spent for _, spent in found["steps"])
    top, rest = found["steps"][:TOP], found["steps"][TOP:]
    rows = [[label if " " in label else f"`{label}`", f"{spent:.2f}", f"{spent / total:.0%}"] for label, spent in top]
    less = sum(spent for _, spent in rest)
    rows.append([f"{len(rest)} steps more", f"{less:.2f}", f"{less / total:.0%}"])
    return table(["step of the build", "CPU seconds", "share"], [*rows, ["together", f"{total:.2f}", "100%"]])


def machine(found: dict[str, Any]) -> str:
    on = found["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in on["packages"].items())
    return f"{on['cpu']}, {on['cores']} cores, {on['system']}; Python {on['python']}; {packages}."


def sections(held: Results) -> dict[str, str]:
    """What belongs between each pair of markers."""
    none = "Not measured yet."
    small, large = held.get(SMALL), held.get(LARGE)
    return {
        "targets": target_table(held),
        "small": cost_table(small) if small else none,
        "large": cost_table(large) if large else none,
        "parts": part_table(small) if small else none,
        "steps": step_table(small) if small else none,
        "machine": machine(small) if small else none,
    }


def filled(text: str, held: Results) -> str:
    """The page with its tables put between their markers."""
    for name, made in sections(held).items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if (text.count(begin), text.count(end)) != (1, 1):
            raise SystemExit(f"{PAGE} must have the markers {begin} and {end} once")
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{made}\n{end}{rest.partition(end)[2]}"
    return text


def write() -> None:
    """Writes the tables into the page."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), results()), encoding="utf-8")
