"""A chosen few side by side, and whether they are alike enough to compare. No scores, no ranks."""

from threepoint.compare.sides import Cell, Comparison, Line, side_by_side

__all__ = ["Cell", "Comparison", "Line", "side_by_side"]
