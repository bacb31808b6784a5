"""The coverage report: which fields are filled, by publisher and notice type, straight from what was published."""

from collections.abc import Mapping
from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.standard.history import HISTORY

# The history tables that the report looks into.
REPORTED = ("process", "lot", "award", "contract", "metric", "observation", "transaction", "milestone", "party")


def report(history: Mapping[str, Any], releases: Any) -> Any:
    """Rows of COVERAGE_REPORT as an Ibis expression: for each field, how many rows could hold it and how many do.

    `history` are the history tables by name (those of REPORTED are read; KeyError when one is missing), `releases` has
    release_key, publisher and notice_type (text: UK1 to UK17, else the release tags). Keys are not reported: they are
    always filled. Source: standard.md J2, after the coverage command of Cardinal.
    """
    return ibis.union(*[_spread(_filled(history[name], name, releases), name) for name in REPORTED])


def fields_of(name: str) -> list[str]:
    """The fields of a history table that a publisher may fill or leave empty."""
    table = HISTORY[name]
    return [field.name for field in table.fields if field.name not in (*table.key, "place")]


def _filled(rows: Rows, name: str, releases: Rows) -> Rows:
    """By publisher and notice type: number of rows, and for each field the number of rows that hold it."""
    told = rows.select("release_key", *fields_of(name)).join(
        releases.select("release_key", "publisher", "notice_type"), "release_key"
    )
    counts = {f"filled_{place}": told[field].count() for place, field in enumerate(fields_of(name))}
    return told.group_by("publisher", "notice_type").agg(rows=told.count(), **counts)


def _spread(counted: Rows, name: str) -> Rows:
    """A row for each field."""
    fields = fields_of(name)
    pairs = counted.cross_join(ibis.range(len(fields)).unnest().name("number").as_table())
    return pairs.select(
        "publisher",
        "notice_type",
        table=ibis.literal(name),
        field=pairs.number.cases(*enumerate(fields)),
        rows=pairs["rows"],
        filled=pairs.number.cases(*[(place, pairs[f"filled_{place}"]) for place in range(len(fields))]),
    )
