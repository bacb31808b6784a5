"""Convert published texts to exact values: dates to calendar days, times to UTC microseconds, JSON to a canonical form."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from threepoint.standard.calendar_days import LONDON_TIME_ZONE, find_publication_day, parse_calendar_day

EPOCH_DATE = date(1970, 1, 1)
EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
# An amount below this with at most six decimals has 15 digits or fewer, so a float's shortest text is the published text.
# All other amounts are read from their text.
FLOAT_SAFE_POUNDS = 1e9
WHOLE_PENNY_TOLERANCE = 0.25  # of a penny; the rounding error of multiplying by 100 is far smaller


def _parse_decimal(number: str) -> Decimal:
    try:
        return Decimal(number)
    except InvalidOperation:  # for example an exponent of twenty digits
        raise msgspec.DecodeError("a number is out of range") from None


_JSON_DECODER = msgspec.json.Decoder(float_hook=_parse_decimal)
_CANONICAL_ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")


def decode_json(raw: bytes) -> Any:
    """Decode JSON with exact numbers. Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError."""
    return _JSON_DECODER.decode(raw)


def encode_canonical_json(value: Any) -> bytes:
    """Encode decoded JSON in one form, whatever its layout was: sorted names, no spaces, no needless escapes."""
    return _CANONICAL_ENCODER.encode(value)


class NeedsTolerantReader(Exception):
    """The fast reader cannot judge something in this release; use the tolerant reader."""


def check_whole_pence(amount: float | Decimal) -> float | Decimal:
    """Return the amount. Raises NeedsTolerantReader for a float with part pence, whose rounding may depend on lost decimals."""
    if amount.__class__ is float and has_part_pence(amount):
        raise NeedsTolerantReader("an amount with part pence needs its text")
    return amount


def has_part_pence(amount: float) -> bool:
    """Return True for pounds that are not near a whole penny, so that rounding depends on their last decimals."""
    scaled = amount * 100.0
    return not -WHOLE_PENNY_TOLERANCE < scaled - round(scaled) < WHOLE_PENNY_TOLERANCE


def parse_utc_time(text: str) -> datetime:
    """Return a date or date-time text as a UTC time; without an offset it is London time. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON_TIME_ZONE)).astimezone(UTC)


def parse_days(text: str) -> int:
    """Return the calendar day of a published date or time, in days since 1970-01-01. Raises ValueError."""
    return (parse_calendar_day(text) - EPOCH_DATE).days


def parse_publication(text: str) -> tuple[int, int]:
    """Return when something was published: microseconds since 1970-01-01 UTC, and days. Raises ValueError."""
    moment = parse_utc_time(text)
    elapsed = moment - EPOCH_TIME
    microseconds = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
    return microseconds, (find_publication_day(moment) - EPOCH_DATE).days


class _DaysCache(dict[str | None, int | None]):
    """Cache of parsed dates: notices repeat few dates, and parsing takes as long as twenty look-ups."""

    MAX_ENTRIES = 500_000

    def __missing__(self, text: str) -> int | None:
        try:
            days = parse_days(text)
        except (ValueError, OverflowError):
            raise NeedsTolerantReader(f"{text!r} is not a date") from None
        if len(self) > self.MAX_ENTRIES:
            self.clear()
            self[None] = None
        self[text] = days
        return days


DAYS_BY_TEXT = _DaysCache({None: None})
