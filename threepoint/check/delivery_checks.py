"""Checks of milestones, payments and the identifiers of organisations."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, to_ibis_date
from threepoint.check.joins import is_dated_after, left_join_unique, select_publishers
from threepoint.check.sale_and_plan_checks import make_duplicate_check, make_readability_check
from threepoint.check.shared_checks import make_absurd_amount_check, make_currency_check, make_date_checks
from threepoint.standard.tables_contracts import MILESTONE, SPEND

UNMET_MILESTONE_STATUSES = ("scheduled", "notMet")  # source: Pelican

# Forms of the numbers of four registers: Companies House, Charity Commission, central digital platform, government
# organisation register. The readers keep only numbers of this form; the check covers identifiers from other sources.
IDENTIFIER_PATTERN_BY_REGISTER = {
    "GB-COH": r"^GB-COH-([0-9]{8}|[A-Z]{2}[0-9]{6}|R0[0-9]{6})$",
    "GB-CHC": r"^GB-CHC-[0-9]{5,7}(-[0-9]{1,3})?$",
    "GB-PPON": r"^GB-PPON-[A-Z]{4}-[0-9]{4}-[A-Z]{4}$",
    "GB-GOR": r"^GB-GOR-[A-Z]{1,4}[0-9]{1,6}$",
}
REGISTER_CODE_PATTERN = r"^[A-Z]{2,3}-[A-Z0-9_]+$"  # a code of org-id.guide: a country or region, a hyphen, letters


def build_milestone_subjects(tables: Any, as_of: Any) -> Rows:
    """Return milestones with subject_id, publisher, null currency, and the time of the newest notice about their process."""
    rows = _add_newest_notice(tables["milestone"], tables, as_of)
    return rows.mutate(subject_id=rows.milestone_id, currency=ibis.null("string"))


def build_payment_subjects(tables: Any, as_of: Any) -> Rows:
    """Return payments with subject_id, their contract's date of signature, payer_held, payee_held, and the newest notice."""
    newest_notices = tables["contracting_process"].select("ocid", published="last_published")
    rows = _fill_published_date(left_join_unique(tables["spend"], newest_notices, "ocid"), as_of)
    rows = left_join_unique(rows, tables["contract"].select("contract_id", "date_signed"), "contract_id")
    organisations = tables["organisation"].select("org_id", payer_held=ibis.literal(value=True))
    rows = left_join_unique(rows, organisations, "payer_org_id", "org_id")
    rows = left_join_unique(rows, organisations.rename(payee_held="payer_held").view(), "payee_org_id", "org_id")
    return rows.mutate(subject_id=rows.spend_id)


def _add_newest_notice(rows: Rows, tables: Any, as_of: Any) -> Rows:
    """Return `rows` with publisher, and published: the time of the newest notice about the process, or `as_of`."""
    return _fill_published_date(
        left_join_unique(rows, select_publishers(tables, published="last_published"), "ocid"), as_of
    )


def _fill_published_date(rows: Rows, as_of: Any) -> Rows:
    return rows.mutate(published=rows.published.fill_null(to_ibis_date(as_of).cast("timestamp('UTC')")))


def build_identifier_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return organisation identifiers with subject_id (the identifier); they belong to all publishers."""
    rows = tables["organisation_identifier"]
    return rows.mutate(
        subject_id=rows.identifier, publisher=ibis.literal("all publishers"), currency=ibis.null("string")
    )


MILESTONE_CHECKS = (
    *make_date_checks(
        MILESTONE,
        "milestone",
        {
            "due_first": "first published due date",
            "due_current": "due date",
            "met_date": "day on which the milestone was met",
        },
    ),
    Check(
        id="coh-milestone-met",
        severity="critical",
        subject="milestone",
        meaning="A milestone that is not met has no day on which it was met.",
        says="The status of the milestone is “{status}”, yet the notice says that it was met on {met_date}.",
        source="Pelican: No date met for unmet milestones",
        fails=lambda m: check_only_if(m.status.isin(UNMET_MILESTONE_STATUSES), m.met_date.notnull()),
        fields=("status",),
    ),
    Check(
        id="time-milestone-published",
        severity="warn",
        subject="milestone",
        meaning="A milestone is not met after the newest notice about its process.",
        says="The milestone is dated as met on {met_date}, after the newest notice about its process ({published}).",
        source="Pelican: Milestone dates",
        fails=lambda m: is_dated_after(m.met_date, m.published),
    ),
)

PAYMENT_CHECKS = (
    *make_date_checks(SPEND, "payment", {"date": "date of the payment"}),
    make_absurd_amount_check(SPEND, "payment", "amount", "amount of the payment"),
    make_currency_check(SPEND, "payment", ("amount",)),
    Check(
        id="info-payment-negative",
        severity="info",
        subject="spend",
        meaning="A payment is above zero; below it, it is a refund or a correction.",
        says="The payment is below zero ({amount}): a refund or a correction.",
        source="Pelican: Number is non-negative (a remark here: refunds are published so)",
        fails=lambda s: s.amount < 0,
    ),
    Check(
        id="time-payment-signed",
        severity="warn",
        subject="spend",
        meaning="A contract is not paid before it is signed.",
        says="The payment is dated {date}, before the contract was signed ({date_signed}).",
        source="Pelican: Contracting process timeline",
        fails=lambda s: s.date < s.date_signed,
    ),
    Check(
        id="time-payment-published",
        severity="warn",
        subject="spend",
        meaning="A payment is not dated after the newest notice about its process.",
        says="The payment is dated {date}, after the last day on which it can have been published ({published}).",
        source="Pelican: Release date (extended to payments)",
        fails=lambda s: is_dated_after(s.date, s.published),
    ),
    Check(
        id="ref-payment-payer",
        severity="warn",
        subject="spend",
        meaning="The payer is a known organisation.",
        says="The payer ({payer_org_id}) is not a known organisation.",
        source="Pelican: Payer organization reference",
        fails=lambda s: check_only_if(s.payer_org_id.notnull(), s.payer_held.isnull()),
    ),
    Check(
        id="ref-payment-payee",
        severity="warn",
        subject="spend",
        meaning="The payee is a known organisation.",
        says="The payee ({payee_org_id}) is not a known organisation.",
        source="Pelican: Payee organization reference",
        fails=lambda s: check_only_if(s.payee_org_id.notnull(), s.payee_held.isnull()),
    ),
    make_readability_check("spend", "payment", "amount"),
    make_readability_check("spend", "payment", "date"),
    make_duplicate_check("spend", "payment", "payer, number and amount"),
)

IDENTIFIER_CHECKS = (
    Check(
        id="field-identifier-number",
        severity="warn",
        subject="organisation_identifier",
        meaning="The number of an organisation has the form that its register gives.",
        says="{identifier} cannot be a number of the register {scheme}.",
        source="Companies House, Charity Commission, central digital platform, government organisation register",
        fails=lambda i: check_only_if(
            i.scheme.isin(list(IDENTIFIER_PATTERN_BY_REGISTER)),
            ~i.identifier.re_search("|".join(IDENTIFIER_PATTERN_BY_REGISTER.values())),
        ),
    ),
    Check(
        id="field-identifier-register",
        severity="info",
        subject="organisation_identifier",
        meaning="The register of an identifier has the form of a register code of org-id.guide, such as GB-COH.",
        says="“{scheme}” does not have the form of a register code of org-id.guide.",
        source="Pelican: Identifier scheme is recognized (its form only: the list is not shipped)",
        fails=lambda i: ~i.scheme.re_search(REGISTER_CODE_PATTERN),
    ),
)
