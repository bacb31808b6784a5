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
from threepoint.standard.code_lists import NOTICES
from threepoint.standard.notice_fields import DUTIES, PLACES
from threepoint.standard.publishers import MADE_UP
from website.common import snapshot_access
from website.common.components import Link, Words
from website.common.page_cache import of_snapshot
from website.common.record_urls import address, address_of_gaps
from website.data_quality.labels import GROUPS, group_words, number, share

STEPS = 10  # shades of grey above none
ALL = "all"
PAYMENTS = "contract.payments"
LISTS = {
    "spend_line": gettext_lazy("Lists of payments"),
    "sale": gettext_lazy("Lists of sales"),
    "pipeline_entry": gettext_lazy("Plans to buy"),
}


@dataclass(frozen=True)
class Fact:
    """A column: its words, and where it says below what would fill it."""

    code: str
    words: Words

    @property
    def anchor(self) -> str:
        """Its name within the page."""
        return f"fills-{slugify(self.code.replace('.', '-').replace('_', '-'))}"


@dataclass(frozen=True)
class Shade:
    """A cell: the share in words, of how many, and both counts. `step` is its shade of grey, 0 to 10; no text: nothing is due."""

    text: str = ""
    of: str = ""
    counts: str = ""
    step: int = 0


@dataclass(frozen=True)
class Filled:
    """What would fill a column: the notice, the field in the national form, its OCDS path, and the duty."""

    fact: Fact
    notice: str = ""
    form: str = ""
    path: str = ""
    duty: str = ""


@of_snapshot
def coverage(request):
    """How much of what a comparison needs is published: for a `group` of publishers and a type of `notice`, where they are held."""
    told = snapshot_access.coverage(snapshot_access.current(request))
    held = [group for group in GROUPS if group in told.counted]
    group = request.GET.get("group", "")
    group = group if group in (*held, ALL) else next(iter(held), ALL)
    notice = request.GET.get("notice", "")
    notice = notice if notice in told.of_notices else ""
    cells = told.of_notices[notice] if notice else told.cells
    publishers = _publishers(told, cells, group, notice)
    shown = _facts(cells, publishers, notice)
    page = {
        "lead": _lead(told, group, notice, publishers) or (_sentence(None),),
        "means": _means(notice),
        "caption": _caption(group, notice),
        "facts": shown,
        "lines": [_line(publisher, shown, cells, told.groups) for publisher in publishers],
        "fills": [_fills(fact) for fact in shown],
        "groups": _groups(held, group, notice),
        "notices": _notices(told, group, notice),
        "of_states": not notice,
        "chosen": notice_words(notice) if notice else "",
        "synthetic": any(told.groups.get(publisher) in MADE_UP for publisher in publishers),
        "partly": any(told.groups.get(publisher) not in MADE_UP for publisher in publishers),
    }
    return render(request, "data_quality/coverage.html", {"page": page})


def _lead(told: Any, group: str, notice: str, publishers: list[str]) -> tuple[str, ...]:
    """What the page says first. Groups of publishers are never added up."""
    if notice in LISTS:
        held = ngettext(
            "%(n)s publisher of such a list is held.", "%(n)s publishers of such lists are held.", len(publishers)
        )
        return (held % {"n": number(len(publishers))},)
    if group != ALL:
        return (_sentence(told.counted.get(group)),)
    return tuple(f"{group_words(name)}: {_sentence(told.counted[name])}" for name in GROUPS if name in told.counted)


def _sentence(counted: Any) -> str:
    """How many processes publish a contract, and how many of these say how it went."""
    processes, contracts, outcomes = (counted.processes, counted.contracts, counted.outcomes) if counted else (0, 0, 0)
    if not processes:
        return _("No notice was loaded, so there is nothing to cover.")
    first = ngettext("Of %(n)s process,", "Of %(n)s processes,", processes) % {"n": number(processes)}
    if not contracts:
        return f"{first} {_('none publishes a contract.')}"
    second = ngettext("%(n)s publishes a contract", "%(n)s publish a contract", contracts) % {"n": number(contracts)}
    third = (
        ngettext("and %(n)s of them says how it went.", "and %(n)s of them say how it went.", outcomes)
        % {"n": number(outcomes)}
        if outcomes
        else _("and none says how it went.")
    )
    return f"{first} {second} {third}"


def _means(notice: str) -> str:
    if not notice:
        return _(
            "Each cell: of the records for which the fact is due, the share for which it is published, or worked out from"
            " what is. A running contract owes no final cost, and a small one no KPIs, so these are not counted."
        )
    if notice in LISTS:
        return _("Each cell: of the lines on the list, the share that fills the column.")
    return _(
        "Each cell: of the rows in notices of this type, the share that fills the field. A field left empty in one notice may"
        " be filled in another, and not every notice must fill every field."
    )


def _caption(group: str, notice: str) -> str:
    who = _("all publishers") if group == ALL else group_words(group)
    if notice in LISTS:
        return str(LISTS[notice])
    return f"{_('Share published')}: {who}, {notice_words(notice) if notice else _('all notices together')}"


def notice_words(notice: str) -> str:
    """UK7 Contract details notice; tags as published, where a publisher has no types."""
    if notice in LISTS:
        return str(LISTS[notice])
    return f"{notice} {NOTICES[notice][0]}" if notice in NOTICES else _tagged(notice)


def _tagged(tags: str) -> str:
    """What stands for the type of a notice that has none."""
    return _("tagged %(tags)s") % {"tags": tags.replace(";", ",")} if tags else _("type not named")


def _publishers(told: Any, cells: Any, group: str, notice: str) -> list[str]:
    found = {publisher for publisher, _fact in cells}
    if notice not in LISTS:
        found = {name for name in found if group in (ALL, told.groups.get(name))}
    return sorted(found, key=str.casefold)


def _facts(cells: Any, publishers: list[str], notice: str) -> tuple[Fact, ...]:
    """The columns that have a cell; all that a comparison needs where no type of notice is chosen."""
    if notice in LISTS:
        codes = [f"{notice}.{name}" for name in snapshot_access.LISTS[notice]]
        return tuple(Fact(code, formatting.field(code.partition(".")[2])) for code in codes)
    known = [*snapshot_access.COMPARED, PAYMENTS]
    held = {code for publisher, code in cells if publisher in publishers}
    return tuple(Fact(code, _named(code)) for code in known if not notice or code in held)


def _named(code: str) -> str:
    return PLACES[code].words if code in PLACES else _("payments")


def _line(publisher: str, shown: tuple[Fact, ...], cells: Any, groups: Mapping[str, str]) -> dict[str, Any]:
    href = address_of_gaps(publisher) if publisher in groups else ""
    shades = [_shade(cells.get((publisher, fact.code))) for fact in shown]
    return {"publisher": publisher or _("publisher not named"), "href": href, "cells": shades}


def _shade(cell: Any) -> Shade:
    if cell is None or not cell.due:
        return Shade()
    counts = _("%(filled)s of %(due)s") % {"filled": number(cell.filled), "due": number(cell.due)}
    return Shade(share(cell.filled, cell.due), number(cell.due), counts, ceil(cell.filled / cell.due * STEPS))


def _fills(fact: Fact) -> Filled:
    if fact.code == PAYMENTS:
        return Filled(fact, "UK8 (Contract payment notice)", "", "contracts/implementation/transactions", DUTIES["UK8"])
    place = PLACES.get(fact.code)
    return Filled(fact, place.notice_words, place.form, place.path, place.duty) if place else Filled(fact)


def _groups(held: list[str], group: str, notice: str) -> tuple[tuple[Link, bool], ...]:
    named = [(name, group_words(name)) for name in held] + ([(ALL, _("all"))] if len(held) > 1 else [])
    return tuple((Link(told, _address(name, notice)), name == group) for name, told in named)


def _notices(told: Any, group: str, notice: str) -> tuple[tuple[Link, bool], ...]:
    """Types of notice of this group, by number, then tags, then lists."""

    def order(name: str) -> tuple[bool, bool, int, str]:
        return name in LISTS, name not in NOTICES, list(NOTICES).index(name) if name in NOTICES else 0, name

    held = [name for name in told.of_notices if _publishers(told, told.of_notices[name], group, name)]
    named = [("", _("all notices together")), *((name, notice_words(name)) for name in sorted(held, key=order))]
    return tuple((Link(said, _address(group, name)), name == notice) for name, said in named)


def _address(group: str, notice: str) -> str:
    asked = {"group": group} | ({"notice": notice} if notice else {})
    return address("coverage", asked)
