"""Write values of the history as OCDS values.

The history has the calendar day of a date, not its time. As the standard advises, a start date is written as the first
second of its day, an end date as the last.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from threepoint.standard.calendar_days import LONDON_TIME_ZONE

END_DATE_FIELDS = frozenset({"endDate", "maxExtentDate", "dueDate", "expressionOfInterestDeadline"})
_NUMBER_PATTERN = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?")
# Earlier, London had its own local time, whose offset is not whole minutes.
RAILWAY_TIME_START_DATE = date(1848, 1, 1)
MAX_EXACT_FLOAT = 2**53  # floats represent every whole number up to here


@lru_cache(maxsize=100_000)
def format_day(value: date, end: bool) -> str:
    """Return a day as date-time in London."""
    if value < RAILWAY_TIME_START_DATE:
        return f"{value.isoformat()}T12:00:00Z"
    time_of_day = time(23, 59, 59) if end else time(0, 0)
    return datetime.combine(value, time_of_day, LONDON_TIME_ZONE).isoformat()


def format_time(value: datetime) -> str:
    """Return a UTC time as date-time, with a fraction of a second only if it has one."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def simplify_amount(value: Decimal) -> int | Decimal:
    """Return an amount in pounds as an integer if it has no pence."""
    return int(value) if value == value.to_integral_value() else value


def simplify_number(value: float) -> int | float:
    """Return a whole number as an integer."""
    return int(value) if value.is_integer() and abs(value) < MAX_EXACT_FLOAT else value


def parse_number_or_text(value: str) -> int | Decimal | str:
    """Return a value that was published as a number or a text: as a number if it looks like one."""
    if not _NUMBER_PATTERN.fullmatch(value) or value == "-0":
        return value
    return Decimal(value) if "." in value else int(value)


def _copy_value(_path: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda value: value


# By type of the standard: a function from the path of a leaf to the function that writes its values.
WRITER_BY_TYPE: dict[str, Callable[[tuple[str, ...]], Callable[[Any], Any]]] = {
    **dict.fromkeys(("id", "text", "code", "integer", "boolean", "share"), _copy_value),
    "list": lambda _path: lambda value: value.split("; "),
    "any": lambda path: parse_number_or_text if path else str,  # the value of a dimension is always a text
    "number": lambda _path: simplify_number,
    "money": lambda _path: simplify_amount,
    "date": lambda path: lambda value: format_day(value, path[-1] in END_DATE_FIELDS),
    "timestamp": lambda _path: format_time,
}
