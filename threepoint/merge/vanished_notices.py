"""Vanished notices: notices in an earlier version of a file that the newest version no longer contains.

Files with one name count as versions of one file; the one read last is the newest. A rolling feed, or an unrelated file
with the same name, must not look like a mass deletion. So a notice counts as vanished only if

1. the newest version contains notices published before and after it (for processes merged by the publisher, which vanish
   as a whole: before it);
2. the newest version contains neither its id nor a notice of the same process published in the same second, which would
   be an edit;
3. no file that was read later contains it, which would be a move;
4. at least as many notices of the earlier versions remain in the newest version as have vanished from it;
5. the whole newest version could be read.

A version that is loaded again, byte for byte, is not recorded again, so it never becomes the newest version again.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.table_conformance import conform_to_table
from threepoint.standard.tables_quality import VANISHED_NOTICE


def list_file_versions(context: MergeContext) -> Rows:
    """Return the files that share their name with another file: source_id, name, place in the order of reading, parts."""
    sources = context["sources"]
    file_counts = sources.group_by("name").agg(files=sources.count())
    return sources.semi_join(file_counts.filter(file_counts.files > 1), "name")


def find_vanished_notices(context: MergeContext) -> Rows:
    """Return rows of VANISHED_NOTICE."""
    versions, newest = _list_version_releases(context), _select_newest_versions(context["file_versions"])
    versions = versions.join(newest, "name")
    current = versions.filter(versions.place == versions.newest_place)
    earlier = versions.filter(versions.place < versions.newest_place)
    vanished = _find_vanished_releases(context, current, earlier).union(
        _find_vanished_compiled(context, current, earlier)
    )
    return conform_to_table(vanished, VANISHED_NOTICE)


def _list_version_releases(context: MergeContext) -> Rows:
    """Return the releases in each version of a file: those that it contained first and those that it repeats."""
    release, sightings = context.history.tables["release"], context.history.tables["sighting"]
    pairs = [
        rows.semi_join(context["file_versions"], "source_id").select("release_key", "source_id")
        for rows in (release, sightings)
    ]
    details = release.select(
        "release_key", "ocid", "release_id", "sha256", "kind", "date", "publisher", "publisher_group"
    )
    version_releases = ibis.union(*pairs, distinct=True).join(context["file_versions"], "source_id")
    return version_releases.join(details, "release_key")


def _select_newest_versions(files: Rows) -> Rows:
    newest = files.group_by("name").agg(
        newest_place=files.place.max(), newest_source_id=files.source_id.argmax(files.place), parts=files.parts.argmax(files.place)
    )  # fmt: skip
    return newest.filter(newest.parts == 0).drop("parts")


def _select_last_rows(rows: Rows, *key_columns: str) -> Rows:
    """Return each object once, as in the last version that contains it."""
    order = ibis.window(
        group_by=["name", *key_columns], order_by=[ibis.desc(rows.place), ibis.desc(rows.date), rows.sha256]
    )
    rows = rows.mutate(nth=ibis.row_number().over(order))
    return rows.filter(rows.nth == 0).drop("nth").mutate(last_source_id="source_id")


def _find_vanished_releases(context: MergeContext, current: Rows, earlier: Rows) -> Rows:
    current = current.filter(current.kind == "release")
    earlier = _select_last_rows(earlier.filter(earlier.kind == "release"), "release_key")
    remaining = earlier.semi_join(current, ["name", "release_key"])
    vanished = earlier.anti_join(current, ["name", "release_key"])
    vanished = vanished.anti_join(current, ["name", "ocid", "release_id"]).anti_join(current, ["name", "ocid", "date"])
    vanished = _exclude_mass_deletions(vanished, remaining)
    spans = current.group_by("name").agg(begin=current.date.min(), end=current.date.max())
    vanished = vanished.join(spans, "name").filter(lambda row: (row.date > row.begin) & (row.date < row.end))
    vanished = vanished.drop("begin", "end")
    sightings = context.history.tables["sighting"].semi_join(vanished, "release_key")
    later = sightings.join(context["sources"].select("source_id", seen="place"), "source_id")
    return vanished.anti_join(
        later,
        [vanished.release_key == later.release_key, vanished.newest_place < later.seen],
    )


def _find_vanished_compiled(context: MergeContext, current: Rows, earlier: Rows) -> Rows:
    current = current.filter(current.kind == "compiled")
    earlier = _select_last_rows(earlier.filter(earlier.kind == "compiled"), "ocid")
    vanished = _exclude_mass_deletions(
        earlier.anti_join(current, ["name", "ocid"]), earlier.semi_join(current, ["name", "ocid"])
    )
    starts = current.group_by("name").agg(begin=current.date.min())
    vanished = vanished.join(starts, "name").filter(lambda row: row.date > row.begin).drop("begin")
    releases = context.history.tables["release"].filter(lambda row: row.kind == "compiled").semi_join(vanished, "ocid")
    sightings = context.history.tables["sighting"].join(releases.select("release_key", "ocid"), "release_key")
    occurrences = releases.select("ocid", "source_id").union(sightings.select("ocid", "source_id"))
    later = occurrences.join(context["sources"].select("source_id", seen="place"), "source_id")
    return vanished.anti_join(later, [vanished.ocid == later.ocid, vanished.newest_place < later.seen])


def _exclude_mass_deletions(vanished: Rows, remaining: Rows) -> Rows:
    """Return the vanished rows of files in which at least as many rows remain."""
    vanished_counts = vanished.group_by("name").agg(gone=vanished.count())
    remaining_counts = remaining.group_by("name").agg(kept=remaining.count())
    counts = vanished_counts.join(remaining_counts, "name")
    return vanished.semi_join(counts.filter(counts.kept >= counts.gone), "name")
