"""A chosen few side by side, and whether they are alike enough to compare. No scores, no ranks."""

from threepoint.compare.cells import Cell, Comparison, Line
from threepoint.compare.comparison import MOST, alone, side_by_side
from threepoint.compare.formatting import format_likeness, format_note
from threepoint.compare.typed_values import Aspect, Growth

__all__ = [
    "MOST",
    "Aspect",
    "Cell",
    "Comparison",
    "Growth",
    "Line",
    "alone",
    "format_likeness",
    "format_note",
    "side_by_side",
]
