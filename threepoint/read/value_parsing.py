"""Published texts to exact values: dates to Europe/London days, times to UTC microseconds, JSON to one form of it."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

LONDON = ZoneInfo("Europe/London")
EPOCH = date(1970, 1, 1)
EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
# Pounds: below this, and with at most six decimals, an amount has 15 digits or fewer, so that a float's shortest text is
# the published one. Everything else is read from its text.
FLOAT_SAFE = 1e9
PART = 0.25  # of a penny: a product with 100 is off by far less


def _exact(number: str) -> Decimal:
    try:
        return Decimal(number)
    except InvalidOperation:  # an exponent of twenty digits
        raise msgspec.DecodeError("a number is out of range") from None


_PLAIN = msgspec.json.Decoder(float_hook=_exact)
_CANON = msgspec.json.Encoder(order="sorted", decimal_format="number")


def decoded(raw: bytes) -> Any:
    """JSON as Python has it, its numbers exact. msgspec.DecodeError, UnicodeDecodeError or RecursionError otherwise."""
    return _PLAIN.decode(raw)


def canonical(value: Any) -> bytes:
    """Decoded JSON in the one form that every layout of it shares: sorted names, no spaces, no needless escapes."""
    return _CANON.encode(value)


class NeedsCare(Exception):
    """This release holds something that the fast reader must not judge; read it again with the careful one."""


def whole_pence(amount: float | Decimal) -> float | Decimal:
    """The amount itself; NeedsCare for a float with parts of a penny, whose rounding may hang on decimals it has lost."""
    if amount.__class__ is float and has_parts(amount):
        raise NeedsCare("an amount with parts of a penny needs its text")
    return amount


def has_parts(amount: float) -> bool:
    """True for pounds that are not near a whole penny, so that rounding them is a matter of their last decimals."""
    scaled = amount * 100.0
    return not -PART < scaled - round(scaled) < PART


def moment(text: str) -> datetime:
    """A date-time or date text as a UTC moment; without an offset it is taken as London time. ValueError otherwise."""
    return _parse_time(text).astimezone(UTC)


def _parse_time(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON)


def london_days(text: str) -> int:
    """The Europe/London date of a published date or time, in days since 1970-01-01. ValueError otherwise."""
    if len(text) == 10:
        return (date.fromisoformat(text) - EPOCH).days
    return (_parse_time(text).astimezone(LONDON).date() - EPOCH).days


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
