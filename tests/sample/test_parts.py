"""The small parts: dice, days, money, spelling."""

from datetime import date
from statistics import median

import pytest

from threepoint.sample.bodies import BUYER_COUNT, SUPPLIER_COUNT, population
from threepoint.sample.dates import last_second, midnight, moment
from threepoint.sample.deals import GROWTH, VALUE
from threepoint.sample.dice import dice_for
from threepoint.sample.guises import as_typed, spelt
from threepoint.sample.money import gross_of, pounds
from threepoint.sample.story import draw
from threepoint.sample.tale import Tale


def day(text):
    return date.fromisoformat(text).toordinal()


def test_streams_of_dice_do_not_touch():
    first = [dice_for(7, stream, number).random() for stream in range(3) for number in range(100)]
    assert len(set(first)) == 300


def test_dice_along_a_distribution_meet_its_quantiles():
    dice = dice_for(7, 0, 1)
    drawn = [dice.along(VALUE) for _ in range(20_000)]
    shares = [sum(one < value for one in drawn) / len(drawn) for _, value in VALUE]
    assert shares == pytest.approx([share for share, _ in VALUE], abs=0.015)


def test_growth_has_a_mean_far_above_its_median():
    dice = dice_for(7, 0, 2)
    drawn = [dice.along(GROWTH) - 1000 for _ in range(20_000)]
    assert sum(drawn) / len(drawn) > 2 * median(drawn) > 0


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
    ordinal = day(text)
    assert (midnight(ordinal), moment(ordinal, 9 * 3600 + 307), last_second(ordinal)) == (start, working_hours, end)


def test_pence_are_published_as_pounds():
    assert [pounds(pence) for pence in (0, 100, 12_345, 1)] == [0, 1, 123.45, 0.01]
    assert [gross_of(10_000, vat) for vat in ("standard", "same", "odd", "none")] == [12_000, 10_000, 11_410, 12_000]


def test_a_population_has_no_two_bodies_alike():
    bodies = population(7)
    assert (len(bodies.buyers), len(bodies.suppliers)) == (BUYER_COUNT, SUPPLIER_COUNT)
    everyone = bodies.buyers + bodies.suppliers
    assert len({body.ppon for body in everyone}) == len({body.name for body in everyone}) == len(everyone)
    numbers = [body.number for body in everyone if body.number]
    assert len(set(numbers)) == len(numbers) > 5000


def test_a_name_has_many_spellings_that_keep_its_letters_nearly():
    body, dice = population(7).suppliers[1], dice_for(7, 0, 3)
    spellings = {spelt(body, dice) for _ in range(400)}
    assert len(spellings) > 20
    assert {body.core.upper() in name.upper() for name in spellings} == {True, False}


def test_only_the_numbers_of_partnerships_lose_their_nought():
    dice = dice_for(7, 0, 4)
    assert {as_typed("OC099012", dice) for _ in range(50)} == {"OC099012", "OC99012"}
    assert {as_typed("99012345", dice) for _ in range(50)} == {"99012345"}


def test_a_later_notice_puts_right_what_it_gives_and_nothing_else():
    tale = Tale(*draw(7, 1))
    tale.notice = "000001-2024"
    tale.get_wrong("contracts/1/value/amount", 0.01, 5)
    tale.leave_out("contracts/1/period/endDate")
    tale.notice = "000002-2024"
    tale.put_right("contracts/1/value")
    assert [entry["corrected_by"] for entry in tale.truth["wrong"]] == ["000002-2024"]
    assert [entry["given_by"] for entry in tale.truth["missing"]] == [None]
