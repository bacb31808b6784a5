"""The page of sources: what was loaded by publisher, and what was left out."""

from datetime import date, datetime
from typing import Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.presentation import formatting
from threepoint.standard.publishers import SYNTHETIC_GROUPS
from website.common import snapshot_access, value_display
from website.common.components import PageTable, TableColumn, TableEntry
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import build_missing_fields_url
from website.data_quality.labels import PUBLISHER_GROUP_ORDER, format_count, format_publisher_group

LIST_LABELS = {
    "payments": gettext_lazy("Lists of payments"),
    "sales": gettext_lazy("Lists of sales"),
    "plans": gettext_lazy("Plans to buy"),
    "projects": gettext_lazy("Yearly reports of major projects"),
}
REGISTER_LABELS = {
    "cpv": gettext_lazy("Words of CPV codes"),
    "gb_gor": gettext_lazy("Government organisations"),
    "gb_gor_short": gettext_lazy("Abbreviations of government organisations"),
    "region": gettext_lazy("Regions"),
    "country": gettext_lazy("Countries"),
}
MAX_UNFOLDED_ROWS = 12  # rows of a list that are shown unfolded


@cache_per_snapshot
def show_sources(request):
    """What this snapshot was made from, and what was left out of it."""
    held = snapshot_access.read_sources(snapshot_access.get_snapshot(request))
    lists = (_make_list_table(held, name) for name in LIST_LABELS)
    page = {
        "lead": _summarise_files(held),
        "synthetic": any(source.group in SYNTHETIC_GROUPS for source in held.sources),
        "partly": any(source.group not in SYNTHETIC_GROUPS for source in (*held.sources, *held.lists)),
        "notices": _make_notices_table(held),
        "lists": [(table, len(table.rows) > MAX_UNFOLDED_ROWS) for table in lists if table.rows],
        "registers": _make_registers_table(held),
        "unread": _summarise_unread_parts(held),
        "reasons": _make_reasons_table(held),
        "passed_over": _make_skipped_table(held),
    }
    return render(request, "data_quality/sources.html", {"page": page})


def _summarise_files(held: Any) -> str:
    notices = sum(source.releases + source.compiled for source in held.sources)
    told = ngettext("%(n)s file was loaded.", "%(n)s files were loaded.", held.files) % {"n": format_count(held.files)}
    shown = ngettext("It gave %(n)s notice", "They gave %(n)s notices", notices) % {"n": format_count(notices)}
    lines = sum(source.lines for source in held.lists)
    rest = ngettext("and %(n)s line of other lists.", "and %(n)s lines of other lists.", lines) % {
        "n": format_count(lines)
    }
    return f"{told} {shown} {rest}"


def _make_notices_table(held: Any) -> PageTable:
    counts = (TableColumn(words, numeric=True) for words in (_("Notices"), _("Processes"), _("Contracts")))
    return value_display.make_table(
        _("Notices by publisher"),
        (TableColumn(_("Publisher")), TableColumn(_("Group")), *counts, TableColumn(_("Newest notice"))),
        map(_make_source_row, sorted(held.sources, key=_build_sort_key)),
        hide_caption=False,
        note=_(
            "Publishers stand by group and name. The sentence on top counts the notices of all groups, made-up ones included."
        ),
        empty=_("No notice was loaded. Run: threepoint load FILE, then: threepoint build"),
    )


def _build_sort_key(source: Any) -> tuple[int, str]:
    """By group, then by name: what people come for first."""
    place = (
        PUBLISHER_GROUP_ORDER.index(source.group)
        if source.group in PUBLISHER_GROUP_ORDER
        else len(PUBLISHER_GROUP_ORDER)
    )
    return place, (source.publisher or "").casefold()


def _make_source_row(source: Any) -> tuple[value_display.EntryValue, ...]:
    merged = _("merged by the publisher") if source.compiled and not source.releases else ""
    return (
        TableEntry(source.publisher, href=build_missing_fields_url(source.publisher) if source.publisher else ""),
        format_publisher_group(source.group),
        value_display.make_entry(source.releases + source.compiled, state=merged),
        source.ocids,
        source.contracts,
        _make_day_entry(source.newest),
    )


def _make_list_table(held: Any, group: str) -> PageTable:
    mine = [source for source in held.lists if source.group == group]
    dated = any(source.newest for source in mine)
    columns = (
        TableColumn(_("Publisher")),
        TableColumn(_("Lines"), numeric=True),
        *((TableColumn(_("Newest")),) if dated else ()),
    )
    rows = (
        (
            source.publisher or _("publisher not named"),
            source.lines,
            *((_make_day_entry(source.newest),) if dated else ()),
        )
        for source in mine
    )
    return value_display.make_table(LIST_LABELS[group], columns, rows, hide_caption=False)


def _make_day_entry(day: date | datetime | str | None) -> TableEntry:
    if isinstance(day, date | datetime):
        return TableEntry(formatting.format_short_date(day), exact=formatting.format_date(day))
    return TableEntry(day) if day else TableEntry(state=_("no date"))


def _make_registers_table(held: Any) -> PageTable:
    heads = (TableColumn(_("Register")), TableColumn(_("Codes"), numeric=True))
    rows = (
        (REGISTER_LABELS.get(name, name), n or TableEntry(state=_("not loaded"))) for name, n in held.registers.items()
    )
    note = _("Where a register is not loaded, its codes are shown without their words.")
    return value_display.make_table(_("Registers of codes"), heads, rows, hide_caption=False, note=note)


def _summarise_unread_parts(held: Any) -> str:
    if not held.quarantined:
        return _("There was nothing that we could not read.")
    return ngettext(
        "We could not read %(n)s part of a file. It is in none of the figures on this site.",
        "We could not read %(n)s parts of files. They are in none of the figures on this site.",
        held.quarantined,
    ) % {"n": format_count(held.quarantined)}


def _make_reasons_table(held: Any) -> PageTable | None:
    if not held.quarantined:
        return None
    told = held.reasons or {}
    left = held.quarantined - sum(told.values())
    rows = [*told.items(), *([(_("reason not kept in this snapshot"), left)] if left > 0 else [])]
    columns = (TableColumn(_("Reason")), TableColumn(_("Parts"), numeric=True))
    return value_display.make_table(_("Why we could not read them"), columns, rows, hide_caption=False)


def _make_skipped_table(held: Any) -> PageTable:
    heads = (TableColumn(_("What it is")), TableColumn(_("How many"), numeric=True))
    rows, empty = sorted(held.passed_over.items()), _("Nothing was passed over.")
    return value_display.make_table(_("Recognised and passed over"), heads, rows, hide_caption=False, empty=empty)
