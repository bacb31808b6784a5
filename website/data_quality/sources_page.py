"""Sources page: what was loaded from each publisher, and what was left out."""

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

LABEL_BY_LIST_GROUP = {
    "payments": gettext_lazy("Lists of payments"),
    "sales": gettext_lazy("Lists of sales"),
    "plans": gettext_lazy("Plans to buy"),
    "projects": gettext_lazy("Yearly reports of major projects"),
}
REGISTER_LABELS = {
    "cpv": gettext_lazy("Labels of CPV codes"),
    "gb_gor": gettext_lazy("Government organisations"),
    "gb_gor_short": gettext_lazy("Abbreviations of government organisations"),
    "region": gettext_lazy("Regions"),
    "country": gettext_lazy("Countries"),
}
MAX_UNFOLDED_ROWS = 12


@cache_per_snapshot
def show_sources(request):
    """Show the sources of this snapshot, and what was left out."""
    sources = snapshot_access.read_sources(snapshot_access.get_snapshot(request))
    lists = (_make_list_table(sources, name) for name in LABEL_BY_LIST_GROUP)
    page = {
        "lead": _summarise_files(sources),
        "synthetic": any(source.group in SYNTHETIC_GROUPS for source in sources.sources),
        "partly": any(source.group not in SYNTHETIC_GROUPS for source in (*sources.sources, *sources.lists)),
        "notices": _make_notices_table(sources),
        "lists": [(table, len(table.rows) > MAX_UNFOLDED_ROWS) for table in lists if table.rows],
        "registers": _make_registers_table(sources),
        "unread": _summarise_unread_parts(sources),
        "reasons": _make_reasons_table(sources),
        "skipped": _make_skipped_table(sources),
    }
    return render(request, "data_quality/sources.html", {"page": page})


def _summarise_files(sources: Any) -> str:
    notice_count = sum(source.releases + source.compiled for source in sources.sources)
    line_count = sum(source.lines for source in sources.lists)
    files = ngettext("We loaded %(n)s file, with", "We loaded %(n)s files, with", sources.files) % {
        "n": format_count(sources.files)
    }
    notices = ngettext("%(n)s notice", "%(n)s notices", notice_count) % {"n": format_count(notice_count)}
    lines = ngettext("and %(n)s line from other lists.", "and %(n)s lines from other lists.", line_count) % {
        "n": format_count(line_count)
    }
    return f"{files} {notices} {lines}"


def _make_notices_table(sources: Any) -> PageTable:
    counts = (TableColumn(title, numeric=True) for title in (_("Notices"), _("Procurements"), _("Contracts")))
    return value_display.make_table(
        _("Notices by publisher"),
        (TableColumn(_("Publisher")), TableColumn(_("Group")), *counts, TableColumn(_("Latest notice"))),
        map(_make_source_row, sorted(sources.sources, key=_build_sort_key)),
        hide_caption=False,
        note=_(
            "Publishers are sorted by group and name. The number of notices at the top includes all groups, even"
            " worked examples, which are synthetic."
        ),
        empty=_("No notices are loaded. Run: threepoint load FILE, then: threepoint build"),
    )


def _build_sort_key(source: Any) -> tuple[int, str]:
    group_rank = (
        PUBLISHER_GROUP_ORDER.index(source.group)
        if source.group in PUBLISHER_GROUP_ORDER
        else len(PUBLISHER_GROUP_ORDER)
    )
    return group_rank, (source.publisher or "").casefold()


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


def _make_list_table(sources: Any, group: str) -> PageTable:
    publishers = [source for source in sources.lists if source.group == group]
    dated = any(source.newest for source in publishers)
    columns = (
        TableColumn(_("Publisher")),
        TableColumn(_("Lines"), numeric=True),
        *((TableColumn(_("Latest date")),) if dated else ()),
    )
    rows = (
        (
            source.publisher or _("publisher not named"),
            source.lines,
            *((_make_day_entry(source.newest),) if dated else ()),
        )
        for source in publishers
    )
    return value_display.make_table(LABEL_BY_LIST_GROUP[group], columns, rows, hide_caption=False)


def _make_day_entry(day: date | datetime | str | None) -> TableEntry:
    if isinstance(day, date | datetime):
        return TableEntry(formatting.format_short_date(day))
    return TableEntry(day) if day else TableEntry(state=_("no date"))


def _make_registers_table(sources: Any) -> PageTable:
    columns = (TableColumn(_("Register")), TableColumn(_("Codes"), numeric=True))
    rows = (
        (REGISTER_LABELS.get(name, name), count or TableEntry(state=_("not loaded")))
        for name, count in sources.registers.items()
    )
    note = _("If a register is not loaded, this site shows its codes without labels.")
    return value_display.make_table(_("Registers of codes"), columns, rows, hide_caption=False, note=note)


def _summarise_unread_parts(sources: Any) -> str:
    if not sources.quarantined:
        return _("We could read everything.")
    return ngettext(
        "We could not read %(n)s part of a file. No figure on this site includes it.",
        "We could not read %(n)s parts of files. No figure on this site includes them.",
        sources.quarantined,
    ) % {"n": format_count(sources.quarantined)}


def _make_reasons_table(sources: Any) -> PageTable | None:
    if not sources.quarantined:
        return None
    reasons = sources.reasons or {}
    unexplained = sources.quarantined - sum(reasons.values())
    rows = [*reasons.items(), *([(_("reason not stored in this snapshot"), unexplained)] if unexplained > 0 else [])]
    columns = (TableColumn(_("Reason")), TableColumn(_("Parts"), numeric=True))
    return value_display.make_table(_("Why we could not read them"), columns, rows, hide_caption=False)


def _make_skipped_table(sources: Any) -> PageTable:
    columns = (TableColumn(_("What we skipped")), TableColumn(_("Number"), numeric=True))
    rows, empty = sorted(sources.skipped.items()), _("No files were skipped.")
    return value_display.make_table(_("Recognised and skipped"), columns, rows, hide_caption=False, empty=empty)
