"""Benchmark of loading and building a synthetic world, with peers on the same file in the same run."""

import compileall
import json
import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import contenders
from bench.contenders import CONTENDERS, LARGE_WORLD_RELEASES, BenchPaths, Contender
from bench.process_cost import (
    REPOSITORY_ROOT,
    ProcessCost,
    make_threepoint_command,
    measure_command,
    read_own_peak_memory,
)

OUTPUT_FOLDER = REPOSITORY_ROOT / "bench" / "out"  # git-ignored: the worlds and the stores
RESULTS_FOLDER = REPOSITORY_ROOT / "bench" / "results"
WORLD_SEED = 7
REPORTED_PACKAGES = ("duckdb", "flattentool", "msgspec", "ocdscardinal", "ocdskit", "ocdsmerge", "orjson", "pyarrow")
WARM_UP_RELEASES = 2_000
SMALL_WORLD_RELEASES = 10_000  # up to this size, slow peers take part in every run
JSON_OUTPUT_CONTENDERS = ("lines", "merge", "both", "filled", "cardinal", "ocdsmerge")  # they print a line of JSON

Costs = dict[str, list[ProcessCost]]


def measure_contenders(
    releases: int,
    runs: int | None = None,
    peer_runs: int | None = None,
    out: Path = OUTPUT_FOLDER,
    *,
    everything: bool = False,
) -> dict[str, Any]:
    """Measure all contenders on a world of `releases` releases, and return the cost of each run.

    There are three runs by default, or one above LARGE_WORLD_RELEASES. Slow peers take part in the first `peer_runs` runs:
    by default in all up to SMALL_WORLD_RELEASES, otherwise in one. `everything` ignores the size limits of contenders.
    """
    compileall.compile_dir(REPOSITORY_ROOT / "threepoint", quiet=2)
    warm_up_contenders(out)
    paths = BenchPaths(out, releases)
    results = {"releases": releases, "bytes": ensure_world(paths), "seed": WORLD_SEED, "measured": get_today()}
    results |= {"commit": read_commit(), "machine": describe_machine(), "least_memory": read_own_peak_memory()}
    results |= {"left_out": {} if everything else contenders.list_exclusions(releases)}
    included = [contender for contender in CONTENDERS if contender.name not in results["left_out"]]
    costs: Costs = {}
    is_large = releases > LARGE_WORLD_RELEASES
    runs = runs or (1 if is_large else 3)
    peer_runs = peer_runs if peer_runs is not None else (runs if releases <= SMALL_WORLD_RELEASES else 1)
    for number in range(runs):
        print(f"run {number + 1}", flush=True)
        entrants = [contender for contender in included if number < peer_runs or not contender.peer]
        run_round(paths, entrants, costs, may_fail=is_large)
    remove_outputs(paths)
    check_counts_agree(costs)
    return results | {"costs": serialise_costs(costs)}


def warm_up_contenders(out: Path) -> None:
    """Run all contenders once on a small world, so that all bytecode is compiled and all libraries are in the disk cache."""
    print("warming up", flush=True)
    paths = BenchPaths(out, WARM_UP_RELEASES)
    ensure_world(paths)
    run_round(paths, list(CONTENDERS), {}, may_fail=False)
    remove_outputs(paths)


def ensure_world(paths: BenchPaths) -> int:
    """Create the synthetic world unless it exists, and return the size of its releases in bytes."""
    if not paths.lines.exists():
        print(f"making {paths.releases:,} synthetic releases", flush=True)
        measure_command(
            make_threepoint_command(
                "sample", paths.lines.parent, "--releases", str(paths.releases), "--seed", str(WORLD_SEED), "--json"
            )
        )
    return paths.lines.stat().st_size


def run_round(paths: BenchPaths, entrants: list[Contender], costs: Costs, *, may_fail: bool) -> None:
    """Run the entrants in turn, so that a slow period of the machine affects all, and add their costs to `costs`.

    A command may fail on a large world if it needs more memory; that is a result. Commands that need its output do not run.
    """
    remove_outputs(paths)
    succeeded: dict[str, bool] = {}
    for entrant in entrants:
        if entrant.after and not succeeded[entrant.after]:
            succeeded[entrant.name] = False
            continue
        run_costs = [run_contender(entrant, paths, may_fail=may_fail) for _ in range(entrant.times)]
        succeeded[entrant.name] = all(cost.ended for cost in run_costs)
        costs.setdefault(entrant.name, []).extend(run_costs)


def run_contender(contender: Contender, paths: BenchPaths, *, may_fail: bool) -> ProcessCost:
    """Run a contender once and return its cost. Delete its inputs and outputs unless others need them."""
    for command in contender.before(paths) if contender.before else []:
        measure_command(command)
    reads, writes = contender.reads and contender.reads(paths), contender.writes and contender.writes(paths)
    cost = print_cost(
        contender.name,
        measure_command(contender.command(paths), may_fail=may_fail, well=contender.well, reads=reads, writes=writes),
    )
    if contender.count and cost.ended:
        cost = ProcessCost(cost.cpu, cost.memory, measure_command(contender.count(paths)).output)
    if 1 in contender.well and not cost.output.startswith("{"):  # Python exits with 1 after a traceback
        raise SystemExit(f"{contender.label} printed no result")
    for path in paths.left_behind:
        if path not in (paths.store(), paths.compiled):
            remove_path(path)
    return cost


def remove_outputs(paths: BenchPaths) -> None:
    """Remove all outputs of commands, and keep the world."""
    for path in paths.left_behind:
        remove_path(path)


def remove_path(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def print_cost(name: str, cost: ProcessCost) -> ProcessCost:
    outcome = "" if cost.ended else ", failed"
    print(f"  {name}: {cost.cpu:.2f} CPU seconds, {cost.memory / 1e6:,.0f} MB{outcome}", flush=True)
    return cost


def read_work_counts(name: str, cost: ProcessCost) -> dict[str, Any]:
    """Return the counts that a command printed: releases, processes, notices or rows."""
    if not cost.ended or not cost.output.startswith("{"):
        return {}
    if name in ("load", "load_package"):
        return {"releases": json.loads(cost.output)["rows"]["release"]}
    prints_counts = name in JSON_OUTPUT_CONTENDERS or any(each.count for each in CONTENDERS if each.name == name)
    return dict(json.loads(cost.output)) if prints_counts else {}


def check_counts_agree(costs: Costs) -> None:
    """Stop unless all contenders read as many releases, and all that merge return as many processes."""
    for unit in ("releases", "processes"):
        counts = {
            name: work[unit]
            for name, run_costs in costs.items()
            for cost in run_costs
            if unit in (work := read_work_counts(name, cost))
        }
        if len(set(counts.values())) > 1:
            raise SystemExit(f"the commands disagree on how many {unit} there are: {counts}")


def serialise_costs(costs: Costs) -> dict[str, Any]:
    """Return the costs as JSON objects, with the counts that each command printed."""
    cost_by_name: dict[str, Any] = {}
    for name, run_costs in costs.items():
        cost_by_name[name] = {"cpu": [cost.cpu for cost in run_costs], "memory": [cost.memory for cost in run_costs]}
        if not all(cost.ended for cost in run_costs):
            cost_by_name[name]["failed"] = True
        if any(counts := [read_work_counts(name, cost) for cost in run_costs]):
            cost_by_name[name]["output"] = counts
    return cost_by_name


def get_today() -> str:
    return datetime.now(UTC).date().isoformat()


def read_commit() -> str:
    """Return the measured commit, marked "dirty" if the code has changed since; empty outside a clone."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, cwd=REPOSITORY_ROOT, capture_output=True, text=True, check=False).stdout.strip()


def read_processor_model() -> str:
    """Return the processor's model name on Linux, or its architecture elsewhere."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def describe_machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "cpu": read_processor_model(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in REPORTED_PACKAGES},
    }
