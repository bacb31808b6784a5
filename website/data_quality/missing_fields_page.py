"""The page that fills a gap: what a publisher has not reported, the records, a letter, and the same as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.presentation import formatting
from threepoint.standard.field_states import STATES
from threepoint.standard.notice_fields import PLACES, Place
from threepoint.standard.publishers import MADE_UP
from website.common import csv_export, snapshot_access, value_display
from website.common.components import Column, Entry, Link, Table, pagination
from website.common.page_cache import of_snapshot
from website.common.record_urls import address, address_of
from website.data_quality.labels import group_words, number, page_of

AT_A_TIME = 20
UNDER_THE_ACT = ("uk", "synthetic")  # groups whose publishers the Procurement Act 2023 may bind
HEADINGS = (
    "id", "kind", "ocid", "title", "buyer", "newest notice", "published", "field", "ocds path", "due since",
    "its contract gives it", "address",
)  # fmt: skip


def gap(request, publisher):
    """What one publisher has not reported, with a letter that asks for it; `form=csv` gives the records as a file."""
    snapshot = snapshot_access.current(request)
    if publisher not in snapshot_access.coverage(snapshot).groups:
        raise Http404
    return _csv(snapshot, publisher, request.GET) if request.GET.get("form") == "csv" else _page(request, publisher)


@of_snapshot
def _page(request, publisher):
    """The page of a publisher, for the `field`, `buyer` and `page` asked for. Without `place`, nothing is missing."""
    snapshot = snapshot_access.current(request)
    found = snapshot_access.gaps(snapshot, publisher)
    group = snapshot_access.coverage(snapshot).groups[publisher]
    wanted = request.GET.get("field")
    place = next((place for place, _n in found if place.code == wanted), found[0][0] if found else None)
    page = {
        "publisher": publisher,
        "group": group_words(group),
        "sentence": _sentence(found),
        "fields": _fields(publisher, found, place),
        "synthetic": group in MADE_UP,
        "held": _held(snapshot, publisher),
        "place": place,
    }
    if place:
        page |= _missing(request, publisher, place, page["held"], bound=group in UNDER_THE_ACT)
    return render(request, "data_quality/gap.html", {"page": page})


def _missing(request: HttpRequest, publisher: str, place: Place, held: str, *, bound: bool) -> dict[str, Any]:
    """The records that miss a fact, a page at a time, with a letter that asks for it."""
    snapshot, buyer = snapshot_access.current(request), request.GET.get("buyer", "")
    total = snapshot_access.count_missing(snapshot, publisher, place, buyer)
    here, last = page_of(request.GET, total, AT_A_TIME)
    rows = snapshot_access.missing(snapshot, publisher, place, buyer, (here - 1) * AT_A_TIME, AT_A_TIME)

    def to(number_: int = 1, who: str = buyer, **more: str) -> str:
        return _address(publisher, place, who, number_, **more)

    name = next((row.buyer for row in rows if row.buyer), buyer) if buyer else ""
    duty = place.duty if bound else ""
    letter = {
        "place": place,
        "to": name or publisher,
        "duty": duty,
        "total": total,
        # Written to a service that shows other bodies' notices, a letter asks it to turn to them.
        "relayed": not buyer and (bound or snapshot_access.has_several_buyers(snapshot, publisher)),
        "held": held,
        "more": total - len(rows),
        "rows": [(row, request.build_absolute_uri(address_of(row.kind, row.id))) for row in rows],
    }
    return {
        "duty": duty,
        "total": _total(total, place),
        "records": _records(place, rows),
        "turns": pagination(here, last, to),
        "letter": _letter(letter),
        "csv": to(form="csv"),
        "buyer": name,
        "everyone": to(who="") if buyer else "",
        "buyers": () if buyer else _buyers(rows, to),
    }


def _address(publisher: str, place: Place, buyer: str, number_: int, **more: str) -> str:
    asked = {"field": place.code, **({"buyer": buyer} if buyer else {}), **more}
    asked |= {"page": str(number_)} if number_ > 1 else {}
    return address("gap", asked, publisher)


def _held(snapshot: snapshot_access.Snapshot, publisher: str) -> str:
    """How many notices of a publisher are held, and of which days: what was published otherwise was not seen."""
    source = next((one for one in snapshot_access.holdings(snapshot).sources if one.publisher == publisher), None)
    number_ = source.releases + source.compiled if source else 0
    held = ngettext("We hold %(n)s notice of it", "We hold %(n)s notices of it", number_) % {"n": number(number_)}
    if source is None or not (source.first and source.newest):
        return f"{held}."
    if source.first.date() == source.newest.date():
        return _("%(held)s, of %(day)s. What else it published we have not seen.") % {
            "held": held,
            "day": formatting.in_words(source.first),
        }
    days = {"held": held, "first": formatting.in_words(source.first), "newest": formatting.in_words(source.newest)}
    return _("%(held)s, from %(first)s to %(newest)s. What else it published we have not seen.") % days


def _sentence(found: list[tuple[Place, int]]) -> str:
    if not found:
        return _("Nothing that is due from this publisher is missing in what we hold.")
    return ngettext(
        "%(n)s fact is due and missing in some of what this publisher has published.",
        "%(n)s facts are due and missing in some of what this publisher has published.",
        len(found),
    ) % {"n": len(found)}


def _fields(publisher: str, found: list[tuple[Place, int]], chosen: Place | None) -> Table:
    kinds = {"contracting_process": _("procurement"), "award": _("award"), "contract": _("contract")}
    missing = Column(_("Missing in"), _("records"), numeric=True)
    heads = (Column(_("Fact")), missing, Column(_("Of each")), Column(_("Notice that would fill it")))
    rows = (
        (
            Entry(
                place.words,
                href=f"{_address(publisher, place, '', 1)}#records",
                state=_("shown below") if place == chosen else "",
            ),
            count,
            kinds[place.table],
            place.notice_words if place.notice else Entry(state=_("none that we know of")),
        )
        for place, count in found
    )
    empty = _("Nothing that is due is missing.")
    return value_display.make_table(_("What is missing"), heads, rows, hide_caption=False, empty=empty)


def _total(total: int, place: Place) -> str:
    found = ngettext("%(n)s record without %(what)s", "%(n)s records without %(what)s", total)
    return found % {"n": number(total), "what": place.words}


def _records(place: Place, rows: list[Any]) -> Table:
    caption = _("Records without %(what)s, newest first") % {"what": place.words}
    heads = [Column(_("Record")), Column(_("Buyer")), Column(_("Newest notice"))]
    entries = [
        [
            Entry(row.title or row.id, href=address_of(row.kind, row.id), state=_which(row)),
            row.buyer or STATES["not_reported"],
            value_display.make_entry(row.published or "", state=row.notice),
        ]
        for row in rows
    ]
    if any(row.due_on for row in rows):
        heads.append(Column(_("Due since")))
        entries = [[*entry, row.due_on or ""] for entry, row in zip(entries, rows, strict=True)]
    empty = _("No record of this buyer misses it. Look at all buyers instead.")
    return value_display.make_table(caption, heads, entries, hide_caption=False, empty=empty)


def _which(row: Any) -> str:
    """Which part of a procurement a record is, and whether its contract gives what it misses."""
    part = str(row.id.partition("/")[2])
    return _("%s; its contract gives it") % part if row.in_contract else part


def _buyers(rows: list[Any], to: Callable[..., str]) -> tuple[Link, ...]:
    """The buyers of the records shown, by name."""
    named = {row.buyer_id: row.buyer for row in rows if row.buyer}
    return tuple(
        Link(name, to(who=ident)) for ident, name in sorted(named.items(), key=lambda pair: pair[1].casefold())
    )


def _letter(told: dict[str, Any]) -> str:
    lines = render_to_string("data_quality/letter.txt", told).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _csv(snapshot: snapshot_access.Snapshot, publisher: str, asked: Mapping[str, str]) -> HttpResponse:
    place = PLACES.get(asked.get("field", ""))
    if place is None:
        raise Http404
    answer = csv_export.attach(_csv_rows(snapshot, publisher, place, asked.get("buyer", "")), "not-reported.csv")
    name = quote(f"{publisher} {place.code}.csv".replace("/", " "))
    answer["Content-Disposition"] += f"; filename*=UTF-8''{name}"
    return answer


def _csv_rows(snapshot: snapshot_access.Snapshot, publisher: str, place: Place, buyer: str) -> Iterator[Sequence[Any]]:
    yield HEADINGS
    for row in snapshot_access.every(snapshot, publisher, place, buyer):
        published = row.published.date().isoformat() if row.published else ""
        due = row.due_on.isoformat() if row.due_on else ""
        yield (row.id, row.kind, row.ocid, row.title, row.buyer, row.notice, published, place.words, place.path, due,
               "yes" if row.in_contract else "no", address_of(row.kind, row.id))  # fmt: skip
