"""Page with an invented example of every component, for people who build pages and for browser tests."""

import datetime as dt
from dataclasses import replace

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from website.common import components, svg_markup
from website.common.components import (
    FacetLink,
    FactLine,
    FactValue,
    Link,
    SideBySideCell,
    SideBySideRow,
    TableColumn,
    TableEntry,
    TimelineEvent,
)

EXAMPLE_NOTICE_URL = "/design/#notice"  # invented examples link only to this page


def show_gallery(request):
    return render(request, "common/design.html", {"show": COMPONENT_EXAMPLES})


def _make_facts_example() -> components.FactList:
    value = _add_source(FactValue("£12.4m", _("published"), "£12,400,000"))
    change = _add_source(FactValue("+£2.1m", _("calculated"), "£2,100,000", detail=_("in 2 changes")))
    supplier = _add_source(FactValue(state=_("withheld"), why=_("section 94(1)(b), review 1 March 2027")))
    return components.FactList(
        (
            FactLine(_("Value now"), value, _("The current value.")),
            FactLine(_("Change"), change),
            FactLine(_("End"), FactValue(state=_("not reported"), why=_("due since 30 June 2026"))),
            FactLine(_("Supplier"), supplier),
            FactLine(_("First value"), FactValue(state=_("not comparable"), why=_("one with VAT, one without"))),
        )
    )


def _add_source(value: FactValue) -> FactValue:
    return replace(value, source=_("Notice 000001-2026"), href=EXAMPLE_NOTICE_URL, date=dt.date(2026, 9, 3))


def _make_table_example() -> components.PageTable:
    rows = (("Example contract A", "£12.4m", "£12,400,000", "2"), ("Example contract B", "£880k", "£880,000", "0"))
    return components.PageTable(
        caption=_("Three invented contracts"),
        columns=(
            TableColumn(_("Contract")),
            TableColumn(_("Value"), _("net of VAT"), numeric=True),
            TableColumn(_("Changes"), numeric=True),
        ),
        rows=(
            *(
                (TableEntry(name, href=EXAMPLE_NOTICE_URL), TableEntry(short, full), TableEntry(count))
                for name, short, full, count in rows
            ),
            (
                TableEntry("Example contract C", href=EXAMPLE_NOTICE_URL),
                TableEntry(state=_("not reported")),
                TableEntry("1"),
            ),
        ),
        note=_("Left out: 3 contracts without a value."),
    )


def _make_figure_example() -> components.ChartFigure:
    svg = svg_markup.mark_svg_safe(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 90" width="400" height="90">'
        '<rect x="10" y="10" width="372" height="28" fill="#4a2459"/><rect x="10" y="50" width="26" height="28" fill="#00667a"/>'
        '<text x="20" y="30" font-family="sans-serif" font-size="14" fill="#fff">A: £12.4m</text>'
        '<text x="44" y="69" font-family="sans-serif" font-size="14" fill="#1c1b1f">B: £880k</text></svg>'
    )
    return components.ChartFigure(
        _("Value of two contracts"), _("A is worth 14 times as much as B."), svg, _make_table_example()
    )


def _make_timeline_example() -> components.Timeline:
    return components.Timeline(
        _("What happened"),
        (
            TimelineEvent(_("Engagement began"), dt.date(2023, 6, 1), EXAMPLE_NOTICE_URL),
            TimelineEvent(_("Tender"), dt.date(2023, 9, 14), EXAMPLE_NOTICE_URL),
            TimelineEvent(_("Award"), dt.date(2024, 1, 22), EXAMPLE_NOTICE_URL),
            TimelineEvent(_("Signed"), dt.date(2024, 3, 4), EXAMPLE_NOTICE_URL),
            TimelineEvent(_("+£2.1m"), dt.date(2025, 2, 10), EXAMPLE_NOTICE_URL, "change"),
            TimelineEvent(_("End as first agreed"), dt.date(2025, 12, 31), kind="first-end"),
            TimelineEvent(_("Now due"), dt.date(2026, 9, 30), kind="due"),
        ),
    )


def _make_side_by_side_example() -> components.SideBySide:
    gross = SideBySideCell("", _("not comparable"), _("gross only"))
    same = SideBySideCell("£9.4m", note=_("no notified change"), differs=True)
    first = SideBySideRow(
        _("First agreed"), (SideBySideCell("£11.0m", _("published")), SideBySideCell("£9.4m", differs=True), gross)
    )
    now = SideBySideRow(_("Now"), (SideBySideCell("£14.2m"), same, SideBySideCell("£3.0m", differs=True)))
    kind = (
        SideBySideRow(
            _("What it is"),
            (
                SideBySideCell(_("Bespoke build")),
                SideBySideCell(_("Bespoke build")),
                SideBySideCell(_("Service"), differs=True),
            ),
        ),
    )
    sides = (
        components.SideBySideHeading(
            "A", "Case management", EXAMPLE_NOTICE_URL, remove=EXAMPLE_NOTICE_URL, right=EXAMPLE_NOTICE_URL
        ),
        components.SideBySideHeading(
            "B",
            "Records",
            EXAMPLE_NOTICE_URL,
            remove=EXAMPLE_NOTICE_URL,
            left=EXAMPLE_NOTICE_URL,
            right=EXAMPLE_NOTICE_URL,
        ),
        components.SideBySideHeading(
            "C", "Help desk", EXAMPLE_NOTICE_URL, remove=EXAMPLE_NOTICE_URL, left=EXAMPLE_NOTICE_URL
        ),
    )
    groups = (components.SideBySideGroup(_("What"), kind), components.SideBySideGroup(_("Money"), (first, now)))
    return components.SideBySide(_("Three invented contracts side by side"), sides, groups)


def _make_facets_example() -> components.FacetList:
    stages = (
        FacetLink(_("in delivery"), EXAMPLE_NOTICE_URL, 34, selected=True),
        FacetLink(_("ended"), EXAMPLE_NOTICE_URL, 12),
        FacetLink(_("planned"), EXAMPLE_NOTICE_URL, 3),
    )
    buyers = (
        FacetLink("Example Council", EXAMPLE_NOTICE_URL, 8),
        FacetLink("Department of Examples", EXAMPLE_NOTICE_URL, 5),
    )
    return components.FacetList(
        (
            components.FacetSection(_("Stage"), stages),
            components.FacetSection(
                _("Buyer"), buyers, all=EXAMPLE_NOTICE_URL, note=_("Numbers may be too low, by 3 at most.")
            ),
        ),
        clear=EXAMPLE_NOTICE_URL,
    )


COMPONENT_EXAMPLES = {
    "synthetic": components.SyntheticBanner(),
    "facts": _make_facts_example(),
    "grade": components.GradeBadge(
        "C", _("13 of 19 expected facts are published."), _("No higher than C: it has no baseline.")
    ),
    "ungraded": components.GradeBadge("", _("Not graded: nothing is due yet.")),
    "timeline": _make_timeline_example(),
    "figure": _make_figure_example(),
    "table": _make_table_example(),
    "no_rows": components.PageTable(
        _("Changes"), (), (), empty=_("No change has been notified. Changes under 10% need no notice.")
    ),
    "sides": _make_side_by_side_example(),
    "facets": _make_facets_example(),
    "pagination": components.make_pagination(4, 12, lambda number: f"/design/?page={number}"),
    "empty": components.EmptyState(
        _("No results"),
        _("No project, contract or organisation in this snapshot has these words."),
        (Link(_("Search with fewer words"), EXAMPLE_NOTICE_URL), Link(_("See the sources"), EXAMPLE_NOTICE_URL)),
    ),
    "basket": components.CompareBasket(
        (Link("Case management", EXAMPLE_NOTICE_URL), Link("Records", EXAMPLE_NOTICE_URL)),
        EXAMPLE_NOTICE_URL,
        clear=EXAMPLE_NOTICE_URL,
    ),
}
