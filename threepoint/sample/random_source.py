"""Random draws that give the same bytes on every machine.

All draws use `random()`, because it is the only method of `random.Random` whose sequence Python promises to keep from
version to version. They multiply its result and call no `exp` or `log`, whose last bit differs between machines.
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
        """Return one of the items, each equally likely."""
        return items[int(self.random() * len(items))]

    def pick_favouring_first(self, items: Sequence[T]) -> T:
        """Return one of the items, the first ones more often: the first tenth gets a third of the draws."""
        share = self.random()
        return items[int(share * share * len(items))]

    def chance(self, share: float) -> bool:
        """Return True in this share (0 to 1) of cases."""
        return self.random() < share

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def draw_by_share(self, shares: CumulativeShares) -> str:
        """Return a word from a table of cumulative shares, or an empty string above its last share."""
        share = self.random()
        for upper_share, word in shares:
            if share < upper_share:
                return word
        return ""

    def draw_between_quantiles(self, quantiles: Quantiles) -> int:
        """Return a value from a distribution given by quantiles, with linear interpolation."""
        share, (lower_share, low) = self.random(), quantiles[0]
        for upper_share, high in quantiles:
            if share < upper_share:
                return low + int((high - low) * (share - lower_share) / (upper_share - lower_share))
            lower_share, low = upper_share, high
        return low


def make_random_source(seed: int, stream: int, number: int) -> RandomSource:
    """Return the stream of one record, so that its draws do not depend on draws for other records."""
    return RandomSource((seed << 64) | (stream << 48) | number)
