"""Conversion of values to Arrow columns, compared with slow, plain conversions."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepoint.read.ocds.tolerant_reader import CONVERTER_BY_TYPE
from threepoint.standard.definition import parse_field
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.store.arrow_columns import ARROW_TYPES, create_arrow_column, create_arrow_schema, create_arrow_table


def make_column(kind: str, values: list) -> list:
    column = create_arrow_column(parse_field(f"x | {kind} | ours | x"), values)
    column.validate(full=True)
    assert column.type == ARROW_TYPES[kind]
    return column.to_pylist()


def round_plainly(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


# Amounts as text: whole pence, half pennies, fractions of a penny, and more digits than a float has.
PENCE = st.integers(-(10**17), 10**17).map(lambda whole: str(Decimal(whole).scaleb(-2)))
HALVES = st.integers(-(10**16), 10**16).map(lambda whole: str(Decimal(whole * 10 + 5).scaleb(-3)))
SMALL = st.integers(-(10**9), 10**9).map(lambda whole: str(Decimal(whole).scaleb(-6)))
LONG = st.decimals(-(10**15), 10**15, places=9).map(str)
AMOUNT = st.one_of(st.none(), PENCE, HALVES, SMALL, LONG)


@given(st.lists(AMOUNT, max_size=8))
def test_money_equals_decimal_rounding(texts):
    values = [None if text is None else CONVERTER_BY_TYPE["money"](Decimal(text)) for text in texts]
    assert make_column("money", values) == [None if text is None else round_plainly(text) for text in texts]


@given(st.lists(st.one_of(st.none(), st.integers(-(10**18) + 1, 10**18 - 1)), max_size=8))
def test_money_integers_are_pence(pence):
    assert make_column("money", pence) == [None if amount is None else Decimal(amount).scaleb(-2) for amount in pence]


@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=8))
def test_money_floats_use_shortest_text(values):
    assert make_column("money", values) == [round_plainly(repr(value)) for value in values]


@given(st.lists(st.one_of(st.none(), st.dates()), max_size=8))
def test_date_column_counts_days_since_1970(days):
    numbers = [None if day is None else (day - date(1970, 1, 1)).days for day in days]
    assert make_column("date", numbers) == days


def test_timestamp_column_counts_microseconds_in_utc():
    assert str(make_column("timestamp", [None, 1_500_000])[1]) == "1970-01-01 00:00:01.500000+00:00"


@pytest.mark.parametrize("kind", ARROW_TYPES)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_column_of_nulls(kind, count):
    assert make_column(kind, [None] * count) == [None] * count


def test_text_columns_redact_only_email_addresses():
    texts = ["ask jane@example.org", None, "", "@", "50% of 40", "to=jane%40example.org", "é@", "a@b"]
    assert make_column("text", texts) == [
        "ask [email removed]", None, "", "@", "50% of 40", "to=[email removed]", "é@", "a@b",
    ]  # fmt: skip
    assert make_column("id", ["jane@example.org"]) == ["[email removed]"]


def test_create_arrow_table_has_standard_schema():
    table = HISTORY_TABLES["removed"]
    assert create_arrow_table(table, []).schema == create_arrow_schema(table)
    assert create_arrow_table(table, [(1, "award", "a", "title")]).to_pylist() == [
        {"release_key": 1, "table": "award", "key": "a", "field": "title"}
    ]
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        create_arrow_table(table, [(1, "award", "a")])
