"""What we aim for, and whether the results kept meet it. Sources: the issues that set the targets, and data-core's tables."""

from collections.abc import Iterator
from statistics import median

from bench.kept import Found, Results, cpu, has, largest, memory

SMALL, LARGE = 100_000, 1_000_000  # releases
LINES_MEMORY, PACKAGE_MEMORY = 1_000_000_000, 1_500_000_000  # bytes
MOST_TIMES, STRETCH, LEAST_SHARE = 6, 4, 10
MOST_GROWTH = 0.10  # of the CPU of all at once
MOST_HELP = 0.3  # CPU seconds
NOT_YET = "not measured yet"

Row = tuple[str, str, str, str]  # what, target, measured, met or missed


def rows(held: Results) -> list[Row]:
    """Every target with the largest size that can judge it; one that nothing can judge yet says so."""
    return [*_times_orjson(held), *_ocdsmerge(held), *_ocdskit(held), *_memory(held), *_growth(held), *_help(held)]


def verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def sized(size: int, stated: int) -> str:
    """What to say where a target was judged at another size than it is stated for."""
    return "" if size == stated else f" (at {size:,} releases; {NOT_YET} at {stated:,})"


def part_of(share: float) -> str:
    """A share as 1/x, or as so many times as much."""
    return f"1/{1 / share:.1f}" if share < 1 else f"{share:.1f} times as much"


def _times_orjson(held: Results) -> Iterator[Row]:
    what, aim = (
        f"load and build {SMALL:,} releases",
        f"at most {MOST_TIMES} times orjson's CPU; better, {STRETCH} times",
    )
    if not (judge := largest(held, "both", "orjson", most=SMALL)):
        yield what, aim, NOT_YET, ""
        return
    size, found = judge
    times = cpu(found, "both") / cpu(found, "orjson")
    better = ", and the better one too" if times <= STRETCH else ""
    yield what, aim, f"{times:.1f} times{sized(size, SMALL)}", verdict(times <= MOST_TIMES) + better


def _ocdsmerge(held: Results) -> Iterator[Row]:
    aim = f"at most 1/{LEAST_SHARE} of ocdsmerge's CPU"
    whole, alone = "process against process", "against ocdsmerge's merging without its reading and parsing"
    if not (judge := largest(held, "merge", "ocdsmerge", most=SMALL)):
        yield from ((f"current state, {what}", aim, NOT_YET, "") for what in (whole, alone))
        return
    size, found = judge
    merging = median(one["merging"] for one in found["costs"]["ocdsmerge"]["said"])
    for what, theirs in ((whole, cpu(found, "ocdsmerge")), (alone, merging)):
        share = cpu(found, "merge") / theirs
        yield f"current state, {what}", aim, part_of(share) + sized(size, SMALL), verdict(share * LEAST_SHARE <= 1)


def _ocdskit(held: Results) -> Iterator[Row]:
    aim = f"at most 1/{LEAST_SHARE} of their CPU"
    for after, words in (
        ("flatten_compiled", "what it compiled"),
        ("flatten_releases", "every release"),
    ):
        what = f"load and build, against `ocdskit compile` and flatten-tool on {words}"
        if not (judge := largest(held, "load", "build", "ocdskit", after)):
            yield what, aim, NOT_YET, ""
            continue
        size, found = judge
        share = cpu(found, "load", "build") / cpu(found, "ocdskit", after)
        yield what, aim, f"{part_of(share)} (at {size:,} releases)", verdict(share * LEAST_SHARE <= 1)


def _memory(held: Results) -> Iterator[Row]:
    large = held.get(LARGE, {"costs": {}})
    for name, what, most in (
        ("load", "load a million releases as JSON lines", LINES_MEMORY),
        ("build", "build a million releases", LINES_MEMORY),
        ("load_package", "load a million releases as one package", PACKAGE_MEMORY),
    ):
        aim = f"at most {most / 1e9:g} GB of memory ({most / 1e6:,.0f} MB)"
        if name not in large["costs"]:
            yield what, aim, NOT_YET, ""
            continue
        held_at_once, ended = memory(large, name), has(large, name)
        measured = mb(held_at_once) if ended else f"did not finish; {mb(held_at_once)} by then"
        yield what, aim, measured, verdict(held_at_once <= most and ended)


def grown(found: Found) -> tuple[float, float] | None:
    """CPU seconds of adding a hundredth and building again, and of loading and building all at once; None if not measured."""
    told = found.get("growth", {"failed": True})
    if told.get("failed"):
        return None
    spent = {name: cost["cpu"] for name, cost in told["costs"].items()}
    return spent["load"] + spent["build"], spent["whole_load"] + spent["whole_build"]


def _growth(held: Results) -> Iterator[Row]:
    what = f"add 1% to {LARGE:,} releases and build again"
    aim = f"at most {MOST_GROWTH:.0%} of the CPU of all at once, with equal rows"
    judges = [(size, found, spent) for size, found in held.items() if (spent := grown(found))]
    if not judges:
        yield what, aim, NOT_YET, ""
        return
    size, found, (again, at_once) = max(judges, key=lambda judge: judge[0])
    differ = found["growth"]["compared"]["differ"]
    equal = "rows equal" if not differ else f"rows differ in {', '.join(differ)}"
    met = again / at_once <= MOST_GROWTH and not differ
    yield what, aim, f"{again / at_once:.0%}, {equal}{sized(size, LARGE)}", verdict(met)


def _help(held: Results) -> Iterator[Row]:
    what, aim = "`threepoint --help`", f"at most {MOST_HELP} CPU seconds"
    if not (judge := largest(held, "help")):
        yield what, aim, NOT_YET, ""
        return
    spent = cpu(judge[1], "help")
    runs = len(judge[1]["costs"]["help"]["cpu"])
    yield what, aim, f"{spent:.2f} CPU seconds (median of {runs} runs)", verdict(spent <= MOST_HELP)
