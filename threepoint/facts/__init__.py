"""Answers questions from one snapshot: the record of a thing. It changes nothing and knows no other room."""

from threepoint.facts.find import find
from threepoint.facts.record import record
from threepoint.facts.snapshot import Snapshot, open_snapshot

__all__ = ["Snapshot", "find", "open_snapshot", "record"]
