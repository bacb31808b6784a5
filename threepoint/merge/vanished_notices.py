"""Vanished notices: what stood in an earlier version of a file and no longer stands in the newest.

Files of one name are taken for versions of one another, the one read last for the newest. So that neither a feed that rolls
on nor another file of the same name is read as a mass deletion, a notice is told as vanished only where

1. the newest version holds notices published before it and after it (of processes merged by the publisher, which are gone as
   a whole, before it);
2. it holds neither the notice under its id nor one of the same process published in the same second: that is an edit;
3. no file of another name that was read later holds it: it has moved;
4. at least as many notices of the earlier versions are still in the newest as are gone from it;
5. all of the newest version could be read.

A version that is given again byte for byte is one that we hold: it is not noted, and so never becomes the newest again.
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.merge_context import MergeContext
from threepoint.merge.table_columns import conform_to_table
from threepoint.standard.tables_quality import VANISHED_NOTICE


def list_file_versions(world: MergeContext) -> Rows:
    """The files whose name another file has, too: source_id, name, place in the order of reading."""
    sources = world["sources"]
    several = sources.group_by("name").agg(files=sources.count())
    return sources.semi_join(several.filter(several.files > 1), "name")


def find_vanished_notices(world: MergeContext) -> Rows:
    """Rows of VANISHED_NOTICE."""
    held, newest = _list_version_releases(world), _select_newest_versions(world["file_versions"])
    held = held.join(newest, "name")
    now, before = held.filter(held.place == held.newest_place), held.filter(held.place < held.newest_place)
    gone = _find_vanished_releases(world, now, before).union(_find_vanished_compiled(world, now, before))
    return conform_to_table(gone, VANISHED_NOTICE)


def _list_version_releases(world: MergeContext) -> Rows:
    """What each version holds: the releases that it gave first and those that it gave again."""
    release, again = world.history.tables["release"], world.history.tables["sighting"]
    pairs = [
        rows.semi_join(world["file_versions"], "source_id").select("release_key", "source_id")
        for rows in (release, again)
    ]
    told = release.select("release_key", "ocid", "release_id", "sha256", "kind", "date", "publisher", "publisher_group")
    held = ibis.union(*pairs, distinct=True).join(world["file_versions"], "source_id")
    return held.join(told, "release_key")


def _select_newest_versions(files: Rows) -> Rows:
    last = files.group_by("name").agg(
        newest_place=files.place.max(), newest_source_id=files.source_id.argmax(files.place), parts=files.parts.argmax(files.place)
    )  # fmt: skip
    return last.filter(last.parts == 0).drop("parts")


def _select_last_rows(rows: Rows, *by: str) -> Rows:
    """Each thing once, as the last version that held it has it."""
    order = ibis.window(group_by=["name", *by], order_by=[ibis.desc(rows.place), ibis.desc(rows.date), rows.sha256])
    rows = rows.mutate(nth=ibis.row_number().over(order))
    return rows.filter(rows.nth == 0).drop("nth").mutate(last_source_id="source_id")


def _find_vanished_releases(world: MergeContext, now: Rows, before: Rows) -> Rows:
    now, before = (
        now.filter(now.kind == "release"),
        _select_last_rows(before.filter(before.kind == "release"), "release_key"),
    )
    kept, gone = before.semi_join(now, ["name", "release_key"]), before.anti_join(now, ["name", "release_key"])
    gone = gone.anti_join(now, ["name", "ocid", "release_id"]).anti_join(now, ["name", "ocid", "date"])
    gone = _exclude_mass_deletions(gone, kept)
    span = now.group_by("name").agg(begin=now.date.min(), end=now.date.max())
    gone = (
        gone.join(span, "name").filter(lambda row: (row.date > row.begin) & (row.date < row.end)).drop("begin", "end")
    )
    again = world.history.tables["sighting"].semi_join(gone, "release_key")
    later = again.join(world["sources"].select("source_id", seen="place"), "source_id")
    return gone.anti_join(later, [gone.release_key == later.release_key, gone.newest_place < later.seen])


def _find_vanished_compiled(world: MergeContext, now: Rows, before: Rows) -> Rows:
    now, before = (
        now.filter(now.kind == "compiled"),
        _select_last_rows(before.filter(before.kind == "compiled"), "ocid"),
    )
    gone = _exclude_mass_deletions(before.anti_join(now, ["name", "ocid"]), before.semi_join(now, ["name", "ocid"]))
    begins = now.group_by("name").agg(begin=now.date.min())
    gone = gone.join(begins, "name").filter(lambda row: row.date > row.begin).drop("begin")
    release = world.history.tables["release"].filter(lambda row: row.kind == "compiled").semi_join(gone, "ocid")
    again = world.history.tables["sighting"].join(release.select("release_key", "ocid"), "release_key")
    given = release.select("ocid", "source_id").union(again.select("ocid", "source_id"))
    later = given.join(world["sources"].select("source_id", seen="place"), "source_id")
    return gone.anti_join(later, [gone.ocid == later.ocid, gone.newest_place < later.seen])


def _exclude_mass_deletions(gone: Rows, kept: Rows) -> Rows:
    """What is gone from files of which as much or more was kept."""
    left, counted = gone.group_by("name").agg(gone=gone.count()), kept.group_by("name").agg(kept=kept.count())
    both = left.join(counted, "name")
    return gone.semi_join(both.filter(both.kept >= both.gone), "name")
