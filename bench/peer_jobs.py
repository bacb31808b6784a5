"""What is measured beside our own commands: `python -m bench.peer_jobs NAME SOURCE TARGET`, each in a process of its own."""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench import input_files

# The merge rules of the core 1.1 schema for paths that the sample has, as tests/agreement uses them: handed in, so that
# ocdsmerge need not fetch the schema from the network nor spend time on working them out.
MERGE_RULE_BY_PATH = {
    ("id",): "omitWhenMerged",
    ("date",): "omitWhenMerged",
    ("tag",): "omitWhenMerged",
    ("parties", "additionalIdentifiers"): "wholeListMerge",
    ("parties", "roles"): "wholeListMerge",
    ("parties", "details", "classifications"): "wholeListMerge",
    ("tender", "items", "additionalClassifications"): "wholeListMerge",
    ("awards", "items", "additionalClassifications"): "wholeListMerge",
    ("contracts", "items", "additionalClassifications"): "wholeListMerge",
    ("contracts", "relatedProcesses", "relationship"): "wholeListMerge",
    ("relatedProcesses", "relationship"): "wholeListMerge",
}


def read_lines(releases: Path, _store: Path) -> dict[str, Any]:
    """Reads the lines and does nothing with them."""
    with releases.open("rb") as file:
        return {"releases": sum(1 for _ in file)}


def parse_lines(releases: Path, _store: Path) -> dict[str, Any]:
    """orjson alone: a loop of loads over the lines."""
    import orjson

    with releases.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return {}


def load_then_build(releases: Path, store: Path) -> dict[str, Any]:
    """Ours, load and build in one process."""
    import threepoint

    threepoint.load([releases], store)
    return {"notices": threepoint.build(store).rows["notice"]}


def merge_releases(_releases: Path, store: Path) -> dict[str, Any]:
    """Ours, from a loaded store to one state of each process: what ocdsmerge makes, and no more."""
    from threepoint import build_plan
    from threepoint.pipeline import step_runner
    from threepoint.standard.history_tables import HISTORY_TABLES
    from threepoint.store import duckdb_engine, history
    from threepoint.store.store_paths import StorePaths

    layout = StorePaths(store)
    with duckdb_engine.open_connection(
        layout.scratch, memory="1GB"
    ) as connection:  # a build does it in parts; here all is done at once
        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        for step in build_plan.adapt_steps(build_plan.read_steps(), step_runner.list_tables_with_removals(connection)):
            if step.name == "releases" or step.name.startswith("m_"):
                duckdb_engine.create_table(connection, step.name, step.sql)
        return {"processes": duckdb_engine.query_rows(connection, "SELECT count(DISTINCT ocid) FROM releases")[0][0]}


def compile_with_ocdsmerge(releases: Path, _store: Path) -> dict[str, Any]:
    """ocdsmerge compiling the same file: releases grouped by ocid in memory, then one process after another.

    `merging` is the CPU time of its merging alone, without reading and parsing.
    """
    import orjson
    from ocdsmerge import Merger

    merger, groups, merging = Merger(merge_rules=MERGE_RULE_BY_PATH), defaultdict(list), 0.0
    with releases.open("rb") as file:
        for line in file:
            release = orjson.loads(line)
            groups[release["ocid"]].append(release)
    for group in groups.values():
        start = time.process_time()
        merger.create_compiled_release(group)
        merging += time.process_time() - start
    return {"processes": len(groups), "merging": merging}


def report_coverage(releases: Path, store: Path) -> dict[str, Any]:
    """Ours, from the file to how often each field is filled: a load, then of a build only the steps this needs."""
    import threepoint
    from threepoint import build_plan
    from threepoint.pipeline import step_runner
    from threepoint.standard.history_tables import HISTORY_TABLES
    from threepoint.store import duckdb_engine, history
    from threepoint.store.store_paths import StorePaths

    loaded, layout = threepoint.load([releases], store), StorePaths(store)
    with duckdb_engine.open_connection(layout.scratch) as connection:
        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        for step in _select_needed_steps(
            "coverage_report",
            build_plan.adapt_steps(build_plan.read_steps(), step_runner.list_tables_with_removals(connection)),
        ):
            duckdb_engine.create_table(connection, step.name, step.sql)
        paths = duckdb_engine.count_rows(connection, "coverage_report")
    return {"releases": loaded.rows["release"], "paths": paths}


def _select_needed_steps(name: str, steps: list[Any]) -> list[Any]:
    """Return those of the steps that one of them needs, and itself, in order."""
    needed = {name}
    for step in reversed(steps):
        needed |= set(step.needs) if step.name in needed else set()
    return [step for step in steps if step.name in needed]


def report_cardinal_coverage(releases: Path, _store: Path) -> dict[str, Any]:
    """Cardinal's coverage, called as its documentation says: how often each path of the JSON is filled."""
    from ocdscardinal import coverage

    found = coverage(str(releases))
    return {"releases": found[""], "paths": len(found)}


JOB_BY_NAME = {
    "lines": read_lines,
    "orjson": parse_lines,
    "both": load_then_build,
    "merge": merge_releases,
    "ocdsmerge": compile_with_ocdsmerge,
    "filled": report_coverage,
    "cardinal": report_cardinal_coverage,
    "package": input_files.write_package,
    "small": input_files.write_small_process,
    "count_lines": input_files.count_lines,
    "count_processes": input_files.count_processes,
    "count_releases": input_files.count_releases,
}


if __name__ == "__main__":
    wanted, source, target = sys.argv[1:]
    print(json.dumps(JOB_BY_NAME[wanted](Path(source), Path(target))))
