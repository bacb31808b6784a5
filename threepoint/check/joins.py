"""Joins that several checks share."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import to_epoch_seconds
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import SOURCE_SUFFIX


def left_join_unique(rows: Rows, other: Rows, left: str, right: str | None = None) -> Rows:
    """Return `rows` with the row of `other`, if any, whose column `right` equals `left`; `right` must be unique."""
    right = right or left
    joined = rows.left_join(other, rows[left] == other[right])
    return joined.select(rows, *[other[name] for name in other.columns if name != right])


def select_publishers(tables: Any, *names: str, **renamed: str) -> Rows:
    """Return ocid and publisher of every process, and the named columns (new name = old name)."""
    return tables["contracting_process"].select("ocid", "publisher", *names, **renamed)


def find_publication_dates(tables: Any, table: str, field: str) -> Rows:
    """Return stated_key and published: the time when the notice that gives the field's value was published."""
    rows = tables[f"{table}_state"].select(stated_key=SDES_TABLES[table].key[0], number=field + SOURCE_SUFFIX)
    dates = tables["state_source"].select("number", published="release_date")
    return rows.left_join(dates, "number").select("stated_key", "published")


def compare_vat_sources(tables: Any, table: str) -> Rows:
    """Return stated_key and vat_together: true if one notice gives the value with VAT and the value without."""
    rows = tables[f"{table}_state"]
    together = rows["value_net" + SOURCE_SUFFIX] == rows["value_gross" + SOURCE_SUFFIX]
    return rows.select(stated_key=SDES_TABLES[table].key[0], vat_together=together)


def find_self_suppliers(suppliers: Rows, tables: Any, key: str) -> Rows:
    """Return `key` and self_supplier: the name of a supplier that is also the buyer of the process."""
    subjects = tables[key.removesuffix("_id")].select(key, "ocid")
    buyers = tables["contracting_process"].select("ocid", org_id="buyer_org_id")
    rows = suppliers.select(key, "org_id", "name").join(subjects, key).join(buyers, ["ocid", "org_id"])
    return rows.group_by(key).agg(self_supplier=rows.name.min())


def is_dated_after(day: Any, moment: Any) -> Any:
    """Return true if a Europe/London day starts after a moment. It compares seconds, since the engines' calendars are slow.

    A day in London starts at most an hour before the day in UTC; within that hour the answer is false.
    """
    return to_epoch_seconds(day) - 3600 > moment.epoch_seconds()


def count_named_organisations(rows: Rows, organisations: Rows, key: str) -> Rows:
    """Count organisations by `key`: all (`named`), unknown ones (`unheld`) and those without a register number."""
    organisations = organisations.select("org_id", "match_method", is_held=ibis.literal(value=True))
    joined = left_join_unique(rows.select(key, "org_id"), organisations, "org_id")
    return joined.group_by(key).agg(
        named=joined.count(),
        unheld=joined.is_held.isnull().sum(),
        unnumbered=(joined.match_method == "published_name").sum(),
    )
