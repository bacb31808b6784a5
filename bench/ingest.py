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
    costs: dict[str, list[Cost]] = {}
    for number in range(1 if many else runs):
        for name, cost in one_round(releases, out, many=many).items():
            costs.setdefault(name, []).append(cost)
            print(f"  run {number + 1}: {name}: {cost.cpu:.2f} CPU seconds, {cost.memory / 1e6:,.0f} MB", flush=True)
    file, store = out / str(releases) / "releases.jsonl", out / "store"
    for _ in range(0 if many else ocdsmerge_runs):
        costs.setdefault("ocdsmerge", []).append(run(job("ocdsmerge", file, store)))
        print(f"  ocdsmerge: {costs['ocdsmerge'][-1].cpu:.2f} CPU seconds", flush=True)
    found = {"releases": releases, "bytes": size, "seed": SEED, "machine": machine(), "costs": told(costs)}
    return found | parts(file, store)


def world(releases: int, out: Path) -> int:
    """A synthetic world, made once and kept; the size of its releases in bytes."""
    file = out / str(releases) / "releases.jsonl"
    if not file.exists():
        print(f"making {releases:,} synthetic releases", flush=True)
        run(threepoint("sample", file.parent, "--releases", str(releases), "--seed", str(SEED), "--json"))
    return file.stat().st_size


def one_round(releases: int, out: Path, *, many: bool) -> dict[str, Cost]:
    """Each job once, in turn, so that a slow minute of the machine falls on all of them."""
    file, store = out / str(releases) / "releases.jsonl", out / "store"
    shutil.rmtree(store, ignore_errors=True)
    costs = {
        "lines": run(job("lines", file, store)),
        "orjson": run(job("orjson", file, store)),
        "load": run(threepoint("load", file, "--store", store, "--json")),
        "build": run(threepoint("build", "--store", store, "--json")),
        "merge": run(job("merge", file, store)),
    }
    if not many:
        both = out / "store-both"
        shutil.rmtree(both, ignore_errors=True)
        costs["both"] = run(job("both", file, both))
        shutil.rmtree(both)
    return costs


def parts(file: Path, store: Path) -> dict[str, Any]:
    """Where the time of a load and of a build goes, from one more run of each with clocks in it."""
    steps = json.loads(run(job("build_steps", file, store)).said)
    shutil.rmtree(store)
    found = json.loads(run(job("load_parts", file, store)).said) | steps
    shutil.rmtree(store)
    return found


def told(costs: dict[str, list[Cost]]) -> dict[str, Any]:
    """Costs as JSON holds them, with what a job said of itself."""
    found: dict[str, Any] = {}
    for name, ran in costs.items():
        found[name] = {"cpu": [one.cpu for one in ran], "memory": [one.memory for one in ran]}
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
