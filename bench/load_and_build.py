"""Loading and building a synthetic world, beside its peers on the same file, in one run."""

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
WARM_UP_RELEASES = 2_000  # releases
SMALL_WORLD_RELEASES = 10_000  # releases; up to so many, even slow peers run as often as ours
JSON_OUTPUT_CONTENDERS = ("lines", "merge", "both", "filled", "cardinal", "ocdsmerge")  # whose answer is a line of JSON

Costs = dict[str, list[ProcessCost]]


def measure_contenders(
    releases: int,
    runs: int | None = None,
    peer_runs: int | None = None,
    out: Path = OUTPUT_FOLDER,
    *,
    everything: bool = False,
) -> dict[str, Any]:
    """Measure everyone on a world of so many releases: what it cost in each run.

    Ours run three times, or once with more than MANY releases. Slow peers take part in the first `peer_runs` of the runs:
    in all with up to FEW releases, else in one. With `everything` nobody is left out for their size.
    """
    compileall.compile_dir(REPOSITORY_ROOT / "threepoint", quiet=2)
    warm_up_contenders(out)
    at = BenchPaths(out, releases)
    found = {"releases": releases, "bytes": ensure_world(at), "seed": WORLD_SEED, "measured": get_today()}
    found |= {"commit": read_commit(), "machine": describe_machine(), "least_memory": read_own_peak_memory()}
    found |= {"left_out": {} if everything else contenders.list_exclusions(releases)}
    taking_part = [one for one in CONTENDERS if one.name not in found["left_out"]]
    costs: Costs = {}
    many = releases > LARGE_WORLD_RELEASES
    runs = runs or (1 if many else 3)
    peer_runs = peer_runs if peer_runs is not None else (runs if releases <= SMALL_WORLD_RELEASES else 1)
    for number in range(runs):
        print(f"run {number + 1}", flush=True)
        turns = [one for one in taking_part if number < peer_runs or not one.peer]
        run_round(at, turns, costs, may_fail=many)
    remove_outputs(at)
    check_counts_agree(costs)
    return found | {"costs": serialise_costs(costs)}


def warm_up_contenders(out: Path) -> None:
    """Everyone once on a small world, so that all bytecode is compiled and all libraries have been read."""
    print("warming up", flush=True)
    at = BenchPaths(out, WARM_UP_RELEASES)
    ensure_world(at)
    run_round(at, list(CONTENDERS), {}, may_fail=False)
    remove_outputs(at)


def ensure_world(at: BenchPaths) -> int:
    """A synthetic world, made once and kept; the size of its releases in bytes."""
    if not at.lines.exists():
        print(f"making {at.releases:,} synthetic releases", flush=True)
        measure_command(
            make_threepoint_command(
                "sample", at.lines.parent, "--releases", str(at.releases), "--seed", str(WORLD_SEED), "--json"
            )
        )
    return at.lines.stat().st_size


def run_round(at: BenchPaths, entrants: list[Contender], costs: Costs, *, may_fail: bool) -> None:
    """Run each of them in turn, so that a slow minute of the machine falls on all; add to `costs`.

    With very many releases a command may fail for want of memory, which is a result. Who needs its output is not run.
    """
    remove_outputs(at)
    ended: dict[str, bool] = {}
    for one in entrants:
        if one.after and not ended[one.after]:
            ended[one.name] = False
            continue
        ran = [run_contender(one, at, may_fail=may_fail) for _ in range(one.times)]
        ended[one.name] = all(cost.ended for cost in ran)
        costs.setdefault(one.name, []).extend(ran)


def run_contender(one: Contender, at: BenchPaths, *, may_fail: bool) -> ProcessCost:
    """What one of them cost, once; what it read and wrote goes, but for what others need."""
    for command in one.before(at) if one.before else []:
        measure_command(command)
    reads, writes = one.reads and one.reads(at), one.writes and one.writes(at)
    cost = print_cost(
        one.name, measure_command(one.command(at), may_fail=may_fail, well=one.well, reads=reads, writes=writes)
    )
    if one.count and cost.ended:
        cost = ProcessCost(cost.cpu, cost.memory, measure_command(one.count(at)).said)
    if 1 in one.well and not cost.said.startswith("{"):  # Python's own tracebacks end with 1 as well
        raise SystemExit(f"{one.label} gave no answer")
    for path in at.left_behind:
        if path not in (at.store(), at.compiled):
            remove_path(path)
    return cost


def remove_outputs(at: BenchPaths) -> None:
    """Removes all that the commands left, and keeps the world."""
    for path in at.left_behind:
        remove_path(path)


def remove_path(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def print_cost(name: str, cost: ProcessCost) -> ProcessCost:
    """Says what a command cost as soon as it has ended."""
    end = "" if cost.ended else ", did not end well"
    print(f"  {name}: {cost.cpu:.2f} CPU seconds, {cost.memory / 1e6:,.0f} MB{end}", flush=True)
    return cost


def read_work_counts(name: str, cost: ProcessCost) -> dict[str, Any]:
    """What a command said of its work: how many releases, processes, notices or rows."""
    if not cost.ended or not cost.said.startswith("{"):
        return {}
    if name in ("load", "load_package"):
        return {"releases": json.loads(cost.said)["rows"]["release"]}
    counted = name in JSON_OUTPUT_CONTENDERS or any(one.count for one in CONTENDERS if one.name == name)
    return dict(json.loads(cost.said)) if counted else {}


def check_counts_agree(costs: Costs) -> None:
    """Stops unless all read the same number of releases and those that merge found the same number of processes."""
    for word in ("releases", "processes"):
        counts = {
            name: answer[word]
            for name, ran in costs.items()
            for cost in ran
            if word in (answer := read_work_counts(name, cost))
        }
        if len(set(counts.values())) > 1:
            raise SystemExit(f"they do not agree how many {word} there are: {counts}")


def serialise_costs(costs: Costs) -> dict[str, Any]:
    """Costs as JSON holds them, with what a command said of its work."""
    found: dict[str, Any] = {}
    for name, ran in costs.items():
        found[name] = {"cpu": [one.cpu for one in ran], "memory": [one.memory for one in ran]}
        if not all(one.ended for one in ran):
            found[name]["failed"] = True
        if any(answers := [read_work_counts(name, one) for one in ran]):
            found[name]["said"] = answers
    return found


def get_today() -> str:
    return datetime.now(UTC).date().isoformat()


def read_commit() -> str:
    """Return the commit that was measured, marked where the code had been changed since; empty outside of a clone."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, cwd=REPOSITORY_ROOT, capture_output=True, text=True, check=False).stdout.strip()


def read_processor_model() -> str:
    """The processor's model as Linux names it, or the kind of processor elsewhere."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def describe_machine() -> dict[str, Any]:
    """What it ran on, in general terms."""
    return {
        "cores": os.cpu_count(),
        "cpu": read_processor_model(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in REPORTED_PACKAGES},
    }
