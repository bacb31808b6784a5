"""bench/README.md and its charts, written from the results in bench/results, so that no figure is typed by hand."""

from pathlib import Path
from typing import Any

from bench import targets, webpage
from bench.chart import Chart, Series, drawn
from bench.contest import ENTRANTS, LABELS, MEMORY, SUM, TIME
from bench.kept import Found, Results, cpu, has, memory, results
from bench.targets import LARGE, SMALL, mb

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "bench" / "README.md"
CHARTS = {"cpu": PAGE.with_name("cost-cpu.svg"), "memory": PAGE.with_name("cost-memory.svg")}
TINY = 10_000  # releases
TOP = 12

# The lines of the charts: what each is called, and the commands that it is made of, one after another.
CPU_LINES = {
    "Three Point: load and build": ("load", "build"),
    "Three Point: merge alone": ("merge",),
    "orjson: parsing alone": ("orjson",),
    "Cardinal: coverage": ("cardinal",),
    "ocdsmerge: compiling": ("ocdsmerge",),
    "ocdskit: compile": ("ocdskit",),
    "ocdskit, then flatten-tool": ("ocdskit", "flatten_compiled"),
}
MEMORY_LINES = {
    "Three Point: load": ("load",),
    "Three Point: build": ("build",),
    "Three Point: one package": ("load_package",),
    "Cardinal: coverage": ("cardinal",),
    "ocdsmerge: compiling": ("ocdsmerge",),
    "ocdskit: compile": ("ocdskit",),
    "flatten-tool, of compiled": ("flatten_compiled",),
}


def table(heads: list[str], rows: list[list[str]], words: int = 1) -> str:
    """A table; all columns but the first `words` are figures."""
    aligned = ["---"] * words + ["---:"] * (len(heads) - words)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, aligned, *rows])


def target_table(held: Results) -> str:
    """Every target, and which results are older than what they measure."""
    made = table(["what", "target", "measured", ""], [list(row) for row in targets.rows(held)], words=4)
    return "\n\n".join(
        [made, *(f"{size:,} releases: {when(found)}." for size, found in held.items() if "note" in found)]
    )


def when(found: Found) -> str:
    """When it was measured, with what is to be known of that time."""
    return f"measured on {found['measured']}" + (f", {found['note']}" if "note" in found else "")


# ------------------------------------------------------------------------------------------------ one size


def size_section(size: int, held: Results) -> str:
    """The costs at one size, with who was left out and who is still to be measured."""
    if size not in held:
        return "Not measured yet."
    found = held[size]
    told = f"{size:,} releases, {found['bytes'] / 1e6:,.0f} MB of JSON lines, {when(found)}."
    return "\n\n".join([told, cost_table(found), *absent(size, held)])


def cost_table(found: Found) -> str:
    """What each command cost, beside orjson in the same run."""
    rows = []
    for name, label in LABELS.items():
        if name in found["costs"]:
            runs = len(found["costs"][name]["cpu"])
            times = cpu(found, name) / cpu(found, "orjson")
            end = "" if has(found, name) else ", **which did not finish**"
            rows.append([label + end, str(runs), f"{cpu(found, name):.2f}", f"{times:.2f}", most_memory(found, name)])
    return table(["what", "runs", "CPU seconds (median)", "times orjson", "most memory"], rows)


def most_memory(found: Found, name: str) -> str:
    """The most memory held; no less can be told than what the meter itself holds."""
    held, least = memory(found, name), found.get("least_memory", 0)
    return f"at most {mb(least)}" if held <= least else mb(held)


def absent(size: int, held: Results) -> list[str]:
    """Who has no figure at a size: left out, not run for want of what another gives, or not measured yet."""
    found = held[size]
    missing = [one for one in ENTRANTS if one.name not in found["costs"] and one.name not in found["left_out"]]
    barred = [one for one in missing if one.after in found["costs"] and not has(found, one.after)]
    later = "; ".join(one.label for one in missing if one not in barred)
    said = [
        *(f"- Left out: {LABELS[name]}. {reason(name, why, size, held)}" for name, why in found["left_out"].items()),
        *(f"- Not run: {one.label}. It needs what {LABELS[one.after]} would have given." for one in barred),
        *([f"- {targets.NOT_YET.capitalize()} at this size: {later}."] if later else []),
    ]
    return ["\n".join(said)] if said else []


def reason(name: str, why: str, size: int, held: Results) -> str:
    """Why somebody is left out, with what a smaller size lets expect."""
    if why == SUM:
        return "It is load and then build, which are measured one by one."
    smaller = [less for less, found in held.items() if less < size and has(found, name)]
    if why == MEMORY:
        told = "What it holds in memory grows with the releases"
        return f"{told}: {_expected(held, name, size, max(smaller), memory)}." if smaller else f"{told}."
    assert why == TIME
    return f"It takes {_expected(held, name, size, max(smaller), cpu)}." if smaller else "It takes hours."


def _expected(held: Results, name: str, size: int, less: int, of: Any) -> str:
    was = of(held[less], name)
    if of is memory:
        return f"{mb(was)} at {less:,} releases and so about {was * size / less / 1e9:.0f} GB here"
    return f"{was:,.0f} CPU seconds at {less:,} releases and so about {was * size / less / 60:.0f} minutes here"


# ------------------------------------------------------------------------------------------------ growth


def growth_table(held: Results) -> str:
    """What adding the newest hundredth costs, size by size."""
    rows = []
    for size, found in held.items():
        if spent := targets.grown(found):
            told = found["growth"]
            each = [f"{told['costs'][name]['cpu']:.2f}" for name in ("load", "build", "whole_load", "whole_build")]
            held_at_once = max(told["costs"][name]["memory"] for name in ("load", "build"))
            compared = told["compared"]
            equal = (
                f"all {compared['rows']:,} of {compared['tables']} tables"
                if not compared["differ"]
                else f"not in {', '.join(compared['differ'])}"
            )
            share = f"{spent[0] / spent[1]:.0%}"
            rows.append([f"{told['more']:,} to {told['base']:,}", *each, share, mb(held_at_once), equal])
        elif "growth" in found:
            rows.append([f"of {size:,}, **which did not finish**", "", "", "", "", "", "", ""])
    heads = [
        "releases added",
        "load",
        "build again",
        "load of all",
        "build of all",
        "share",
        "most memory",
        "rows equal",
    ]
    return table(heads, rows) if rows else "Not measured yet."


# ------------------------------------------------------------------------------------------------ cost against size


def charts(held: Results) -> dict[str, Chart]:
    """The charts by name."""
    return {
        "cpu": Chart(
            "CPU time against the number of releases",
            described("CPU seconds", held, CPU_LINES),
            [_series(held, name, commands, cpu) for name, commands in CPU_LINES.items()],
            lambda value: f"{value:,.2f} s" if value < 10 else f"{value:,.0f} s",
            lambda value: f"{value:g} s" if value < 1000 else f"{value:,.0f} s",
        ),
        "memory": Chart(
            "Most memory against the number of releases",
            described("Megabytes held at most", held, MEMORY_LINES),
            [_series(held, name, commands, memory) for name, commands in MEMORY_LINES.items()],
            lambda value: mb(int(value)),
            lambda value: mb(int(value)),
        ),
    }


def described(what: str, held: Results, lines: dict[str, tuple[str, ...]]) -> str:
    sizes = ", ".join(f"{size:,}" for size in held)
    return f"{what} at {sizes} releases, on logarithmic scales, a line each for: {'; '.join(lines)}. The table below has it all."


def _series(held: Results, name: str, commands: tuple[str, ...], of: Any) -> Series:
    return Series(name, {size: of(found, *commands) for size, found in held.items() if has(found, *commands)})


def chart_table(chart: Chart, sizes: list[int]) -> str:
    """The figures of a chart."""
    rows = [
        [one.name, *(chart.told(one.points[size]) if size in one.points else "–" for size in sizes)]
        for one in chart.series
    ]
    return table(["line", *(f"{size:,} releases" for size in sizes)], rows)


# ------------------------------------------------------------------------------------------------ where the time goes


def part_table(found: Found) -> str:
    total = sum(spent for _, spent in found["parts"])
    rows = [[label, f"{spent:.2f}", f"{spent / total:.0%}"] for label, spent in found["parts"]]
    return table(["part of the load", "CPU seconds", "share"], [*rows, ["together", f"{total:.2f}", "100%"]])


def step_table(found: Found) -> str:
    total = sum(spent for _, spent in found["steps"])
    top, rest = found["steps"][:TOP], found["steps"][TOP:]
    rows = [[label if " " in label else f"`{label}`", f"{spent:.2f}", f"{spent / total:.0%}"] for label, spent in top]
    less = sum(spent for _, spent in rest)
    rows.append([f"{len(rest)} steps more", f"{less:.2f}", f"{less / total:.0%}"])
    return table(["step of the build", "CPU seconds", "share"], [*rows, ["together", f"{total:.2f}", "100%"]])


def machines(held: Results) -> str:
    """What each size was measured on."""
    said = []
    for size, found in held.items():
        on = found["machine"]
        packages = ", ".join(f"{name} {number}" for name, number in on["packages"].items())
        where = f"{on['cpu']}, {on['cores']} cores, {on['system']}; Python {on['python']}; {packages}"
        said.append(f"- {size:,} releases, on {found['measured']}: {where}.")
    return "\n".join(said) or "Not measured yet."


# ------------------------------------------------------------------------------------------------ the page


def sections(held: Results) -> dict[str, str]:
    """What belongs between each pair of markers."""
    none = "Not measured yet."
    small, pictures, sizes = held.get(SMALL), charts(held), list(held)
    return {
        "targets": target_table(held),
        "cpu": chart_table(pictures["cpu"], sizes),
        "memory": chart_table(pictures["memory"], sizes),
        "tiny": size_section(TINY, held),
        "small": size_section(SMALL, held),
        "large": size_section(LARGE, held),
        "growth": growth_table(held),
        "parts": part_table(small) if small else none,
        "steps": step_table(small) if small else none,
        "machine": machines(held),
        "web": webpage.section(webpage.results()),
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
    """Writes the tables into the page, and the charts beside it."""
    held = results()
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), held), encoding="utf-8")
    for name, chart in charts(held).items():
        CHARTS[name].write_text(drawn(chart), encoding="utf-8")
