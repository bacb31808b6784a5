"""Size of heavy tests: bounded by default, full with FULL_SIZE=1."""

import os
from typing import TypeVar

FULL_SIZE = os.environ.get("FULL_SIZE") == "1"
Size = TypeVar("Size")


def pick_size(bounded: Size, full: Size) -> Size:
    """Return the size for this run, such as a list of cases."""
    return full if FULL_SIZE else bounded


def bound_examples(full: int) -> int:
    """Return the number of examples of a property test: a quarter of the full number by default."""
    return pick_size(max(full // 4, 2), full)
