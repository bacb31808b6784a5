"""Checks that several subjects share: plausible dates, amounts and currencies."""

from collections.abc import Callable
from typing import Any

import ibis

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.standard.amounts import NOMINAL_AMOUNTS
from threepoint.standard.currencies import CURRENCY_CODES
from threepoint.standard.definition import TableDefinition

FIRST_REALISTIC_DATE, LAST_REALISTIC_DATE = "1990-01-01", "2050-12-31"
# Pelican's bound of 5 billion US dollars, at 1.25 dollars to the pound. The same number is the bound for euros and dollars.
MAX_REALISTIC_AMOUNT = 4_000_000_000
ESTIMATE_FACTOR = 100  # an award this much larger than its estimate: a unit price, or pence for pounds
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


NOMINAL_DECIMALS = [ibis.literal(amount).cast("decimal(18,2)") for amount in NOMINAL_AMOUNTS]


def drop_nominal_amount(amount: Any) -> Any:
    """Return an amount; null if it only fills the form."""
    return amount.isin(NOMINAL_DECIMALS).ifelse(ibis.null("decimal(18,2)"), amount)


def make_nominal_check(subject: str, kind: str, name: str, label: str) -> Check:
    """Return the check that an amount is real."""
    return Check(
        id=f"info-{kind}-nominal",
        severity="info",
        subject=subject,
        meaning=f"The {label} is a real amount, not one that only fills the form, such as 0.01 or 99,999,999.",
        says=f"The {label} is {{{name}}}, which only fills the form; totals leave it out.",
        source="ours: nominal values in published notices",
        fails=lambda rows: rows[name].isin(NOMINAL_DECIMALS),
        fields=(name,),
    )


def make_vat_check(
    subject: str, kind: str, label: str, net: str, gross: str, may_compare: Callable[[Any], Any]
) -> Check:
    """Return the check that an amount with VAT is not below the amount without; `may_compare` says if they belong together."""
    return Check(
        id=f"con-{kind}-vat",
        severity="warn",
        subject=subject,
        meaning=f"The {label} with VAT is not below the {label} without VAT.",
        says=f"The {label} with VAT is {{{gross}}}, less than without VAT ({{{net}}}).",
        source="ours: amount and amountGross of one value in Find a Tender notices",
        fails=lambda rows: check_only_if((rows[net] > 0) & may_compare(rows), rows[gross] < rows[net]),
    )


def make_currency_check(
    table: TableDefinition, kind: str, fields: tuple[str, ...], name: str = "currency", severity: str = "critical"
) -> Check:
    """Return the check that a currency is a code of ISO 4217; `fields` are amounts in this currency."""
    return Check(
        id=f"field-{kind}-{_hyphenate_name(name)}",
        severity=severity,
        subject=table.name,
        meaning="The currency is a code of ISO 4217, such as GBP.",
        says=f"“{{{name}}}” is not a code of ISO 4217, such as GBP, so the amount cannot be added up or compared.",
        source="ours: the closed OCDS code list of currencies (ISO 4217)",
        fails=lambda rows: rows[name].notin(CURRENCY_CODES),
        fields=fields,
    )


def make_estimate_check(subject: str, kind: str, label: str, estimate: str) -> Check:
    """Return the check that a value is less than a hundred times the column `estimate`, which is null if it cannot be compared."""
    return Check(
        id=f"con-{kind}-estimate",
        severity="warn",
        subject=subject,
        meaning=f"The {label} is less than {ESTIMATE_FACTOR} times the estimate.",
        says=f"The {label} is {{value_net}}, {ESTIMATE_FACTOR} times the estimate ({{{estimate}}}) or more.",
        source="ours: unit prices and pence published as estimates",
        fails=lambda rows: check_only_if(
            ~is_true(rows.nominal_value) & (rows[estimate] > 0), rows.value_net >= rows[estimate] * ESTIMATE_FACTOR
        ),
    )


def make_buyer_check(subject: str, kind: str, label: str) -> Check:
    """Return the check that the buyer supplies nothing to itself; the column `self_supplier` is its name if it does."""
    return Check(
        id=f"coh-{kind}-buyer",
        severity="warn",
        subject=subject,
        meaning=f"The buyer is not a supplier of the {label}.",
        says=f"{{self_supplier}} is the buyer, and also a supplier of this {label}.",
        source="ours: organisations with the same identifier, or with the same name and no identifier",
        fails=lambda rows: check_only_if(rows.named > 0, rows.self_supplier.notnull()),
    )


def make_id_check(subject: str, label: str) -> Check:
    """Return the check that one notice uses an id once."""
    return Check(
        id=f"field-{subject}-id",
        severity="warn",
        subject=subject,
        meaning=f"No notice uses one id for several {label}.",
        says=f"One notice uses this id for several {label} (number: {{same_id_in_notice}}), which may be mixed up here.",
        source="ours: one id for several lots in Find a Tender notices",
        fails=lambda rows: rows.same_id_in_notice > 1,
    )


def _choose_severity(table: TableDefinition, name: str) -> str:
    """Return critical, or warn for fields that the coverage grade of their table does not count: they must not cap it."""
    is_graded = not table.subject or name in {field.name for field in table.judged}
    return "critical" if is_graded else "warn"


def _hyphenate_name(name: str) -> str:
    return name.replace("_", "-")
