"""Checks that every date and every amount must pass: real days, real money."""

from collections.abc import Callable
from typing import Any

import ibis

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.standard.definition import TableDefinition

FIRST_REALISTIC_DATE, LAST_REALISTIC_DATE = "1990-01-01", "2050-12-31"
# 5 billion US dollars, Pelican's bound, at 1.25 dollars to the pound. The same number serves for euros and dollars.
MAX_REALISTIC_AMOUNT = 4_000_000_000
BOUNDED_CURRENCIES = ("GBP", "EUR", "USD")  # other currencies have other bounds: 5 billion yen is a school


def _make_date_test(name: str) -> Callable[[Any], Any]:
    return lambda rows: ~rows[name].between(ibis.date(FIRST_REALISTIC_DATE), ibis.date(LAST_REALISTIC_DATE))


def make_date_checks(table: TableDefinition, subject: str, words: dict[str, str]) -> tuple[Check, ...]:
    """One check a date field of `words` (field to words on a page): it lies in 1990 to 2050."""
    return tuple(
        Check(
            id=f"date-{subject}-{_hyphenate_name(name)}",
            severity=_choose_severity(table, name),
            subject=table.name,
            meaning=f"The {words[name]} lies in the years 1990 to 2050.",
            says=f"The {words[name]} is given as {{{name}}}, which is not in the years 1990 to 2050.",
            source="Pelican: Date is realistic",
            fails=_make_date_test(name),
            fields=(name,),
        )
        for name in words
    )


def make_amount_checks(
    table: TableDefinition, subject: str, words: dict[str, str], ceiling: str | None = None
) -> tuple[Check, ...]:
    """Two checks an amount of `words` (field to words on a page): not below zero, and not absurdly large.

    `ceiling` names a column that is true where the amount is a framework's ceiling, which may be of any size.
    """
    pairs = [
        (
            make_negative_amount_check(table, subject, name, told),
            make_absurd_amount_check(table, subject, name, told, ceiling),
        )
        for name, told in words.items()
    ]
    return tuple(check for pair in pairs for check in pair)


def make_negative_amount_check(table: TableDefinition, subject: str, name: str, words: str) -> Check:
    """An amount is not below zero."""
    return Check(
        id=f"money-{subject}-{_hyphenate_name(name)}-negative",
        severity=_choose_severity(table, name),
        subject=table.name,
        meaning=f"The {words} is not below zero.",
        says=f"The {words} is below zero ({{{name}}}).",
        source="Pelican: Number is non-negative",
        fails=lambda rows: rows[name] < 0,
        fields=(name,),
    )


def make_absurd_amount_check(
    table: TableDefinition, subject: str, name: str, words: str, ceiling: str | None = None
) -> Check:
    """An amount in pounds, euros or dollars is not absurdly large, unless the column `ceiling` is true."""

    def fails(rows: Any) -> Any:
        made = rows.currency.isnull() | rows.currency.isin(BOUNDED_CURRENCIES)
        return check_only_if(
            made & ~is_true(rows[ceiling]) if ceiling else made, rows[name].abs() > MAX_REALISTIC_AMOUNT
        )

    unless = ", unless it is a framework's ceiling" if ceiling else ""
    return Check(
        id=f"money-{subject}-{_hyphenate_name(name)}-absurd",
        severity=_choose_severity(table, name),
        subject=table.name,
        meaning=f"The {words} is at most £{MAX_REALISTIC_AMOUNT:,} either side of zero{unless}.",
        says=f"The {words} is {{{name}}}. Anything beyond £{MAX_REALISTIC_AMOUNT:,} is taken for an error.",
        source="Pelican: Monetary values are realistic (5 billion US dollars, taken at 1.25 dollars to the pound)",
        fails=fails,
        fields=(name,),
    )


def _choose_severity(table: TableDefinition, name: str) -> str:
    """Critical, but for fields that the coverage grade of their table does not count: they must not cap it."""
    counted = not table.subject or name in {field.name for field in table.judged}
    return "critical" if counted else "warn"


def _hyphenate_name(name: str) -> str:
    return name.replace("_", "-")
