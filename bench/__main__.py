"""`python -m bench`: measure one size and write the results as JSON to bench/results."""

import argparse
import json
from statistics import median
from typing import Any

from bench import load_and_build
from bench.contenders import LABEL_BY_CONTENDER


def main() -> None:
    """Measure the requested size, write the results and print the figures for the table in README.md."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--releases", type=int, default=100_000, help="size of the synthetic world (default 100,000)")
    parser.add_argument("--runs", type=int, help="runs; the median counts (default 3; 1 above 300,000 releases)")
    parser.add_argument("--peer-runs", type=int, help="runs that include slow peers (default 1; all up to 10,000)")
    parser.add_argument("--everything", action="store_true", help="measure every command, even above its size limit")
    options = parser.parse_args()
    results = load_and_build.measure_contenders(
        options.releases, options.runs, options.peer_runs, everything=options.everything
    )
    path = load_and_build.RESULTS_FOLDER / f"{options.releases}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print_figures(results["costs"])
    print(f"Results are in {path.relative_to(load_and_build.REPOSITORY_ROOT)}")


def print_figures(costs: dict[str, dict[str, Any]]) -> None:
    """Print the median CPU seconds of each command, their ratio to orjson's, and the peak memory of all runs."""
    orjson_cpu = median(costs["orjson"]["cpu"])
    for name, cost in costs.items():
        cpu, memory = median(cost["cpu"]), max(cost["memory"]) / 1e6
        print(f"{LABEL_BY_CONTENDER[name]:50} {cpu:9.2f} s {cpu / orjson_cpu:8.1f} x orjson {memory:8,.0f} MB")


if __name__ == "__main__":
    main()
