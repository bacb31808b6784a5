"""Checks of sales and of plans to buy: lines in publishers' lists, without notices."""

from typing import Any

from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.check.shared_checks import (
    make_absurd_amount_check,
    make_date_checks,
    make_negative_amount_check,
)
from threepoint.standard.tables_payments import PIPELINE_ENTRY, SALE


def build_sale_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return sales with subject_id."""
    return tables["sale"].mutate(subject_id=tables["sale"].sale_id)


def build_plan_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return plans with subject_id."""
    return tables["pipeline_entry"].mutate(subject_id=tables["pipeline_entry"].entry_id)


def make_readability_check(subject: str, label: str, field: str) -> Check:
    """Return the check that a published amount or date can be read."""
    return Check(
        id=f"field-{label}-{field}",
        severity="warn",
        subject=subject,
        meaning=f"The {field} of a {label} can be read.",
        says=f"The {field} is given as “{{{field}_text}}”, which cannot be read: {{{field}_reason}}.",
        source="ours: unreadable cells are stored as published",
        fails=lambda rows: rows[f"{field}_state"] == "invalid",
    )


def make_duplicate_check(subject: str, label: str, columns: str) -> Check:
    """Return the check that no earlier line has the same content."""
    return Check(
        id=f"info-{label}-alike",
        severity="info",
        subject=subject,
        meaning=f"A {label} is listed once.",
        says=f"An earlier line ({{duplicate_of}}) has the same {columns}: a repeat, or a second {label}.",
        source="ours: nothing is dropped as a duplicate",
        fails=lambda rows: is_true(rows.possible_duplicate),
    )


SALE_CHECKS = (
    *make_date_checks(SALE, "sale", {"month": "month of the sale"}),
    make_absurd_amount_check(SALE, "sale", "amount", "amount of the sale"),
    make_readability_check("sale", "sale", "amount"),
    make_readability_check("sale", "sale", "month"),
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
        source="ours: a line with an amount of zero says that something was delivered, but not its price",
        fails=lambda s: s.amount == 0,
    ),
    make_duplicate_check("sale", "sale", "supplier, customer, month, text and amount"),
)

PLAN_CHECKS = (
    *make_date_checks(
        PIPELINE_ENTRY, "plan", {"approach": "expected approach to the market", "start": "expected start"}
    ),
    make_negative_amount_check(PIPELINE_ENTRY, "plan", "total", "total value of the plan"),
    make_absurd_amount_check(PIPELINE_ENTRY, "plan", "total", "total value of the plan"),
    make_readability_check("pipeline_entry", "plan", "total"),
    make_readability_check("pipeline_entry", "plan", "approach"),
    make_readability_check("pipeline_entry", "plan", "start"),
    Check(
        id="coh-plan-start",
        severity="warn",
        subject="pipeline_entry",
        meaning="A contract does not start before the market is approached.",
        says="The contract is to start on {start}, before the approach to the market on {approach}.",
        source="Pelican: Contracting process timeline (extended to plans)",
        fails=lambda p: p.start < p.approach,
    ),
    Check(
        id="con-plan-total",
        severity="warn",
        subject="pipeline_entry",
        meaning="The values by year of a plan add up to no more than its total.",
        says="The values by year add up to {years_total}, more than the total of {total}.",
        source="ours: the years end in 2018/19, so a total may be larger, but not smaller",
        # Pounds are rounded in each year: 3 × 1,666,667 does not contradict 5,000,000.
        fails=lambda p: check_only_if(p.total.notnull() & p.years_total.notnull(), p.years_total > p.total + p.years),
    ),
    Check(
        id="info-plan-value",
        severity="info",
        subject="pipeline_entry",
        meaning="A plan has a value: a total, or one by year.",
        says="The plan has no value, neither a total nor one by year.",
        source="ours: the form shows a missing value as 0",
        fails=lambda p: p.total.isnull() & p.years_total.isnull(),
    ),
)
