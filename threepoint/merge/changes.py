"""Changes: each time a published value or end date differs from the one before, one row with old, new and reason.

No change is invented: an absent change notice means no more than "no notified change", since small changes need none.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.latest import PLACES
from threepoint.merge.world import World

# What changes, and of what: history table, column, type of change, and whether it is money.
WATCHED = (
    ("contract", "value_net", "value", True),
    ("contract", "end_date", "duration", False),
    ("award", "value_net", "correction", True),
    ("award", "end_date", "duration", False),
)


def changes(world: World) -> Rows:
    """Rows of CHANGE for contracts and awards, and one for each award that a newer notice supersedes."""
    steps = [_steps(world, *watched) for watched in WATCHED]
    rows = ibis.union(*steps, _corrections(world))
    rows = rows.left_join(_reasons(world), ["release_key", "subject_type", "local_id"], rname="{name}_reason")
    notice = world["notice"].select("release_key", "notice_id", "notice_type", "release_id", published="date")
    rows = rows.left_join(notice, "release_key", rname="{name}_notice")
    subject = rows.ocid + "/" + rows.subject_type + "s/" + rows.local_id
    rows = rows.mutate(change_id=subject + "/changes/" + rows.type + "/" + rows.old_local.fill_null(rows.release_id))
    # Some publishers give two releases of one process the same id, or two awards of one release.
    order = [rows.published, rows.release_key, rows.place]
    again = ibis.row_number().over(ibis.window(group_by="change_id", order_by=order))
    return rows.mutate(
        subject_id=subject,
        change_id=rows.change_id + (again > 0).ifelse("/" + (again + 1).cast("string"), ""),
        date=rows.amended_on.fill_null(rows.published.date()),
        reason=rows.rationale.fill_null(rows.description),
        notified=rows.described.fill_null(ibis.literal(value=False))
        | (rows.notice_type == "UK10").fill_null(ibis.literal(value=False)),
    )


def _steps(world: World, table: str, column: str, kind: str, is_money: bool) -> Rows:  # one flag, by table
    rows = world.history.tables[table].join(world.history.releases, "release_key")
    rows = rows.filter(rows.is_release, rows[column].notnull())
    before = ibis.window(group_by=["ocid", "local_id"], order_by=[rows["at"] * PLACES + rows.place])
    rows = rows.mutate(old=rows[column].lag().over(before), new=rows[column])
    rows = rows.filter(rows.old.notnull(), rows.old != rows.new)
    money, day = ibis.null("decimal(18,2)"), ibis.null("date")
    return rows.select(
        "release_key", "ocid", "local_id", "place", subject_type=ibis.literal(table), type=ibis.literal(kind),
        currency=rows.value_currency, old_value=rows.old if is_money else money, new_value=rows.new if is_money else money,
        old_end=day if is_money else rows.old, new_end=day if is_money else rows.new, old_local=ibis.null("string"),
    )  # fmt: skip


def _corrections(world: World) -> Rows:
    """A row for each step of a chain of repeats: from each superseded award to the one that repeats it next."""
    old = world["award"].filter(world["award"].superseded_award)
    new = world["award"].select("ocid", "value_net", "end_date", "first_at", new_local="local_id")
    rows = old.join(new, [old.ocid == new.ocid, old.then == new.new_local], rname="{name}_new")
    releases = world.history.releases.select("release_key", "at")
    rows = rows.mutate(new_at=rows.first_at_new // PLACES)
    rows = rows.join(releases, rows.new_at == releases["at"], rname="{name}_release")
    moved, day = ~rows.end_date.identical_to(rows.end_date_new), ibis.null("date")
    return rows.select(
        "release_key", "ocid", local_id="new_local", place=ibis.literal(0, "int64"), subject_type=ibis.literal("award"),
        type=ibis.literal("superseded"),
        currency="currency", old_value="value_net", new_value="value_net_new",
        old_end=moved.ifelse(rows.end_date, day), new_end=moved.ifelse(rows.end_date_new, day), old_local="local_id",
    )  # fmt: skip


def _reasons(world: World) -> Rows:
    rows, grounds = world.history.tables["amendment"], world.history.tables["amendment_ground"]
    ground = grounds.group_by("release_key", "parent_id", "amendment_id").agg(
        ground=grounds.ground_id.min(), ground_text=grounds.description.min()
    )
    rows = rows.left_join(ground, ["release_key", "parent_id", "amendment_id"], rname="{name}_ground")
    rows = rows.mutate(subject_type=rows.section.re_extract("^(contract|award)s/", 1))
    own = rows.filter(rows.subject_type != "")
    return own.group_by("release_key", "subject_type", local_id=own.parent_id).agg(
        amended_on=own.date.argmax(own.place, where=own.date.notnull()),
        rationale=own.rationale.argmax(own.place, where=own.rationale.notnull()),
        description=own.description.argmax(own.place, where=own.description.notnull()),
        ground=own.ground_text.fill_null(own.ground).max(),
        described=own.count() > 0,
    )
