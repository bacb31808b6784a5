"""Values of history as OCDS writes them. History keeps the London day of a date, not its hour, so a day that begins
something is written at its first second and a day that ends something at its last, as the standard advises."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

LONDON_TIME_ZONE = ZoneInfo("Europe/London")
END_DATE_FIELDS = frozenset(
    {"endDate", "maxExtentDate", "dueDate", "expressionOfInterestDeadline"}
)  # the day's last second
_NUMBER_PATTERN = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?")
RAILWAY_TIME_START_DATE = date(
    1848, 1, 1
)  # before it London kept its own time, which no offset in hours and minutes can say
MAX_EXACT_FLOAT = 2**53  # up to here a float holds every whole number


@lru_cache(maxsize=100_000)
def format_day(value: date, end: bool) -> str:
    """A London day as date-time."""
    if value < RAILWAY_TIME_START_DATE:
        return f"{value.isoformat()}T12:00:00Z"
    at = time(23, 59, 59) if end else time(0, 0)
    return datetime.combine(value, at, LONDON_TIME_ZONE).isoformat()


def format_time(value: datetime) -> str:
    """A UTC time as date-time; a fraction of a second only where there is one."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def simplify_amount(value: Decimal) -> int | Decimal:
    """An amount in pounds, with pence where there are any."""
    return int(value) if value == value.to_integral_value() else value


def simplify_number(value: float) -> int | float:
    """A number, whole where it is."""
    return int(value) if value.is_integer() and abs(value) < MAX_EXACT_FLOAT else value


def parse_number_or_text(value: str) -> int | Decimal | str:
    """What was published as a number or as a text: a number where it reads as one."""
    if not _NUMBER_PATTERN.fullmatch(value) or value == "-0":
        return value
    return Decimal(value) if "." in value else int(value)


def _copy_value(_path: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda value: value


# By type of the standard: the path of a leaf → how its values are written.
WRITER_BY_TYPE: dict[str, Callable[[tuple[str, ...]], Callable[[Any], Any]]] = {
    **dict.fromkeys(("id", "text", "code", "integer", "boolean", "share"), _copy_value),
    "list": lambda _path: lambda value: value.split("; "),
    "any": lambda path: parse_number_or_text if path else str,  # the value of a dimension is always a text
    "number": lambda _path: simplify_number,
    "money": lambda _path: simplify_amount,
    "date": lambda path: lambda value: format_day(value, path[-1] in END_DATE_FIELDS),
    "timestamp": lambda _path: format_time,
}
