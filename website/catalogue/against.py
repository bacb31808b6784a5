"""What each change made of what was first published: amounts and ends, drawn on one scale, with their table."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from threepoint.standard import words
from threepoint.standard.records import Record
from website.catalogue import charts
from website.common.parts import Column, Entry, Figure, Table

Row = dict[str, Any]
MOST = 12  # bars of a chart; its table has all


def sections(found: Record) -> list[tuple[str, str, Any, str]]:
    """Money and end against what was first published, where a notice changed them; of one award or contract at a time."""
    changes = found.rows.get("changes", []) if found.kind != "scheme" else []
    if len({row["subject_id"] for row in changes}) != 1:
        return []
    figures = [figure for figure in (_money(changes), _end(found, changes)) if figure]
    titles = {"money": _("Money against what was first published"), "end": _("End against what was first published")}
    return [(f"against-{name}", titles[name], figure, "") for name, figure in figures]


def _money(changes: list[Row]) -> tuple[str, Figure] | None:
    told = [row for row in changes if row["old_value"] is not None and row["new_value"] is not None]
    if not told or len({row["currency"] for row in told}) > 1:
        return None
    currency, first = told[0]["currency"], told[0]["old_value"]
    steps = [(None, first), *((row["date"], row["new_value"]) for row in told)]
    summary = _("First published %(first)s, now %(now)s.") % {
        "first": words.money(first, currency), "now": words.money(steps[-1][1], currency),
    }  # fmt: skip
    bars = [(f"{_when(day)}: {words.money(value, currency)}", 0.0, float(value)) for day, value in steps]
    rows = tuple(
        (
            Entry(_when(day)),
            Entry(words.money(value, currency), words.exact_money(value, currency)),
            Entry(_share(first, value)),
        )
        for day, value in steps
    )
    heads = (Column(_("Published")), Column(_("Value"), numeric=True), Column(_("Against the first"), numeric=True))
    return "money", _figure(
        _("Value by change"), summary, bars, Table(_("Value by change"), heads, rows, hide_caption=True)
    )


def _end(found: Record, changes: list[Row]) -> tuple[str, Figure] | None:
    told = [row for row in changes if row["old_end"] is not None and row["new_end"] is not None]
    start: date | None = found.value("start_date") or found.value("date_signed")
    if not told or start is None:
        return None
    first = told[0]["old_end"]
    steps = [(None, first), *((row["date"], row["new_end"]) for row in told)]
    if any(end < start for _day, end in steps):
        return None  # what is wrong in the data is told among its checks, and cannot be drawn
    summary = _("First published end %(first)s, now %(now)s.") % {
        "first": words.in_words(first), "now": words.in_words(steps[-1][1]),
    }  # fmt: skip
    bars = [
        (f"{_when(day)}: {words.short_day(end)}", float(start.toordinal()), float(end.toordinal()))
        for day, end in steps
    ]
    rows = tuple((Entry(_when(day)), Entry(words.short_day(end)), Entry(_later(first, end))) for day, end in steps)
    heads = (Column(_("Published")), Column(_("End")), Column(_("Days later than the first"), numeric=True))
    note = _("Each bar begins on %s.") % words.in_words(start)
    return "end", _figure(
        _("End by change"), summary, bars, Table(_("End by change"), heads, rows, hide_caption=True), note
    )


def _figure(title: str, summary: str, bars: list[tuple[str, float, float]], table: Table, note: str = "") -> Figure:
    dashed = _("The dashed line is what was first published.")
    cut = _("The first and the last %(shown)d of %(all)d are drawn; the table has all.") % {
        "shown": MOST - 1,
        "all": len(bars),
    }
    shown = bars if len(bars) <= MOST else [bars[0], *bars[-(MOST - 1) :]]
    notes = (dashed, note, cut if len(bars) > MOST else "")
    label = _("%s; the figures are in the table below") % title
    return Figure(title, summary, charts.against_first(shown, label), table, " ".join(filter(None, notes)))


def _when(day: date | None) -> str:
    return words.short_day(day) if day else _("first published")


def _share(first: Decimal, value: Decimal) -> str:
    return "–" if not first or value == first else words.percent((value - first) / first)


def _later(first: date, end: date) -> str:
    days = (end - first).days
    return f"{days:+,}" if days else "–"
