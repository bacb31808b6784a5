"""Days as published: UK local time, with `+01:00` in summer and `Z` or `+00:00` in winter, as Find a Tender does.

A day is its ordinal (`date.toordinal()`), so that adding and comparing are plain arithmetic.
"""

from datetime import date
from functools import cache

WORLD_START = date(2022, 1, 1).toordinal()
WORLD_END = date(2026, 6, 30).toordinal()


@cache
def last_sunday(year: int, month: int) -> int:
    """The day the clocks change; March and October both have 31 days."""
    end = date(year, month, 31)
    return end.toordinal() - (end.weekday() + 1) % 7


@cache
def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


@cache
def year_of(day: int) -> int:
    return date.fromordinal(day).year


@cache
def midnight(day: int) -> str:
    """The first second of the day, before the clocks change if they change on that day."""
    year = year_of(day)
    summer = last_sunday(year, 3) < day <= last_sunday(year, 10)
    return f"{iso(day)}T00:00:00{'+01:00' if summer else 'Z'}"


@cache
def is_summer(day: int) -> bool:
    """Whether working hours of that day are in British Summer Time."""
    year = year_of(day)
    return last_sunday(year, 3) <= day < last_sunday(year, 10)


@cache
def last_second(day: int) -> str:
    """The last second of the day; winter is written `+00:00` here and `Z` elsewhere, as real releases mix them."""
    return f"{iso(day)}T23:59:59{'+01:00' if is_summer(day) else '+00:00'}"


def moment(day: int, second: int) -> str:
    """A time of day, given as seconds since local midnight."""
    return f"{iso(day)}T{clock(second)}{'+01:00' if is_summer(day) else 'Z'}"


@cache
def clock(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
