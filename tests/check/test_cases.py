"""Every check on drawn tables: its message for a row that fails, and its counts."""

from pathlib import Path

import pytest

from tests.check.check_tables import read_cases

CASES = read_cases(Path(__file__).with_name("cases"))


@pytest.mark.parametrize("case", CASES, ids=[case.check for case in CASES])
@pytest.mark.quirk("Q1.18", "Q1.28", "Q1.29")
def test_check_reports_drawn_failures(ask, case):
    answer = ask(case.subject, case.drawings)
    assert answer.lines == case.lines
    assert answer.counts[case.check] == case.counts
