"""Charts of a record's value and end date after each published change, compared with the first published ones.

A chart must agree with the sentences at the top of the page. So it is drawn only if each change starts from the result of
the previous one, and the first and last values are those that a comparison gives. Several currencies, values that only fill
a form, and several contracts have no single growth, so they have no chart.
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
from threepoint.standard.calendar_days import find_publication_day
from website.catalogue import record_charts
from website.catalogue.record_summary import Aspect, CellsByAspect
from website.common import value_display
from website.common.components import ChartFigure, PageTable, TableColumn

Row = dict[str, Any]
ChartStep = tuple[date | str, Any]  # the day of publication, or "first published"; the value or end date
MAX_CHART_BARS = 12  # the table has every step


def make_change_sections(record: Record, cells: CellsByAspect) -> list[tuple[str, str, Any]]:
    """Return sections on the value and the end date, if a notice changed them."""
    changes = record.rows.get("changes", []) if record.kind != "scheme" else []
    if not (changes and cells):
        return []
    sections = (
        ("against-money", _("Value compared with the first published"), _make_value_figure(record, changes, cells)),
        ("against-end", _("End date compared with the first published"), _make_end_figure(record, changes, cells)),
    )
    return [section for section in sections if section[-1]]


def _list_steps(record: Record, changes: list[Row], which: str) -> list[ChartStep]:
    """Return the first published value, then each change by date; empty if a change does not start from the previous one."""
    days = {row["release_id"]: row["date"] for row in record.rows.get("notices", [])}
    steps = [
        (days[row["release_id"]], row[f"old_{which}"], row[f"new_{which}"])
        for row in changes
        if None not in (row[f"old_{which}"], row[f"new_{which}"]) and row["release_id"] in days
    ]
    steps = sorted(((day, old, new) for day, old, new in steps if old != new), key=lambda step: step[0])
    if not steps or any(before[2] != after[1] for before, after in pairwise(steps)):
        return []
    return [(_("first published"), steps[0][1]), *((find_publication_day(day), new) for day, _old, new in steps)]


def _make_value_figure(record: Record, changes: list[Row], cells: CellsByAspect) -> ChartFigure | None:
    steps = _list_steps(record, changes, "value")
    currencies = {row[name] for row in changes if row["new_value"] is not None for name in ("old_currency", "currency")}
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
        TableColumn(_("Change from the first"), numeric=True),
    )
    amounts = {"first": value_display.format_value(rows[0][1]), "now": value_display.format_value(rows[-1][1])}
    summary = _("First published %(first)s, now %(now)s.") % amounts
    table = value_display.make_table(_("Value by change"), heads, rows)
    return _make_figure(summary, [(when, amount) for when, amount, _share in rows], table)


def _make_end_figure(record: Record, changes: list[Row], cells: CellsByAspect) -> ChartFigure | None:
    steps = _list_steps(record, changes, "end")
    start: date | None = record.value("start_date") or record.value("date_signed")
    if not steps or start is None or any(end < start for _day, end in steps):
        return None  # an end before the start cannot be drawn; the data quality checks report it
    if [cells[aspect].value for aspect in (Aspect.END_FIRST, Aspect.END_NOW)] != [steps[at][1] for at in (0, -1)]:
        return None
    rows = [(when, end, end - steps[0][1]) for when, end in steps]
    heads = (
        TableColumn(_("Published")),
        TableColumn(_("End date")),
        TableColumn(_("Days later than the first"), numeric=True),
    )
    first, now = (formatting.format_date(steps[at][1]) for at in (0, -1))
    summary = _("First published end %(first)s, now %(now)s.") % {"first": first, "now": now}
    return _make_figure(summary, steps, value_display.make_table(_("End date by change"), heads, rows), start)


def _has_amount(cell: compare.ComparisonCell, value: Decimal, currency: str | None) -> bool:
    """Return true if a comparison's cell has this amount, on any basis."""
    return isinstance(cell.value, Amount) and (cell.value.value, cell.value.currency) == (value, currency)


def _make_figure(summary: str, steps: list[ChartStep], table: PageTable, since: date | None = None) -> ChartFigure:
    cut = _("The chart shows the first and the last %(shown)d of %(all)d; the table has all.") % {
        "shown": MAX_CHART_BARS - 1, "all": len(steps),
    }  # fmt: skip
    shown = steps if len(steps) <= MAX_CHART_BARS else [steps[0], *steps[-(MAX_CHART_BARS - 1) :]]
    notes = (
        _("The dashed line marks what was first published."),
        _("Each bar starts on %s.") % formatting.format_date(since) if since else "",
        cut if len(steps) > MAX_CHART_BARS else "",
    )
    label = _("%s; the figures are in the table below") % table.caption
    drawing = record_charts.draw_change_bars(shown, label, since)
    return ChartFigure(table.caption, summary, drawing, table, " ".join(filter(None, notes)))
