"""The page of coverage: one sentence, then publishers down and facts across, with the share that is filled in each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.presentation import formatting
from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.notice_fields import DUTY_BY_NOTICE_TYPE, NOTICE_FIELD_BY_CODE
from threepoint.standard.publishers import SYNTHETIC_GROUPS
from website.common import snapshot_access
from website.common.components import Link, Words
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import build_missing_fields_url, build_url
from website.data_quality.labels import PUBLISHER_GROUP_ORDER, format_count, format_publisher_group, format_share

SHADE_STEPS = 10  # shades of grey above none
ALL_GROUPS = "all"
PAYMENTS_FACT_CODE = "contract.payments"
LIST_LABELS = {
    "spend_line": gettext_lazy("Lists of payments"),
    "sale": gettext_lazy("Lists of sales"),
    "pipeline_entry": gettext_lazy("Plans to buy"),
}


@dataclass(frozen=True)
class CoverageColumn:
    """A column: its words, and where it says below what would fill it."""

    code: str
    words: Words

    @property
    def anchor(self) -> str:
        """Its name within the page."""
        return f"fills-{slugify(self.code.replace('.', '-').replace('_', '-'))}"


@dataclass(frozen=True)
class CoverageShade:
    """A cell: the share in words, of how many, and both counts. `step` is its shade of grey, 0 to 10; no text: nothing is due."""

    text: str = ""
    of: str = ""
    counts: str = ""
    step: int = 0


@dataclass(frozen=True)
class ColumnSource:
    """What would fill a column: the notice, the field in the national form, its OCDS path, and the duty."""

    fact: CoverageColumn
    notice: str = ""
    form: str = ""
    path: str = ""
    duty: str = ""


@cache_per_snapshot
def show_coverage(request):
    """How much of what a comparison needs is published: for a `group` of publishers and a type of `notice`, where they are held."""
    told = snapshot_access.read_coverage(snapshot_access.get_snapshot(request))
    held = [group for group in PUBLISHER_GROUP_ORDER if group in told.counted]
    group = request.GET.get("group", "")
    group = group if group in (*held, ALL_GROUPS) else next(iter(held), ALL_GROUPS)
    notice = request.GET.get("notice", "")
    notice = notice if notice in told.of_notices else ""
    cells = told.of_notices[notice] if notice else told.cells
    publishers = _list_publishers(told, cells, group, notice)
    shown = _list_columns(cells, publishers, notice)
    page = {
        "lead": _summarise_coverage(told, group, notice, publishers) or (_summarise_processes(None),),
        "means": _explain_cells(notice),
        "caption": _write_caption(group, notice),
        "facts": shown,
        "lines": [_make_publisher_line(publisher, shown, cells, told.groups) for publisher in publishers],
        "fills": [_make_column_source(fact) for fact in shown],
        "groups": _list_group_links(held, group, notice),
        "notices": _list_notice_type_links(told, group, notice),
        "of_states": not notice,
        "chosen": format_notice_type(notice) if notice else "",
        "synthetic": any(told.groups.get(publisher) in SYNTHETIC_GROUPS for publisher in publishers),
        "partly": any(told.groups.get(publisher) not in SYNTHETIC_GROUPS for publisher in publishers),
    }
    return render(request, "data_quality/coverage.html", {"page": page})


def _summarise_coverage(told: Any, group: str, notice: str, publishers: list[str]) -> tuple[str, ...]:
    """What the page says first. Groups of publishers are never added up."""
    if notice in LIST_LABELS:
        held = ngettext(
            "%(n)s publisher of such a list is held.", "%(n)s publishers of such lists are held.", len(publishers)
        )
        return (held % {"n": format_count(len(publishers))},)
    if group != ALL_GROUPS:
        return (_summarise_processes(told.counted.get(group)),)
    return tuple(
        f"{format_publisher_group(name)}: {_summarise_processes(told.counted[name])}"
        for name in PUBLISHER_GROUP_ORDER
        if name in told.counted
    )


def _summarise_processes(counted: Any) -> str:
    """How many processes publish a contract, and how many of these say how it went."""
    processes, contracts, outcomes = (counted.processes, counted.contracts, counted.outcomes) if counted else (0, 0, 0)
    if not processes:
        return _("No notice was loaded, so there is nothing to cover.")
    first = ngettext("Of %(n)s process,", "Of %(n)s processes,", processes) % {"n": format_count(processes)}
    if not contracts:
        return f"{first} {_('none publishes a contract.')}"
    second = ngettext("%(n)s publishes a contract", "%(n)s publish a contract", contracts) % {
        "n": format_count(contracts)
    }
    third = (
        ngettext("and %(n)s of them says how it went.", "and %(n)s of them say how it went.", outcomes)
        % {"n": format_count(outcomes)}
        if outcomes
        else _("and none says how it went.")
    )
    return f"{first} {second} {third}"


def _explain_cells(notice: str) -> str:
    if not notice:
        return _(
            "Each cell: of the records for which the fact is due, the share for which it is published, or worked out from"
            " what is. A running contract owes no final cost, and a small one no KPIs, so these are not counted."
        )
    if notice in LIST_LABELS:
        return _("Each cell: of the lines on the list, the share that fills the column.")
    return _(
        "Each cell: of the rows in notices of this type, the share that fills the field. A field left empty in one notice may"
        " be filled in another, and not every notice must fill every field."
    )


def _write_caption(group: str, notice: str) -> str:
    who = _("all publishers") if group == ALL_GROUPS else format_publisher_group(group)
    if notice in LIST_LABELS:
        return str(LIST_LABELS[notice])
    return f"{_('Share published')}: {who}, {format_notice_type(notice) if notice else _('all notices together')}"


def format_notice_type(notice: str) -> str:
    """UK7 Contract details notice; tags as published, where a publisher has no types."""
    if notice in LIST_LABELS:
        return str(LIST_LABELS[notice])
    return f"{notice} {NOTICE_TYPES[notice][0]}" if notice in NOTICE_TYPES else _format_tags(notice)


def _format_tags(tags: str) -> str:
    """What stands for the type of a notice that has none."""
    return _("tagged %(tags)s") % {"tags": tags.replace(";", ",")} if tags else _("type not named")


def _list_publishers(told: Any, cells: Any, group: str, notice: str) -> list[str]:
    found = {publisher for publisher, _fact in cells}
    if notice not in LIST_LABELS:
        found = {name for name in found if group in (ALL_GROUPS, told.groups.get(name))}
    return sorted(found, key=str.casefold)


def _list_columns(cells: Any, publishers: list[str], notice: str) -> tuple[CoverageColumn, ...]:
    """The columns that have a cell; all that a comparison needs where no type of notice is chosen."""
    if notice in LIST_LABELS:
        codes = [f"{notice}.{name}" for name in snapshot_access.LIST_FIELDS_BY_TABLE[notice]]
        return tuple(CoverageColumn(code, formatting.format_field_name(code.partition(".")[2])) for code in codes)
    known = [*snapshot_access.COMPARED_FACTS, PAYMENTS_FACT_CODE]
    held = {code for publisher, code in cells if publisher in publishers}
    return tuple(CoverageColumn(code, _label_fact(code)) for code in known if not notice or code in held)


def _label_fact(code: str) -> str:
    return NOTICE_FIELD_BY_CODE[code].words if code in NOTICE_FIELD_BY_CODE else _("payments")


def _make_publisher_line(
    publisher: str, shown: tuple[CoverageColumn, ...], cells: Any, groups: Mapping[str, str]
) -> dict[str, Any]:
    href = build_missing_fields_url(publisher) if publisher in groups else ""
    shades = [_make_shade(cells.get((publisher, fact.code))) for fact in shown]
    return {"publisher": publisher or _("publisher not named"), "href": href, "cells": shades}


def _make_shade(cell: Any) -> CoverageShade:
    if cell is None or not cell.due:
        return CoverageShade()
    counts = _("%(filled)s of %(due)s") % {"filled": format_count(cell.filled), "due": format_count(cell.due)}
    return CoverageShade(
        format_share(cell.filled, cell.due), format_count(cell.due), counts, ceil(cell.filled / cell.due * SHADE_STEPS)
    )


def _make_column_source(fact: CoverageColumn) -> ColumnSource:
    if fact.code == PAYMENTS_FACT_CODE:
        return ColumnSource(
            fact,
            "UK8 (Contract payment notice)",
            "",
            "contracts/implementation/transactions",
            DUTY_BY_NOTICE_TYPE["UK8"],
        )
    place = NOTICE_FIELD_BY_CODE.get(fact.code)
    return ColumnSource(fact, place.notice_words, place.form, place.path, place.duty) if place else ColumnSource(fact)


def _list_group_links(held: list[str], group: str, notice: str) -> tuple[tuple[Link, bool], ...]:
    named = [(name, format_publisher_group(name)) for name in held] + (
        [(ALL_GROUPS, _("all"))] if len(held) > 1 else []
    )
    return tuple((Link(told, _build_coverage_url(name, notice)), name == group) for name, told in named)


def _list_notice_type_links(told: Any, group: str, notice: str) -> tuple[tuple[Link, bool], ...]:
    """Types of notice of this group, by number, then tags, then lists."""

    def order(name: str) -> tuple[bool, bool, int, str]:
        return (
            name in LIST_LABELS,
            name not in NOTICE_TYPES,
            list(NOTICE_TYPES).index(name) if name in NOTICE_TYPES else 0,
            name,
        )

    held = [name for name in told.of_notices if _list_publishers(told, told.of_notices[name], group, name)]
    named = [("", _("all notices together")), *((name, format_notice_type(name)) for name in sorted(held, key=order))]
    return tuple((Link(said, _build_coverage_url(group, name)), name == notice) for name, said in named)


def _build_coverage_url(group: str, notice: str) -> str:
    asked = {"group": group} | ({"notice": notice} if notice else {})
    return build_url("coverage", asked)
