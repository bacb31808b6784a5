"""What an organisation bought and supplied: its newest procurements, and how many by year and by kind of thing bought."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from threepoint.presentation.records import Record
from website.common import search_labels, snapshot_access, value_display
from website.common.components import PageTable, TableColumn, TableEntry

MAX_NEWEST_PROCUREMENTS = 10  # procurements shown
ORGANISATION_SIDES = (("buyer", _("As buyer")), ("supplier", _("As supplier")))
COUNTED_FACETS = (
    ("year", _("Year of its newest notice")),
    ("cpv", _("What was bought")),
    ("status", _("Where it stands")),
)


def make_organisation_sections(snapshot: snapshot_access.Snapshot, found: Record) -> list[tuple[str, str, Any]]:
    """For each side that an organisation is on: its newest procurements, then counts by year, by what was bought, by stage."""
    made: list[tuple[str, str, Any]] = []
    for side, title in ORGANISATION_SIDES if found.kind == "organisation" else ():
        wish = snapshot_access.SearchRequest(
            only={side: (found.id,), "kind": ("contract",)},
            technology=False,
            order="newest",
            size=MAX_NEWEST_PROCUREMENTS,
            counted=[name for name, _head in COUNTED_FACETS],
        )
        held = snapshot_access.search_records(snapshot, wish)
        if not held.total:
            continue
        everything = f"/search/?{urlencode({side: found.id, 'kind': 'contract', 'all': 1, 'order': 'newest'})}"
        note = _("The newest %(shown)d of %(all)d.") % {"shown": len(held.hits), "all": held.total}
        made.append((side, f"{title} ({held.total:,})", make_procurement_table(held.hits, side, note)))
        for name, head in COUNTED_FACETS:
            heading = f"{title}: {str(head)[:1].lower()}{str(head)[1:]}"
            made.append((f"{side}-{name}", heading, _make_count_table(snapshot, name, head, held, everything)))
    return made


def make_procurement_table(hits: tuple[snapshot_access.SearchHit, ...], side: str, note: str) -> PageTable:
    """Procurements as a table, with who is on the other side."""
    other = _("Supplier") if side == "buyer" else _("Buyer")
    heads = (
        TableColumn(_("What")),
        TableColumn(other),
        TableColumn(_("Value"), numeric=True),
        TableColumn(_("Newest notice")),
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
    snapshot: snapshot_access.Snapshot, name: str, head: Any, held: snapshot_access.SearchResult, everything: str
) -> PageTable:
    told = held.facets[name]
    rows = (
        (
            TableEntry(
                search_labels.format_facet_value(snapshot, name, value), href=f"{everything}&{urlencode({name: value})}"
            ),
            number,
        )
        for value, number in (sorted(told, reverse=True) if name == "year" else told)
    )
    note = _("One procurement may stand in several lines.") if name == "cpv" else ""
    if len(told) >= snapshot_access.MAX_VALUES_PER_FACET:
        note = " ".join((_("The %d commonest; there may be more.") % len(told), note)).strip()
    return value_display.make_table(
        str(head), (TableColumn(head), TableColumn(_("Procurements"), numeric=True)), rows, note=note
    )
