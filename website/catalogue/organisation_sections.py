"""What an organisation bought and supplied: its newest procurements, and how many by year and by kind of thing bought."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from threepoint.presentation.records import Record
from website.common import search_labels, snapshot_access, value_display
from website.common.components import Column, Entry, Table

NEWEST = 10  # procurements shown
SIDES = (("buyer", _("As buyer")), ("supplier", _("As supplier")))
BY = (("year", _("Year of its newest notice")), ("cpv", _("What was bought")), ("status", _("Where it stands")))


def sections(snapshot: snapshot_access.Snapshot, found: Record) -> list[tuple[str, str, Any]]:
    """For each side that an organisation is on: its newest procurements, then counts by year, by what was bought, by stage."""
    made: list[tuple[str, str, Any]] = []
    for side, title in SIDES if found.kind == "organisation" else ():
        wish = snapshot_access.Wish(
            only={side: (found.id,), "kind": ("contract",)},
            technology=False,
            order="newest",
            size=NEWEST,
            counted=[name for name, _head in BY],
        )
        held = snapshot_access.search(snapshot, wish)
        if not held.total:
            continue
        everything = f"/search/?{urlencode({side: found.id, 'kind': 'contract', 'all': 1, 'order': 'newest'})}"
        note = _("The newest %(shown)d of %(all)d.") % {"shown": len(held.hits), "all": held.total}
        made.append((side, f"{title} ({held.total:,})", procurements(held.hits, side, note)))
        for name, head in BY:
            heading = f"{title}: {str(head)[:1].lower()}{str(head)[1:]}"
            made.append((f"{side}-{name}", heading, _counts(snapshot, name, head, held, everything)))
    return made


def procurements(hits: tuple[snapshot_access.Hit, ...], side: str, note: str) -> Table:
    """Procurements as a table, with who is on the other side."""
    other = _("Supplier") if side == "buyer" else _("Buyer")
    heads = (Column(_("What")), Column(other), Column(_("Value"), numeric=True), Column(_("Newest notice")))
    rows = (
        (
            Entry(hit.shown.get("title") or hit.id, href=search_labels.address(hit)),
            search_labels.suppliers(hit) if side == "buyer" else hit.shown.get("buyer") or None,
            search_labels.worth(hit),
            search_labels.day(hit),
        )
        for hit in hits
    )
    return value_display.make_table(_("Procurements"), heads, rows, note=note)


def _counts(
    snapshot: snapshot_access.Snapshot, name: str, head: Any, held: snapshot_access.Found, everything: str
) -> Table:
    told = held.facets[name]
    rows = (
        (Entry(search_labels.value(snapshot, name, value), href=f"{everything}&{urlencode({name: value})}"), number)
        for value, number in (sorted(told, reverse=True) if name == "year" else told)
    )
    note = _("One procurement may stand in several lines.") if name == "cpv" else ""
    if len(told) >= snapshot_access.MOST_OPTIONS:
        note = " ".join((_("The %d commonest; there may be more.") % len(told), note)).strip()
    return value_display.make_table(str(head), (Column(head), Column(_("Procurements"), numeric=True)), rows, note=note)
