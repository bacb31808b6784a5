"""Checks of sales: lines that their publishers list one by one, with no notice behind them."""

from typing import Any

from ibis import Table as Rows

from threepoint.check.model import Check, yes
from threepoint.check.values import not_absurd, real_dates
from threepoint.standard.payments import SALES


def sales(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  every subject's rows are made with the same call
    """sale with subject_id."""
    return tables["sale"].mutate(subject_id=tables["sale"].sale_id)


def unreadable(subject: str, words: str, field: str) -> Check:
    """An amount or a date that was published can be read."""
    return Check(
        id=f"field-{words}-{field}",
        severity="warn",
        subject=subject,
        meaning=f"The {field} of a {words} can be read.",
        says=f"The {field} is given as “{{{field}_text}}”, which cannot be read: {{{field}_reason}}.",
        source="ours: what a cell holds is kept though it cannot be read",
        fails=lambda rows: rows[f"{field}_state"] == "invalid",
    )


def alike(subject: str, words: str, same: str) -> Check:
    """No earlier line says the same."""
    return Check(
        id=f"info-{words}-alike",
        severity="info",
        subject=subject,
        meaning=f"A {words} is listed once.",
        says=f"An earlier line ({{duplicate_of}}) has the same {same}: a repeat, or a second {words}.",
        source="ours: decision 17, nothing is dropped as a duplicate",
        fails=lambda rows: yes(rows.possible_duplicate),
    )


SALE_CHECKS = (
    *real_dates(SALES, "sale", {"month": "month of the sale"}),
    not_absurd(SALES, "sale", "amount", "amount of the sale"),
    unreadable("sale", "sale", "amount"),
    unreadable("sale", "sale", "month"),
    Check(
        id="info-sale-negative",
        severity="info",
        subject="sale",
        meaning="A sale is above zero; below it, it is a credit or a correction.",
        says="The sale is below zero ({amount}): a credit or a correction.",
        source="Pelican: Number is non-negative (a remark here: credits are published so)",
        fails=lambda s: s.amount < 0,
    ),
    Check(
        id="info-sale-zero",
        severity="info",
        subject="sale",
        meaning="A sale has an amount other than zero.",
        says="The sale has an amount of zero.",
        source="ours: a line without money says that something was delivered, not for how much",
        fails=lambda s: s.amount == 0,
    ),
    alike("sale", "sale", "supplier, customer, month, text and amount"),
)
