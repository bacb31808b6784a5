"""Answers questions from one snapshot: the record of a thing, its series, search. It changes nothing and knows no other room.

find      what a person has at hand → the thing it names
record    a thing → its figures, each with state, source and date, and what hangs below it
search    words → the things that have them
index     written with each snapshot, for search
"""

from threepoint.facts.find import Thing, at, find
from threepoint.facts.record import record
from threepoint.facts.search import Found, Hit, Wish, search
from threepoint.facts.snapshot import Snapshot, open_snapshot

__all__ = ["Found", "Hit", "Snapshot", "Thing", "Wish", "at", "find", "open_snapshot", "record", "search"]
