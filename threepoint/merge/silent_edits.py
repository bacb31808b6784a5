"""Silent edits: releases that a publisher gave again under the same id with other content, and what differs.

Which content is the later one: that of the later date; of one date, that of the file that was read later. An id that we gave
ourselves follows from the content, so it never stands on two.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import RELEASE, RELEASE_CONTENT_TABLES
from threepoint.standard.tables_quality import NOTICE_REVISION, REVISED_FIELD

UNCOMPARED_FIELDS = ("street", "postcode", "body")  # never shown; `body` only repeats an identifier
COMPARED_RELEASE_FIELDS = ("date", "tag", "initiation_type", "language")  # what a release says of itself
GENERATED_KEY_PATTERN = (
    "#[0-9a-f]{12}-"  # begins the key of what has no id: told by the release's own hash, it would never be the same
)
NOTICE_KEY_COLUMNS = ["ocid", "release_id", "publisher"]  # what two publishers say of one notice is no edit of either
REVISION_KEY_COLUMNS = ("ocid", "release_id", "revision")


def build_notice_revisions(world: MergeContext) -> Rows:
    """Rows of NOTICE_REVISION, with the keys of both releases: `old_key`, `new_key`."""
    releases = world.history.tables["release"]
    named = releases.filter(releases.kind == "release", ~releases.id_derived)
    again = named.group_by(*NOTICE_KEY_COLUMNS).agg(contents=named.count())
    rows = named.semi_join(again.filter(again.contents > 1), NOTICE_KEY_COLUMNS)
    rows = rows.left_join(world["sources"].select("source_id", "place"), "source_id")
    before = ibis.window(group_by=NOTICE_KEY_COLUMNS, order_by=[rows.date, rows.place, rows.sha256])
    earlier = {f"old_{name}": rows[name].lag().over(before) for name in ("sha256", "date", "source_id")}
    steps = rows.mutate(**earlier, old_key=rows.release_key.lag().over(before))
    steps = steps.filter(steps.old_key.notnull())
    order = [steps.publisher, steps.date, steps.place, steps.sha256]
    number = ibis.row_number().over(ibis.window(group_by=["ocid", "release_id"], order_by=order))
    steps = steps.mutate(revision=number + 1)
    steps = steps.rename(new_key="release_key", new_sha256="sha256", new_date="date", new_source_id="source_id")
    notice = world["notice"].select(new_key="release_key", notice_id="notice_id")
    steps = steps.join(notice, "new_key")
    return steps.select(*NOTICE_REVISION.names, "old_key", "new_key")


def build_revised_fields(world: MergeContext) -> Rows:
    """Rows of REVISED_FIELD: one for each field that is not the same in both releases of a step."""
    steps = world["notice_revision"].select(*REVISION_KEY_COLUMNS, "old_key", "new_key")
    keys = steps.select(release_key="old_key").union(steps.select(release_key="new_key"), distinct=True)
    said = ibis.union(
        *[
            _unpivot_values(world.history.tables[table.name], keys, table)
            for table in (RELEASE, *RELEASE_CONTENT_TABLES)
        ]
    )
    said = said.group_by("release_key", "table", "thing", "field").agg(value=said.value.argmax(said.place))
    old = steps.join(said, steps.old_key == said.release_key).select(
        *REVISION_KEY_COLUMNS, "table", "thing", "field", old_value="value"
    )
    new = steps.join(said, steps.new_key == said.release_key).select(
        *REVISION_KEY_COLUMNS, "table", "thing", "field", new_value="value"
    )
    place = [*REVISION_KEY_COLUMNS, "table", "thing", "field"]
    both = ibis.union(
        old.mutate(new_value=ibis.null("string")),
        new.mutate(old_value=ibis.null("string")).select(*place, "old_value", "new_value"),
    )
    rows = both.group_by(place).agg(old_value=both.old_value.max(), new_value=both.new_value.max())
    return rows.filter(~rows.old_value.identical_to(rows.new_value)).select(*REVISED_FIELD.names)


def _unpivot_values(rows: Rows, keys: Rows, table: TableDefinition) -> Rows:
    """What some releases say in one history table: release_key, table, thing, field, value as text, place."""
    mine = rows.semi_join(keys, "release_key")
    ids = [name for name in table.key if name != "release_key"]
    thing = ibis.literal("|").join([mine[name].cast("string") for name in ids]) if ids else ibis.literal("")
    thing = thing.re_replace(GENERATED_KEY_PATTERN, "#")
    told = COMPARED_RELEASE_FIELDS if table is RELEASE else _list_compared_fields(table)
    place = mine.place if "place" in table.names else ibis.literal(0, "int64")
    wide = mine.select(
        "release_key",
        thing=thing,
        place=place.cast("int64"),
        **{f"f_{name}": _cast_to_text(mine, table, name) for name in told},
    )
    long = wide.pivot_longer([f"f_{name}" for name in told], names_to="field", names_transform=lambda name: name[2:])
    long = long.filter(long.value.notnull())
    return long.select("release_key", "thing", "field", "value", "place", table=ibis.literal(table.name))


def _list_compared_fields(table: TableDefinition) -> list[str]:
    return [name for name in table.names if name not in (*table.key, "place", *UNCOMPARED_FIELDS)]


def _cast_to_text(rows: Rows, table: TableDefinition, name: str) -> ibis.Value:
    if table.field(name).type == "timestamp":
        # A letter within the format is no plain letter to Spark.
        return rows[name].strftime("%Y-%m-%d") + "T" + rows[name].strftime("%H:%M:%S") + "Z"
    return rows[name].cast("string")
