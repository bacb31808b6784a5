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

from threepoint.standard import words
from threepoint.standard.amounts import Amount
from threepoint.standard.records import Record
from website.catalogue import charts
from website.catalogue.lead import Cells, Item
from website.common.facts import compare
from website.common.parts import Column, Entry, Figure, Table

Row = dict[str, Any]
Step = tuple[date | None, Any]  # the day it was published, None for what was first published; the value or end
MOST = 12  # bars of a chart; its table has all


def sections(found: Record, cells: Cells) -> list[tuple[str, str, Any, str]]:
    """Money and end against what was first published, where a notice changed them."""
    changes = found.rows.get("changes", []) if found.kind != "scheme" else []
    if not (changes and cells):
        return []
    told = {"money": _money(found, changes, cells), "end": _end(found, changes, cells)}
    titles = {"money": _("Money against what was first published"), "end": _("End against what was first published")}
    return [(f"against-{name}", titles[name], figure, "") for name, figure in told.items() if figure]


def _steps(found: Record, changes: list[Row], which: str) -> list[Step]:
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
    return [(None, made[0][1]), *((when.date(), new) for when, _old, new in made)]


def _money(found: Record, changes: list[Row], cells: Cells) -> Figure | None:
    steps = _steps(found, changes, "value")
    currencies = {row["currency"] for row in changes if row["new_value"] is not None}
    if not steps or len(currencies) > 1 or not isinstance(cells[Item.GROWTH].value, compare.Growth):
        return None
    (currency,) = currencies
    if not all(_is(cells[item], steps[at][1], currency) for item, at in ((Item.FIRST, 0), (Item.NOW, -1))):
        return None
    first, now = (words.money(steps[at][1], currency) for at in (0, -1))
    bars = [(f"{_when(day)}: {words.money(value, currency)}", 0.0, float(value)) for day, value in steps]
    rows = tuple(
        (
            Entry(_when(day)),
            Entry(words.money(value, currency), words.exact_money(value, currency)),
            Entry(_share(steps[0][1], value)),
        )
        for day, value in steps
    )
    heads = (Column(_("Published")), Column(_("Value"), numeric=True), Column(_("Against the first"), numeric=True))
    summary = _("First published %(first)s, now %(now)s.") % {"first": first, "now": now}
    return _figure(_("Value by change"), summary, bars, Table(_("Value by change"), heads, rows, hide_caption=True))


def _end(found: Record, changes: list[Row], cells: Cells) -> Figure | None:
    steps = _steps(found, changes, "end")
    start: date | None = found.value("start_date") or found.value("date_signed")
    if not steps or start is None or any(end < start for _day, end in steps):
        return None  # an end before the start is told among the checks of its data, and cannot be drawn
    if [cells[item].value for item in (Item.END_FIRST, Item.END_NOW)] != [steps[at][1] for at in (0, -1)]:
        return None
    first, now = (words.in_words(steps[at][1]) for at in (0, -1))
    bars = [
        (f"{_when(day)}: {words.short_day(end)}", float(start.toordinal()), float(end.toordinal()))
        for day, end in steps
    ]
    rows = tuple(
        (Entry(_when(day)), Entry(words.short_day(end)), Entry(_later(steps[0][1], end))) for day, end in steps
    )
    heads = (Column(_("Published")), Column(_("End")), Column(_("Days later than the first"), numeric=True))
    summary = _("First published end %(first)s, now %(now)s.") % {"first": first, "now": now}
    note = _("Each bar begins on %s.") % words.in_words(start)
    return _figure(_("End by change"), summary, bars, Table(_("End by change"), heads, rows, hide_caption=True), note)


def _is(cell: compare.Cell, value: Decimal, currency: str | None) -> bool:
    """Whether a comparison's cell has this amount, whatever its basis."""
    return isinstance(cell.value, Amount) and (cell.value.value, cell.value.currency) == (value, currency)


def _figure(title: str, summary: str, bars: list[tuple[str, float, float]], table: Table, note: str = "") -> Figure:
    dashed = _("The dashed line is what was first published.")
    cut = _("The first and the last %(shown)d of %(all)d are drawn; the table has all.") % {
        "shown": MOST - 1, "all": len(bars),
    }  # fmt: skip
    shown = bars if len(bars) <= MOST else [bars[0], *bars[-(MOST - 1) :]]
    notes = (dashed, note, cut if len(bars) > MOST else "")
    label = _("%s; the figures are in the table below") % title
    return Figure(title, summary, charts.against_first(shown, label), table, " ".join(filter(None, notes)))


def _when(day: date | None) -> str:
    return words.short_day(day) if day else _("first published")


def _share(first: Decimal, value: Decimal) -> str:
    return "–" if value == first else words.percent((value - first) / first)


def _later(first: date, end: date) -> str:
    days = (end - first).days
    return f"{days:+,}" if days else "–"
