"""SVG charts of a record: values by yearly report, values by change, and pairs of first and current values.

No chart library is used: a page must take only milliseconds, a chart uses the page's colours, and its text must be larger on
a phone (`docs/decisions/0012-draw-the-charts-of-records-ourselves.md`). Each chart is shown with its table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from threepoint.presentation import formatting
from threepoint.standard.amounts import Amount
from website.common import value_display
from website.common.svg_markup import mark_svg_safe

# Chart by report, in SVG units.
REPORT_CHART_WIDTH, REPORT_CHART_HEIGHT = 720, 260
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 104, 30, 16, 44
# Bar charts, in SVG units.
BAR_CHART_WIDTH, BAR_ROW_HEIGHT, BAR_HEIGHT, THIN_BAR_HEIGHT = 480, 50, 14, 6


@dataclass(frozen=True)
class ReportDot:
    """The value in one report, its published range, and its shape: 0 circle, 1 square, 2 triangle."""

    year: int
    value: Amount | date
    low: Amount | date | None = None
    high: Amount | date | None = None
    shape: int = 0

    @property
    def is_range(self) -> bool:
        """True if the value was published as a range."""
        return None not in (self.low, self.high) and self.low != self.high


def draw_report_chart(dots: Sequence[ReportDot], marked: set[int], label: str) -> SafeString:
    """Return a chart of dots by report year, on labelled gridlines; the years in `marked` have a diamond below."""
    first, last = dots[0].year, dots[-1].year
    values = [_convert_to_float(value) for dot in dots for value in (dot.value, dot.low, dot.high) if value is not None]
    # Amounts are drawn from 0, and repayments, which are published as negative amounts, below it.
    lines = _make_year_gridlines(values) if isinstance(dots[0].value, date) else _make_amount_gridlines([0.0, *values])
    low, high = lines[0][0], lines[-1][0]

    def x(year: int) -> float:
        return LEFT_MARGIN + (year - first) / max(last - first, 1) * (REPORT_CHART_WIDTH - LEFT_MARGIN - RIGHT_MARGIN)

    def y(value: float) -> float:
        return TOP_MARGIN + (1 - (value - low) / ((high - low) or 1)) * (
            REPORT_CHART_HEIGHT - TOP_MARGIN - BOTTOM_MARGIN
        )

    shapes = [
        _draw_line(LEFT_MARGIN, REPORT_CHART_WIDTH - 10, y(value), y(value))
        + _draw_text(LEFT_MARGIN - 8, y(value) + 4, line_label, "end")
        for value, line_label in lines
    ]
    for dot in dots:
        shapes.append(_draw_dot(dot, x(dot.year), y))
        shapes.append(_draw_year_label(dot.year, last, x(dot.year)))
        if dot.year in marked:
            shapes.append(_draw_diamond(x(dot.year), REPORT_CHART_HEIGHT - BOTTOM_MARGIN + 38, "tp-chart__changed"))
    return _render_svg(REPORT_CHART_WIDTH, REPORT_CHART_HEIGHT, shapes, label)


def draw_change_bars(
    steps: Sequence[tuple[date | str, Amount | date]], label: str, since: date | None = None
) -> SafeString:
    """Return a bar for each step, on one scale, from 0 or the day `since`; a dashed line marks the first value."""
    start = _convert_to_float(since) if since else 0.0
    values = [start, *(_convert_to_float(value) for _when, value in steps)]
    low, high = min(values), max(values)

    def x(value: float) -> float:
        return 4 + (value - low) / ((high - low) or 1) * (BAR_CHART_WIDTH - 8)

    shapes = []
    for number, (when, value) in enumerate(steps):
        top, end = number * BAR_ROW_HEIGHT, _convert_to_float(value)
        kind = "tp-chart__dot" if number == 0 else "tp-chart__changed"
        left, width = min(x(start), x(end)), max(abs(x(end) - x(start)), 2)
        text = f"{value_display.format_value(when)}: {value_display.format_value(value)}"
        shapes.append(_draw_text(4, top + 20, text, "start"))
        shapes.append(f'<rect x="{left:.1f}" y="{top + 27}" width="{width:.1f}" height="{BAR_HEIGHT}" class="{kind}"/>')
    height = len(steps) * BAR_ROW_HEIGHT
    first = x(values[1])
    shapes.append(f'<line x1="{first:.1f}" x2="{first:.1f}" y1="27" y2="{height}" class="tp-chart__first"/>')
    return _render_svg(BAR_CHART_WIDTH, height, shapes, label, "tp-chart--narrow")


def draw_paired_bars(rows: Sequence[tuple[str, Amount, Amount]], label: str) -> SafeString:
    """Return two bars for each (name, first, now), on one scale: the first published value above the current one."""
    values = [0.0, *(_convert_to_float(value) for _name, *amounts in rows for value in amounts)]
    low, high = min(values), max(values)

    def bar(value: float, top: float, height: int, kind: str) -> str:
        start, end = sorted((value - low) / ((high - low) or 1) * (BAR_CHART_WIDTH - 8) for value in (0.0, value))
        return (
            f'<rect x="{4 + start:.1f}" y="{top}" width="{max(end - start, 2):.1f}" height="{height}" class="{kind}"/>'
        )

    shapes = []
    for number, (name, first, now) in enumerate(rows):
        top = number * BAR_ROW_HEIGHT
        amounts = {"first": value_display.format_value(first), "now": value_display.format_value(now)}
        text = amounts["now"] if amounts["first"] == amounts["now"] else _("%(first)s, now %(now)s") % amounts
        lower_top, lower_height = top + 25 + THIN_BAR_HEIGHT + 1, BAR_HEIGHT - THIN_BAR_HEIGHT + 3
        shapes += [
            _draw_text(4, top + 20, f"{name}: {text}", "start"),
            bar(_convert_to_float(first), top + 25, THIN_BAR_HEIGHT, "tp-chart__dot"),
            bar(_convert_to_float(now), lower_top, lower_height, "tp-chart__changed"),
        ]
    return _render_svg(BAR_CHART_WIDTH, len(rows) * BAR_ROW_HEIGHT, shapes, label, "tp-chart--narrow")


def _convert_to_float(value: Amount | date) -> float:
    return float(value.value if isinstance(value, Amount) else value.toordinal())


def _make_amount_gridlines(values: Sequence[float]) -> list[tuple[float, str]]:
    """Return five lines and their labels, at equal distances from the smallest amount to the largest."""
    low, high = min(values), max(values)
    lines = [low + (high - low) * step / 4 for step in range(5)]
    return [(value, formatting.format_money(Decimal(round(value, 2)))) for value in lines]


def _make_year_gridlines(values: Sequence[float]) -> list[tuple[float, str]]:
    """Return some five first days of a year and their labels, from before the earliest date to after the latest."""
    first, last = date.fromordinal(int(min(values))).year, date.fromordinal(int(max(values))).year + 1
    step = max(-(-(last - first) // 4), 1)
    years = range(first, last + step, step)
    return [(float((date(year, 1, 1) if year <= date.max.year else date.max).toordinal()), str(year)) for year in years]


def _render_svg(width: int, height: int, shapes: list[str], label: str, css_class: str = "") -> SafeString:
    safe_label = escape(label, {'"': "&quot;"})
    return mark_svg_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{safe_label}"'
        f' class="tp-chart {css_class}">{"".join(shapes)}</svg>'
    )


def _draw_line(x1: float, x2: float, y1: float, y2: float, kind: str = "grid") -> str:
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" class="tp-chart__{kind}"/>'


def _draw_text(x: float, y: float, text: str, anchor: str, css_suffix: str = "") -> str:
    css_class = f"tp-chart__text{css_suffix}"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{css_class}">{escape(text)}</text>'


def _draw_year_label(year: int, last: int, x: float) -> str:
    # A phone has room for every second year only: the last year, and every second one before it.
    css_suffix = " tp-chart__text--second" if (last - year) % 2 else ""
    return _draw_text(x, REPORT_CHART_HEIGHT - BOTTOM_MARGIN + 26, str(year), "middle", css_suffix)


def _draw_dot(dot: ReportDot, x: float, y: Callable[[float], float]) -> str:
    value = y(_convert_to_float(dot.value))
    line = ""
    if dot.low is not None and dot.high is not None and dot.is_range:
        line = _draw_line(x, x, y(_convert_to_float(dot.low)), y(_convert_to_float(dot.high)), "range")
    if dot.shape == 0:
        return line + f'<circle cx="{x:.1f}" cy="{value:.1f}" r="6" class="tp-chart__dot"/>'
    if dot.shape == 1:
        return line + f'<rect x="{x - 5:.1f}" y="{value - 5:.1f}" width="10" height="10" class="tp-chart__dot"/>'
    points = f"{x:.1f},{value - 7:.1f} {x + 7:.1f},{value + 6:.1f} {x - 7:.1f},{value + 6:.1f}"
    return line + f'<polygon points="{points}" class="tp-chart__dot"/>'


def _draw_diamond(x: float, y: float, kind: str) -> str:
    points = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
    return f'<polygon points="{points}" class="{kind}"/>'
