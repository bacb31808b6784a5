"""The contracts of one procurement: what each was first published to be worth, and is worth now, drawn on one scale."""

from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.presentation.records import Record
from threepoint.standard.amounts import NOMINAL_AMOUNTS, Amount
from threepoint.standard.field_states import STATE_BY_CODE
from website.catalogue import record_charts
from website.catalogue.fact_display import MAX_TABLE_ROWS, format_part_name
from website.common import value_display
from website.common.components import ChartFigure, TableColumn, TableEntry
from website.common.record_urls import build_record_url

Row = dict[str, Any]
MAX_DRAWN_CONTRACTS = 12  # contracts that are drawn, those that changed most first; the table has MOST_ROWS


def make_contract_value_sections(found: Record) -> list[tuple[str, str, Any]]:
    """Each contract against what was first published of it; nothing where a procurement has fewer than two, or none changed.

    A procurement with one contract shows each of its changes instead (`against`).
    """
    contracts = found.rows.get("contracts", []) if found.kind == "contracting_process" else []
    known = [row for row in contracts if not _find_undrawn_reason(row)]
    currencies = {row["currency"] for row in known}
    if len(contracts) < 2 or len(currencies) != 1 or all(row["value_net"] == row["value_net_first"] for row in known):
        return []
    title = _("Each contract against what was first published")
    return [("each-contract", title, _make_figure(found, contracts, known))]


class UndrawnReason(Enum):
    """Why what a contract was and is worth cannot be set side by side: a code, and its words on a page."""

    NOT_REPORTED = gettext_lazy("not reported")
    FILLS_FORM = gettext_lazy("a value only fills the form")
    CEILING = gettext_lazy("a ceiling")
    FIRST_BELOW_ZERO = gettext_lazy("the first value is below 0")
    CURRENCY = gettext_lazy("not in one stated currency")


def _find_undrawn_reason(row: Row) -> UndrawnReason | None:
    """Return why what a contract was and is worth cannot be set side by side; None where it can."""
    first, now = row["value_net_first"], row["value_net"]
    if None in (first, now):
        return UndrawnReason.NOT_REPORTED
    if float(first) in NOMINAL_AMOUNTS or float(now) in NOMINAL_AMOUNTS:
        return UndrawnReason.FILLS_FORM
    if row["is_ceiling"]:
        return UndrawnReason.CEILING
    if first < 0:
        return UndrawnReason.FIRST_BELOW_ZERO
    known = row["currency"] and row["currency_first"] == row["currency"]
    return None if known else UndrawnReason.CURRENCY


def _make_figure(found: Record, contracts: list[Row], known: list[Row]) -> ChartFigure:
    drawn = sorted(known, key=lambda row: -abs(row["value_net"] - row["value_net_first"]))[:MAX_DRAWN_CONTRACTS]
    bars = [(_format_contract_name(found, row), *_read_amounts(row)) for row in drawn]
    changed = sum(row["value_net"] != row["value_net_first"] for row in known)
    summary = ngettext(
        "Of %(all)d contract that can be drawn, %(changed)d has another value now.",
        "Of %(all)d contracts that can be drawn, %(changed)d have another value now.",
        len(known),
    ) % {"changed": changed, "all": len(known)}
    left = len(contracts) - len(known)
    most = {"shown": MAX_DRAWN_CONTRACTS, "all": len(known)}
    cut = {"shown": MAX_TABLE_ROWS, "all": len(contracts)}
    notes = [
        _("The upper bar of a contract is what was first published, the lower one what it is worth now."),
        _("The %(shown)d of %(all)d that changed most are drawn.") % most if len(known) > MAX_DRAWN_CONTRACTS else "",
        _("%d cannot be drawn; the table says why.") % left if left else "",
        _("The table has the first %(shown)d of %(all)d.") % cut if len(contracts) > MAX_TABLE_ROWS else "",
    ]  # fmt: skip
    title = _("Value of each contract, first and now")
    heads = (TableColumn(_("Contract")), TableColumn(_("First published"), numeric=True), TableColumn(_("Now"), numeric=True),
             TableColumn(_("Change"), numeric=True))  # fmt: skip
    table = value_display.make_table(title, heads, [_make_table_row(found, row) for row in contracts[:MAX_TABLE_ROWS]])
    label = _("%s; the figures are in the table below") % title
    return ChartFigure(
        title, summary, record_charts.draw_paired_bars(bars, label), table, " ".join(filter(None, notes))
    )


def _format_contract_name(found: Record, row: Row) -> str:
    return format_part_name(row["contract_id"], found.id)[0]


def _make_table_row(found: Record, row: Row) -> tuple[value_display.EntryValue, ...]:
    name = TableEntry(_format_contract_name(found, row), href=build_record_url("contract", row["contract_id"]))
    first, now = row["value_net_first"], row["value_net"]
    why = _find_undrawn_reason(row)
    return (
        name,
        *(amount or STATE_BY_CODE["not_reported"] for amount in _read_amounts(row)),
        TableEntry(state=why.value) if why else (now - first) / first,
    )


def _read_amounts(row: Row) -> tuple[Any, ...]:
    """What a contract was first published to be worth and is worth now; None for what is not known."""
    pairs = ((row["value_net_first"], row["currency_first"]), (row["value_net"], row["currency"]))
    return tuple(None if value is None else Amount(value, currency) for value, currency in pairs)
