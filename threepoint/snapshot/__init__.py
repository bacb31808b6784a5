"""Answers questions from one snapshot: the record of a thing, its series, search. It changes nothing and knows no other room.

find      what a person has at hand → the thing it names
record    a thing → its figures, each with state, source and date, and what hangs below it
search    words → the things that have them: what is looked for in `query`, how many there are in `counts`
tables    a table's rows, of one thing or some at a time
index     written with each snapshot, for search; what it holds of each thing is in `documents`
holdings  what was loaded, by publisher
coverage  how much of what a comparison needs is published, by publisher
gaps      what a publisher has not reported, with the records that miss it
unannounced  what changed without a notice
draft     what a checked file would tell a reader
"""

from threepoint.snapshot import table_rows
from threepoint.snapshot.coverage import COMPARED, LISTS, coverage
from threepoint.snapshot.draft_report import draft
from threepoint.snapshot.facets import MOST_OPTIONS
from threepoint.snapshot.lookup import Thing, at, find
from threepoint.snapshot.missing_fields import count_missing, every, gaps, has_several_buyers, missing
from threepoint.snapshot.record import record
from threepoint.snapshot.search import Found, Hit, Wish, search
from threepoint.snapshot.snapshot import Snapshot, open_snapshot
from threepoint.snapshot.sources import Outline, cpv_groups, holdings, outline
from threepoint.snapshot.unannounced_changes import File, Told, Unannounced, kept, of_process, told, unannounced

__all__ = [
    "COMPARED",
    "LISTS",
    "MOST_OPTIONS",
    "File",
    "Found",
    "Hit",
    "Outline",
    "Snapshot",
    "Thing",
    "Told",
    "Unannounced",
    "Wish",
    "at",
    "count_missing",
    "coverage",
    "cpv_groups",
    "draft",
    "every",
    "find",
    "gaps",
    "has_several_buyers",
    "holdings",
    "kept",
    "missing",
    "of_process",
    "open_snapshot",
    "outline",
    "record",
    "search",
    "table_rows",
    "told",
    "unannounced",
]  # fmt: skip
