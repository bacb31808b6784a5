"""Numbers and dates as people write them: the SQL compared with plain Python."""

from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threepoint.check.message_sql import format_day, format_number

AMOUNTS = st.decimals(-(10**16) + 1, 10**16 - 1, places=2)


@pytest.fixture(scope="module")
def write():
    """Return a function that formats amounts and days in DuckDB."""
    engine = ibis.duckdb.connect(threads=1)
    rows = ibis.table({"n": "decimal(18,2)", "d": "date"}, name="given")
    sql = str(
        ibis.to_sql(rows.select(n=format_number(rows.n, ibis.literal("£")), d=format_day(rows.d)), dialect="duckdb")
    )

    def format_in_duckdb(amounts, days):
        columns = {"n": pa.array(amounts, pa.decimal128(18, 2)), "d": pa.array(days, pa.date32())}
        engine.con.register("given", pa.table(columns))
        return engine.con.execute(sql).fetchall()

    return format_in_duckdb


def write_plain(amount):
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'-' if amount < 0 else ''}£{text}"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "£0"), ("0.01", "£0.01"), ("999", "£999"), ("1000", "£1,000"), ("-1234567.5", "-£1,234,567.50"),
     ("1000000000000", "£1,000,000,000,000"), ("9999999999999999.99", "£9,999,999,999,999,999.99")],
)  # fmt: skip
def test_format_number_uses_commas_and_omits_zero_pence(write, amount, text):
    assert write([Decimal(amount)], [None]) == [(text, None)]
    assert write_plain(Decimal(amount)) == text


@settings(deadline=None)
@given(st.lists(st.tuples(AMOUNTS, st.dates(date(1000, 1, 1))), min_size=1))
def test_format_number_and_day_equal_python(write, rows):
    amounts, days = zip(*rows, strict=True)
    expected = [(write_plain(amount), f"{day.day} {day:%B %Y}") for amount, day in rows]
    assert write(amounts, days) == expected
