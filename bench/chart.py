"""Draws cost against size as an SVG: both scales logarithmic, a line for each series, named in words at its right.

No script and nothing fetched. Lines differ in colour, dashes and marks; every mark tells its figure. Colours follow the
reader's choice of a dark or light screen, and the ground is drawn with them, so that it can be read on any page.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 960, 470
LEFT, RIGHT, TOP, BOTTOM = 84, 560, 62, 400  # the edges of the plot
LABELS_AT, GAP = 606, 18  # where names of lines stand, and how far apart at least
SIZE = 5  # half of a mark

# Ground, words and grid; then a colour for each series in turn. The tests hold them to the contrast that WCAG 2.2 asks for.
LIGHT = ("#ffffff", "#1f2328", "#c9d1d9")
DARK = ("#0d1117", "#e6edf3", "#3d444d")
LIGHT_LINES = ("#0b62a8", "#1a7f5a", "#6e7781", "#8250df", "#b35900", "#c4314b", "#6b4a00")
DARK_LINES = ("#58a6ff", "#3fb985", "#9aa4af", "#bc8cff", "#f0a04b", "#ff7b8a", "#d8b45a")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "5 5", "12 4", "1 4")
MARKS = (
    "M-5,0A5,5 0 1,0 5,0A5,5 0 1,0 -5,0Z",  # disc
    "M-5,-5H5V5H-5Z",  # square
    "M0,-6L6,5H-6Z",  # triangle
    "M0,-6L6,0L0,6L-6,0Z",  # diamond
    "M0,6L6,-5H-6Z",  # triangle on its head
    "M-6,-2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z",  # cross
    "M-6,-3H6V3H-6Z",  # bar
)


@dataclass(frozen=True)
class Series:
    """A line: its name, and what was measured by number of releases."""

    name: str
    points: dict[int, float]


@dataclass(frozen=True)
class Chart:
    """What a chart says: `told` writes a figure with its unit, `tick` one of the scale."""

    title: str
    description: str
    series: Sequence[Series]
    told: Callable[[float], str]
    tick: Callable[[float], str]


def drawn(chart: Chart) -> str:
    """The chart as SVG; ValueError when there is nothing to draw, or there are more lines than ways to draw one."""
    if len(chart.series) > len(MARKS):
        raise ValueError(f"{len(chart.series)} lines cannot be told apart; draw at most {len(MARKS)}")
    lines = [one for one in chart.series if one.points]
    if not lines:
        raise ValueError("there is nothing measured to draw")
    across = Scale([size for one in lines for size in one.points], LEFT, RIGHT)
    up = Scale([value for one in lines for value in one.points.values()], BOTTOM, TOP, whole=True)
    body = [*_grid(across, up, chart.tick), *_all_lines(chart, lines, across, up)]
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(chart.title)}</title>',
        f'<desc id="description">{escape(chart.description)}</desc>',
        f"<style>\n{style()}\n</style>",
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text x="{LEFT}" y="30" class="head">{escape(chart.title)}</text>',
        *body,
        "</svg>",
        "",
    ])  # fmt: skip


class Scale:
    """Places figures on a logarithmic scale between two edges; `whole`: it begins and ends at powers of ten."""

    def __init__(self, values: Sequence[float], begin: float, end: float, *, whole: bool = False) -> None:
        """`values` are above zero; a scale of a single value spans a tenth to ten times of it."""
        low, high = math.log10(min(values)), math.log10(max(values))
        if whole:
            low, high = math.floor(low), math.ceil(high)
        if low == high:
            low, high = low - 1, high + 1
        self.low, self.high, self.begin, self.end = low, high, begin, end

    def at(self, value: float) -> float:
        """Where a figure stands."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def of(self, place: float) -> float:
        """The figure that stands at a place."""
        share = (place - self.begin) / (self.end - self.begin)
        return float(10 ** (self.low + share * (self.high - self.low)))

    @property
    def powers(self) -> list[float]:
        """The powers of ten on the scale."""
        return [10.0**power for power in range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)]


def style() -> str:
    """The rules of the picture, for a light screen and for a dark one."""
    dark = "\n".join(f"  {rule}" for rule in _colours(DARK, DARK_LINES))
    shapes = [f".s{place} .line {{ stroke-dasharray: {dash} }}" for place, dash in enumerate(DASHES) if dash]
    return "\n".join([
        "text { font: 13px system-ui, sans-serif }",
        ".head { font-size: 16px; font-weight: 600 }",
        ".line { fill: none; stroke-width: 2 }",
        ".lead { fill: none; stroke-width: 1; stroke-dasharray: 1 3 }",
        *shapes,
        *_colours(LIGHT, LIGHT_LINES),
        f"@media (prefers-color-scheme: dark) {{\n{dark}\n}}",
    ])  # fmt: skip


def _colours(screen: Sequence[str], lines: Sequence[str]) -> list[str]:
    ground, words, grid = screen
    fixed = [f".ground {{ fill: {ground} }}", f"text {{ fill: {words} }}", f".grid {{ stroke: {grid} }}"]
    each = [f".s{n} .line, .s{n} .lead {{ stroke: {c} }} .s{n} .mark {{ fill: {c} }}" for n, c in enumerate(lines)]
    return [*fixed, *each]


def _grid(across: Scale, up: Scale, tick: Callable[[float], str]) -> list[str]:
    found = [f'<text x="{(LEFT + RIGHT) / 2:g}" y="{BOTTOM + 48}" text-anchor="middle">releases</text>']
    for value in up.powers:
        y = up.at(value)
        found.append(f'<path class="grid" d="M{LEFT},{y}H{RIGHT}"/>')
        found.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(tick(value))}</text>')
    for value in across.powers:
        x = across.at(value)
        found.append(f'<path class="grid" d="M{x},{TOP}V{BOTTOM}"/>')
        found.append(f'<text x="{x}" y="{BOTTOM + 24}" text-anchor="middle">{value:,.0f}</text>')
    return found


def _all_lines(chart: Chart, lines: Sequence[Series], across: Scale, up: Scale) -> list[str]:
    ends = [up.at(one.points[max(one.points)]) for one in lines]
    found = []
    for one, label in zip(lines, apart(ends), strict=True):
        found += _line(chart, one, chart.series.index(one), label, across, up)
    return found


def _line(chart: Chart, one: Series, place: int, label: float, across: Scale, up: Scale) -> list[str]:
    points = [(size, value, across.at(size), up.at(value)) for size, value in sorted(one.points.items())]
    *_, (size, last, x, y) = points
    where = "" if x == RIGHT else f" at {size:,}"  # not all lines reach the largest size
    marks = [
        f'<g data-size="{size}" data-value="{value!r}">'
        f"<title>{escape(f'{one.name}, {size:,} releases: {chart.told(value)}')}</title>"
        f'<path class="mark" transform="translate({px},{py})" d="{MARKS[place]}"/></g>'
        for size, value, px, py in points
    ]
    return [
        f'<g class="s{place}" data-series="{escape(one.name)}">',
        f'<path class="line" d="M{" L".join(f"{px},{py}" for _, _, px, py in points)}"/>',
        f'<path class="lead" d="M{x},{y} L{LABELS_AT - 22},{label}"/>',
        *marks,
        f'<path class="mark" transform="translate({LABELS_AT - 12},{label})" d="{MARKS[place]}"/>',
        f'<text x="{LABELS_AT}" y="{label + 4}">{escape(f"{one.name}: {chart.told(last)}{where}")}</text>',
        "</g>",
    ]


def apart(wanted: Sequence[float]) -> list[float]:
    """Places near those wanted, in the same order and at least GAP apart, within the plot if they fit."""
    order = sorted(range(len(wanted)), key=lambda one: wanted[one])
    placed: list[float] = []
    for one in order:
        placed.append(max(wanted[one], placed[-1] + GAP if placed else TOP))
    over = max(0.0, placed[-1] - BOTTOM) if placed else 0.0
    for back in range(len(placed) - 1, -1, -1):  # what stands too low moves up, and pushes those above it
        most = placed[back + 1] - GAP if back + 1 < len(placed) else BOTTOM
        placed[back] = round(min(placed[back], most), 1) if over else round(placed[back], 1)
    found = dict(zip(order, placed, strict=True))
    return [found[one] for one in range(len(wanted))]
