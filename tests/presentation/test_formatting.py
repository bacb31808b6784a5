"""Formatting of values: counts and money have commas; years, ids and codes do not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepoint.presentation import formatting


@given(st.integers(-(10**12), 10**12))
def test_format_field_value_adds_commas_to_counts_but_not_years(number):
    assert formatting.format_field_value(number, "integer") == f"{number:,}"
    assert formatting.format_field_value(number, "integer", unit="year") == str(number)


@given(st.from_regex(r"\A[0-9]{4,9}\Z"), st.sampled_from(["id", "code", "text", "list", "any"]))
def test_format_field_value_keeps_numeric_ids_and_codes(value, kind):
    assert formatting.format_field_value(value, kind) == value
    assert formatting.format_field_value(int(value), kind) == str(int(value))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [(Decimal("1234.50"), "money", "£1,234.50"), (1234.5, "number", "1,234.5"), (99.0, "number", "99"),
     (0.125, "share", "12%"), (date(2026, 9, 3), "date", "3 September 2026"), (True, "boolean", "yes"), (None, "text", "")],
)  # fmt: skip
def test_format_field_value_by_type(value, kind, expected):
    assert formatting.format_field_value(value, kind) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.29, "+29%"),
        (-0.05, "-5%"),
        (0.055, "+5.5%"),
        (0, "+0%"),
        (-0.00004, "down by less than 0.1%"),
        (0.00004, "up by less than 0.1%"),
        (0.0006, "+0.1%"),
    ],
)
def test_format_percent_never_rounds_to_zero(share, expected):
    assert formatting.format_percent(share) == expected


def test_format_code_keeps_codes_without_label():
    assert formatting.format_code("phase", "in_delivery") == "in delivery"
    assert formatting.format_code("phase", "something_else") == "something_else"
    assert formatting.format_code("no_such_field", "in_delivery") == "in_delivery"


def test_format_field_name():
    assert [formatting.format_field_name(name) for name in ("kpi_duty", "value_net_first", "buyer_org_id", "is_call_off")] == [
        "KPI duty", "first net value", "buyer", "call-off"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "detail", "due_on", "reason", "text"),
    [
        ("withheld_commercial", "s.94(1)(b)", None, "s.94(1)(b)", "withheld (s.94(1)(b))"),
        ("not_reported", "", date(2026, 5, 31), "due since 31 May 2026", "not reported (due since 31 May 2026)"),
        ("not_yet_due", "it runs", date(2027, 1, 31), "until 31 January 2027: it runs", "not yet due until 31 January 2027: it runs"),
        ("not_applicable", "", None, "", "does not apply"),
    ],
)  # fmt: skip
def test_format_reason_and_format_state(state, detail, due_on, reason, text):
    assert formatting.format_reason(state, detail, due_on) == reason
    assert formatting.format_state(state, detail, due_on) == text
