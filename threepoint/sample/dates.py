"""Days as published: UK local time, with `+01:00` in summer and `Z` or `+00:00` in winter, as Find a Tender does.

A day is its ordinal (`date.toordinal()`), so that adding and comparing are plain arithmetic.
"""

from datetime import date
from functools import cache

WORLD_START_DAY = date(2022, 1, 1).toordinal()
WORLD_END_DAY = date(2026, 6, 30).toordinal()


@cache
def find_last_sunday(year: int, month: int) -> int:
    """The day the clocks change; March and October both have 31 days."""
    end = date(year, month, 31)
    return end.toordinal() - (end.weekday() + 1) % 7


@cache
def format_iso_date(day: int) -> str:
    return date.fromordinal(day).isoformat()


@cache
def get_year(day: int) -> int:
    return date.fromordinal(day).year


@cache
def format_midnight(day: int) -> str:
    """The first second of the day, before the clocks change if they change on that day."""
    year = get_year(day)
    summer = find_last_sunday(year, 3) < day <= find_last_sunday(year, 10)
    return f"{format_iso_date(day)}T00:00:00{'+01:00' if summer else 'Z'}"


@cache
def is_summer(day: int) -> bool:
    """Whether working hours of that day are in British Summer Time."""
    year = get_year(day)
    return find_last_sunday(year, 3) <= day < find_last_sunday(year, 10)


@cache
def format_last_second(day: int) -> str:
    """The last second of the day; winter is written `+00:00` here and `Z` elsewhere, as real releases mix them."""
    return f"{format_iso_date(day)}T23:59:59{'+01:00' if is_summer(day) else '+00:00'}"


def format_moment(day: int, second: int) -> str:
    """A time of day, given as seconds since local midnight."""
    return f"{format_iso_date(day)}T{format_clock_time(second)}{'+01:00' if is_summer(day) else 'Z'}"


@cache
def format_clock_time(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
