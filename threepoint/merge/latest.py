"""History → the last word per field: the OCDS merge, on columns.

The result equals ocdsmerge's compiled release path for path (tests/agreement). The rules, from the OCDS 1.1 merging
guidance: objects in arrays are matched by id; the last published value of each field stands; an explicit null removes
it; lists that the schema replaces as one are replaced as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ibis
from ibis import Table as Rows

from threepoint.standard.model import Table

PLACES = 1 << 40  # a release's order times this, plus the place within the release, is the order of a row
AT = "__at"  # suffix: order of the row that a field's value came from
FIRST = "__first"  # suffix: first published value
FIRST_AT = "__first_at"  # suffix: order of the row that a first value came from


@dataclass(frozen=True)
class History:
    """Ibis tables of the history: `tables` by name, and `releases` with the columns of `ordered`.

    `taken` names, by table, the fields that some release takes back; all others cost nothing.
    """

    tables: dict[str, Rows]
    releases: Rows
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def ordered(release: Rows) -> Rows:
    """Releases that count for the current state: release_key, ocid, at (order from 0), is_release.

    Order is (date in UTC, release id, sha256). A compiled or versioned release counts only where none of its process's
    releases is held, and never for a baseline (decision 14).
    """
    rank = ibis.cases((release.kind == "release", 0), (release.kind == "compiled", 1), else_=2)
    best = release.mutate(rank=rank)
    best = best.mutate(least=best["rank"].min().over(ibis.window(group_by="ocid")))
    counted = best.filter(best["rank"] == best["least"])
    at = ibis.row_number().over(ibis.window(order_by=[counted.date, counted.release_id, counted.sha256]))
    return counted.select("release_key", "ocid", at=at.cast("int64"), is_release=counted["rank"] == 0)


def keys_of(table: Table) -> list[str]:
    """The columns that identify a merged row: the ocid, then the table's own key."""
    return ["ocid", *[name for name in table.key if name != "release_key"]]


def values_of(table: Table) -> list[str]:
    """The columns that hold published values."""
    return [field.name for field in table.fields if field.name not in (*table.key, "place")]


def latest(history: History, table: Table, *, at: Iterable[str] = (), first: Iterable[str] = ()) -> Rows:
    """One row per thing: `ocid`, its key, the last word of each field; `last_at` and `first_at` are row orders.

    `at` names fields whose origin is wanted too (`field__at`), `first` those whose first published value is
    (`field__first`, `field__first_at`; null where no release, but only a compiled one, is held).
    """
    rows = _with_order(history, table)
    if table.whole_list:
        rows = _last_lists(rows, history, table)
    taken = _taken_back(history, table)
    wanted = set(at) | set(taken)
    merged = rows.group_by(keys_of(table)).agg(**_aggregates(rows, table, wanted, set(first)))
    return _without_taken(merged, taken, table)


def _with_order(history: History, table: Table) -> Rows:
    rows = history.tables[table.name].join(history.releases, "release_key")
    place = rows.place if "place" in table.names else 0
    return rows.mutate(seq=rows["at"] * PLACES + place)


def _aggregates(rows: Rows, table: Table, at: set[str], first: set[str]) -> dict[str, ibis.Value]:
    made: dict[str, ibis.Value] = {"last_at": rows.seq.max(), "first_at": rows.seq.min()}
    for name in values_of(table):
        value = rows[name]
        made[name] = value.argmax(rows.seq, where=value.notnull())
        if name in at:
            made[name + AT] = rows.seq.max(where=value.notnull())
        if name in first:
            published = value.notnull() & rows.is_release
            made[name + FIRST] = value.argmin(rows.seq, where=published)
            made[name + FIRST_AT] = rows.seq.min(where=published)
    return made


def _removed_rows(history: History, table: Table) -> Rows:
    removed = history.tables["removed"]
    return removed.filter(removed.table == table.name).join(history.releases, "release_key")


def _last_lists(rows: Rows, history: History, table: Table) -> Rows:
    """Only the rows of each list's last statement; a list taken back has none."""
    parent = keys_of(table)[:-1]
    stated = rows.group_by(parent).agg(stated=rows.seq.max())
    kept = rows.join(stated, parent).filter(lambda row: row.seq == row.stated).drop("stated")
    if "*" not in history.taken.get(table.name, ()):
        return kept
    emptied = _removed_rows(history, table).filter(lambda row: row.field == "*")
    emptied = emptied.group_by("ocid", "key").agg(emptied=emptied["at"].max())
    kept = kept.mutate(parent_key=_joined(kept, parent[1:]))
    both = kept.left_join(emptied, [kept.ocid == emptied.ocid, kept.parent_key == emptied.key])
    return both.filter(both.emptied.isnull() | (both["at"] > both.emptied)).select(*rows.columns)


def _joined(rows: Rows, names: list[str]) -> ibis.Value:
    parts = [rows[name].cast("string") for name in names]
    return ibis.literal("|").join(parts) if parts else ibis.literal("")


def _taken_back(history: History, table: Table) -> dict[str, Rows]:
    """For each field ever taken back: ocid, key, and the order of the last time it was."""
    known = [name for name in history.taken.get(table.name, ()) if name != "*"]
    if not known:
        return {}
    rows = _removed_rows(history, table)
    last = rows.group_by("ocid", "key", "field").agg(taken=(rows["at"] * PLACES + (PLACES - 1)).max())
    return {name: last.filter(last.field == name).select("ocid", "key", "taken") for name in known}


def _without_taken(merged: Rows, taken: dict[str, Rows], table: Table) -> Rows:
    for name, rows in taken.items():
        keyed = merged.mutate(row_key=_joined(merged, keys_of(table)[1:]))
        both = keyed.left_join(rows, [keyed.ocid == rows.ocid, keyed.row_key == rows.key])
        stands = both.taken.isnull() | (both[name + AT] > both.taken)
        merged = both.mutate(**{name: stands.ifelse(both[name], ibis.null())}).select(*merged.columns)
    return merged
