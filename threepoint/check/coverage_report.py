"""The coverage report: which fields are filled, by publisher and notice type, straight from what was published."""

from collections.abc import Mapping
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.standard.history_tables import HISTORY_TABLES

# The history tables that the report looks into: those of notices, and those of lines that a publisher lists.
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
    """Rows of COVERAGE_REPORT as an Ibis expression: for each field, how many rows could hold it and how many do.

    `history` are the history tables by name (those of REPORTED are read; KeyError when one is missing), `releases` has
    release_key, publisher and notice_type (text: UK1 to UK17, else the release tags). Keys are not reported: they are
    always filled. Source: standard.md J2, after the coverage command of Cardinal.
    """
    return ibis.union(
        *[_unpivot_fields(_count_notice_fields(history[name], name, releases), name) for name in REPORTED_NOTICE_TABLES]
    )


def build_list_coverage_report(history: Mapping[str, Any]) -> Any:
    """`report` for the tables of LISTED. Their rows belong to no notice: the name of their table stands for its type."""
    return ibis.union(
        *[_unpivot_fields(_count_list_fields(history[name], name), name) for name in REPORTED_LIST_TABLES]
    )


def sum_coverage_reports(parts: Any) -> Any:
    """Rows of COVERAGE_REPORT that those of several parts of the history add up to; what is taken away counts below zero."""
    grouped = parts.group_by("publisher", "notice_type", "table", "field")
    rows = grouped.agg(rows=parts["rows"].sum(), filled=parts.filled.sum())
    return rows.filter(rows["rows"] > 0)


def list_reported_fields(name: str) -> list[str]:
    """The fields of a history table that a publisher may fill or leave empty."""
    table = HISTORY_TABLES[name]
    fields = [field for field in table.fields if field.name not in (*table.key, "place")]
    if name in REPORTED_LIST_TABLES:  # what stands beside a value, such as its state, is no field of the publisher's
        beside = ("publisher", *[field.name for field in fields if field.name.endswith("_text")])
        fields = [field for field in fields if field.source != "ours" and field.name not in beside]
    return [field.name for field in fields]


def _count_notice_fields(rows: Rows, name: str, releases: Rows) -> Rows:
    """By publisher and notice type: `rows_n`, the number of rows, and for each field how many of them hold it."""
    fields = list_reported_fields(name)
    told = rows.select("release_key", *fields).join(releases, "release_key")
    counts = {field: told[field].count() for field in fields}
    return told.group_by("publisher", "notice_type").agg(rows_n=told.count(), **counts)


def _count_list_fields(rows: Rows, name: str) -> Rows:
    """The same of a table whose rows name their publisher."""
    counts = {field: rows[field].count() for field in list_reported_fields(name)}
    return rows.group_by("publisher").agg(rows_n=rows.count(), **counts).mutate(notice_type=ibis.literal(name))


def _unpivot_fields(counted: Rows, name: str) -> Rows:
    """A row for each field."""
    fields = list_reported_fields(name)
    pairs = counted.cross_join(ibis.array(fields).unnest().name("named").as_table())
    return pairs.select(
        "publisher",
        "notice_type",
        table=ibis.literal(name),
        field="named",
        rows="rows_n",
        filled=pairs.named.cases(*[(field, pairs[field]) for field in fields]),
    )
