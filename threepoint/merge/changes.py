"""Changes: one row, with old, new and reason, each time a published value or end date differs from the one before.

An absent change notice means only "no notified change", since small changes need no notice.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.ocds_merge import PLACES_PER_RELEASE

# History table, column, type of change, is money.
WATCHED_FIELDS = (
    ("contract", "value_net", "value", True),
    ("contract", "end_date", "duration", False),
    ("award", "value_net", "correction", True),
    ("award", "end_date", "duration", False),
)


def build_changes(context: MergeContext) -> Rows:
    """Return rows of CHANGE: changes of contracts and awards, and one row for each superseded award."""
    changes = [_find_value_changes(context, *watched) for watched in WATCHED_FIELDS]
    rows = ibis.union(*changes, _find_award_corrections(context))
    rows = rows.left_join(
        _find_change_reasons(context), ["release_key", "subject_type", "local_id"], rname="{name}_reason"
    )
    notices = context["notice"].select("release_key", "notice_id", "notice_type", "release_id", published="date")
    rows = rows.left_join(notices, "release_key", rname="{name}_notice")
    subject = rows.ocid + "/" + rows.subject_type + "s/" + rows.local_id
    rows = rows.mutate(change_id=subject + "/changes/" + rows.type + "/" + rows.old_local.fill_null(rows.release_id))
    # Some publishers give two releases of one process the same id, or two awards of one release.
    order = [rows.published, rows.release_key, rows.place]
    repeat = ibis.row_number().over(ibis.window(group_by="change_id", order_by=order))
    return rows.mutate(
        subject_id=subject,
        change_id=rows.change_id + (repeat > 0).ifelse("/" + (repeat + 1).cast("string"), ""),
        date=rows.amended_on.fill_null(rows.published.date()),
        reason=rows.rationale.fill_null(rows.description),
        notified=rows.described.fill_null(ibis.literal(value=False))
        | (rows.notice_type == "UK10").fill_null(ibis.literal(value=False)),
    )


def _find_value_changes(context: MergeContext, table: str, column: str, kind: str, is_money: bool) -> Rows:
    rows = context.history.tables[table].join(context.history.releases, "release_key")
    rows = rows.filter(rows.is_release, rows[column].notnull())
    history_window = ibis.window(group_by=["ocid", "local_id"], order_by=[rows["at"] * PLACES_PER_RELEASE + rows.place])
    rows = rows.mutate(old=rows[column].lag().over(history_window), new=rows[column])
    rows = rows.filter(rows.old.notnull(), rows.old != rows.new)
    no_amount, no_date = ibis.null("decimal(18,2)"), ibis.null("date")
    return rows.select(
        "release_key", "ocid", "local_id", "place", subject_type=ibis.literal(table), type=ibis.literal(kind),
        currency=rows.value_currency, old_value=rows.old if is_money else no_amount, new_value=rows.new if is_money else no_amount,
        old_end=no_date if is_money else rows.old, new_end=no_date if is_money else rows.new, old_local=ibis.null("string"),
    )  # fmt: skip


def _find_award_corrections(context: MergeContext) -> Rows:
    """Return a row for each superseded award: the change from it to the award that repeats it next."""
    superseded = context["award"].filter(context["award"].superseded_award)
    successors = context["award"].select("ocid", "value_net", "end_published", "first_at", new_local="local_id")
    rows = superseded.join(
        successors, [superseded.ocid == successors.ocid, superseded.then == successors.new_local], rname="{name}_new"
    )
    releases = context.history.releases.select("release_key", "at")
    rows = rows.mutate(new_at=rows.first_at_new // PLACES_PER_RELEASE)
    rows = rows.join(releases, rows.new_at == releases["at"], rname="{name}_release")
    end_moved, no_date = ~rows.end_published.identical_to(rows.end_published_new), ibis.null("date")
    return rows.select(
        "release_key", "ocid", local_id="new_local", place=ibis.literal(0, "int64"), subject_type=ibis.literal("award"),
        type=ibis.literal("superseded"),
        currency="currency", old_value="value_net", new_value="value_net_new",
        old_end=end_moved.ifelse(rows.end_published, no_date), new_end=end_moved.ifelse(rows.end_published_new, no_date),
        old_local="local_id",
    )  # fmt: skip


def _find_change_reasons(context: MergeContext) -> Rows:
    rows, grounds = context.history.tables["amendment"], context.history.tables["amendment_ground"]
    first_grounds = grounds.group_by("release_key", "parent_id", "amendment_id").agg(
        ground=grounds.ground_id.min(), ground_text=grounds.description.min()
    )
    rows = rows.left_join(first_grounds, ["release_key", "parent_id", "amendment_id"], rname="{name}_ground")
    rows = rows.mutate(subject_type=rows.section.re_extract("^(contract|award)s/", 1))
    amendments = rows.filter(rows.subject_type != "")
    return amendments.group_by("release_key", "subject_type", local_id=amendments.parent_id).agg(
        amended_on=amendments.date.argmax(amendments.place, where=amendments.date.notnull()),
        rationale=amendments.rationale.argmax(amendments.place, where=amendments.rationale.notnull()),
        description=amendments.description.argmax(amendments.place, where=amendments.description.notnull()),
        ground=amendments.ground_text.fill_null(amendments.ground).max(),
        described=amendments.count() > 0,
    )
