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

from threepoint.facts import tables
from threepoint.facts.counts import MOST_OPTIONS
from threepoint.facts.coverage import COMPARED, LISTS, coverage
from threepoint.facts.draft import draft
from threepoint.facts.find import Thing, at, find
from threepoint.facts.gaps import count_missing, every, gaps, has_several_buyers, missing
from threepoint.facts.holdings import Outline, cpv_groups, holdings, outline
from threepoint.facts.record import record
from threepoint.facts.search import Found, Hit, Wish, search
from threepoint.facts.snapshot import Snapshot, open_snapshot
from threepoint.facts.unannounced import File, Told, Unannounced, kept, of_process, told, unannounced

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
    "tables",
    "told",
    "unannounced",
]  # fmt: skip
