"""The small parts: dice, days, money, spelling."""

from datetime import date

import pytest

from threepoint.sample.dates import format_last_second, format_midnight, format_moment
from threepoint.sample.lot_outcomes import VALUE_QUANTILES_PENCE
from threepoint.sample.organisations import BUYER_COUNT, SUPPLIER_COUNT, draw_population
from threepoint.sample.random_source import make_random_source


def find_day(text):
    return date.fromisoformat(text).toordinal()


def test_dice_along_a_distribution_meet_its_quantiles():
    dice = make_random_source(7, 0, 1)
    drawn = [dice.along(VALUE_QUANTILES_PENCE) for _ in range(20_000)]
    shares = [sum(one < value for one in drawn) / len(drawn) for _, value in VALUE_QUANTILES_PENCE]
    assert shares == pytest.approx([share for share, _ in VALUE_QUANTILES_PENCE], abs=0.015)


@pytest.mark.parametrize(
    ("text", "start", "working_hours", "end"),
    [
        ("2024-01-15", "2024-01-15T00:00:00Z", "2024-01-15T09:05:07Z", "2024-01-15T23:59:59+00:00"),
        ("2024-07-01", "2024-07-01T00:00:00+01:00", "2024-07-01T09:05:07+01:00", "2024-07-01T23:59:59+01:00"),
        ("2024-03-31", "2024-03-31T00:00:00Z", "2024-03-31T09:05:07+01:00", "2024-03-31T23:59:59+01:00"),
        ("2024-10-27", "2024-10-27T00:00:00+01:00", "2024-10-27T09:05:07Z", "2024-10-27T23:59:59+00:00"),
    ],
)
def test_days_are_written_in_uk_time_also_when_the_clocks_change(text, start, working_hours, end):
    ordinal = find_day(text)
    assert (format_midnight(ordinal), format_moment(ordinal, 9 * 3600 + 307), format_last_second(ordinal)) == (
        start,
        working_hours,
        end,
    )


def test_a_population_has_no_two_bodies_alike():
    bodies = draw_population(7)
    assert (len(bodies.buyers), len(bodies.suppliers)) == (BUYER_COUNT, SUPPLIER_COUNT)
    everyone = bodies.buyers + bodies.suppliers
    assert len({body.ppon for body in everyone}) == len({body.name for body in everyone}) == len(everyone)
    numbers = [body.number for body in everyone if body.number]
    assert len(set(numbers)) == len(numbers) > 5000
