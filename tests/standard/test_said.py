"""Values in words: counts and money have commas; years, ids and codes have none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepoint.presentation import formatting


@given(st.integers(-(10**12), 10**12))
def test_a_count_has_commas_and_a_year_has_none(number):
    assert formatting.format_field_value(number, "integer") == f"{number:,}"
    assert formatting.format_field_value(number, "integer", unit="year") == str(number)


@given(st.from_regex(r"\A[0-9]{4,9}\Z"), st.sampled_from(["id", "code", "text", "list", "any"]))
def test_an_id_or_code_of_figures_stays_as_it_is(ident, kind):
    assert formatting.format_field_value(ident, kind) == ident
    assert formatting.format_field_value(int(ident), kind) == str(int(ident))


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [(Decimal("1234.50"), "money", "£1,234.50"), (1234.5, "number", "1,234.5"), (99.0, "number", "99"),
     (0.125, "share", "12%"), (date(2026, 9, 3), "date", "3 September 2026"), (True, "boolean", "yes"), (None, "text", "")],
)  # fmt: skip
def test_other_values_by_their_type(value, kind, said):
    assert formatting.format_field_value(value, kind) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.29, "+29%"), (-0.05, "-5%"), (0.055, "+5.5%"), (0, "+0%"), (-0.00004, "less than 0.1%"), (0.0006, "+0.1%")],
)
def test_a_share_is_a_percentage_that_is_never_rounded_to_nothing(share, said):
    assert formatting.format_percent(share) == said


def test_a_code_without_words_is_shown_as_published():
    assert formatting.format_code("phase", "in_delivery") == "in delivery"
    assert formatting.format_code("phase", "something_else") == "something_else"
    assert formatting.format_code("no_such_field", "in_delivery") == "in_delivery"


def test_names_of_fields_are_words():
    assert [formatting.format_field_name(name) for name in ("kpi_duty", "value_net_first", "buyer_org_id", "is_call_off")] == [
        "KPI duty", "value net first", "buyer", "call-off"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "detail", "due_on", "reason", "whole"),
    [
        ("withheld_commercial", "s.94(1)(b)", None, "s.94(1)(b)", "withheld (s.94(1)(b))"),
        ("not_reported", "", date(2026, 5, 31), "due since 31 May 2026", "not reported (due since 31 May 2026)"),
        ("not_yet_due", "it runs", date(2027, 1, 31), "until 31 January 2027: it runs", "not yet due until 31 January 2027: it runs"),
        ("not_applicable", "", None, "", "does not apply"),
    ],
)  # fmt: skip
def test_why_there_is_no_value_is_said_with_its_state_and_without(state, detail, due_on, reason, whole):
    assert formatting.format_reason(state, detail, due_on) == reason
    assert formatting.format_state(state, detail, due_on) == whole
