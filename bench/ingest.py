"""Loading and building a synthetic world, beside orjson and ocdsmerge on the same file, in one run."""

import compileall
import json
import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.child import ROOT, Cost, job, run, threepoint

OUT = ROOT / "bench" / "out"  # git-ignored: the worlds and the stores
RESULTS = ROOT / "bench" / "results"
SEED = 7
PACKAGES = ("duckdb", "msgspec", "ocdsmerge", "orjson", "pyarrow")
WARM_UP = 2_000  # releases
MANY = 300_000  # releases; above, ocdsmerge would not fit in memory and nothing is measured twice


def measure(releases: int, runs: int, ocdsmerge_runs: int, out: Path = OUT) -> dict[str, Any]:
    """Every job on a world of so many releases: what it cost in each run, and where the time went."""
    compileall.compile_dir(ROOT / "threepoint", quiet=2)
    world(WARM_UP, out)
    one_round(WARM_UP, out, many=False)
    size = world(releases, out)
    many = releases > MANY
    file, store = out / str(releases) / "releases.jsonl", out / "store"
    costs: dict[str, list[Cost]] = {}
    for number in range(1 if many else runs):
        print(f"run {number + 1}", flush=True)
        for name, cost in one_round(releases, out, many=many).items():
            costs.setdefault(name, []).append(cost)
    for _ in range(0 if many else ocdsmerge_runs):
        costs.setdefault("ocdsmerge", []).append(shown("ocdsmerge", run(job("ocdsmerge", file, store))))
    found = {"releases": releases, "bytes": size, "seed": SEED, "machine": machine(), "costs": told(costs)}
    found |= {} if many else parts(file, store)
    shutil.rmtree(store)
    return found


def world(releases: int, out: Path) -> int:
    """A synthetic world, made once and kept; the size of its releases in bytes."""
    file = out / str(releases) / "releases.jsonl"
    if not file.exists():
        print(f"making {releases:,} synthetic releases", flush=True)
        run(threepoint("sample", file.parent, "--releases", str(releases), "--seed", str(SEED), "--json"))
    return file.stat().st_size


def one_round(releases: int, out: Path, *, many: bool) -> dict[str, Cost]:
    """Each job once, in turn, so that a slow minute of the machine falls on all of them.

    With very many, a build may fail for want of memory, which is a result.
    """
    file, store, both = out / str(releases) / "releases.jsonl", out / "store", out / "store-both"
    for folder in (store, both):
        shutil.rmtree(folder, ignore_errors=True)
    commands = {
        "lines": job("lines", file, store),
        "orjson": job("orjson", file, store),
        "load": threepoint("load", file, "--store", store, "--json"),
        "build": threepoint("build", "--store", store, "--json"),
    }
    if not many:
        commands |= {"merge": job("merge", file, store), "both": job("both", file, both)}
    costs = {name: shown(name, run(command, may_fail=many)) for name, command in commands.items()}
    shutil.rmtree(both, ignore_errors=True)
    return costs


def shown(name: str, cost: Cost) -> Cost:
    """Says what a job cost as soon as it has ended."""
    end = "" if cost.ended else ", did not end well"
    print(f"  {name}: {cost.cpu:.2f} CPU seconds, {cost.memory / 1e6:,.0f} MB{end}", flush=True)
    return cost


def parts(file: Path, store: Path) -> dict[str, Any]:
    """Where the time of a load and of a build goes, from one more run of each with clocks in it."""
    steps = json.loads(run(job("build_steps", file, store)).said)
    shutil.rmtree(store)
    return dict(json.loads(run(job("load_parts", file, store)).said) | steps)


def told(costs: dict[str, list[Cost]]) -> dict[str, Any]:
    """Costs as JSON holds them, with what a job said of itself."""
    found: dict[str, Any] = {}
    for name, ran in costs.items():
        found[name] = {"cpu": [one.cpu for one in ran], "memory": [one.memory for one in ran]}
        if not all(one.ended for one in ran):
            found[name]["failed"] = True
    for name in ("merge", "ocdsmerge"):
        if name in costs:
            found[name]["said"] = [json.loads(one.said) for one in costs[name]]
    return found


def processor() -> str:
    """The processor's model as Linux names it, or the kind of processor elsewhere."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def machine() -> dict[str, Any]:
    """What it ran on, in general terms."""
    return {
        "cores": os.cpu_count(),
        "cpu": processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }
