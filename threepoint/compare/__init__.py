"""A chosen few side by side, and whether they are alike enough to compare. No scores, no ranks."""

from threepoint.compare.cells import Cell, Comparison, Line
from threepoint.compare.sides import MOST, alone, side_by_side
from threepoint.compare.values import Growth, Item
from threepoint.compare.words import say_likeness, say_note

__all__ = ["MOST", "Cell", "Comparison", "Growth", "Item", "Line", "alone", "say_likeness", "say_note", "side_by_side"]
