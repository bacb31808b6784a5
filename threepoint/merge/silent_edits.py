"""Silent edits: releases that a publisher published again under the same id with other content, and the differences.

The later content is the one with the later date; within one date, the one from the file that was read later. Ids that we
generate depend on the content, so they never occur on two contents.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import RELEASE, RELEASE_CONTENT_TABLES
from threepoint.standard.tables_quality import NOTICE_REVISION, REVISED_FIELD

UNCOMPARED_FIELDS = ("street", "postcode", "body")  # never shown; `body` only repeats an identifier
COMPARED_RELEASE_FIELDS = ("date", "tag", "initiation_type", "language")
# Start of the key of an object without an id. It contains the release's own hash, so it would differ in every release.
GENERATED_KEY_PATTERN = "#[0-9a-f]{12}-"
# Includes the publisher: two publishers' versions of one notice are not edits of each other.
NOTICE_KEY_COLUMNS = ["ocid", "release_id", "publisher"]
REVISION_KEY_COLUMNS = ("ocid", "release_id", "revision")


def build_notice_revisions(context: MergeContext) -> Rows:
    """Return rows of NOTICE_REVISION, with the keys of both releases: `old_key`, `new_key`."""
    releases = context.history.tables["release"]
    notice_releases = releases.filter(releases.kind == "release", ~releases.id_derived)
    content_counts = notice_releases.group_by(*NOTICE_KEY_COLUMNS).agg(contents=notice_releases.count())
    rows = notice_releases.semi_join(content_counts.filter(content_counts.contents > 1), NOTICE_KEY_COLUMNS)
    rows = rows.left_join(context["sources"].select("source_id", "place"), "source_id")
    by_id = ibis.window(group_by=NOTICE_KEY_COLUMNS, order_by=[rows.date, rows.place, rows.sha256])
    previous = {f"old_{name}": rows[name].lag().over(by_id) for name in ("sha256", "date", "source_id")}
    steps = rows.mutate(**previous, old_key=rows.release_key.lag().over(by_id))
    steps = steps.filter(steps.old_key.notnull())
    revision_order = [steps.publisher, steps.date, steps.place, steps.sha256]
    revision = ibis.row_number().over(ibis.window(group_by=["ocid", "release_id"], order_by=revision_order))
    steps = steps.mutate(revision=revision + 1)
    steps = steps.rename(new_key="release_key", new_sha256="sha256", new_date="date", new_source_id="source_id")
    notices = context["notice"].select(new_key="release_key", notice_id="notice_id")
    steps = steps.join(notices, "new_key")
    return steps.select(*NOTICE_REVISION.names, "old_key", "new_key")


def build_revised_fields(context: MergeContext) -> Rows:
    """Return rows of REVISED_FIELD: one for each field that differs between the two releases of a revision."""
    steps = context["notice_revision"].select(*REVISION_KEY_COLUMNS, "old_key", "new_key")
    keys = steps.select(release_key="old_key").union(steps.select(release_key="new_key"), distinct=True)
    values = ibis.union(
        *[
            _unpivot_values(context.history.tables[table.name], keys, table)
            for table in (RELEASE, *RELEASE_CONTENT_TABLES)
        ]
    )
    values = values.group_by("release_key", "table", "object_id", "field").agg(value=values.value.argmax(values.place))
    old = steps.join(values, steps.old_key == values.release_key).select(
        *REVISION_KEY_COLUMNS, "table", "object_id", "field", old_value="value"
    )
    new = steps.join(values, steps.new_key == values.release_key).select(
        *REVISION_KEY_COLUMNS, "table", "object_id", "field", new_value="value"
    )
    field_key = [*REVISION_KEY_COLUMNS, "table", "object_id", "field"]
    changes = ibis.union(
        old.mutate(new_value=ibis.null("string")),
        new.mutate(old_value=ibis.null("string")).select(*field_key, "old_value", "new_value"),
    )
    rows = changes.group_by(field_key).agg(old_value=changes.old_value.max(), new_value=changes.new_value.max())
    return rows.filter(~rows.old_value.identical_to(rows.new_value)).select(*REVISED_FIELD.names)


def _unpivot_values(rows: Rows, keys: Rows, table: TableDefinition) -> Rows:
    """Return the values of some releases in one history table: release_key, table, object_id, field, value as text, place."""
    selected = rows.semi_join(keys, "release_key")
    id_columns = [name for name in table.key if name != "release_key"]
    object_id = (
        ibis.literal("|").join([selected[name].cast("string") for name in id_columns])
        if id_columns
        else ibis.literal("")
    )
    object_id = object_id.re_replace(GENERATED_KEY_PATTERN, "#")
    fields = COMPARED_RELEASE_FIELDS if table is RELEASE else _list_compared_fields(table)
    place = selected.place if "place" in table.names else ibis.literal(0, "int64")
    wide = selected.select(
        "release_key",
        object_id=object_id,
        place=place.cast("int64"),
        **{f"f_{name}": _cast_to_text(selected, table, name) for name in fields},
    )
    long = wide.pivot_longer([f"f_{name}" for name in fields], names_to="field", names_transform=lambda name: name[2:])
    long = long.filter(long.value.notnull())
    return long.select("release_key", "object_id", "field", "value", "place", table=ibis.literal(table.name))


def _list_compared_fields(table: TableDefinition) -> list[str]:
    return [name for name in table.names if name not in (*table.key, "place", *UNCOMPARED_FIELDS)]


def _cast_to_text(rows: Rows, table: TableDefinition, name: str) -> ibis.Value:
    if table.field(name).type == "timestamp":
        # Spark does not accept plain letters within the format.
        return rows[name].strftime("%Y-%m-%d") + "T" + rows[name].strftime("%H:%M:%S") + "Z"
    return rows[name].cast("string")
