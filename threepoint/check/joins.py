"""The few joins that checks need, written once."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import to_epoch_seconds
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import SOURCE_SUFFIX


def left_join_unique(rows: Rows, other: Rows, mine: str, theirs: str | None = None) -> Rows:
    """`rows` and, where there is one, the row of `other` whose column `theirs` equals `mine`; `theirs` must be unique."""
    theirs = theirs or mine
    joined = rows.left_join(other, rows[mine] == other[theirs])
    return joined.select(rows, *[other[name] for name in other.columns if name != theirs])


def select_publishers(tables: Any, *names: str, **renamed: str) -> Rows:
    """ocid and publisher of every process, and the columns named (new name = old name)."""
    return tables["contracting_process"].select("ocid", "publisher", *names, **renamed)


def find_publication_dates(tables: Any, table: str, field: str) -> Rows:
    """Return stated_key and published: when the notice was published that says a field's value."""
    rows = tables[f"{table}_state"].select(stated_key=SDES_TABLES[table].key[0], number=field + SOURCE_SUFFIX)
    dated = tables["state_source"].select("number", published="release_date")
    return rows.left_join(dated, "number").select("stated_key", "published")


def is_dated_after(day: Any, moment: Any) -> Any:
    """Whether a Europe/London day begins after a moment, told in seconds: the engines' calendars are slow.

    A day in London begins at most an hour before the day in UTC; within that hour the answer is no.
    """
    return to_epoch_seconds(day) - 3600 > moment.epoch_seconds()


def count_named_organisations(rows: Rows, bodies: Rows, key: str) -> Rows:
    """`key`, and of the organisations named beside it: how many (`named`), not held, and without a register number."""
    known = bodies.select("org_id", "match_method", is_held=ibis.literal(value=True))
    both = left_join_unique(rows.select(key, "org_id"), known, "org_id")
    return both.group_by(key).agg(
        named=both.count(),
        unheld=both.is_held.isnull().sum(),
        unnumbered=(both.match_method == "published_name").sum(),
    )
