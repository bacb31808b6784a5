"""Rows of one table of a snapshot, from dossiers alone: those of one thing, or all of them, some at a time.

No answer reads more than MOST_DOSSIERS dossiers. So a page may hold fewer rows than were asked for, and still not be the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from threepoint.facts.once import once
from threepoint.facts.snapshot import Snapshot
from threepoint.standard.model import Table
from threepoint.standard.sdes import SDES
from threepoint.store import layers, shelf

MOST_DOSSIERS = 300  # read for one page: some 30 ms
# Columns whose values begin with the address of the process, project or line that a row is of.
ADDRESSES = ("ocid", "award_id", "contract_id", "kpi_id", "obs_id", "milestone_id", "change_id", "subject_id", "key",
             "scheme_id", "spend_id", "sale_id", "entry_id")  # fmt: skip
FOREIGN = (("related_process", "contract_id"), ("contracting_process", "scheme_id"), ("contract", "scheme_id"))
OWNERS = {"spend": ("ocid", "spend_id"), "organisation_identifier": ("org_id",), "change": ("subject_id",)}

Row = dict[str, Any]
Place = tuple[str, int]  # a group, and how many of its rows come before
START: Place = ("", 0)


@dataclass(frozen=True)
class Page:
    """Some rows of a table, in the order of their groups, and the place that the next page begins at; None: that was all."""

    rows: list[Row]
    next: Place | None


def held(snapshot: Snapshot) -> list[Table]:
    """The tables of the standard that this snapshot has."""
    return [SDES[name] for name in SDES if name in snapshot.manifest["tables"]]


def walked(table: Table) -> bool:
    """Whether the rows of a table stand in dossiers; others are of whole lists or publishers."""
    return table.name not in shelf.OF_NO_ONE


def filters(table: Table) -> tuple[str, ...]:
    """The columns by which rows can be asked for: their values tell whose dossier a row stands in."""
    if not walked(table):
        return ()
    known = {*ADDRESSES, *_owners(table)}
    return tuple(name for name in table.names if name in known and (table.name, name) not in FOREIGN)


def _owners(table: Table) -> tuple[str, ...]:
    return OWNERS.get(table.name, (table.address,))


def page(snapshot: Snapshot, table: Table, only: Mapping[str, str], place: Place, size: int) -> Page:
    """At most `size` rows of a table from `place` on. `only`: values that some of its `filters` must have."""
    if only:
        groups = {layers.group(value) for value in only.values()}
        return (
            _page(snapshot, table, only, place, size, sorted(groups), last=True) if len(groups) == 1 else Page([], None)
        )
    groups_of = _groups(snapshot, table, place[0])
    return _page(snapshot, table, only, place, size, groups_of, last=len(groups_of) < MOST_DOSSIERS)


def _groups(snapshot: Snapshot, table: Table, start: str) -> list[str]:
    """The next groups that may have rows of a table."""
    reach = once(snapshot, f"reach of {table.name}", lambda: _reach(snapshot, table))
    found: set[str] = set()
    for layer, (first, end) in reach.items():
        found.update(snapshot.groups(max(start, first), end, MOST_DOSSIERS, (layer,)))
    return sorted(found)[:MOST_DOSSIERS]


def _reach(snapshot: Snapshot, table: Table) -> dict[str, tuple[str, str | None]]:
    """The layers that a table has rows in, each with bounds of its groups.

    Addresses are not in the order of their groups: `a-1/x` stands before `a/x`, since `-` comes before `/`. So the least group
    can also be one that the first begins with, and what the last begins can come after it.
    """
    found = {}
    for layer, (first, last) in layers.reach(snapshot.folder, table, _owners(table)).items():
        begins = (first[:length] for length in range(1, len(first)))
        least = next((one for one in begins if one in snapshot.groups(one, one, 1, (layer,))), first)
        found[layer] = (least, last and f"{last}/")
    return found


def _page(
    snapshot: Snapshot, table: Table, only: Mapping[str, str], place: Place, size: int, groups: list[str], *, last: bool
) -> Page:
    rows: list[Row] = []
    for number, group in enumerate(groups):
        done = place[1] if group == place[0] else 0
        found = [row for row in snapshot.dossier(group).rows(table.name) if all(row[k] == v for k, v in only.items())]
        room = size - len(rows)
        rows += found[done : done + room]
        if len(found) > done + room:
            return Page(rows, (group, done + room))
        if len(rows) == size and number < len(groups) - 1:
            return Page(rows, _beyond(group))
    return Page(rows, None if last or not groups else _beyond(groups[-1]))


def _beyond(group: str) -> Place:
    """The place right after a group: no text lies between it and the same with the least sign behind."""
    return f"{group}\0", 0


def total(snapshot: Snapshot, table: Table) -> int:
    """How many rows a table has."""
    return int(snapshot.manifest["tables"][table.name])
