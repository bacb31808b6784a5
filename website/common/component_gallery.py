"""The page that shows every part, with invented examples: for those who build pages, and for tests in a browser."""

import datetime as dt
from dataclasses import replace

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from website.common import components, svg_markup
from website.common.components import Cell, Choice, Column, Entry, Line, Link, Mark, Row, Said

NOTICE = "/design/#notice"  # invented examples lead nowhere but back here


def show(request):
    """Every part, each with an example that says it is invented."""
    return render(request, "common/design.html", {"show": EXAMPLES})


def _said() -> components.Facts:
    value = _sourced(Said("£12.4m", _("observed"), "£12,400,000"))
    change = _sourced(Said("+£2.1m", _("worked out"), "£2,100,000", detail=_("in 2 changes")))
    supplier = _sourced(Said(state=_("withheld"), why=_("section 94(1)(b), review 1 March 2027")))
    return components.Facts(
        (
            Line(_("Value now"), value, _("The value that holds now.")),
            Line(_("Change"), change),
            Line(_("End"), Said(state=_("not reported"), why=_("due since 30 June 2026"))),
            Line(_("Supplier"), supplier),
            Line(_("First value"), Said(state=_("not comparable"), why=_("gross here, net there"))),
        )
    )


def _sourced(said: Said) -> Said:
    return replace(said, source=_("Notice 000001-2026"), href=NOTICE, date=dt.date(2026, 9, 3))


def _table() -> components.Table:
    rows = (("Example contract A", "£12.4m", "£12,400,000", "2"), ("Example contract B", "£880k", "£880,000", "0"))
    return components.Table(
        caption=_("Three invented contracts"),
        columns=(
            Column(_("Contract")),
            Column(_("Value"), _("net of VAT"), numeric=True),
            Column(_("Changes"), numeric=True),
        ),
        rows=(
            *((Entry(name, href=NOTICE), Entry(short, full), Entry(count)) for name, short, full, count in rows),
            (Entry("Example contract C", href=NOTICE), Entry(state=_("not reported")), Entry("1")),
        ),
        note=_("Left out: 3 contracts without a value."),
    )


def _figure() -> components.Figure:
    svg = svg_markup.drawn(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 90" width="400" height="90">'
        '<rect x="10" y="10" width="372" height="28" fill="#4a2459"/><rect x="10" y="50" width="26" height="28" fill="#00667a"/>'
        '<text x="20" y="30" font-family="sans-serif" font-size="14" fill="#fff">A: £12.4m</text>'
        '<text x="44" y="69" font-family="sans-serif" font-size="14" fill="#1c1b1f">B: £880k</text></svg>'
    )
    return components.Figure(_("Value of two contracts"), _("A is worth fourteen times as much as B."), svg, _table())


def _timeline() -> components.Timeline:
    return components.Timeline(
        _("What happened"),
        (
            Mark(_("Engagement began"), dt.date(2023, 6, 1), NOTICE),
            Mark(_("Tender"), dt.date(2023, 9, 14), NOTICE),
            Mark(_("Award"), dt.date(2024, 1, 22), NOTICE),
            Mark(_("Signed"), dt.date(2024, 3, 4), NOTICE),
            Mark(_("+£2.1m"), dt.date(2025, 2, 10), NOTICE, "change"),
            Mark(_("End as first agreed"), dt.date(2025, 12, 31), kind="first-end"),
            Mark(_("Now due"), dt.date(2026, 9, 30), kind="due"),
        ),
    )


def _sides() -> components.SideBySide:
    gross = Cell("", _("not comparable"), _("gross only"))
    same = Cell("£9.4m", note=_("no notified change"), differs=True)
    first = Row(_("First agreed"), (Cell("£11.0m", _("observed")), Cell("£9.4m", differs=True), gross))
    now = Row(_("Now"), (Cell("£14.2m"), same, Cell("£3.0m", differs=True)))
    kind = (
        Row(_("What it is"), (Cell(_("Bespoke build")), Cell(_("Bespoke build")), Cell(_("Service"), differs=True))),
    )
    sides = (
        components.Side("A", "Case management", NOTICE, remove=NOTICE, right=NOTICE),
        components.Side("B", "Records", NOTICE, remove=NOTICE, left=NOTICE, right=NOTICE),
        components.Side("C", "Help desk", NOTICE, remove=NOTICE, left=NOTICE),
    )
    groups = (components.Group(_("What"), kind), components.Group(_("Money"), (first, now)))
    return components.SideBySide(_("Three invented contracts side by side"), sides, groups)


def _facets() -> components.Facets:
    stages = (
        Choice(_("in delivery"), NOTICE, 34, selected=True),
        Choice(_("ended"), NOTICE, 12),
        Choice(_("planned"), NOTICE, 3),
    )
    buyers = (Choice("Example Council", NOTICE, 8), Choice("Department of Examples", NOTICE, 5))
    return components.Facets(
        (
            components.Facet(_("Stage"), stages),
            components.Facet(_("Buyer"), buyers, all=NOTICE, note=_("Numbers may be too low, by 3 at most.")),
        ),
        clear=NOTICE,
    )


EXAMPLES = {
    "synthetic": components.Synthetic(),
    "facts": _said(),
    "grade": components.Grade("C", _("13 of 19 expected facts are there."), _("No higher than C: it has no baseline.")),
    "ungraded": components.Grade("", _("Not graded: nothing was due yet.")),
    "timeline": _timeline(),
    "figure": _figure(),
    "table": _table(),
    "no_rows": components.Table(
        _("Changes"), (), (), empty=_("No change has been notified. Changes under 10% need no notice.")
    ),
    "sides": _sides(),
    "facets": _facets(),
    "pagination": components.pagination(4, 12, lambda number: f"/design/?page={number}"),
    "empty": components.Empty(
        _("Nothing is called that"),
        _("No scheme, contract or organisation in this snapshot has these words."),
        (Link(_("Search with fewer words"), NOTICE), Link(_("See what is in here"), NOTICE)),
    ),
    "basket": components.Basket((Link("Case management", NOTICE), Link("Records", NOTICE)), NOTICE, clear=NOTICE),
}
