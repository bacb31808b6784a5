"""Two to six things side by side: the order and the choice are in the address."""

from collections.abc import Sequence
from itertools import groupby

from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint import compare
from threepoint.errors import AmbiguousIdError, UserError
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import MAX_SHOWN_ID_CHARS
from threepoint.presentation.records import Record
from threepoint.standard.field_states import STATE_BY_CODE
from website.common import snapshot_access
from website.common.components import (
    EmptyState,
    Link,
    SideBySide,
    SideBySideCell,
    SideBySideGroup,
    SideBySideHeading,
    SideBySideRow,
)
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import build_record_url


@cache_per_snapshot
def show_comparison(request):
    """Two to six things side by side, or what is missing for that. Ids that name nothing are said, and left out."""
    snapshot = snapshot_access.get_snapshot(request)
    wanted = list(dict.fromkeys(one.strip() for one in request.GET.getlist("id") if one.strip()))
    found, unknown = _find_records(snapshot, wanted)
    ids = [thing.id for thing in found]
    records = [snapshot_access.read_record(snapshot, thing) for thing in found]
    chosen = [_make_side(ids, number, one) for number, one in enumerate(records)]
    told, why_not = _compare_records(records)
    page = {"chosen": chosen, "unknown": unknown, "carried": ids, "why_not": why_not}
    if told:
        page |= {
            "table": SideBySide(_("Side by side"), tuple(chosen), tuple(_make_groups(told, chosen))),
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
        page["empty"] = _make_empty_message()
    return render(request, "catalogue/compare.html", {"page": page, "q": ""})


def _find_records(
    snapshot: snapshot_access.Snapshot, wanted: list[str]
) -> tuple[list[snapshot_access.RecordReference], list[str]]:
    found: dict[str, snapshot_access.RecordReference] = {}
    unknown = []
    for ident in wanted[:12]:
        try:
            thing = snapshot_access.resolve_identifier(snapshot, ident)
        except AmbiguousIdError:
            unknown.append(_("%s names several things; give the address of one") % ident)
        except UserError:
            unknown.append(_("nothing here is called %s") % ident)
        else:
            found[thing.id] = thing
    return list(found.values()), unknown


def _compare_records(records: list[Record]) -> tuple[compare.Comparison | None, str]:
    if len(records) < 2:
        return None, ""
    try:
        return compare.compare_records(records), ""
    except UserError as why:
        return None, str(why)


def _make_side(ids: list[str], number: int, thing: Record) -> SideBySideHeading:
    without = [one for one in ids if one != thing.id]
    left, right = list(without), list(without)
    left.insert(max(number - 1, 0), thing.id)
    right.insert(number + 1, thing.id)
    return SideBySideHeading(
        "ABCDEFGHIJKL"[number], thing.title or thing.id, build_record_url(thing.kind, thing.id), _build_compare_url(without),
        _build_compare_url(left) if number else "", _build_compare_url(right) if number < len(ids) - 1 else "",
        synthetic=thing.synthetic,
    )  # fmt: skip


def _build_compare_url(ids: list[str]) -> str:
    return f"?{urlencode({'id': ids}, doseq=True)}"


def _make_groups(told: compare.Comparison, sides: Sequence[SideBySideHeading]) -> list[SideBySideGroup]:
    return [
        SideBySideGroup(title or _("What it is"), tuple(_make_row(line, sides) for line in lines))
        for title, lines in groupby(told.lines, key=lambda line: line.group)
    ]


def _make_row(line: compare.ComparisonLine, sides: Sequence[SideBySideHeading]) -> SideBySideRow:
    first = line.cells[0].content
    cells = (
        SideBySideCell(
            cell.text,
            _format_missing_state(cell),
            cell.note,
            differs=cell.content != first,
            **_make_source_fields(cell, side),
        )
        for cell, side in zip(line.cells, sides, strict=True)
    )
    return SideBySideRow(formatting.capitalise_text(line.label), tuple(cells))


def _make_source_fields(cell: compare.ComparisonCell, side: SideBySideHeading) -> dict[str, str]:
    """Where a figure is from; notices with long ids by the day of the newest, as a link to the notices of the record."""
    if cell.on is None or all(len(ident) <= MAX_SHOWN_ID_CHARS for ident in cell.notices):
        return {"source": cell.source}
    number, day = len(cell.notices), formatting.format_date(cell.on)
    said = ngettext("notice of %(day)s", "%(n)d notices, the newest of %(day)s", number)
    return {"source": said % {"n": number, "day": day}, "href": f"{side.href}#notices"}


def _format_missing_state(cell: compare.ComparisonCell) -> str:
    """The state in words, where nothing else says why there is no value."""
    return STATE_BY_CODE[cell.state].words if cell.is_bare and cell.state != "not_applicable" else ""


def _make_empty_message() -> EmptyState:
    return EmptyState(
        _("Nothing is chosen yet"),
        _("Two to six contracts, procurements or awards can be put side by side, or two to six major projects."),
        (Link(_("Find the first one"), "/search/"),),
    )
