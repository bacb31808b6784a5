"""Checks that every date and every amount must pass: plausible dates and amounts."""

from collections.abc import Callable
from typing import Any

import ibis

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.standard.definition import TableDefinition

FIRST_REALISTIC_DATE, LAST_REALISTIC_DATE = "1990-01-01", "2050-12-31"
# Pelican's bound of 5 billion US dollars, at 1.25 dollars to the pound. The same number is the bound for euros and dollars.
MAX_REALISTIC_AMOUNT = 4_000_000_000
BOUNDED_CURRENCIES = ("GBP", "EUR", "USD")  # other currencies need other bounds: 5 billion yen is the price of a school


def _make_date_test(name: str) -> Callable[[Any], Any]:
    return lambda rows: ~rows[name].between(ibis.date(FIRST_REALISTIC_DATE), ibis.date(LAST_REALISTIC_DATE))


def make_date_checks(table: TableDefinition, subject: str, labels: dict[str, str]) -> tuple[Check, ...]:
    """Return one check per date field of `labels` (field to its label in messages): the date lies in 1990 to 2050."""
    return tuple(
        Check(
            id=f"date-{subject}-{_hyphenate_name(name)}",
            severity=_choose_severity(table, name),
            subject=table.name,
            meaning=f"The {labels[name]} lies in the years 1990 to 2050.",
            says=f"The {labels[name]} is given as {{{name}}}, which is not in the years 1990 to 2050.",
            source="Pelican: Date is realistic",
            fails=_make_date_test(name),
            fields=(name,),
        )
        for name in labels
    )


def make_amount_checks(
    table: TableDefinition, subject: str, labels: dict[str, str], ceiling: str | None = None
) -> tuple[Check, ...]:
    """Return two checks per amount of `labels` (field to its label in messages): not below zero, and not absurdly large.

    `ceiling` names a column that is true if the amount is a framework's ceiling, which may be of any size.
    """
    pairs = [
        (
            make_negative_amount_check(table, subject, name, label),
            make_absurd_amount_check(table, subject, name, label, ceiling),
        )
        for name, label in labels.items()
    ]
    return tuple(check for pair in pairs for check in pair)


def make_negative_amount_check(table: TableDefinition, subject: str, name: str, label: str) -> Check:
    """Return the check that an amount is not below zero."""
    return Check(
        id=f"money-{subject}-{_hyphenate_name(name)}-negative",
        severity=_choose_severity(table, name),
        subject=table.name,
        meaning=f"The {label} is not below zero.",
        says=f"The {label} is below zero ({{{name}}}).",
        source="Pelican: Number is non-negative",
        fails=lambda rows: rows[name] < 0,
        fields=(name,),
    )


def make_absurd_amount_check(
    table: TableDefinition, subject: str, name: str, label: str, ceiling: str | None = None
) -> Check:
    """Return the check that an amount in pounds, euros or dollars is not absurdly large, unless `ceiling` is true."""

    def fails(rows: Any) -> Any:
        applies = rows.currency.isnull() | rows.currency.isin(BOUNDED_CURRENCIES)
        return check_only_if(
            applies & ~is_true(rows[ceiling]) if ceiling else applies, rows[name].abs() > MAX_REALISTIC_AMOUNT
        )

    unless = ", unless it is a framework's ceiling" if ceiling else ""
    return Check(
        id=f"money-{subject}-{_hyphenate_name(name)}-absurd",
        severity=_choose_severity(table, name),
        subject=table.name,
        meaning=f"The {label} is at most £{MAX_REALISTIC_AMOUNT:,} either side of zero{unless}.",
        says=f"The {label} is {{{name}}}. Anything beyond £{MAX_REALISTIC_AMOUNT:,} is treated as an error.",
        source="Pelican: Monetary values are realistic (5 billion US dollars, at 1.25 dollars to the pound)",
        fails=fails,
        fields=(name,),
    )


def _choose_severity(table: TableDefinition, name: str) -> str:
    """Return critical, or warn for fields that the coverage grade of their table does not count: they must not cap it."""
    is_graded = not table.subject or name in {field.name for field in table.judged}
    return "critical" if is_graded else "warn"


def _hyphenate_name(name: str) -> str:
    return name.replace("_", "-")
