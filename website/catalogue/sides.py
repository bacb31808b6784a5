"""Two to six things side by side: the order and the choice are in the address."""

from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.standard import words
from threepoint.standard.lists import LONG_ID
from threepoint.standard.records import Record
from threepoint.standard.states import STATES
from website.common import facts
from website.common.addresses import address_of
from website.common.parts import Cell, Empty, Group, Link, Row, Side, SideBySide


@dataclass(frozen=True)
class Page:
    """The comparison, or what is missing for one."""

    table: SideBySide | None
    alike: tuple[str, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    chosen: tuple[Side, ...]
    why_not: str
    empty: Empty | None
    unknown: tuple[str, ...]
    carried: tuple[str, ...]
    synthetic: bool
    partly: bool = False  # whether one side is made up and another is not


def page(snapshot: facts.Snapshot, wanted: list[str]) -> Page:
    """The page for the ids of an address; ids that name nothing are said, and left out."""
    found, unknown = _things(snapshot, wanted)
    ids = [thing.id for thing in found]
    records = [facts.record(snapshot, thing) for thing in found]
    chosen = tuple(_side(ids, number, one) for number, one in enumerate(records))
    told, why_not = _compared(records)
    if told is None:
        empty = None if chosen else _nothing()
        return Page(None, (), (), chosen, why_not, empty, unknown, tuple(ids), synthetic=False)
    table = SideBySide(_("Side by side"), chosen, tuple(_groups(told, chosen)))
    alike = tuple(map(facts.compare.format_likeness, told.alike))
    notes = tuple(
        (side.letter, tuple(map(facts.compare.format_note, each)))
        for side, each in zip(chosen, told.notes, strict=True)
        if each
    )
    return Page(table, alike, notes, chosen, "", None, unknown, tuple(ids), told.synthetic,
                partly=not all(one.synthetic for one in records))  # fmt: skip


def _things(snapshot: facts.Snapshot, wanted: list[str]) -> tuple[list[facts.Thing], tuple[str, ...]]:
    found: dict[str, facts.Thing] = {}
    unknown = []
    for ident in wanted[:12]:
        try:
            thing = facts.find(snapshot, ident)
        except facts.Ambiguous:
            unknown.append(_("%s names several things; give the address of one") % ident)
        except facts.Problem:
            unknown.append(_("nothing here is called %s") % ident)
        else:
            found[thing.id] = thing
    return list(found.values()), tuple(unknown)


def _compared(records: list[Record]) -> tuple[facts.compare.Comparison | None, str]:
    if len(records) < 2:
        return None, ""
    try:
        return facts.compare.side_by_side(records), ""
    except facts.Problem as why:
        return None, str(why)


def _side(ids: list[str], number: int, thing: Record) -> Side:
    left = [
        *ids[: max(number - 1, 0)],
        *ids[number : number + 1],
        *ids[max(number - 1, 0) : number],
        *ids[number + 1 :],
    ]
    right = [*ids[:number], *ids[number + 1 : number + 2], ids[number], *ids[number + 2 :]]
    without = [one for one in ids if one != thing.id]
    return Side(
        "ABCDEFGHIJKL"[number], thing.title or thing.id, address_of(thing.kind, thing.id), _address(without),
        _address(left) if number else "", _address(right) if number < len(ids) - 1 else "",
        synthetic=thing.synthetic,
    )  # fmt: skip


def _address(ids: list[str]) -> str:
    asked = QueryDict(mutable=True)
    asked.setlist("id", ids)
    return f"?{asked.urlencode()}"


def _groups(told: facts.compare.Comparison, sides: tuple[Side, ...]) -> list[Group]:
    return [
        Group(title or _("What it is"), tuple(_row(line, sides) for line in lines))
        for title, lines in groupby(told.lines, key=lambda line: line.group)
    ]


def _row(line: facts.compare.Line, sides: tuple[Side, ...]) -> Row:
    first = line.cells[0].content
    cells = (
        Cell(cell.text, _state(cell), cell.note, differs=cell.content != first, **_source(cell, side))
        for cell, side in zip(line.cells, sides, strict=True)
    )
    return Row(words.capital(line.label), tuple(cells))


def _source(cell: facts.compare.Cell, side: Side) -> dict[str, str]:
    """Where a figure is from; notices with long ids by the day of the newest, as a link to the notices of the record."""
    if cell.on is None or all(len(ident) <= LONG_ID for ident in cell.notices):
        return {"source": cell.source}
    number, day = len(cell.notices), words.in_words(cell.on)
    said = ngettext("notice of %(day)s", "%(n)d notices, the newest of %(day)s", number)
    return {"source": said % {"n": number, "day": day}, "href": f"{side.href}#notices"}


def _state(cell: facts.compare.Cell) -> str:
    """The state in words, where nothing else says why there is no value."""
    return STATES[cell.state].words if cell.is_bare and cell.state != "not_applicable" else ""


def _nothing() -> Empty:
    return Empty(
        _("Nothing is chosen yet"),
        _("Two to six contracts, procurements or awards can be put side by side, or two to six major projects."),
        (Link(_("Find the first one"), "/search/"),),
    )
