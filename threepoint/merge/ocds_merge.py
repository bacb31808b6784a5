"""The OCDS merge on columns: from the history to the last published value of each field.

The result equals ocdsmerge's compiled release path for path (tests/agreement). The rules are those of the OCDS 1.1
merging guidance: objects in arrays are matched by id; the last published value of each field wins; an explicit null
removes it; lists that the schema replaces whole are replaced whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
from ibis import Table as Rows

from threepoint.standard.definition import TableDefinition

PLACES_PER_RELEASE = 1 << 40  # order of a row = order of its release × this + place within the release
ORDER_SUFFIX = "__at"  # order of the row that a field's value came from
FIRST_VALUE_SUFFIX = "__first"  # first published value
FIRST_ORDER_SUFFIX = "__first_at"  # order of the row that a first value came from
REMOVAL_ORDER_SUFFIX = "__taken"  # order of the last release that removes a field's value


@dataclass(frozen=True)
class History:
    """Ibis tables of the history: `tables` by name, and `releases` with the columns of `order_releases`."""

    tables: dict[str, Rows]
    releases: Rows


def order_releases(release: Rows) -> Rows:
    """Return the releases that count for the current state: release_key, ocid, at (order from 0), is_release, moment.

    Order is (date in UTC, release id, sha256); `moment` is the date in seconds from 1970. A compiled or versioned release
    counts only if the history has none of its process's releases, and never for a baseline.
    """
    rank = ibis.cases((release.kind == "release", 0), (release.kind == "compiled", 1), else_=2)
    ranked = release.mutate(rank=rank)
    ranked = ranked.mutate(least=ranked["rank"].min().over(ibis.window(group_by="ocid")))
    counted = ranked.filter(ranked["rank"] == ranked["least"])
    order = ibis.row_number().over(ibis.window(order_by=[counted.date, counted.release_id, counted.sha256]))
    moment = counted.date.epoch_seconds().cast("int64")
    return counted.select("release_key", "ocid", at=order.cast("int64"), is_release=counted["rank"] == 0, moment=moment)


def list_key_columns(table: TableDefinition) -> list[str]:
    """Return the columns that identify a merged row: the ocid, then the table's own key."""
    return ["ocid", *[name for name in table.key if name != "release_key"]]


def list_value_columns(table: TableDefinition) -> list[str]:
    """Return the columns that hold published values."""
    return [field.name for field in table.fields if field.name not in (*table.key, "place")]


def merge_table(history: History, table: TableDefinition, *, at: Iterable[str] = (), first: Iterable[str] = ()) -> Rows:
    """Return one row per object: `ocid`, its key, the last value of each field, and the row orders `last_at` and `first_at`.

    `at` names fields to return with their origin (`<field>__at`), `first` those to return with their first published value
    (`<field>__first`, `<field>__first_at`; null if the history has only a compiled release). Removals are ignored:
    `merge_table_with_removals` applies them, at a higher cost.
    """
    rows = _add_row_order(history, table)
    return _merge_rows(_select_last_lists(rows, table) if table.whole_list else rows, table, set(at), set(first))


def merge_table_with_removals(
    history: History, table: TableDefinition, *, at: Iterable[str] = (), first: Iterable[str] = ()
) -> Rows:
    """Merge like `merge_table`, and apply the removals of values in this table (explicit nulls).

    Only the affected processes are merged with the columns that removals need.
    """
    rows, removed = _add_row_order(history, table), _select_removals(history, table)
    affected_ocids = removed.select("ocid").distinct()
    affected, unaffected = rows.semi_join(affected_ocids, "ocid"), rows.anti_join(affected_ocids, "ocid")
    if table.whole_list:
        affected, unaffected = (
            _drop_removed_lists(_select_last_lists(affected, table), removed, table),
            _select_last_lists(unaffected, table),
        )
    merged_unaffected = _merge_rows(unaffected, table, set(at), set(first))
    merged_affected = _merge_rows(affected, table, {*at, *list_value_columns(table)}, set(first))
    return ibis.union(
        merged_unaffected, _drop_removed_values(merged_affected, removed, table).select(*merged_unaffected.columns)
    )


def _add_row_order(history: History, table: TableDefinition) -> Rows:
    rows = history.tables[table.name].join(history.releases, "release_key")
    place = rows.place if "place" in table.names else 0
    return rows.mutate(seq=rows["at"] * PLACES_PER_RELEASE + place)


def _merge_rows(rows: Rows, table: TableDefinition, at: set[str], first: set[str]) -> Rows:
    columns: dict[str, ibis.Value] = {"last_at": rows.seq.max(), "first_at": rows.seq.min()}
    for name in list_value_columns(table):
        value = rows[name]
        columns[name] = value.argmax(rows.seq, where=value.notnull())
        if name in at:
            columns[name + ORDER_SUFFIX] = rows.seq.max(where=value.notnull())
        if name in first:
            is_published = value.notnull() & rows.is_release
            columns[name + FIRST_VALUE_SUFFIX] = value.argmin(rows.seq, where=is_published)
            columns[name + FIRST_ORDER_SUFFIX] = rows.seq.min(where=is_published)
    return rows.group_by(list_key_columns(table)).agg(**columns)


def _select_last_lists(rows: Rows, table: TableDefinition) -> Rows:
    """Return only the rows of each list's last statement."""
    parent = list_key_columns(table)[:-1]
    last_statements = rows.group_by(parent).agg(stated=rows.seq.max())
    return rows.join(last_statements, parent).filter(lambda row: row.seq == row.stated).drop("stated")


def _select_removals(history: History, table: TableDefinition) -> Rows:
    """Return the removals of a table: ocid, key, field (`*` for a whole list) and `at`, the order of the release."""
    removed = history.tables["removed"]
    removals = removed.filter(removed.table == table.name).join(history.releases, "release_key")
    return removals.select("ocid", "key", "field", "at")


def _drop_removed_lists(rows: Rows, removed: Rows, table: TableDefinition) -> Rows:
    """Return the rows of lists that no later release removes whole."""
    emptied = removed.filter(removed.field == "*")
    emptied = emptied.group_by("ocid", "key").agg(emptied=emptied["at"].max())
    keyed = rows.mutate(parent_key=_join_key_columns(rows, list_key_columns(table)[1:-1]))
    joined = keyed.left_join(emptied, [keyed.ocid == emptied.ocid, keyed.parent_key == emptied.key])
    return joined.filter(joined.emptied.isnull() | (joined["at"] > joined.emptied)).select(*rows.columns)


def _drop_removed_values(merged: Rows, removed: Rows, table: TableDefinition) -> Rows:
    """Return the merged rows without the values that a later release removes."""
    order = removed["at"] * PLACES_PER_RELEASE + (PLACES_PER_RELEASE - 1)  # after all rows of the same release
    last_removals = {
        name + REMOVAL_ORDER_SUFFIX: order.max(where=removed.field == name) for name in list_value_columns(table)
    }
    removals = removed.group_by("ocid", "key").agg(**last_removals)
    keyed = merged.mutate(row_key=_join_key_columns(merged, list_key_columns(table)[1:]))
    joined = keyed.left_join(removals, [keyed.ocid == removals.ocid, keyed.row_key == removals.key])
    remaining = {
        name: (
            joined[name + REMOVAL_ORDER_SUFFIX].isnull()
            | (joined[name + ORDER_SUFFIX] > joined[name + REMOVAL_ORDER_SUFFIX])
        ).ifelse(joined[name], ibis.null())
        for name in list_value_columns(table)
    }
    return joined.mutate(**remaining)


def _join_key_columns(rows: Rows, names: list[str]) -> ibis.Value:
    parts = [rows[name].cast("string") for name in names]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")
