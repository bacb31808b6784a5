"""`python -m bench`: measures one size and writes the results as JSON into bench/results."""

import argparse
import json
from statistics import median
from typing import Any

from bench import load_and_build
from bench.contenders import LABEL_BY_CONTENDER


def main() -> None:
    """Measure what was asked for, write the results and print the figures that belong into the table of README.md."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--releases", type=int, default=100_000, help="size of the synthetic world (default 100,000)")
    asked.add_argument("--runs", type=int, help="runs of ours; the median counts (default 3; 1 above 300,000 releases)")
    asked.add_argument("--peer-runs", type=int, help="runs with slow peers in them (default 1; all up to 10,000)")
    asked.add_argument("--everything", action="store_true", help="leave nobody out, however large the world")
    given = asked.parse_args()
    found = load_and_build.measure_contenders(given.releases, given.runs, given.peer_runs, everything=given.everything)
    path = load_and_build.RESULTS_FOLDER / f"{given.releases}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print_figures(found["costs"])
    print(f"written: {path.relative_to(load_and_build.REPOSITORY_ROOT)}")


def print_figures(costs: dict[str, dict[str, Any]]) -> None:
    """Print the median CPU seconds of each command, as a multiple of orjson's, and the most memory of any run."""
    floor = median(costs["orjson"]["cpu"])
    for name, cost in costs.items():
        cpu, memory = median(cost["cpu"]), max(cost["memory"]) / 1e6
        print(f"{LABEL_BY_CONTENDER[name]:50} {cpu:9.2f} s {cpu / floor:8.1f} x orjson {memory:8,.0f} MB")


if __name__ == "__main__":
    main()
