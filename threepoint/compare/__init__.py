"""Comparison of a few records side by side, and of their likeness. There are no scores and no ranks."""

from threepoint.compare.cells import Comparison, ComparisonCell, ComparisonLine
from threepoint.compare.comparison import MAX_COMPARED_RECORDS, compare_records, make_record_cells
from threepoint.compare.comparison_text import format_likeness, format_note
from threepoint.compare.typed_values import Aspect, Growth

__all__ = [
    "MAX_COMPARED_RECORDS",
    "Aspect",
    "Comparison",
    "ComparisonCell",
    "ComparisonLine",
    "Growth",
    "compare_records",
    "format_likeness",
    "format_note",
    "make_record_cells",
]
