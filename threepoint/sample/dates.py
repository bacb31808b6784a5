"""Dates in UK local time, as Find a Tender publishes them: `+01:00` in summer, `Z` or `+00:00` in winter.

A day is its ordinal (`date.toordinal()`), so that adding and comparing are plain arithmetic.
"""

from datetime import date
from functools import cache

WORLD_START_DAY = date(2022, 1, 1).toordinal()
WORLD_END_DAY = date(2026, 6, 30).toordinal()


@cache
def find_last_sunday(year: int, month: int) -> int:
    """Return the day the clocks change in March or October, which both have 31 days."""
    last_day = date(year, month, 31)
    return last_day.toordinal() - (last_day.weekday() + 1) % 7


@cache
def format_iso_date(day: int) -> str:
    return date.fromordinal(day).isoformat()


@cache
def get_year(day: int) -> int:
    return date.fromordinal(day).year


@cache
def format_midnight(day: int) -> str:
    """Return the first second of the day; clocks that change on that day change later."""
    year = get_year(day)
    summer = find_last_sunday(year, 3) < day <= find_last_sunday(year, 10)
    return f"{format_iso_date(day)}T00:00:00{'+01:00' if summer else 'Z'}"


@cache
def is_summer(day: int) -> bool:
    """Return True if the day's working hours are in British Summer Time."""
    year = get_year(day)
    return find_last_sunday(year, 3) <= day < find_last_sunday(year, 10)


@cache
def format_last_second(day: int) -> str:
    """Return the last second of the day; winter is `+00:00` here and `Z` elsewhere, because real releases mix them."""
    return f"{format_iso_date(day)}T23:59:59{'+01:00' if is_summer(day) else '+00:00'}"


def format_moment(day: int, second: int) -> str:
    """Return the day with a time, given in seconds since local midnight."""
    return f"{format_iso_date(day)}T{format_clock_time(second)}{'+01:00' if is_summer(day) else 'Z'}"


@cache
def format_clock_time(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
