"""The calendar day of a published date or moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON_TIME_ZONE = ZoneInfo("Europe/London")
_DAY_TEXT_LENGTH = 10  # of 2026-05-18


def parse_calendar_day(text: str) -> date:
    """Return the day of a published date, or of a date and time as written. Raises ValueError.

    The offset does not matter: publishers write 23:59:59Z for the end of a day in London in summer too. Only 23:00 UTC in
    summer is the next day, because publishers write midnight in London like that.
    """
    if len(text) == _DAY_TEXT_LENGTH:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() == timedelta(0) and moment.hour == 23:  # the only hour that can be midnight
        in_london = moment.astimezone(LONDON_TIME_ZONE)
        if in_london.time() == time():
            return in_london.date()
    return moment.date()


def find_publication_day(moment: datetime) -> date:
    """Return the London day of a moment with a time zone. A moment at 23:59 UTC means the end of that day."""
    in_utc = moment.astimezone(UTC)
    is_end_of_day = (in_utc.hour, in_utc.minute) == (23, 59)
    return in_utc.date() if is_end_of_day else moment.astimezone(LONDON_TIME_ZONE).date()
