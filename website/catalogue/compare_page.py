"""The comparison page: two to six records side by side, chosen and ordered by the URL."""

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
from threepoint.standard.value_states import STATE_BY_CODE
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
    """Show the comparison, or say what is missing for one; ids that identify no record are reported and left out."""
    snapshot = snapshot_access.get_snapshot(request)
    requested = list(dict.fromkeys(ident.strip() for ident in request.GET.getlist("id") if ident.strip()))
    references, unknown = _find_records(snapshot, requested)
    ids = [reference.id for reference in references]
    records = [snapshot_access.read_record(snapshot, reference) for reference in references]
    sides = [_make_side(ids, number, record) for number, record in enumerate(records)]
    comparison, why_not = _compare_records(records)
    page = {"chosen": sides, "unknown": unknown, "carried": ids, "why_not": why_not}
    if comparison:
        page |= {
            "table": SideBySide(_("Side by side"), tuple(sides), tuple(_make_groups(comparison, sides))),
            "alike": [formatting.capitalise_text(compare.format_likeness(likeness)) for likeness in comparison.alike],
            "notes": [
                (side.letter, list(map(compare.format_note, notes)))
                for side, notes in zip(sides, comparison.notes, strict=True)
                if notes
            ],
            "synthetic": comparison.synthetic,
            "partly": not all(record.synthetic for record in records),
        }
    elif not sides:
        page["empty"] = _make_empty_message()
    return render(request, "catalogue/compare.html", {"page": page, "q": ""})


def _find_records(
    snapshot: snapshot_access.Snapshot, requested: list[str]
) -> tuple[list[snapshot_access.RecordReference], list[str]]:
    references: dict[str, snapshot_access.RecordReference] = {}
    unknown = []
    for ident in requested[:12]:
        try:
            reference = snapshot_access.resolve_identifier(snapshot, ident)
        except AmbiguousIdError:
            unknown.append(_("%s is the id of several records: give the full id of one") % ident)
        except UserError:
            unknown.append(_("there is no record %s") % ident)
        else:
            references[reference.id] = reference
    return list(references.values()), unknown


def _compare_records(records: list[Record]) -> tuple[compare.Comparison | None, str]:
    if len(records) < 2:
        return None, ""
    try:
        return compare.compare_records(records), ""
    except UserError as error:
        return None, formatting.capitalise_text(str(error))


def _make_side(ids: list[str], number: int, record: Record) -> SideBySideHeading:
    without = [ident for ident in ids if ident != record.id]
    left, right = list(without), list(without)
    left.insert(max(number - 1, 0), record.id)
    right.insert(number + 1, record.id)
    return SideBySideHeading(
        "ABCDEFGHIJKL"[number], record.title or record.id, build_record_url(record.kind, record.id), _build_compare_url(without),
        _build_compare_url(left) if number else "", _build_compare_url(right) if number < len(ids) - 1 else "",
        synthetic=record.synthetic,
    )  # fmt: skip


def _build_compare_url(ids: list[str]) -> str:
    return f"?{urlencode({'id': ids}, doseq=True)}"


def _make_groups(comparison: compare.Comparison, sides: Sequence[SideBySideHeading]) -> list[SideBySideGroup]:
    return [
        SideBySideGroup(title or _("Organisations"), tuple(_make_row(line, sides) for line in lines))
        for title, lines in groupby(comparison.lines, key=lambda line: line.group)
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
    """Return the source of a figure; for notices with long ids, the day of the newest and a link to the record's notices."""
    if cell.on is None or all(len(ident) <= MAX_SHOWN_ID_CHARS for ident in cell.notices):
        return {"source": cell.source}
    number, day = len(cell.notices), formatting.format_date(cell.on)
    source = ngettext("notice of %(day)s", "%(n)d notices, the newest of %(day)s", number)
    return {"source": source % {"n": number, "day": day}, "href": f"{side.href}#notices"}


def _format_missing_state(cell: compare.ComparisonCell) -> str:
    """Return the state in words if the cell has no other reason for its missing value."""
    return STATE_BY_CODE[cell.state].words if cell.is_bare and cell.state != "not_applicable" else ""


def _make_empty_message() -> EmptyState:
    return EmptyState(
        _("There is nothing to compare yet"),
        _(
            "You can compare 2 to 6 contracts, procurements or awards, or 2 to 6 major projects. Find the first record, then add others."
        ),
        (Link(_("Search for a record to compare"), "/search/"),),
    )
