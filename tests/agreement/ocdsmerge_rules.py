"""Compute both sides of the comparison: the merged tables of a store, and ocdsmerge's result from the releases."""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from ocdsmerge import CompiledRelease

from tests.agreement.reference_rows import is_published, list_rows
from threepoint import build_plan
from threepoint.pipeline import step_runner
from threepoint.read.ocds.releases import ReleaseOrigin, append_release, make_empty_rows
from threepoint.read.ocds.version_upgrade import upgrade_release
from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import HISTORY_TABLES, RELEASE_CONTENT_TABLES
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import StorePaths

# Merge rules of the core 1.1 schema for paths that Three Point reads. The test on real files takes all rules from the
# schema and checks that these are among them.
RULES = {
    ("id",): "omitWhenMerged", ("date",): "omitWhenMerged", ("tag",): "omitWhenMerged",
    ("parties", "additionalIdentifiers"): "wholeListMerge", ("parties", "roles"): "wholeListMerge",
    ("parties", "details", "classifications"): "wholeListMerge",
    ("tender", "items", "additionalClassifications"): "wholeListMerge",
    ("awards", "items", "additionalClassifications"): "wholeListMerge",
    ("contracts", "items", "additionalClassifications"): "wholeListMerge",
    ("contracts", "relatedProcesses", "relationship"): "wholeListMerge",
    ("relatedProcesses", "relationship"): "wholeListMerge",
}  # fmt: skip

Merged = dict[str, Counter]


def parse_release(raw: bytes) -> dict[str, Any]:
    """Return a release in the form that ocdsmerge expects: floats as Decimal, and 1.0 names as 1.1 names."""
    return upgrade_release(json.loads(raw, parse_float=Decimal))


def merge_by_us(root: Path) -> tuple[Merged, dict[str, list[int]]]:
    """Return a store's merged rows by history table, and the release keys of each ocid in order."""
    layout = StorePaths(root)
    with duckdb_engine.open_connection(layout.scratch) as connection:
        duckdb_engine.create_history_views(
            connection, HISTORY_TABLES, history.list_history_files(layout, history.read_committed_batches(layout))
        )
        for step in build_plan.adapt_steps(build_plan.read_steps(), step_runner.list_tables_with_removals(connection)):
            if step.name == "releases" or step.name.startswith("m_"):
                duckdb_engine.create_table(connection, step.name, step.sql)
        order: dict[str, list[int]] = defaultdict(list)
        for ocid, key in duckdb_engine.query_rows(connection, 'SELECT ocid, release_key FROM releases ORDER BY "at"'):
            order[ocid].append(key)
        return {table.name: _read_rows(connection, table) for table in RELEASE_CONTENT_TABLES}, dict(order)


def _read_rows(connection: Any, table: TableDefinition) -> Counter:
    keys = [name for name in table.key if name != "release_key"]
    values = [field.name for field in table.fields if is_published(field, table)]
    columns = ", ".join(f'"{name}"' for name in ["ocid", *keys, *values])
    rows = duckdb_engine.query_rows(connection, f'SELECT {columns} FROM "m_{table.name}"')
    last = 1 + len(keys)
    return drop_empty_rows(
        Counter((row[0], tuple(_drop_own_id(part) for part in row[1:last]), *row[last:]) for row in rows)
    )


def drop_empty_rows(rows: Counter) -> Counter:
    """Return the rows that have an id or a value: ocdsmerge drops an empty object without an id."""
    return Counter({row: times for row, times in rows.items() if not _says_nothing(row)})


def _says_nothing(row: tuple[Any, ...]) -> bool:
    ids = row[1]
    return bool(ids) and ids[-1] is None and all(value is None for value in row[2:])


def _drop_own_id(part: Any) -> Any:
    """Return None instead of an id that Three Point assigned to an element without one."""
    return None if isinstance(part, str) and part.startswith("#") and "-" in part and len(part) > 13 else part


def merge_by_ocdsmerge(order: dict[str, list[int]], raws: dict[int, bytes], rules: dict[Any, str]) -> Merged:
    """Return ocdsmerge's compiled releases as rows by history table. `order` is by UTC time, not by text."""
    merged: Merged = {table.name: Counter() for table in RELEASE_CONTENT_TABLES}
    for ocid, keys in order.items():
        compiled = CompiledRelease(merge_rules=rules)
        for key in keys:
            compiled.append(parse_release(raws[key]))
        release = compiled.asdict()
        for table in RELEASE_CONTENT_TABLES:
            for row, times in list_rows(release, table).items():
                merged[table.name][(ocid, *row)] += times
    return {name: drop_empty_rows(rows) for name, rows in merged.items()}


def key_releases(raws: list[tuple[bytes, str]]) -> dict[int, bytes]:
    """Return each release's text by its key; `raws` is a list of (text, kind)."""
    raw_by_key = {}
    for raw, kind in raws:
        rows = make_empty_rows()
        append_release(raw, ReleaseOrigin("test", None, kind), rows, set())
        raw_by_key[rows["release"][0][0]] = raw
    return raw_by_key
