"""A chosen few side by side, and whether they are alike enough to compare. No scores, no ranks."""

from threepoint.compare.sides import MOST, Cell, Comparison, Line, alone, side_by_side

__all__ = ["MOST", "Cell", "Comparison", "Line", "alone", "side_by_side"]
