"""Money: pounds to pence, exactly, half to even (decision 15)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

NOMINAL_AMOUNTS = (0, 0.01, 1)  # values that forms demand and no one pays (QUIRKS 3)
# Size bands of a value in pounds, by which schemes are compared.
SIZE_BANDS = ((25_000, "under £25k"), (135_000, "£25k to £135k"), (1_000_000, "£135k to £1m"), (5_000_000, "£1m to £5m"),
         (20_000_000, "£5m to £20m"), (100_000_000, "£20m to £100m"))  # fmt: skip
LARGEST_SIZE_BAND = "£100m and over"
MAX_PENCE = 10**18 - 1  # DECIMAL(18,2)


@dataclass(frozen=True)
class Amount:
    """An amount in a currency (None where none is stated), net or gross of VAT or in the prices of a year (`basis`)."""

    value: Decimal
    currency: str | None = None
    basis: str | None = None


class AmountTooLarge(ValueError):
    """An amount that is not finite or does not fit DECIMAL(18,2)."""


def convert_pounds_to_pence(amount: Decimal) -> int:
    """Pounds to pence, half to even; TooLarge when the amount is not finite or does not fit DECIMAL(18,2)."""
    try:
        whole = int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    except InvalidOperation:
        raise AmountTooLarge(f"the amount {amount} is not finite or too long") from None
    if abs(whole) > MAX_PENCE:
        raise AmountTooLarge(f"the amount {amount} is too large for DECIMAL(18,2)")
    return whole


def normalise_to_pence(amount: int | float | Decimal | None) -> int | None:
    """An amount as pence: whole numbers are pence already, floats (below 1e13) and Decimals are pounds."""
    if amount is None or isinstance(amount, int):
        return amount
    return convert_pounds_to_pence(amount if isinstance(amount, Decimal) else Decimal(repr(amount)))


def find_size_band(value: Decimal) -> str:
    """The size band of a value in pounds."""
    return next((name for top, name in SIZE_BANDS if value < top), LARGEST_SIZE_BAND)
