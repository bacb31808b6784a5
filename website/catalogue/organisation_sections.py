"""Sections on an organisation's procurements as buyer and as supplier: the newest, and counts by year, CPV code and status."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from threepoint.presentation.records import Record
from website.common import search_labels, snapshot_access, value_display
from website.common.components import PageTable, TableColumn, TableEntry

MAX_NEWEST_PROCUREMENTS = 10
ORGANISATION_SIDES = (("buyer", _("As buyer")), ("supplier", _("As supplier")))
COUNTED_FACETS = (
    ("year", _("Year of its latest notice")),
    ("cpv", _("What was bought")),
    ("status", _("Status")),
)


def make_organisation_sections(snapshot: snapshot_access.Snapshot, record: Record) -> list[tuple[str, str, Any]]:
    """Return the newest procurements and their counts for each side the organisation is on; none for other records."""
    sections: list[tuple[str, str, Any]] = []
    for side, title in ORGANISATION_SIDES if record.kind == "organisation" else ():
        search_request = snapshot_access.SearchRequest(
            only={side: (record.id,), "kind": ("contract",)},
            technology=False,
            order="newest",
            size=MAX_NEWEST_PROCUREMENTS,
            counted=[name for name, _head in COUNTED_FACETS],
        )
        result = snapshot_access.search_records(snapshot, search_request)
        if not result.total:
            continue
        search_url = f"/search/?{urlencode({side: record.id, 'kind': 'contract', 'all': 1, 'order': 'newest'})}"
        note = _("Showing the latest %(shown)d of %(all)d.") % {"shown": len(result.hits), "all": result.total}
        sections.append((side, f"{title} ({result.total:,})", make_procurement_table(result.hits, side, note)))
        for name, head in COUNTED_FACETS:
            heading = f"{title}: {str(head)[:1].lower()}{str(head)[1:]}"
            sections.append((f"{side}-{name}", heading, _make_count_table(snapshot, name, head, result, search_url)))
    return sections


def make_procurement_table(hits: tuple[snapshot_access.SearchHit, ...], side: str, note: str) -> PageTable:
    """Return procurements as a table, with the other side of each."""
    other = _("Supplier") if side == "buyer" else _("Buyer")
    heads = (
        TableColumn(_("Procurement")),
        TableColumn(other),
        TableColumn(_("Value"), numeric=True),
        TableColumn(_("Latest notice")),
    )
    rows = (
        (
            TableEntry(hit.shown.get("title") or hit.id, href=search_labels.build_hit_url(hit)),
            search_labels.format_suppliers(hit) if side == "buyer" else hit.shown.get("buyer") or None,
            search_labels.make_value_entry(hit),
            search_labels.format_newest_day(hit),
        )
        for hit in hits
    )
    return value_display.make_table(_("Procurements"), heads, rows, note=note)


def _make_count_table(
    snapshot: snapshot_access.Snapshot, name: str, head: Any, result: snapshot_access.SearchResult, search_url: str
) -> PageTable:
    counts = result.facets[name]
    rows = (
        (
            TableEntry(
                search_labels.format_facet_value(snapshot, name, value), href=f"{search_url}&{urlencode({name: value})}"
            ),
            number,
        )
        for value, number in (sorted(counts, reverse=True) if name == "year" else counts)
    )
    note = _("One procurement may be in several rows.") if name == "cpv" else ""
    if len(counts) >= snapshot_access.MAX_VALUES_PER_FACET:
        note = " ".join((_("Showing the %d most common; there may be more.") % len(counts), note)).strip()
    return value_display.make_table(
        str(head), (TableColumn(head), TableColumn(_("Procurements"), numeric=True)), rows, note=note
    )
