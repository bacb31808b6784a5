"""Published texts and numbers to exact values: money to pence, dates to Europe/London days, times to UTC microseconds."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EPOCH = date(1970, 1, 1)
EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PENCE = 10**18 - 1  # DECIMAL(18,2)
FLOAT_SAFE = 1e13  # pounds: up to here a float's shortest text has at most 15 digits with pence, so it is the published one


class NeedsCare(Exception):
    """This release holds something that the fast reader must not judge; read it again with the careful one."""


def pence(amount: Any) -> int:
    """Pounds to pence, half to even. `amount` is a float below 1e13, or a Decimal; else NeedsCare.

    A float's product with 100 is off by far less than a quarter of a penny, so only amounts with parts of a penny need
    their text.
    """
    if amount.__class__ is float and -FLOAT_SAFE < amount < FLOAT_SAFE:
        scaled = amount * 100.0
        whole = round(scaled)
        if -0.25 < scaled - whole < 0.25:
            return whole
        amount = Decimal(repr(amount))
    if amount.__class__ is not Decimal:
        raise NeedsCare(f"the amount {amount!r} needs its text")
    return exact_pence(amount)


def exact_pence(amount: Decimal) -> int:
    """Pounds to pence, half to even; NeedsCare when it is not finite or does not fit DECIMAL(18,2)."""
    try:
        whole = int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    except InvalidOperation:
        raise NeedsCare(f"the amount {amount} is not finite or too long") from None
    if abs(whole) > MOST_PENCE:
        raise NeedsCare(f"the amount {amount} is too large for DECIMAL(18,2)")
    return whole


def moment(text: str) -> datetime:
    """A date-time or date text as a UTC moment; without an offset it is taken as London time. ValueError otherwise."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON)).astimezone(UTC)


def london_days(text: str) -> int:
    """The Europe/London date of a published date or time, in days since 1970-01-01. ValueError otherwise."""
    if len(text) == 10:
        return (date.fromisoformat(text) - EPOCH).days
    return (moment(text).astimezone(LONDON).date() - EPOCH).days


def micros(text: str) -> int:
    """A published time in microseconds since 1970-01-01 UTC. ValueError otherwise."""
    since = moment(text) - EPOCH_TIME
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class _Days(dict[str | None, int | None]):
    """Remembers the days of texts already seen: notices repeat few dates, and parsing costs twenty look-ups."""

    MOST = 500_000

    def __missing__(self, text: str) -> int | None:
        try:
            days = london_days(text)
        except (ValueError, OverflowError):
            raise NeedsCare(f"{text!r} is not a date") from None
        if len(self) > self.MOST:
            self.clear()
            self[None] = None
        self[text] = days
        return days


DAYS = _Days({None: None})
