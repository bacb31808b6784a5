"""Awards that two publishers published: reference, title, value and suppliers are all equal."""

import ibis
from ibis import Table as Rows

from threepoint.merge.awards import build_award_id
from threepoint.merge.merge_context import MergeContext
from threepoint.merge.ocds_merge import History, merge_table
from threepoint.merge.organisations import build_name_key
from threepoint.merge.placeholder_names import fold_text
from threepoint.standard.code_lists import VOID_AWARD_STATUSES
from threepoint.standard.history_tables import HISTORY_TABLES

# What must be equal. `nth` distinguishes awards of one publisher that are equal in all of this.
MATCHED_COLUMNS = ("reference", "title", "value_net", "value_currency", "who", "nth")


def find_shared_awards(context: MergeContext) -> Rows:
    """Return ocid, local_id, also_published_as (an equal award on another publisher) and counted_there (true if that one counts).

    Of equal awards, the one with the least id counts.
    """
    history, publishers = _select_shared_history(context.history)
    processes = merge_table(history, HISTORY_TABLES["process"])
    processes = processes.select(
        "ocid", reference=fold_text(processes.tender_id).nullif(""), title=fold_text(processes.title).nullif("")
    )
    rows = merge_table(history, HISTORY_TABLES["award"]).select(
        "ocid", "local_id", "status", "value_net", "value_currency"
    )
    rows = rows.filter(~rows.status.isin(VOID_AWARD_STATUSES).fill_null(ibis.literal(value=False)))
    rows = rows.join(processes, "ocid").join(publishers, "ocid")
    rows = rows.join(_list_supplier_names(history), ["ocid", "local_id"])
    rows = rows.mutate(award_id=build_award_id(rows))
    same_publisher = ibis.window(group_by=["publisher", *MATCHED_COLUMNS[:-1]], order_by="award_id")
    rows = rows.mutate(nth=ibis.row_number().over(same_publisher))
    other = rows.view()
    pairs = rows.join(
        other,
        [*[rows[name] == other[name] for name in MATCHED_COLUMNS], rows.publisher != other.publisher],
        rname="{name}_other",
    )
    matches = pairs.group_by("ocid", "local_id", "award_id").agg(also_published_as=pairs.award_id_other.min())
    return matches.select(
        "ocid", "local_id", "also_published_as", counted_there=matches.also_published_as < matches.award_id
    )


def _select_shared_history(history: History) -> tuple[History, Rows]:
    """Return the history of processes whose reference two named publishers use, and (ocid, publisher) of all processes."""
    releases = history.tables["release"].select("release_key", "publisher").join(history.releases, "release_key")
    publishers = releases.group_by("ocid").agg(publisher=releases.publisher.argmax(releases["at"]))
    processes = history.tables["process"].select("release_key", "tender_id")
    references = processes.join(history.releases, "release_key").join(publishers, "ocid")
    references = references.select("ocid", "publisher", reference=fold_text(references.tender_id).nullif("")).distinct()
    uses = references.group_by("reference").agg(publishers=references.publisher.nunique())
    shared = references.semi_join(uses.filter(uses.publishers > 1), "reference").select("ocid").distinct()
    return History(history.tables, history.releases.semi_join(shared, "ocid")), publishers


def _list_supplier_names(history: History) -> Rows:
    """Return ocid, local_id and `who`: the names of the award's suppliers in the last release that names any."""
    rows = history.tables["award_supplier"].join(history.releases, "release_key")
    rows = rows.mutate(newest=rows["at"].max().over(ibis.window(group_by=["ocid", "local_id"])))
    rows = rows.filter(rows["at"] == rows.newest)
    names = rows.select("ocid", "local_id", key=build_name_key(rows, rows.ocid)).distinct()
    return names.group_by("ocid", "local_id").agg(who=names.key.collect().sort().join(" "))
