"""Money as exact amounts and whole pence, rounded half to even."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

# Placeholders: the form requires a value, and buyers who have none enter one of these. Smaller numbers of nines are left out,
# because a real limit may be just below £1 million or £10 million.
NOMINAL_AMOUNTS = (0, 0.01, 0.1, 1, 99_999_999, 99_999_999.99, 999_999_999, 999_999_999.99)
# Upper limit and name of each size band, in pounds; comparisons use them.
SIZE_BANDS = ((25_000, "under £25k"), (135_000, "£25k to £135k"), (1_000_000, "£135k to £1m"), (5_000_000, "£1m to £5m"),
         (20_000_000, "£5m to £20m"), (100_000_000, "£20m to £100m"))  # fmt: skip
LARGEST_SIZE_BAND = "£100m and over"
MAX_PENCE = 10**18 - 1  # DECIMAL(18,2)


@dataclass(frozen=True)
class Amount:
    """An amount in a currency (None if not stated). `basis` is net or gross of VAT, or the year of the prices."""

    value: Decimal
    currency: str | None = None
    basis: str | None = None


class AmountTooLarge(ValueError):
    """The amount is not finite or does not fit DECIMAL(18,2)."""


def convert_pounds_to_pence(amount: Decimal) -> int:
    """Return pounds as pence, rounded half to even; raise AmountTooLarge if they do not fit DECIMAL(18,2)."""
    try:
        pence = int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    except InvalidOperation:
        raise AmountTooLarge(f"the amount {amount} is not finite or too long") from None
    if abs(pence) > MAX_PENCE:
        raise AmountTooLarge(f"the amount {amount} is too large for DECIMAL(18,2)")
    return pence


def normalise_to_pence(amount: int | float | Decimal | None) -> int | None:
    """Return an amount as pence: an int is in pence already, a float (below 1e13) or a Decimal is in pounds."""
    if amount is None or isinstance(amount, int):
        return amount
    return convert_pounds_to_pence(amount if isinstance(amount, Decimal) else Decimal(repr(amount)))


def find_size_band(value: Decimal) -> str:
    """Return the name of the size band of a value in pounds."""
    return next((name for limit, name in SIZE_BANDS if value < limit), LARGEST_SIZE_BAND)
