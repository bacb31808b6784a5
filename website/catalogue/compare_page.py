"""Two to six things side by side: the order and the choice are in the address."""

from collections.abc import Sequence
from itertools import groupby

from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint import compare
from threepoint.errors import Ambiguous, Problem
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import LONG_ID
from threepoint.presentation.records import Record
from threepoint.standard.field_states import STATES
from website.common import snapshot_access
from website.common.components import Cell, Empty, Group, Link, Row, Side, SideBySide
from website.common.page_cache import of_snapshot
from website.common.record_urls import address_of


@of_snapshot
def show(request):
    """Two to six things side by side, or what is missing for that. Ids that name nothing are said, and left out."""
    snapshot = snapshot_access.current(request)
    wanted = list(dict.fromkeys(one.strip() for one in request.GET.getlist("id") if one.strip()))
    found, unknown = _things(snapshot, wanted)
    ids = [thing.id for thing in found]
    records = [snapshot_access.record(snapshot, thing) for thing in found]
    chosen = [_side(ids, number, one) for number, one in enumerate(records)]
    told, why_not = _compared(records)
    page = {"chosen": chosen, "unknown": unknown, "carried": ids, "why_not": why_not}
    if told:
        page |= {
            "table": SideBySide(_("Side by side"), tuple(chosen), tuple(_groups(told, chosen))),
            "alike": list(map(compare.format_likeness, told.alike)),
            "notes": [
                (side.letter, list(map(compare.format_note, notes)))
                for side, notes in zip(chosen, told.notes, strict=True)
                if notes
            ],
            "synthetic": told.synthetic,
            "partly": not all(one.synthetic for one in records),
        }
    elif not chosen:
        page["empty"] = _nothing()
    return render(request, "catalogue/compare.html", {"page": page, "q": ""})


def _things(snapshot: snapshot_access.Snapshot, wanted: list[str]) -> tuple[list[snapshot_access.Thing], list[str]]:
    found: dict[str, snapshot_access.Thing] = {}
    unknown = []
    for ident in wanted[:12]:
        try:
            thing = snapshot_access.find(snapshot, ident)
        except Ambiguous:
            unknown.append(_("%s names several things; give the address of one") % ident)
        except Problem:
            unknown.append(_("nothing here is called %s") % ident)
        else:
            found[thing.id] = thing
    return list(found.values()), unknown


def _compared(records: list[Record]) -> tuple[compare.Comparison | None, str]:
    if len(records) < 2:
        return None, ""
    try:
        return compare.side_by_side(records), ""
    except Problem as why:
        return None, str(why)


def _side(ids: list[str], number: int, thing: Record) -> Side:
    without = [one for one in ids if one != thing.id]
    left, right = list(without), list(without)
    left.insert(max(number - 1, 0), thing.id)
    right.insert(number + 1, thing.id)
    return Side(
        "ABCDEFGHIJKL"[number], thing.title or thing.id, address_of(thing.kind, thing.id), _address(without),
        _address(left) if number else "", _address(right) if number < len(ids) - 1 else "",
        synthetic=thing.synthetic,
    )  # fmt: skip


def _address(ids: list[str]) -> str:
    return f"?{urlencode({'id': ids}, doseq=True)}"


def _groups(told: compare.Comparison, sides: Sequence[Side]) -> list[Group]:
    return [
        Group(title or _("What it is"), tuple(_row(line, sides) for line in lines))
        for title, lines in groupby(told.lines, key=lambda line: line.group)
    ]


def _row(line: compare.Line, sides: Sequence[Side]) -> Row:
    first = line.cells[0].content
    cells = (
        Cell(cell.text, _state(cell), cell.note, differs=cell.content != first, **_source(cell, side))
        for cell, side in zip(line.cells, sides, strict=True)
    )
    return Row(formatting.capital(line.label), tuple(cells))


def _source(cell: compare.Cell, side: Side) -> dict[str, str]:
    """Where a figure is from; notices with long ids by the day of the newest, as a link to the notices of the record."""
    if cell.on is None or all(len(ident) <= LONG_ID for ident in cell.notices):
        return {"source": cell.source}
    number, day = len(cell.notices), formatting.in_words(cell.on)
    said = ngettext("notice of %(day)s", "%(n)d notices, the newest of %(day)s", number)
    return {"source": said % {"n": number, "day": day}, "href": f"{side.href}#notices"}


def _state(cell: compare.Cell) -> str:
    """The state in words, where nothing else says why there is no value."""
    return STATES[cell.state].words if cell.is_bare and cell.state != "not_applicable" else ""


def _nothing() -> Empty:
    return Empty(
        _("Nothing is chosen yet"),
        _("Two to six contracts, procurements or awards can be put side by side, or two to six major projects."),
        (Link(_("Find the first one"), "/search/"),),
    )
