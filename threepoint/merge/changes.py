"""Changes: one row, with old, new and reason, each time a published value or end date differs from the one before.

An absent change notice means only "no notified change", since small changes need no notice.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.ocds_merge import PLACES_PER_RELEASE

TYPE_OF_VALUE_CHANGE = {"contract": "value", "award": "correction"}  # by history table


def build_changes(context: MergeContext) -> Rows:
    """Return rows of CHANGE: changes of contracts and awards, and one row for each superseded award."""
    changes = [
        find(context, table) for find in (_find_value_changes, _find_end_changes) for table in TYPE_OF_VALUE_CHANGE
    ]
    rows = ibis.union(*changes, _find_award_corrections(context))
    rows = rows.left_join(
        _find_change_reasons(context), ["release_key", "subject_type", "local_id"], rname="{name}_reason"
    )
    notices = context["notice"].select(
        "release_key", "notice_id", "notice_type", "release_id", "published_on", published="date"
    )
    rows = rows.left_join(notices, "release_key", rname="{name}_notice")
    subject = rows.ocid + "/" + rows.subject_type + "s/" + rows.local_id
    rows = rows.mutate(change_id=subject + "/changes/" + rows.type + "/" + rows.old_local.fill_null(rows.release_id))
    # Some publishers give two releases of one process the same id, or two awards of one release.
    order = [rows.published, rows.release_key, rows.place]
    repeat = ibis.row_number().over(ibis.window(group_by="change_id", order_by=order))
    return rows.mutate(
        subject_id=subject,
        change_id=rows.change_id + (repeat > 0).ifelse("/" + (repeat + 1).cast("string"), ""),
        date=rows.amended_on.fill_null(rows.published_on),
        reason=rows.rationale.fill_null(rows.description),
        notified=rows.described.fill_null(ibis.literal(value=False))
        | (rows.notice_type == "UK10").fill_null(ibis.literal(value=False)),
    )


def _find_value_changes(context: MergeContext, table: str) -> Rows:
    """Return changes of the value without VAT; and of the value with VAT, if that notice changes no value without VAT."""
    net = _compare_with_previous(context, table, "value_net", "value_currency")
    gross = _compare_with_previous(context, table, "value_gross", "value_currency")
    gross = gross.anti_join(net, ["release_key", "local_id"])
    changes = ibis.union(
        net.mutate(with_vat=ibis.literal(value=False)), gross.mutate(with_vat=ibis.literal(value=True))
    )
    no_date = ibis.null("date")
    return changes.select(
        "release_key", "ocid", "local_id", "place", subject_type=ibis.literal(table),
        type=ibis.literal(TYPE_OF_VALUE_CHANGE[table]), with_vat="with_vat", old_currency="old_currency",
        currency="value_currency", old_value="old", new_value="new", old_end=no_date, new_end=no_date, old_local=ibis.null("string"),
    )  # fmt: skip


def _find_end_changes(context: MergeContext, table: str) -> Rows:
    changes = _compare_with_previous(context, table, "end_date")
    no_amount, no_text = ibis.null("decimal(18,2)"), ibis.null("string")
    return changes.select(
        "release_key", "ocid", "local_id", "place", subject_type=ibis.literal(table), type=ibis.literal("duration"),
        with_vat=ibis.null("boolean"), old_currency=no_text, currency=no_text, old_value=no_amount, new_value=no_amount,
        old_end="old", new_end="new", old_local=no_text,
    )  # fmt: skip


def _compare_with_previous(context: MergeContext, table: str, column: str, currency: str = "") -> Rows:
    """Return the rows of an award or contract whose value (`new`), or its currency, differs from the `old` one.

    The old one is from an earlier release: a release that uses an id twice does not change anything.
    """
    rows = context.history.tables[table].join(context.history.releases, "release_key")
    rows = rows.filter(rows.is_release, rows[column].notnull())
    history_window = ibis.window(group_by=["ocid", "local_id"], order_by=[rows["at"] * PLACES_PER_RELEASE + rows.place])
    columns = {"old": column, "old_key": "release_key"} | ({"old_currency": currency} if currency else {})
    rows = rows.mutate(new=rows[column], **{name: rows[of].lag().over(history_window) for name, of in columns.items()})
    differs = rows.old != rows.new
    if currency:
        differs = differs | (rows.old_currency != rows[currency]).fill_null(ibis.literal(value=False))
    return rows.filter(rows.old.notnull(), rows.old_key != rows.release_key, differs)


def _find_award_corrections(context: MergeContext) -> Rows:
    """Return a row for each superseded award: the change from it to the award that repeats it next."""
    superseded = context["award"].filter(context["award"].superseded_award)
    successors = context["award"].select(
        "ocid", "value_net", "currency", "end_published", "first_at", new_local="local_id"
    )
    rows = superseded.join(
        successors, [superseded.ocid == successors.ocid, superseded.then == successors.new_local], rname="{name}_new"
    )
    releases = context.history.releases.select("release_key", "at")
    rows = rows.mutate(new_at=rows.first_at_new // PLACES_PER_RELEASE)
    rows = rows.join(releases, rows.new_at == releases["at"], rname="{name}_release")
    end_moved, no_date = ~rows.end_published.identical_to(rows.end_published_new), ibis.null("date")
    return rows.select(
        "release_key", "ocid", local_id="new_local", place=ibis.literal(0, "int64"), subject_type=ibis.literal("award"),
        type=ibis.literal("superseded"), with_vat=ibis.literal(value=False), old_currency="currency",
        currency="currency_new", old_value="value_net", new_value="value_net_new",
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
