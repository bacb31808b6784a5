"""Every check, on drawn tables: what it says of a row that fails, and that a row which passes is counted and not named."""

from pathlib import Path

import pytest

from tests.check.drawn import cases
from threepoint.check import CHECKS

CASES = cases(Path(__file__).with_name("cases"))


@pytest.mark.parametrize("case", CASES, ids=[case.check for case in CASES])
@pytest.mark.quirk("Q1.18", "Q1.28", "Q1.29")
def test_the_check_says_what_is_drawn(ask, case):
    answer = ask(case.subject, case.drawings)
    assert answer.lines == case.lines
    assert answer.counts[case.check] == case.counts


def test_every_check_has_its_drawing_here_or_among_those_of_every_date_and_amount():
    drawn = [case.check for case in CASES]
    assert sorted(drawn) == sorted(set(drawn))
    elsewhere = {name for name in CHECKS if name.startswith(("date-", "money-")) or name.endswith("-repeats")}
    assert set(CHECKS) - elsewhere - {"dat-title"} <= set(drawn)


def test_every_drawing_has_a_row_that_passes_and_one_that_fails():
    assert [case.check for case in CASES if not 0 < case.counts[1] < case.counts[0]] == []
