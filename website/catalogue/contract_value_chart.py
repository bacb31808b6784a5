"""The contracts of one procurement: what each was first published to be worth, and is worth now, drawn on one scale."""

from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.presentation.records import Record
from threepoint.standard.amounts import NOMINAL, Amount
from threepoint.standard.field_states import STATES
from website.catalogue import record_charts
from website.catalogue.fact_display import MOST_ROWS, named
from website.common import value_display
from website.common.components import Column, Entry, Figure
from website.common.record_urls import address_of

Row = dict[str, Any]
MOST = 12  # contracts that are drawn, those that changed most first; the table has MOST_ROWS


def sections(found: Record) -> list[tuple[str, str, Any]]:
    """Each contract against what was first published of it; nothing where a procurement has fewer than two, or none changed.

    A procurement with one contract shows each of its changes instead (`against`).
    """
    contracts = found.rows.get("contracts", []) if found.kind == "contracting_process" else []
    known = [row for row in contracts if not _why_not(row)]
    currencies = {row["currency"] for row in known}
    if len(contracts) < 2 or len(currencies) != 1 or all(row["value_net"] == row["value_net_first"] for row in known):
        return []
    title = _("Each contract against what was first published")
    return [("each-contract", title, _figure(found, contracts, known))]


class Reason(Enum):
    """Why what a contract was and is worth cannot be set side by side: a code, and its words on a page."""

    NOT_REPORTED = gettext_lazy("not reported")
    FILLS_FORM = gettext_lazy("a value only fills the form")
    CEILING = gettext_lazy("a ceiling")
    FIRST_BELOW_ZERO = gettext_lazy("the first value is below 0")
    CURRENCY = gettext_lazy("not in one stated currency")


def _why_not(row: Row) -> Reason | None:
    """Return why what a contract was and is worth cannot be set side by side; None where it can."""
    first, now = row["value_net_first"], row["value_net"]
    if None in (first, now):
        return Reason.NOT_REPORTED
    if float(first) in NOMINAL or float(now) in NOMINAL:
        return Reason.FILLS_FORM
    if row["is_ceiling"]:
        return Reason.CEILING
    if first < 0:
        return Reason.FIRST_BELOW_ZERO
    known = row["currency"] and row["currency_first"] == row["currency"]
    return None if known else Reason.CURRENCY


def _figure(found: Record, contracts: list[Row], known: list[Row]) -> Figure:
    drawn = sorted(known, key=lambda row: -abs(row["value_net"] - row["value_net_first"]))[:MOST]
    bars = [(_name(found, row), *_amounts(row)) for row in drawn]
    changed = sum(row["value_net"] != row["value_net_first"] for row in known)
    summary = ngettext(
        "Of %(all)d contract that can be drawn, %(changed)d has another value now.",
        "Of %(all)d contracts that can be drawn, %(changed)d have another value now.",
        len(known),
    ) % {"changed": changed, "all": len(known)}
    left = len(contracts) - len(known)
    cut = {"shown": MOST_ROWS, "all": len(contracts)}
    notes = [
        _("The upper bar of a contract is what was first published, the lower one what it is worth now."),
        _("The %(shown)d of %(all)d that changed most are drawn.") % {"shown": MOST, "all": len(known)} if len(known) > MOST else "",
        _("%d cannot be drawn; the table says why.") % left if left else "",
        _("The table has the first %(shown)d of %(all)d.") % cut if len(contracts) > MOST_ROWS else "",
    ]  # fmt: skip
    title = _("Value of each contract, first and now")
    heads = (Column(_("Contract")), Column(_("First published"), numeric=True), Column(_("Now"), numeric=True),
             Column(_("Change"), numeric=True))  # fmt: skip
    table = value_display.make_table(title, heads, [_line(found, row) for row in contracts[:MOST_ROWS]])
    label = _("%s; the figures are in the table below") % title
    return Figure(title, summary, record_charts.first_and_now(bars, label), table, " ".join(filter(None, notes)))


def _name(found: Record, row: Row) -> str:
    return named(row["contract_id"], found.id)[0]


def _line(found: Record, row: Row) -> tuple[value_display.EntryValue, ...]:
    name = Entry(_name(found, row), href=address_of("contract", row["contract_id"]))
    first, now = row["value_net_first"], row["value_net"]
    why = _why_not(row)
    return (
        name,
        *(amount or STATES["not_reported"] for amount in _amounts(row)),
        Entry(state=why.value) if why else (now - first) / first,
    )


def _amounts(row: Row) -> tuple[Any, ...]:
    """What a contract was first published to be worth and is worth now; None for what is not known."""
    pairs = ((row["value_net_first"], row["currency_first"]), (row["value_net"], row["currency"]))
    return tuple(None if value is None else Amount(value, currency) for value, currency in pairs)
