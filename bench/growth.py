"""What it costs to add the newest hundredth of the releases to a store that has been built, and to build again.

Beside it the same two files are loaded into a new store and built at once; the rows of both snapshots must be equal. The new
store is told which addresses the first build gave to organisations, since one that was given stays for ever.
"""

import json
from typing import Any

from bench import files
from bench.child import Cost, job, run, threepoint
from bench.contest import Place


def measure(at: Place, day: str, *, may_fail: bool = False) -> dict[str, Any]:
    """Costs by name (`load`, `build`: of the hundredth; `whole_load`, `whole_build`: of all), and whether rows are equal.

    `day` is the day that all builds speak for.
    """
    found = json.loads(run(job("split", at.lines, at.newest)).said)
    base, more = files.base(at.newest), files.more(at.newest)
    grown, whole = at.store("grown"), at.store("whole")
    load = lambda store, *paths: threepoint("load", *paths, "--store", store, "--json")  # noqa: E731  # short for a table
    build = lambda store: threepoint("build", "--store", store, "--as-of", day, "--json")  # noqa: E731  # short for a table
    commands = {
        "base_load": load(grown, base),
        "base_build": build(grown),
        "whole_load": load(whole, base, more),
        "addresses": job("addresses", grown, whole),
        "load": load(grown, more),
        "build": build(grown),
        "whole_build": build(whole),
    }
    costs = {name: _shown(name, run(command, may_fail=may_fail)) for name, command in commands.items()}
    del costs["addresses"]
    found["costs"] = {name: {"cpu": one.cpu, "memory": one.memory} for name, one in costs.items()}
    if not all(one.ended for one in costs.values()):
        return dict(found | {"failed": [name for name, one in costs.items() if not one.ended]})
    return dict(found | {"compared": json.loads(run(job("same_rows", grown, whole)).said)})


def _shown(name: str, cost: Cost) -> Cost:
    print(f"  growth, {name}: {cost.cpu:.2f} CPU seconds, {cost.memory / 1e6:,.0f} MB", flush=True)
    return cost
