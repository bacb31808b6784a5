"""Chart of the first published and the current value of each contract of a procurement, on one scale."""

from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.presentation.records import Record
from threepoint.standard.amounts import NOMINAL_AMOUNTS, Amount
from threepoint.standard.value_states import STATE_BY_CODE
from website.catalogue import record_charts
from website.catalogue.fact_display import MAX_TABLE_ROWS, format_part_name
from website.common import value_display
from website.common.components import ChartFigure, TableColumn, TableEntry
from website.common.record_urls import build_record_url

Row = dict[str, Any]
MAX_DRAWN_CONTRACTS = 12  # those that changed most


def make_contract_value_sections(record: Record) -> list[tuple[str, str, Any]]:
    """Return the chart's section; none if a procurement has fewer than two contracts, or no value changed.

    The page of a procurement with one contract shows each of its changes instead (`change_charts.py`).
    """
    contracts = record.rows.get("contracts", []) if record.kind == "contracting_process" else []
    known = [row for row in contracts if not _find_undrawn_reason(row)]
    currencies = {row["currency"] for row in known}
    if len(contracts) < 2 or len(currencies) != 1 or all(row["value_net"] == row["value_net_first"] for row in known):
        return []
    title = _("Each contract compared with its first published value")
    return [("each-contract", title, _make_figure(record, contracts, known))]


class UndrawnReason(Enum):
    """Reason why the first and the current value of a contract cannot be compared, and its text on the page."""

    NOT_REPORTED = gettext_lazy("not reported")
    PLACEHOLDER = gettext_lazy("a value that only fills the form")
    CEILING = gettext_lazy("a ceiling")
    FIRST_BELOW_ZERO = gettext_lazy("the first value is below 0")
    CURRENCY = gettext_lazy("not in a single stated currency")


def _find_undrawn_reason(row: Row) -> UndrawnReason | None:
    """Return why the first and the current value of a contract cannot be compared, or None."""
    first, now = row["value_net_first"], row["value_net"]
    if None in (first, now):
        return UndrawnReason.NOT_REPORTED
    if float(first) in NOMINAL_AMOUNTS or float(now) in NOMINAL_AMOUNTS:
        return UndrawnReason.PLACEHOLDER
    if row["is_ceiling"]:
        return UndrawnReason.CEILING
    if first < 0:
        return UndrawnReason.FIRST_BELOW_ZERO
    has_one_currency = row["currency"] and row["currency_first"] == row["currency"]
    return None if has_one_currency else UndrawnReason.CURRENCY


def _make_figure(record: Record, contracts: list[Row], known: list[Row]) -> ChartFigure:
    drawn = sorted(known, key=lambda row: -abs(row["value_net"] - row["value_net_first"]))[:MAX_DRAWN_CONTRACTS]
    bars = [(_format_contract_name(record, row), *_read_amounts(row)) for row in drawn]
    changed = sum(row["value_net"] != row["value_net_first"] for row in known)
    summary = ngettext(
        "Of %(all)d contract that can be drawn, %(changed)d now has a different value.",
        "Of %(all)d contracts that can be drawn, %(changed)d now have a different value.",
        len(known),
    ) % {"changed": changed, "all": len(known)}
    undrawn = len(contracts) - len(known)
    drawn_counts = {"shown": MAX_DRAWN_CONTRACTS, "all": len(known)}
    row_counts = {"shown": MAX_TABLE_ROWS, "all": len(contracts)}
    notes = [
        _("For each contract, the upper bar is the first published value and the lower bar is the value now."),
        _("The chart shows the %(shown)d of %(all)d that changed most.") % drawn_counts if len(known) > MAX_DRAWN_CONTRACTS else "",
        _("%d cannot be drawn; the table says why.") % undrawn if undrawn else "",
        _("The table shows the first %(shown)d of %(all)d.") % row_counts if len(contracts) > MAX_TABLE_ROWS else "",
    ]  # fmt: skip
    title = _("Value of each contract, first and now")
    heads = (TableColumn(_("Contract")), TableColumn(_("First published"), numeric=True), TableColumn(_("Now"), numeric=True),
             TableColumn(_("Change"), numeric=True))  # fmt: skip
    table = value_display.make_table(title, heads, [_make_table_row(record, row) for row in contracts[:MAX_TABLE_ROWS]])
    label = _("%s; the figures are in the table below") % title
    return ChartFigure(
        title, summary, record_charts.draw_paired_bars(bars, label), table, " ".join(filter(None, notes))
    )


def _format_contract_name(record: Record, row: Row) -> str:
    return format_part_name(row["contract_id"], record.id)[0]


def _make_table_row(record: Record, row: Row) -> tuple[value_display.EntryValue, ...]:
    name = TableEntry(_format_contract_name(record, row), href=build_record_url("contract", row["contract_id"]))
    first, now = row["value_net_first"], row["value_net"]
    reason = _find_undrawn_reason(row)
    return (
        name,
        *(amount or STATE_BY_CODE["not_reported"] for amount in _read_amounts(row)),
        TableEntry(state=reason.value) if reason else (now - first) / first,
    )


def _read_amounts(row: Row) -> tuple[Any, ...]:
    """Return the first published and the current value; None for a value that is not known."""
    pairs = ((row["value_net_first"], row["currency_first"]), (row["value_net"], row["currency"]))
    return tuple(None if value is None else Amount(value, currency) for value, currency in pairs)
