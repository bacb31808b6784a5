"""Values as a page says them: money short in text and exact in tables, dates as 3 September 2026, shares in per cent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from threepoint.standard.records import in_words as in_words  # noqa: PLC0414  # given on: a page says dates from here

SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_STEPS = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))


def money(amount: Decimal, currency: str | None = "GBP", *, signed: bool = False) -> str:
    """Money in short: £14.2m, £188k, £0.01; three figures, and the currency's code where it has no sign.

    `signed` puts a plus before a gain.
    """
    sign = SIGNS.get(currency or "", f"{currency or 'currency not stated'} ")
    minus, size = ("-" if amount < 0 else "+" if signed else ""), abs(amount)
    for step, letter in _STEPS:
        if size >= step:
            return f"{minus}{sign}{_three(size / step)}{letter}"
    return f"{minus}{sign}{size:.2f}" if size % 1 else f"{minus}{sign}{size:.0f}"


def _three(number: Decimal) -> str:
    places = 2 if number < 10 else 1 if number < 100 else 0  # figures before the point
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact_money(amount: Decimal, currency: str | None = "GBP") -> str:
    """Money in full: £14,200,000.00, or without pence where there are none."""
    sign = SIGNS.get(currency or "", f"{currency or 'currency not stated'} ")
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'-' if amount < 0 else ''}{sign}{text}"


def percent(share: Decimal | float) -> str:
    """A share as +29%, with one decimal below 10%."""
    number = float(share) * 100
    return f"{number:+.1f}%" if abs(number) < 10 and round(number, 1) % 1 else f"{number:+,.0f}%"


def days(number: int) -> str:
    """A time in days, or in months from two months on."""
    if abs(number) < 61:  # two months
        return f"{number} day{'' if abs(number) == 1 else 's'}"
    months = round(number / 30.4375)
    return f"{months} months"


def text(value: Any, kind: str, currency: str | None = "GBP") -> str:
    """Any value of the standard in words, by its type."""
    if value is None:
        return ""
    if kind == "money":
        return exact_money(value, currency)
    if isinstance(value, (date, datetime)):
        return in_words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "share":
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value)
