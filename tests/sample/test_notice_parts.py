"""Tests of random draws, dates and organisations."""

from datetime import date

import pytest

from threepoint.sample.dates import format_last_second, format_midnight, format_moment
from threepoint.sample.lot_outcomes import VALUE_QUANTILES_PENCE
from threepoint.sample.organisations import BUYER_COUNT, SUPPLIER_COUNT, draw_population
from threepoint.sample.random_source import make_random_source


def parse_day(text):
    return date.fromisoformat(text).toordinal()


def test_random_source_along_matches_the_quantiles():
    dice = make_random_source(7, 0, 1)
    draws = [dice.draw_between_quantiles(VALUE_QUANTILES_PENCE) for _ in range(20_000)]
    shares = [sum(draw < value for draw in draws) / len(draws) for _, value in VALUE_QUANTILES_PENCE]
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
def test_format_day_uses_uk_time_when_the_clocks_change(text, start, working_hours, end):
    ordinal = parse_day(text)
    assert (format_midnight(ordinal), format_moment(ordinal, 9 * 3600 + 307), format_last_second(ordinal)) == (
        start,
        working_hours,
        end,
    )


def test_draw_population_has_unique_names_and_numbers():
    population = draw_population(7)
    assert (len(population.buyers), len(population.suppliers)) == (BUYER_COUNT, SUPPLIER_COUNT)
    bodies = population.buyers + population.suppliers
    assert len({body.ppon for body in bodies}) == len({body.name for body in bodies}) == len(bodies)
    numbers = [body.number for body in bodies if body.number]
    assert len(set(numbers)) == len(numbers) > 5000
