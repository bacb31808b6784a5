"""History → the last word per field: the OCDS merge, on columns.

The result equals ocdsmerge's compiled release path for path (tests/agreement). The rules, from the OCDS 1.1 merging
guidance: objects in arrays are matched by id; the last published value of each field stands; an explicit null removes
it; lists that the schema replaces as one are replaced as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
from ibis import Table as Rows

from threepoint.standard.definition import TableDefinition

PLACES_PER_RELEASE = 1 << 40  # a release's order times this, plus the place within the release, is the order of a row
ORDER_SUFFIX = "__at"  # suffix: order of the row that a field's value came from
FIRST_VALUE_SUFFIX = "__first"  # suffix: first published value
FIRST_ORDER_SUFFIX = "__first_at"  # suffix: order of the row that a first value came from
REMOVAL_ORDER_SUFFIX = "__taken"  # suffix: order of the last release that takes a field's value back


@dataclass(frozen=True)
class History:
    """Ibis tables of the history: `tables` by name, and `releases` with the columns of `ordered`."""

    tables: dict[str, Rows]
    releases: Rows


def order_releases(release: Rows) -> Rows:
    """Releases that count for the current state: release_key, ocid, at (order from 0), is_release, moment.

    Order is (date in UTC, release id, sha256); `moment` is the date in seconds from 1970. A
    compiled or versioned release counts only where none of its process's releases is held, and never for a baseline
    (decision 14).
    """
    rank = ibis.cases((release.kind == "release", 0), (release.kind == "compiled", 1), else_=2)
    best = release.mutate(rank=rank)
    best = best.mutate(least=best["rank"].min().over(ibis.window(group_by="ocid")))
    counted = best.filter(best["rank"] == best["least"])
    at = ibis.row_number().over(ibis.window(order_by=[counted.date, counted.release_id, counted.sha256]))
    moment = counted.date.epoch_seconds().cast("int64")
    return counted.select("release_key", "ocid", at=at.cast("int64"), is_release=counted["rank"] == 0, moment=moment)


def list_key_columns(table: TableDefinition) -> list[str]:
    """The columns that identify a merged row: the ocid, then the table's own key."""
    return ["ocid", *[name for name in table.key if name != "release_key"]]


def list_value_columns(table: TableDefinition) -> list[str]:
    """The columns that hold published values."""
    return [field.name for field in table.fields if field.name not in (*table.key, "place")]


def merge_table(history: History, table: TableDefinition, *, at: Iterable[str] = (), first: Iterable[str] = ()) -> Rows:
    """One row per thing: `ocid`, its key, the last word of each field; `last_at` and `first_at` are row orders.

    `at` names fields whose origin is wanted too (`field__at`), `first` those whose first published value is
    (`field__first`, `field__first_at`; null where no release, but only a compiled one, is held). Nothing is taken back:
    that is `latest_taken`, which costs more.
    """
    rows = _add_row_order(history, table)
    return _merge_rows(_select_last_lists(rows, table) if table.whole_list else rows, table, set(at), set(first))


def merge_table_with_removals(
    history: History, table: TableDefinition, *, at: Iterable[str] = (), first: Iterable[str] = ()
) -> Rows:
    """`latest` for a history in which some releases take values of this table back, with an explicit null.

    Only the processes concerned are merged with all that this needs; the others as ever.
    """
    rows, removed = _add_row_order(history, table), _select_removals(history, table)
    concerned = removed.select("ocid").distinct()
    careful, rest = rows.semi_join(concerned, "ocid"), rows.anti_join(concerned, "ocid")
    if table.whole_list:
        careful, rest = (
            _drop_removed_lists(_select_last_lists(careful, table), removed, table),
            _select_last_lists(rest, table),
        )
    plain = _merge_rows(rest, table, set(at), set(first))
    merged = _merge_rows(careful, table, {*at, *list_value_columns(table)}, set(first))
    return ibis.union(plain, _drop_removed_values(merged, removed, table).select(*plain.columns))


def _add_row_order(history: History, table: TableDefinition) -> Rows:
    rows = history.tables[table.name].join(history.releases, "release_key")
    place = rows.place if "place" in table.names else 0
    return rows.mutate(seq=rows["at"] * PLACES_PER_RELEASE + place)


def _merge_rows(rows: Rows, table: TableDefinition, at: set[str], first: set[str]) -> Rows:
    made: dict[str, ibis.Value] = {"last_at": rows.seq.max(), "first_at": rows.seq.min()}
    for name in list_value_columns(table):
        value = rows[name]
        made[name] = value.argmax(rows.seq, where=value.notnull())
        if name in at:
            made[name + ORDER_SUFFIX] = rows.seq.max(where=value.notnull())
        if name in first:
            published = value.notnull() & rows.is_release
            made[name + FIRST_VALUE_SUFFIX] = value.argmin(rows.seq, where=published)
            made[name + FIRST_ORDER_SUFFIX] = rows.seq.min(where=published)
    return rows.group_by(list_key_columns(table)).agg(**made)


def _select_last_lists(rows: Rows, table: TableDefinition) -> Rows:
    """Only the rows of each list's last statement."""
    parent = list_key_columns(table)[:-1]
    stated = rows.group_by(parent).agg(stated=rows.seq.max())
    return rows.join(stated, parent).filter(lambda row: row.seq == row.stated).drop("stated")


def _select_removals(history: History, table: TableDefinition) -> Rows:
    """What releases take back of a table: ocid, key, field (`*` for a whole list), and the order of the release, `at`."""
    removed = history.tables["removed"]
    own = removed.filter(removed.table == table.name).join(history.releases, "release_key")
    return own.select("ocid", "key", "field", "at")


def _drop_removed_lists(rows: Rows, removed: Rows, table: TableDefinition) -> Rows:
    """The lists that no later release takes back whole."""
    emptied = removed.filter(removed.field == "*")
    emptied = emptied.group_by("ocid", "key").agg(emptied=emptied["at"].max())
    keyed = rows.mutate(parent_key=_join_key_columns(rows, list_key_columns(table)[1:-1]))
    both = keyed.left_join(emptied, [keyed.ocid == emptied.ocid, keyed.parent_key == emptied.key])
    return both.filter(both.emptied.isnull() | (both["at"] > both.emptied)).select(*rows.columns)


def _drop_removed_values(merged: Rows, removed: Rows, table: TableDefinition) -> Rows:
    """The merged rows without the values that a later release takes back."""
    order = removed["at"] * PLACES_PER_RELEASE + (PLACES_PER_RELEASE - 1)  # after all that the same release says
    last = {name + REMOVAL_ORDER_SUFFIX: order.max(where=removed.field == name) for name in list_value_columns(table)}
    taken = removed.group_by("ocid", "key").agg(**last)
    keyed = merged.mutate(row_key=_join_key_columns(merged, list_key_columns(table)[1:]))
    both = keyed.left_join(taken, [keyed.ocid == taken.ocid, keyed.row_key == taken.key])
    kept = {
        name: (
            both[name + REMOVAL_ORDER_SUFFIX].isnull() | (both[name + ORDER_SUFFIX] > both[name + REMOVAL_ORDER_SUFFIX])
        ).ifelse(both[name], ibis.null())
        for name in list_value_columns(table)
    }
    return both.mutate(**kept)


def _join_key_columns(rows: Rows, names: list[str]) -> ibis.Value:
    parts = [rows[name].cast("string") for name in names]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")
