"""End dates calculated from a start date and a published duration, where no end date is published.

The start is the first day of the duration: 365 days from 1 February 2025 end on 31 January 2026. (OCDS does not say whether
the first day counts. Publishers who give all three values disagree by a day.)
"""

import ibis
from ibis import Table as Rows

from threepoint.merge.ocds_merge import FIRST_ORDER_SUFFIX, ORDER_SUFFIX, PLACES_PER_RELEASE

MAX_DURATION_DAYS = 36_525  # a hundred years; a longer duration, or none, gives no end
LAST_START_YEAR = 9_000  # no calculated end is after the year 9999
CALCULATED_END_DETAIL = "calculated: the start date and the published number of days, which includes the first day"
EARLIER_DURATION_DETAIL = "a duration was published before the first end date, so whether the end moved is not known"
DURATION_ONLY_DETAIL = "a duration is published instead"


def add_calculated_end(rows: Rows) -> Rows:
    """Return `rows` with `end_published`; `end_date` and its origin are those of the duration if no end is published."""
    is_usable = rows.duration_days.between(1, MAX_DURATION_DAYS) & (rows.start_date.year() <= LAST_START_YEAR)
    days = is_usable.ifelse(rows.duration_days - 1, ibis.null("int64")).cast("int32")
    calculated = (rows.start_date + days.as_interval("D")).cast("date")
    is_calculated = rows.end_date.isnull() & is_usable.fill_null(ibis.literal(value=False))
    end_at, duration_at = rows["end_date" + ORDER_SUFFIX], rows["duration_days" + ORDER_SUFFIX]
    return rows.mutate(
        end_published=rows.end_date,
        end_date=rows.end_date.fill_null(calculated),
        **{"end_date" + ORDER_SUFFIX: is_calculated.ifelse(duration_at, end_at)},
    )


def has_earlier_duration(rows: Rows) -> ibis.Value:
    """Return True if a duration was published in an earlier release than the first end date, which is then no baseline."""
    first_end, first_duration = (
        rows[name + FIRST_ORDER_SUFFIX] // PLACES_PER_RELEASE for name in ("end_date", "duration_days")
    )
    return (first_duration < first_end).fill_null(ibis.literal(value=False))
