"""The page of sources: what was loaded by publisher, and what was left out."""

from datetime import date, datetime
from typing import Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.presentation import formatting
from threepoint.standard.publishers import MADE_UP
from website.common import snapshot_access, value_display
from website.common.components import Column, Entry, Table
from website.common.page_cache import of_snapshot
from website.common.record_urls import address_of_gaps
from website.data_quality.labels import GROUPS, group_words, number

LISTS = {
    "payments": gettext_lazy("Lists of payments"),
    "sales": gettext_lazy("Lists of sales"),
    "plans": gettext_lazy("Plans to buy"),
    "projects": gettext_lazy("Yearly reports of major projects"),
}
REGISTERS = {
    "cpv": gettext_lazy("Words of CPV codes"),
    "gb_gor": gettext_lazy("Government organisations"),
    "gb_gor_short": gettext_lazy("Abbreviations of government organisations"),
    "region": gettext_lazy("Regions"),
    "country": gettext_lazy("Countries"),
}
MANY = 12  # rows of a list that are shown unfolded


@of_snapshot
def sources(request):
    """What this snapshot was made from, and what was left out of it."""
    held = snapshot_access.holdings(snapshot_access.current(request))
    lists = (_list(held, name) for name in LISTS)
    page = {
        "lead": _lead(held),
        "synthetic": any(source.group in MADE_UP for source in held.sources),
        "partly": any(source.group not in MADE_UP for source in (*held.sources, *held.lists)),
        "notices": _notices(held),
        "lists": [(table, len(table.rows) > MANY) for table in lists if table.rows],
        "registers": _registers(held),
        "unread": _unread(held),
        "reasons": _reasons(held),
        "passed_over": _passed_over(held),
    }
    return render(request, "data_quality/sources.html", {"page": page})


def _lead(held: Any) -> str:
    notices = sum(source.releases + source.compiled for source in held.sources)
    told = ngettext("%(n)s file was loaded.", "%(n)s files were loaded.", held.files) % {"n": number(held.files)}
    shown = ngettext("It gave %(n)s notice", "They gave %(n)s notices", notices) % {"n": number(notices)}
    lines = sum(source.lines for source in held.lists)
    rest = ngettext("and %(n)s line of other lists.", "and %(n)s lines of other lists.", lines) % {"n": number(lines)}
    return f"{told} {shown} {rest}"


def _notices(held: Any) -> Table:
    counts = (Column(words, numeric=True) for words in (_("Notices"), _("Processes"), _("Contracts")))
    return value_display.make_table(
        _("Notices by publisher"),
        (Column(_("Publisher")), Column(_("Group")), *counts, Column(_("Newest notice"))),
        map(_source, sorted(held.sources, key=_order)),
        hide_caption=False,
        note=_(
            "Publishers stand by group and name. The sentence on top counts the notices of all groups, made-up ones included."
        ),
        empty=_("No notice was loaded. Run: threepoint load FILE, then: threepoint build"),
    )


def _order(source: Any) -> tuple[int, str]:
    """By group, then by name: what people come for first."""
    place = GROUPS.index(source.group) if source.group in GROUPS else len(GROUPS)
    return place, (source.publisher or "").casefold()


def _source(source: Any) -> tuple[value_display.EntryValue, ...]:
    merged = _("merged by the publisher") if source.compiled and not source.releases else ""
    return (
        Entry(source.publisher, href=address_of_gaps(source.publisher) if source.publisher else ""),
        group_words(source.group),
        value_display.make_entry(source.releases + source.compiled, state=merged),
        source.ocids,
        source.contracts,
        _day(source.newest),
    )


def _list(held: Any, group: str) -> Table:
    mine = [source for source in held.lists if source.group == group]
    dated = any(source.newest for source in mine)
    columns = (Column(_("Publisher")), Column(_("Lines"), numeric=True), *((Column(_("Newest")),) if dated else ()))
    rows = (
        (source.publisher or _("publisher not named"), source.lines, *((_day(source.newest),) if dated else ()))
        for source in mine
    )
    return value_display.make_table(LISTS[group], columns, rows, hide_caption=False)


def _day(day: date | datetime | str | None) -> Entry:
    if isinstance(day, date | datetime):
        return Entry(formatting.short_day(day), exact=formatting.in_words(day))
    return Entry(day) if day else Entry(state=_("no date"))


def _registers(held: Any) -> Table:
    heads = (Column(_("Register")), Column(_("Codes"), numeric=True))
    rows = ((REGISTERS.get(name, name), n or Entry(state=_("not loaded"))) for name, n in held.registers.items())
    note = _("Where a register is not loaded, its codes are shown without their words.")
    return value_display.make_table(_("Registers of codes"), heads, rows, hide_caption=False, note=note)


def _unread(held: Any) -> str:
    if not held.quarantined:
        return _("There was nothing that we could not read.")
    return ngettext(
        "We could not read %(n)s part of a file. It is in none of the figures on this site.",
        "We could not read %(n)s parts of files. They are in none of the figures on this site.",
        held.quarantined,
    ) % {"n": number(held.quarantined)}


def _reasons(held: Any) -> Table | None:
    if not held.quarantined:
        return None
    told = held.reasons or {}
    left = held.quarantined - sum(told.values())
    rows = [*told.items(), *([(_("reason not kept in this snapshot"), left)] if left > 0 else [])]
    columns = (Column(_("Reason")), Column(_("Parts"), numeric=True))
    return value_display.make_table(_("Why we could not read them"), columns, rows, hide_caption=False)


def _passed_over(held: Any) -> Table:
    heads = (Column(_("What it is")), Column(_("How many"), numeric=True))
    rows, empty = sorted(held.passed_over.items()), _("Nothing was passed over.")
    return value_display.make_table(_("Recognised and passed over"), heads, rows, hide_caption=False, empty=empty)
