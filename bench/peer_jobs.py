"""Jobs that are measured in addition to Three Point's commands: `python -m bench.peer_jobs NAME SOURCE TARGET` runs one."""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench import input_files

# The merge rules of the core 1.1 schema for paths in the sample, as in tests/agreement. With them, ocdsmerge does not
# fetch the schema from the network or calculate the rules.
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
    """Read the lines and do nothing with them."""
    with releases.open("rb") as file:
        return {"releases": sum(1 for _ in file)}


def parse_lines(releases: Path, _store: Path) -> dict[str, Any]:
    """Parse each line with orjson and do nothing with the result."""
    import orjson

    with releases.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return {}


def load_then_build(releases: Path, store: Path) -> dict[str, Any]:
    """Load and build with Three Point in one process."""
    import threepoint

    threepoint.load([releases], store)
    return {"notices": threepoint.build(store).rows["notice"]}


def merge_releases(_releases: Path, store: Path) -> dict[str, Any]:
    """Merge a loaded store into one state of each process with Three Point: only the work that ocdsmerge does."""
    from threepoint import build_plan
    from threepoint.pipeline import step_runner
    from threepoint.standard.history_tables import HISTORY_TABLES
    from threepoint.store import duckdb_engine, history
    from threepoint.store.store_paths import StorePaths

    layout = StorePaths(store)
    # A build merges in parts; this merges everything at once.
    with duckdb_engine.open_connection(layout.scratch, memory="1GB") as connection:
        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        for step in build_plan.adapt_steps(build_plan.read_steps(), step_runner.list_tables_with_removals(connection)):
            if step.name == "releases" or step.name.startswith("m_"):
                duckdb_engine.create_table(connection, step.name, step.sql)
        return {"processes": duckdb_engine.query_rows(connection, "SELECT count(DISTINCT ocid) FROM releases")[0][0]}


def compile_with_ocdsmerge(releases: Path, _store: Path) -> dict[str, Any]:
    """Compile the same file with ocdsmerge: group releases by ocid in memory, then compile one process after another.

    `merging` in the result is the CPU time of merging only, without reading and parsing.
    """
    import orjson
    from ocdsmerge import Merger

    merger, releases_by_ocid, merge_seconds = Merger(merge_rules=MERGE_RULE_BY_PATH), defaultdict(list), 0.0
    with releases.open("rb") as file:
        for line in file:
            release = orjson.loads(line)
            releases_by_ocid[release["ocid"]].append(release)
    for process_releases in releases_by_ocid.values():
        start = time.process_time()
        merger.create_compiled_release(process_releases)
        merge_seconds += time.process_time() - start
    return {"processes": len(releases_by_ocid), "merging": merge_seconds}


def report_coverage(releases: Path, store: Path) -> dict[str, Any]:
    """Load the file with Three Point, then run only the build steps that the coverage report needs."""
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
    """Return the named step and the steps it needs, in order."""
    needed = {name}
    for step in reversed(steps):
        needed |= set(step.needs) if step.name in needed else set()
    return [step for step in steps if step.name in needed]


def report_cardinal_coverage(releases: Path, _store: Path) -> dict[str, Any]:
    """Count how often each JSON path is filled with Cardinal, called as in its documentation."""
    from ocdscardinal import coverage

    counts = coverage(str(releases))
    return {"releases": counts[""], "paths": len(counts)}


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
    job_name, source, target = sys.argv[1:]
    print(json.dumps(JOB_BY_NAME[job_name](Path(source), Path(target))))
