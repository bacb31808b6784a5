"""A major project's years as a chart: its whole-life cost as each report gave it. Price bases are never joined."""

from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from threepoint.standard import words
from threepoint.standard.records import Record
from threepoint.standard.states import STATES
from website.common.parts import Column, Entry, Figure, Table, drawn

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 260, 104, 16, 44
STEPS = 4  # lines across the chart


def sections(found: Record) -> list[tuple[str, str, Any, str]]:
    """The cost by report, as a figure with its table; nothing for what is no project."""
    years = found.rows.get("years", []) if found.kind == "scheme" else []
    costs = [row for row in years if row["wlc_mid"] is not None]
    if len(costs) < 2:
        return []
    bases = sorted({row["price_base"] or "" for row in costs})
    summary = _("Whole-life cost in %(number)d of %(all)d yearly reports.") % {"number": len(costs), "all": len(years)}
    note = _("Dots of different shapes are in prices of different years and are not to be set against each other.")
    figure = Figure(
        _("Whole-life cost by report"),
        summary,
        drawn(_svg(costs, bases)),
        _table(years),
        note if len(bases) > 1 else "",
    )
    return [("cost", _("Cost as published each year"), figure, "")]


def _table(years: list[dict[str, Any]]) -> Table:
    rows = tuple(
        (
            Entry(str(row["report_year"])),
            Entry(words.money(row["wlc_mid"]), words.exact_money(row["wlc_mid"]))
            if row["wlc_mid"] is not None
            else Entry(state=_state(row)),
            Entry(_prices(row["price_base"])),
            Entry(words.short_day(row["end_mid"])) if row["end_mid"] else Entry(state=STATES[row["end_state"]].words),
        )
        for row in years
    )
    heads = (
        Column(_("Report")),
        Column(_("Whole-life cost"), numeric=True),
        Column(_("In prices of")),
        Column(_("End")),
    )
    return Table(_("Whole-life cost by report"), heads, rows, hide_caption=True)


def _state(row: dict[str, Any]) -> str:
    section = row["wlc_exempt_section"]
    return f"{STATES[row['wlc_state']].words} ({section})" if section else STATES[row["wlc_state"]].words


def _prices(base: str | None) -> str:
    return {"nominal": _("the day (nominal)"), None: _("not stated")}.get(base, str(base))


def _svg(rows: list[dict[str, Any]], bases: list[str]) -> str:
    """Dots with the published range as a line, one shape for each price base."""
    first, last = rows[0]["report_year"], rows[-1]["report_year"]
    most = float(max(row["wlc_high"] or row["wlc_mid"] for row in rows)) or 1.0

    def x(year: int) -> float:
        return LEFT + float((year - first) / max(last - first, 1)) * (WIDTH - LEFT - 30)

    def y(value: Any) -> float:
        return TOP + (1 - float(value) / most) * (HEIGHT - TOP - BOTTOM)

    marks = [
        _axis(most, y),
        *(_mark(row, bases, x, y) for row in rows),
        *(_year(row["report_year"], last, x) for row in rows),
    ]
    label = escape(_("Whole-life cost by report; the figures are in the table below"), {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}"'
        f' class="tp-chart">{"".join(marks)}</svg>'
    )


def _axis(most: float, y: Any) -> str:
    from decimal import Decimal

    made = ""
    for step in range(STEPS + 1):
        value = most * step / STEPS
        made += (
            f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{y(value):.1f}" y2="{y(value):.1f}" class="tp-chart__grid"/>'
            f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end" class="tp-chart__text">'
            f"{escape(words.money(Decimal(round(value, 2))))}</text>"
        )
    return made


def _year(year: int, last: int, x: Any) -> str:
    """A year below the chart; on a phone there is room for every second one, and the last is one of them."""
    shown = "tp-chart__text" if (last - year) % 2 == 0 else "tp-chart__text tp-chart__text--second"
    return f'<text x="{x(year):.1f}" y="{HEIGHT - BOTTOM + 26}" text-anchor="middle" class="{shown}">{year}</text>'


def _mark(row: dict[str, Any], bases: list[str], x: Any, y: Any) -> str:
    at, value, made = x(row["report_year"]), y(row["wlc_mid"]), ""
    if row["wlc_low"] is not None and row["wlc_high"] is not None and row["wlc_low"] != row["wlc_high"]:
        made += f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(row["wlc_low"]):.1f}" y2="{y(row["wlc_high"]):.1f}" class="tp-chart__range"/>'
    shape = bases.index(row["price_base"] or "") % 3
    if shape == 0:
        return made + f'<circle cx="{at:.1f}" cy="{value:.1f}" r="6" class="tp-chart__dot"/>'
    if shape == 1:
        return made + f'<rect x="{at - 5:.1f}" y="{value - 5:.1f}" width="10" height="10" class="tp-chart__dot"/>'
    points = f"{at:.1f},{value - 7:.1f} {at + 7:.1f},{value + 6:.1f} {at - 7:.1f},{value + 6:.1f}"
    return made + f'<polygon points="{points}" class="tp-chart__dot"/>'
