"""Numbers and days as people write them: the SQL against plain Python."""

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
    """Writes amounts and days through DuckDB."""
    engine = ibis.duckdb.connect(threads=1)
    rows = ibis.table({"n": "decimal(18,2)", "d": "date"}, name="given")
    sql = str(
        ibis.to_sql(rows.select(n=format_number(rows.n, ibis.literal("£")), d=format_day(rows.d)), dialect="duckdb")
    )

    def written(amounts, days):
        columns = {"n": pa.array(amounts, pa.decimal128(18, 2)), "d": pa.array(days, pa.date32())}
        engine.con.register("given", pa.table(columns))
        return engine.con.execute(sql).fetchall()

    return written


def write_plain(amount):
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'-' if amount < 0 else ''}£{text}"


@pytest.mark.parametrize(
    ("amount", "words"),
    [("0", "£0"), ("0.01", "£0.01"), ("999", "£999"), ("1000", "£1,000"), ("-1234567.5", "-£1,234,567.50"),
     ("1000000000000", "£1,000,000,000,000"), ("9999999999999999.99", "£9,999,999,999,999,999.99")],
)  # fmt: skip
def test_an_amount_has_commas_and_pence_only_where_there_are_any(write, amount, words):
    assert write([Decimal(amount)], [None]) == [(words, None)]
    assert write_plain(Decimal(amount)) == words


@settings(deadline=None)
@given(st.lists(st.tuples(AMOUNTS, st.dates(date(1000, 1, 1))), min_size=1))
def test_amounts_and_days_are_written_as_python_writes_them(write, rows):
    amounts, days = zip(*rows, strict=True)
    expected = [(write_plain(amount), f"{found.day} {found:%B %Y}") for amount, found in rows]
    assert write(amounts, days) == expected
