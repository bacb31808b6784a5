"""Coverage page: a summary, then a table of publishers and facts with the published share in each cell."""

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

SHADE_STEPS = 10  # shades of grey, apart from none for 0%
ALL_GROUPS = "all"
PAYMENTS_FACT_CODE = "contract.payments"
LABEL_BY_LIST_TABLE = {
    "spend_line": gettext_lazy("Lists of payments"),
    "sale": gettext_lazy("Lists of sales"),
    "pipeline_entry": gettext_lazy("Plans to buy"),
}


@dataclass(frozen=True)
class CoverageColumn:
    """A column of the table: its code, and its heading."""

    code: str
    words: Words

    @property
    def anchor(self) -> str:
        """The id of the column's entry in the list below the table."""
        return f"fills-{slugify(self.code.replace('.', '-').replace('_', '-'))}"


@dataclass(frozen=True)
class CoverageShade:
    """A cell: the share, the number due, and both counts. `step` is its shade of grey, 0 to 10; no text: nothing is due."""

    text: str = ""
    of: str = ""
    counts: str = ""
    step: int = 0


@dataclass(frozen=True)
class ColumnSource:
    """The source of a column: the notice, the field in the national form, its OCDS path, and the duty to publish it."""

    fact: CoverageColumn
    notice: str = ""
    form: str = ""
    path: str = ""
    duty: str = ""


@cache_per_snapshot
def show_coverage(request):
    """Show how much of what a comparison needs is published, for a `group` of publishers and a type of `notice`.

    Unknown groups and types are ignored.
    """
    coverage = snapshot_access.read_coverage(snapshot_access.get_snapshot(request))
    groups = [group for group in PUBLISHER_GROUP_ORDER if group in coverage.counted]
    group = request.GET.get("group", "")
    group = group if group in (*groups, ALL_GROUPS) else next(iter(groups), ALL_GROUPS)
    notice = request.GET.get("notice", "")
    notice = notice if notice in coverage.of_notices else ""
    cells = coverage.of_notices[notice] if notice else coverage.cells
    publishers = _list_publishers(coverage, cells, group, notice)
    columns = _list_columns(cells, publishers, notice)
    page = {
        "lead": _summarise_coverage(coverage, group, notice, publishers) or (_summarise_processes(None),),
        "means": _explain_cells(notice),
        "caption": _write_caption(group, notice),
        "facts": columns,
        "lines": [_make_publisher_line(publisher, columns, cells, coverage.groups) for publisher in publishers],
        "fills": [_make_column_source(column) for column in columns],
        "groups": _list_group_links(groups, group, notice),
        "notices": _list_notice_type_links(coverage, group, notice),
        "of_states": not notice,
        "chosen": format_notice_type(notice) if notice else "",
        "synthetic": any(coverage.groups.get(publisher) in SYNTHETIC_GROUPS for publisher in publishers),
        "partly": any(coverage.groups.get(publisher) not in SYNTHETIC_GROUPS for publisher in publishers),
    }
    return render(request, "data_quality/coverage.html", {"page": page})


def _summarise_coverage(coverage: Any, group: str, notice: str, publishers: list[str]) -> tuple[str, ...]:
    """Return the sentences at the top of the page. Groups of publishers are never added up."""
    if notice in LABEL_BY_LIST_TABLE:
        sentence = ngettext(
            "We have lists of this kind from %(n)s publisher.",
            "We have lists of this kind from %(n)s publishers.",
            len(publishers),
        )
        return (sentence % {"n": format_count(len(publishers))},)
    if group != ALL_GROUPS:
        return (_summarise_processes(coverage.counted.get(group)),)
    return tuple(
        f"{format_publisher_group(name)}: {_summarise_processes(coverage.counted[name])}"
        for name in PUBLISHER_GROUP_ORDER
        if name in coverage.counted
    )


def _summarise_processes(counted: Any) -> str:
    """Return a sentence with the processes that publish a contract, and the contracts that say how they went."""
    processes, contracts, outcomes = (counted.processes, counted.contracts, counted.outcomes) if counted else (0, 0, 0)
    if not processes:
        return _("No notices are loaded, so there is no coverage to show.")
    first = ngettext("Of %(n)s procurement,", "Of %(n)s procurements,", processes) % {"n": format_count(processes)}
    if not contracts:
        return f"{first} {_('none has a published contract.')}"
    second = ngettext("%(n)s has a published contract", "%(n)s have a published contract", contracts) % {
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
            "Each cell shows the share of records that have the fact, either published or calculated from published values."
            " We count only records for which the fact is due. For example, a running contract has no final cost yet, and a"
            " small contract needs no KPIs."
        )
    if notice in LABEL_BY_LIST_TABLE:
        return _("Each cell shows the share of lines on the list that fill the column.")
    return _(
        "Each cell shows the share of rows in notices of this type that fill the field. A field that is empty in one notice may"
        " be filled in another, and not every notice must fill every field."
    )


def _write_caption(group: str, notice: str) -> str:
    publishers = _("all publishers") if group == ALL_GROUPS else format_publisher_group(group)
    if notice in LABEL_BY_LIST_TABLE:
        return str(LABEL_BY_LIST_TABLE[notice])
    return f"{_('Share published')}: {publishers}, {format_notice_type(notice) if notice else _('all notices')}"


def format_notice_type(notice: str) -> str:
    """Return the name of a notice type, such as “UK7 Contract details notice”, or the tags of notices without a type."""
    if notice in LABEL_BY_LIST_TABLE:
        return str(LABEL_BY_LIST_TABLE[notice])
    return f"{notice} {NOTICE_TYPES[notice][0]}" if notice in NOTICE_TYPES else _format_tags(notice)


def _format_tags(tags: str) -> str:
    return _("tagged %(tags)s") % {"tags": tags.replace(";", ",")} if tags else _("type not named")


def _list_publishers(coverage: Any, cells: Any, group: str, notice: str) -> list[str]:
    publishers = {publisher for publisher, _fact in cells}
    if notice not in LABEL_BY_LIST_TABLE:
        publishers = {name for name in publishers if group in (ALL_GROUPS, coverage.groups.get(name))}
    return sorted(publishers, key=str.casefold)


def _list_columns(cells: Any, publishers: list[str], notice: str) -> tuple[CoverageColumn, ...]:
    """Return the columns that have a cell, or all facts of a comparison if no type of notice is chosen."""
    if notice in LABEL_BY_LIST_TABLE:
        codes = [f"{notice}.{name}" for name in snapshot_access.LIST_FIELDS_BY_TABLE[notice]]
        return tuple(CoverageColumn(code, formatting.format_field_name(code.partition(".")[2])) for code in codes)
    all_codes = [*snapshot_access.COMPARED_FACTS, PAYMENTS_FACT_CODE]
    counted_codes = {code for publisher, code in cells if publisher in publishers}
    return tuple(CoverageColumn(code, _label_fact(code)) for code in all_codes if not notice or code in counted_codes)


def _label_fact(code: str) -> str:
    return NOTICE_FIELD_BY_CODE[code].words if code in NOTICE_FIELD_BY_CODE else _("payments")


def _make_publisher_line(
    publisher: str, columns: tuple[CoverageColumn, ...], cells: Any, groups: Mapping[str, str]
) -> dict[str, Any]:
    href = build_missing_fields_url(publisher) if publisher in groups else ""
    shades = [_make_shade(cells.get((publisher, column.code))) for column in columns]
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
    field = NOTICE_FIELD_BY_CODE.get(fact.code)
    return ColumnSource(fact, field.notice_words, field.form, field.path, field.duty) if field else ColumnSource(fact)


def _list_group_links(groups: list[str], group: str, notice: str) -> tuple[tuple[Link, bool], ...]:
    labels = [(name, format_publisher_group(name)) for name in groups] + (
        [(ALL_GROUPS, _("all"))] if len(groups) > 1 else []
    )
    return tuple((Link(label, _build_coverage_url(name, notice)), name == group) for name, label in labels)


def _list_notice_type_links(coverage: Any, group: str, notice: str) -> tuple[tuple[Link, bool], ...]:
    """Return links to the types of notice of this group: types by number, then tags, then lists."""

    def sort_key(name: str) -> tuple[bool, bool, int, str]:
        return (
            name in LABEL_BY_LIST_TABLE,
            name not in NOTICE_TYPES,
            list(NOTICE_TYPES).index(name) if name in NOTICE_TYPES else 0,
            name,
        )

    names = [name for name in coverage.of_notices if _list_publishers(coverage, coverage.of_notices[name], group, name)]
    labels = [("", _("all notices")), *((name, format_notice_type(name)) for name in sorted(names, key=sort_key))]
    return tuple((Link(label, _build_coverage_url(group, name)), name == notice) for name, label in labels)


def _build_coverage_url(group: str, notice: str) -> str:
    return build_url("coverage", {"group": group} | ({"notice": notice} if notice else {}))
