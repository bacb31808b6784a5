"""An end date that nobody published is calculated from start date and days; it is never a baseline of a published end."""

import pytest

from tests.merge.release_factory import AT, World, load_and_build, make_money, make_release, read_drawing
from tests.read.read_helpers import read_release

WORLD = World()
CALCULATED = "calculated: the start date and the published number of days, which includes the first day"
DURATION_ONLY = "a duration is published instead"


def add_contract(*periods):
    """Add a process with a notice for each period of its contract, a month apart."""
    return WORLD.add(*[
        make_release(AT, f"2026-0{number}-10", "UK7" if number == 1 else "UK10",
                     contracts=[{"id": "1", "value": make_money(1000, 1200), "period": period}])
        for number, period in enumerate(periods, start=1)
    ])  # fmt: skip


def add_award(*awards):
    """Add a process with a notice for each award, a month apart."""
    return WORLD.add(*[
        make_release(AT, f"2026-0{number}-10", "UK6", awards=[award]) for number, award in enumerate(awards, start=1)
    ])  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("ends") / "store", WORLD.releases)


START = {"startDate": "2025-02-01T00:00:00Z"}
DAYS = add_contract(START | {"durationInDays": 365})
RUNNING = add_contract(START | {"durationInDays": 730})
LEAP_YEAR = add_contract({"startDate": "2024-02-01T00:00:00Z", "durationInDays": 366})
COLUMNS = "start_date duration_days end_first end_current end_change_days phase"


def test_contract_end_is_calculated_from_start_and_days(built):
    assert built.draw("contract", DAYS, COLUMNS) == read_drawing("2025-02-01 | 365 |  | 2026-01-31 |  | closed")
    assert built.draw("contract", RUNNING, COLUMNS) == read_drawing("2025-02-01 | 730 |  | 2027-01-31 |  | in_delivery")
    assert built.draw("contract", LEAP_YEAR, COLUMNS) == read_drawing("2024-02-01 | 366 |  | 2025-01-31 |  | closed")


def test_calculated_end_has_state_derived_and_its_notice(built):
    assert built.states(DAYS, "end_first end_current end_change_days") == [
        ("end_change_days", "not_reported", DURATION_ONLY, ""),
        ("end_current", "derived", CALCULATED, ""),
        ("end_first", "not_reported", DURATION_ONLY, ""),
    ]
    source = built.draw("field_state", DAYS, "release_id", "field = 'end_current'")
    assert source == built.draw("notice", DAYS, "release_id")


PUBLISHED = add_contract(START | {"durationInDays": 365, "endDate": "2026-06-30"})
REPLACED = add_contract(START | {"durationInDays": 365}, START | {"endDate": "2026-08-31"})
SAME_NOTICE = add_contract(START | {"durationInDays": 365, "endDate": "2026-01-31"}, {"endDate": "2026-08-31"})
LONGER = add_contract(START | {"durationInDays": 365}, {"durationInDays": 730})


def test_published_end_wins_over_duration(built):
    assert built.draw("contract", PUBLISHED, COLUMNS) == read_drawing(
        "2025-02-01 | 365 | 2026-06-30 | 2026-06-30 | 0 | in_delivery"
    )
    assert built.states(PUBLISHED, "end_current") == read_drawing("end_current | observed | |")


def test_calculated_end_is_no_baseline_of_a_published_end(built):
    assert built.draw("contract", REPLACED, COLUMNS) == read_drawing(
        "2025-02-01 | 365 | 2026-08-31 | 2026-08-31 |  | in_delivery"
    )
    assert built.states(REPLACED, "end_change_days") == [
        ("end_change_days", "not_reported",
         "a duration was published before the first end date, so whether the end moved is not known", ""),
    ]  # fmt: skip
    assert built.draw("change", REPLACED, "type") == []


def test_published_end_next_to_duration_is_a_baseline(built):
    assert built.draw("contract", SAME_NOTICE, "end_first end_current end_change_days") == read_drawing(
        "2026-01-31 | 2026-08-31 | 212"
    )


def test_longer_duration_moves_calculated_end_without_a_change(built):
    assert built.draw("contract", LONGER, COLUMNS) == read_drawing("2025-02-01 | 730 |  | 2027-01-31 |  | in_delivery")
    assert built.draw("change", LONGER, "type") == []


NO_START = add_contract({"durationInDays": 301})
MONTHS = add_contract(START | {"durationInMonths": 12, "maxExtentDate": "2028-01-31"})
ABSURD = [add_contract(START | {"durationInDays": days}) for days in (0, -5, 36_526, 2**62)]
LATE = add_contract({"startDate": "9999-12-01", "durationInDays": 365})


def test_duration_without_start_gives_no_end(built):
    assert built.draw("contract", NO_START, COLUMNS) == read_drawing("| 301 |  |  |  | in_delivery")
    assert built.states(NO_START, "end_current") == [("end_current", "not_reported", DURATION_ONLY, "")]


def test_longest_duration_in_months_gives_no_end(built):
    columns = "duration_months max_end end_current"
    assert built.draw("contract", MONTHS, columns) == read_drawing("12 | 2028-01-31 |")


@pytest.mark.parametrize("ocid", [*ABSURD, LATE])
def test_absurd_duration_gives_no_end(built, ocid):
    assert built.draw("contract", ocid, "end_current phase") == read_drawing("| in_delivery")


AWARD_DAYS = {"contractPeriod": START | {"durationInDays": 365, "maxExtentDate": "2027-01-31"}}
AWARD = add_award({"id": "1", **AWARD_DAYS})
AWARD_REPLACED = add_award({"id": "1", **AWARD_DAYS}, {"id": "1", "contractPeriod": {"endDate": "2026-03-31"}})


def test_award_end_is_calculated_from_start_and_days(built):
    columns = "end_date_first end_date max_end duration_days"
    assert built.draw("award", AWARD, columns) == read_drawing("| 2026-01-31 | 2027-01-31 | 365")
    assert built.states(AWARD, "end_date", "award") == [("end_date", "derived", CALCULATED, "")]
    assert built.draw("award", AWARD_REPLACED, columns) == read_drawing("2026-03-31 | 2026-03-31 | 2027-01-31 | 365")
    assert built.draw("change", AWARD_REPLACED, "type") == []


REPEATED = WORLD.add(*[
    make_release(AT, f"2026-0{number}-10", "UK6", awards=[
        {"id": str(number), "date": "2026-01-05", "suppliers": [{"id": "GB-COH-01111111", "name": "Alpha"}],
         "value": make_money(100), "contractPeriod": period}],
        parties=[{"id": "GB-COH-01111111", "name": "Alpha", "roles": ["supplier"],
                  "identifier": {"scheme": "GB-COH", "id": "01111111"}}])
    for number, period in enumerate([AWARD_DAYS["contractPeriod"], {"endDate": "2026-03-31"}], start=1)
])  # fmt: skip


def test_superseding_award_does_not_move_a_calculated_end(built):
    assert built.draw("change", REPEATED, "type old_end new_end") == read_drawing("superseded |  | 2026-03-31")


EXPECTED = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", tender={
        "minValue": {"amount": 100, "currency": "EUR"}, "maxValue": {"amount": 900, "currency": "GBP"},
        "contractPeriod": {"durationInDays": 720, "durationInMonths": 24, "maxExtentDate": "2030-01-01"},
        "lots": [{"id": "1", "minimumValue": {"amount": 5, "currency": "EUR"},
                  "contractPeriod": {"durationInMonths": 6, "maxExtentDate": "2029-01-01"}}]})
)  # fmt: skip


def test_expected_duration_and_value_range_are_read(built):
    columns = "min_value min_value_currency max_value max_value_currency contract_days contract_months contract_max_end"
    assert built.draw("contracting_process", EXPECTED, columns) == read_drawing(
        "100.00 | EUR | 900.00 | GBP | 720 | 24 | 2030-01-01"
    )
    assert built.draw("lot", EXPECTED, "min_value min_value_currency duration_months max_end") == read_drawing(
        "5.00 | EUR | 6 | 2029-01-01"
    )


def test_duration_that_is_no_number_is_kept_with_its_reason():
    result = read_release(contracts=[{"id": "1", "period": {"durationInDays": "a year"}}])
    assert result.column("contract", "duration_days") == [None]
    assert [row[4:6] for row in result.rows["invalid_value"]] == [("/contracts/0/period/durationInDays", '"a year"')]
