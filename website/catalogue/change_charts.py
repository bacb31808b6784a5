"""What each change made of what was first published: amounts and ends, drawn on one scale, with their table.

Drawn only where it says what the sentences of the record say: where every change begins where the one before it ended, and the
first and the last are the values that a comparison tells. What cannot be told as one growth (other currencies, values that only
fill a form, several contracts) cannot be drawn as one either.
"""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from threepoint import compare
from threepoint.presentation import formatting
from threepoint.presentation.records import Record
from threepoint.standard.amounts import Amount
from website.catalogue import record_charts
from website.catalogue.record_summary import Aspect, CellsByAspect
from website.common import value_display
from website.common.components import ChartFigure, PageTable, TableColumn

Row = dict[str, Any]
ChartStep = tuple[date | str, Any]  # the day it was published, or words for what was first published; the value or end
MAX_CHART_BARS = 12  # bars of a chart; its table has all


def make_change_sections(found: Record, cells: CellsByAspect) -> list[tuple[str, str, Any]]:
    """Money and end against what was first published, where a notice changed them."""
    changes = found.rows.get("changes", []) if found.kind != "scheme" else []
    if not (changes and cells):
        return []
    drawn = (
        ("against-money", _("Money against what was first published"), _make_value_figure(found, changes, cells)),
        ("against-end", _("End against what was first published"), _make_end_figure(found, changes, cells)),
    )
    return [section for section in drawn if section[-1]]


def _list_steps(found: Record, changes: list[Row], which: str) -> list[ChartStep]:
    """What was first published, then each change, in the order of publication; nothing where they do not follow one another."""
    days = {row["release_id"]: row["date"] for row in found.rows.get("notices", [])}
    made = [
        (days[row["release_id"]], row[f"old_{which}"], row[f"new_{which}"])
        for row in changes
        if None not in (row[f"old_{which}"], row[f"new_{which}"]) and row["release_id"] in days
    ]
    made = sorted((one for one in made if one[1] != one[2]), key=lambda one: one[0])
    if not made or any(before[2] != after[1] for before, after in pairwise(made)):
        return []
    return [(_("first published"), made[0][1]), *((when.date(), new) for when, _old, new in made)]


def _make_value_figure(found: Record, changes: list[Row], cells: CellsByAspect) -> ChartFigure | None:
    steps = _list_steps(found, changes, "value")
    currencies = {row["currency"] for row in changes if row["new_value"] is not None}
    if not steps or len(currencies) > 1 or not isinstance(cells[Aspect.GROWTH].value, compare.Growth):
        return None
    (currency,) = currencies
    if not all(
        _has_amount(cells[aspect], steps[at][1], currency) for aspect, at in ((Aspect.FIRST, 0), (Aspect.NOW, -1))
    ):
        return None
    rows = [(when, Amount(value, currency), (value - steps[0][1]) / steps[0][1]) for when, value in steps]
    heads = (
        TableColumn(_("Published")),
        TableColumn(_("Value"), numeric=True),
        TableColumn(_("Against the first"), numeric=True),
    )
    told = {"first": value_display.format_value(rows[0][1]), "now": value_display.format_value(rows[-1][1])}
    summary = _("First published %(first)s, now %(now)s.") % told
    table = value_display.make_table(_("Value by change"), heads, rows)
    return _make_figure(summary, [(when, amount) for when, amount, _share in rows], table)


def _make_end_figure(found: Record, changes: list[Row], cells: CellsByAspect) -> ChartFigure | None:
    steps = _list_steps(found, changes, "end")
    start: date | None = found.value("start_date") or found.value("date_signed")
    if not steps or start is None or any(end < start for _day, end in steps):
        return None  # an end before the start is told among the checks of its data, and cannot be drawn
    if [cells[aspect].value for aspect in (Aspect.END_FIRST, Aspect.END_NOW)] != [steps[at][1] for at in (0, -1)]:
        return None
    rows = [(when, end, end - steps[0][1]) for when, end in steps]
    heads = (
        TableColumn(_("Published")),
        TableColumn(_("End")),
        TableColumn(_("Days later than the first"), numeric=True),
    )
    first, now = (formatting.format_date(steps[at][1]) for at in (0, -1))
    summary = _("First published end %(first)s, now %(now)s.") % {"first": first, "now": now}
    return _make_figure(summary, steps, value_display.make_table(_("End by change"), heads, rows), start)


def _has_amount(cell: compare.ComparisonCell, value: Decimal, currency: str | None) -> bool:
    """Whether a comparison's cell has this amount, whatever its basis."""
    return isinstance(cell.value, Amount) and (cell.value.value, cell.value.currency) == (value, currency)


def _make_figure(summary: str, steps: list[ChartStep], table: PageTable, since: date | None = None) -> ChartFigure:
    cut = _("The first and the last %(shown)d of %(all)d are drawn; the table has all.") % {
        "shown": MAX_CHART_BARS - 1, "all": len(steps),
    }  # fmt: skip
    shown = steps if len(steps) <= MAX_CHART_BARS else [steps[0], *steps[-(MAX_CHART_BARS - 1) :]]
    notes = (
        _("The dashed line is what was first published."),
        _("Each bar begins on %s.") % formatting.format_date(since) if since else "",
        cut if len(steps) > MAX_CHART_BARS else "",
    )
    label = _("%s; the figures are in the table below") % table.caption
    drawing = record_charts.draw_change_bars(shown, label, since)
    return ChartFigure(table.caption, summary, drawing, table, " ".join(filter(None, notes)))
