"""Published texts to exact values: dates to Europe/London days, times to UTC microseconds, JSON to one form of it."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

LONDON_TIME_ZONE = ZoneInfo("Europe/London")
EPOCH_DATE = date(1970, 1, 1)
EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
# Pounds: below this, and with at most six decimals, an amount has 15 digits or fewer, so that a float's shortest text is
# the published one. Everything else is read from its text.
FLOAT_SAFE_POUNDS = 1e9
WHOLE_PENNY_TOLERANCE = 0.25  # of a penny: a product with 100 is off by far less


def _parse_decimal(number: str) -> Decimal:
    try:
        return Decimal(number)
    except InvalidOperation:  # an exponent of twenty digits
        raise msgspec.DecodeError("a number is out of range") from None


_JSON_DECODER = msgspec.json.Decoder(float_hook=_parse_decimal)
_CANONICAL_ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")


def decode_json(raw: bytes) -> Any:
    """JSON as Python has it, its numbers exact. msgspec.DecodeError, UnicodeDecodeError or RecursionError otherwise."""
    return _JSON_DECODER.decode(raw)


def encode_canonical_json(value: Any) -> bytes:
    """Decoded JSON in the one form that every layout of it shares: sorted names, no spaces, no needless escapes."""
    return _CANONICAL_ENCODER.encode(value)


class NeedsTolerantReader(Exception):
    """This release holds something that the fast reader must not judge; read it again with the careful one."""


def check_whole_pence(amount: float | Decimal) -> float | Decimal:
    """The amount itself; NeedsCare for a float with parts of a penny, whose rounding may hang on decimals it has lost."""
    if amount.__class__ is float and has_part_pence(amount):
        raise NeedsTolerantReader("an amount with parts of a penny needs its text")
    return amount


def has_part_pence(amount: float) -> bool:
    """True for pounds that are not near a whole penny, so that rounding them is a matter of their last decimals."""
    scaled = amount * 100.0
    return not -WHOLE_PENNY_TOLERANCE < scaled - round(scaled) < WHOLE_PENNY_TOLERANCE


def parse_utc_time(text: str) -> datetime:
    """A date-time or date text as a UTC moment; without an offset it is taken as London time. ValueError otherwise."""
    return _parse_time(text).astimezone(UTC)


def _parse_time(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON_TIME_ZONE)


def parse_london_days(text: str) -> int:
    """The Europe/London date of a published date or time, in days since 1970-01-01. ValueError otherwise."""
    if len(text) == 10:
        return (date.fromisoformat(text) - EPOCH_DATE).days
    return (_parse_time(text).astimezone(LONDON_TIME_ZONE).date() - EPOCH_DATE).days


def parse_microseconds(text: str) -> int:
    """A published time in microseconds since 1970-01-01 UTC. ValueError otherwise."""
    since = parse_utc_time(text) - EPOCH_TIME
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class _DaysCache(dict[str | None, int | None]):
    """Remembers the days of texts already seen: notices repeat few dates, and parsing costs twenty look-ups."""

    MOST = 500_000

    def __missing__(self, text: str) -> int | None:
        try:
            days = parse_london_days(text)
        except (ValueError, OverflowError):
            raise NeedsTolerantReader(f"{text!r} is not a date") from None
        if len(self) > self.MOST:
            self.clear()
            self[None] = None
        self[text] = days
        return days


DAYS_BY_TEXT = _DaysCache({None: None})
