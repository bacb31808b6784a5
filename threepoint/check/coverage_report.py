"""The coverage report: filled fields by publisher and notice type, counted in the published data."""

from collections.abc import Mapping
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.standard.history_tables import HISTORY_TABLES

# The history tables in the report: those of notices, and those of lists.
REPORTED_NOTICE_TABLES = (
    "process",
    "lot",
    "award",
    "contract",
    "metric",
    "observation",
    "transaction",
    "milestone",
    "party",
)
REPORTED_LIST_TABLES = ("spend_line", "sale", "pipeline_entry")


def build_coverage_report(history: Mapping[str, Any], releases: Any) -> Any:
    """Return rows of COVERAGE_REPORT as an Ibis expression: for each field, the number of rows and of filled ones.

    `history` has the history tables by name (those of REPORTED_NOTICE_TABLES are read; KeyError if one is missing).
    `releases` has release_key, publisher and notice_type (text: UK1 to UK17, or the release tags). Keys are not reported:
    they are always filled. The report follows the coverage command of Cardinal.
    """
    return ibis.union(
        *[_unpivot_fields(_count_notice_fields(history[name], name, releases), name) for name in REPORTED_NOTICE_TABLES]
    )


def build_list_coverage_report(history: Mapping[str, Any]) -> Any:
    """Return the coverage report of REPORTED_LIST_TABLES. Their rows have no notice: the table name is the notice type."""
    return ibis.union(
        *[_unpivot_fields(_count_list_fields(history[name], name), name) for name in REPORTED_LIST_TABLES]
    )


def sum_coverage_reports(parts: Any) -> Any:
    """Add up the rows of COVERAGE_REPORT for several parts of the history; parts to subtract have negative counts."""
    groups = parts.group_by("publisher", "notice_type", "table", "field")
    rows = groups.agg(rows=parts["rows"].sum(), filled=parts.filled.sum())
    return rows.filter(rows["rows"] > 0)


def list_reported_fields(name: str) -> list[str]:
    """Return the fields of a history table that a publisher may fill or leave empty."""
    table = HISTORY_TABLES[name]
    fields = [field for field in table.fields if field.name not in (*table.key, "place")]
    if name in REPORTED_LIST_TABLES:  # columns derived from a value, such as its state, are not the publisher's
        derived_names = ("publisher", *[field.name for field in fields if field.name.endswith("_text")])
        fields = [field for field in fields if field.source != "ours" and field.name not in derived_names]
    return [field.name for field in fields]


def _count_notice_fields(rows: Rows, name: str, releases: Rows) -> Rows:
    """Count, by publisher and notice type, the rows (`rows_n`) and the filled rows of each field."""
    fields = list_reported_fields(name)
    published = rows.select("release_key", *fields).join(releases, "release_key")
    counts = {field: published[field].count() for field in fields}
    return published.group_by("publisher", "notice_type").agg(rows_n=published.count(), **counts)


def _count_list_fields(rows: Rows, name: str) -> Rows:
    """Count like `_count_notice_fields` for a table whose rows name their publisher."""
    counts = {field: rows[field].count() for field in list_reported_fields(name)}
    return rows.group_by("publisher").agg(rows_n=rows.count(), **counts).mutate(notice_type=ibis.literal(name))


def _unpivot_fields(counts: Rows, name: str) -> Rows:

    fields = list_reported_fields(name)
    pairs = counts.cross_join(ibis.array(fields).unnest().name("named").as_table())
    return pairs.select(
        "publisher",
        "notice_type",
        table=ibis.literal(name),
        field="named",
        rows="rows_n",
        filled=pairs.named.cases(*[(field, pairs[field]) for field in fields]),
    )
