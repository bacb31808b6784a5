"""Every check, on drawn tables: what it says of a row that fails, and that a row which passes is counted and not named."""

from pathlib import Path

import pytest

from tests.check.check_tables import read_cases

CASES = read_cases(Path(__file__).with_name("cases"))


@pytest.mark.parametrize("case", CASES, ids=[case.check for case in CASES])
@pytest.mark.quirk("Q1.18", "Q1.28", "Q1.29")
def test_the_check_says_what_is_drawn(ask, case):
    answer = ask(case.subject, case.drawings)
    assert answer.lines == case.lines
    assert answer.counts[case.check] == case.counts
