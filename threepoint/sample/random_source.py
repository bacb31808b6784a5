"""Randomness that gives the same bytes on every machine.

Only `random()` is drawn from: of all of `random.Random`, it is the one method whose sequence Python promises to keep
from version to version. Everything else here is one multiplication away from it, so no library's `exp` or `log`,
whose last bit differs between machines, can reach a published figure.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
CumulativeShares = tuple[tuple[float, str], ...]  # (share of cases at or below, word)
Quantiles = tuple[tuple[float, int], ...]  # (share of cases at or below, value), rising from share 0 to share 1


class RandomSource(random.Random):
    """One independent stream of draws."""

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely as the next."""
        return items[int(self.random() * len(items))]

    def favour(self, items: Sequence[T]) -> T:
        """One of the items, the first ones more often: the tenth of firms that win a third of the work."""
        share = self.random()
        return items[int(share * share * len(items))]

    def chance(self, share: float) -> bool:
        """True in this share (0 to 1) of cases."""
        return self.random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def fate(self, fates: CumulativeShares) -> str:
        """A word from a table of cumulative shares; the empty word where the table ends before share 1."""
        share = self.random()
        for above, word in fates:
            if share < above:
                return word
        return ""

    def along(self, spread: Quantiles) -> int:
        """A value from a distribution given by some of its quantiles, straight lines between them."""
        share, (below, low) = self.random(), spread[0]
        for above, high in spread:
            if share < above:
                return low + int((high - low) * (share - below) / (above - below))
            below, low = above, high
        return low


def make_random_source(seed: int, stream: int, number: int) -> RandomSource:
    """The stream that belongs to one thing, so that what it draws does not depend on what else is drawn."""
    return RandomSource((seed << 64) | (stream << 48) | number)
