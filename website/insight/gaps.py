"""The page that fills a gap: what a publisher has not reported, the records, a letter, and the same as a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.standard import words
from threepoint.standard.forms import Place
from threepoint.standard.publishers import MADE_UP
from threepoint.standard.states import STATES
from website.common import csvs, facts, presenter
from website.common.addresses import address_of
from website.common.parts import Column, Entry, Link, Pagination, Table, pagination
from website.insight.words import group_words, number, page_number

AT_A_TIME = 20
UNDER_THE_ACT = ("uk", "synthetic")  # groups whose publishers the Procurement Act 2023 may bind
HEADINGS = (
    "id",
    "kind",
    "ocid",
    "title",
    "buyer",
    "newest notice",
    "published",
    "field",
    "ocds path",
    "due since",
    "its contract gives it",
    "address",
)


@dataclass(frozen=True)
class Page:
    """What the page shows. Without `place`, nothing is missing."""

    publisher: str
    group: str
    sentence: str
    fields: Table
    synthetic: bool
    held: str
    place: Place | None = None
    duty: str = ""
    total: str = ""
    records: Table | None = None
    turns: Pagination | None = None
    letter: str = ""
    csv: str = ""
    buyer: str = ""
    everyone: str = ""  # the address without a buyer
    buyers: tuple[Link, ...] = ()


def page(snapshot: facts.Snapshot, publisher: str, asked: Mapping[str, str], absolute: Callable[[str], str]) -> Page:
    """The page of a publisher, for the `field`, `buyer` and `page` asked for."""
    found = facts.gaps(snapshot, publisher)
    group = facts.coverage(snapshot).groups[publisher]
    chosen = next((place for place, _n in found if place.code == asked.get("field")), found[0][0] if found else None)
    told = Page(publisher, group_words(group), _sentence(found), _fields(publisher, found, chosen), group in MADE_UP,
                _held(snapshot, publisher))  # fmt: skip
    if chosen is None:
        return told
    return _with_records(told, snapshot, chosen, asked, absolute, bound=group in UNDER_THE_ACT)


def _with_records(
    told: Page, snapshot: facts.Snapshot, place: Place, asked: Mapping[str, str], absolute: Any, *, bound: bool
) -> Page:
    buyer = asked.get("buyer", "")
    here = page_number(asked)
    rows, total = facts.missing(snapshot, told.publisher, place, buyer, (here - 1) * AT_A_TIME, AT_A_TIME)
    last = max(1, -(-total // AT_A_TIME))
    if here > last:
        here = last
        rows, total = facts.missing(snapshot, told.publisher, place, buyer, (here - 1) * AT_A_TIME, AT_A_TIME)

    def to(number_: int = 1, who: str = buyer, **more: str) -> str:
        return _address(told.publisher, place, who, number_, **more)

    name = next((row.buyer for row in rows if row.buyer), buyer) if buyer else ""
    duty = place.duty if bound else ""
    # Written to a service that shows other bodies' notices, a letter asks it to turn to them.
    relayed = not buyer and (bound or facts.has_several_buyers(snapshot, told.publisher))
    return replace(
        told,
        place=place,
        duty=duty,
        total=_total(total, place),
        records=_records(place, rows),
        turns=pagination(here, last, to),
        letter=_letter(
            {
                "place": place,
                "to": name or told.publisher,
                "duty": duty,
                "total": total,
                "relayed": relayed,
                "held": told.held,
            },
            rows,
            absolute,
        ),
        csv=to(form="csv"),
        buyer=name,
        everyone=to(who="") if buyer else "",
        buyers=() if buyer else _buyers(rows, to),
    )


def _address(publisher: str, place: Place, buyer: str, number_: int, **more: str) -> str:
    asked = {"field": place.code, **({"buyer": buyer} if buyer else {}), **more}
    asked |= {"page": str(number_)} if number_ > 1 else {}
    return f"{reverse('gap', args=[publisher])}?{urlencode(asked)}"


def _held(snapshot: facts.Snapshot, publisher: str) -> str:
    """How many notices of a publisher are held, and of which days: what was published otherwise was not seen."""
    source = next((one for one in facts.holdings(snapshot).sources if one.publisher == publisher), None)
    number_ = source.releases + source.compiled if source else 0
    held = ngettext("We hold %(n)s notice of it", "We hold %(n)s notices of it", number_) % {"n": number(number_)}
    if source is None or not (source.first and source.newest):
        return f"{held}."
    if source.first.date() == source.newest.date():
        return _("%(held)s, of %(day)s. What else it published we have not seen.") % {
            "held": held,
            "day": words.in_words(source.first),
        }
    days = {"held": held, "first": words.in_words(source.first), "newest": words.in_words(source.newest)}
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
    return presenter.make_table(
        _("What is missing"),
        (
            Column(_("Fact")),
            Column(_("Missing in"), _("records"), numeric=True),
            Column(_("Of each")),
            Column(_("Notice that would fill it")),
        ),
        (
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
        ),
        hide_caption=False,
        empty=_("Nothing that is due is missing."),
    )


def _total(total: int, place: Place) -> str:
    found = ngettext("%(n)s record without %(what)s", "%(n)s records without %(what)s", total)
    return found % {"n": number(total), "what": place.words}


def _records(place: Place, rows: list[Any]) -> Table:
    dated = any(row.due_on for row in rows)
    due = (Column(_("Due since")),) if dated else ()
    return presenter.make_table(
        _("Records without %(what)s, newest first") % {"what": place.words},
        (Column(_("Record")), Column(_("Buyer")), Column(_("Newest notice")), *due),
        (
            (
                Entry(row.title or row.id, href=address_of(row.kind, row.id), state=_which(row)),
                row.buyer or STATES["not_reported"],
                presenter.make_entry(row.published or "", state=row.notice),
                *((row.due_on or "",) if dated else ()),
            )
            for row in rows
        ),
        hide_caption=False,
        empty=_("No record of this buyer misses it. Look at all buyers instead."),
    )


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


def _letter(told: dict[str, Any], rows: list[Any], absolute: Callable[[str], str]) -> str:
    told |= {"more": told["total"] - len(rows), "rows": [(row, absolute(address_of(row.kind, row.id))) for row in rows]}
    return "\n".join(line.rstrip() for line in render_to_string("insight/letter.txt", told).strip().splitlines()) + "\n"


def csv_lines(snapshot: facts.Snapshot, publisher: str, place: Place, buyer: str) -> Iterator[str]:
    """The list as CSV, a line at a time. A text that a spreadsheet would take for a formula has an apostrophe before it."""
    yield csvs.text([HEADINGS])
    for row in facts.every(snapshot, publisher, place, buyer):
        published = row.published.date().isoformat() if row.published else ""
        due = row.due_on.isoformat() if row.due_on else ""
        cells = (row.id, row.kind, row.ocid, row.title, row.buyer, row.notice, published, place.words, place.path, due,
                 "yes" if row.in_contract else "no", address_of(row.kind, row.id))  # fmt: skip
        yield csvs.text([cells])
