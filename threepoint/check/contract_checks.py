"""Checks of contracts."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, is_true
from threepoint.check.joins import (
    compare_vat_sources,
    count_named_organisations,
    find_publication_dates,
    find_self_suppliers,
    is_dated_after,
    left_join_unique,
    select_publishers,
)
from threepoint.check.shared_checks import (
    drop_nominal_amount,
    make_amount_checks,
    make_buyer_check,
    make_currency_check,
    make_date_checks,
    make_estimate_check,
    make_id_check,
    make_nominal_check,
    make_vat_check,
)
from threepoint.standard.tables_contracts import CONTRACT

# Contract statuses under which nothing is paid. Source: Pelican.
UNSIGNED_CONTRACT_STATUSES = ("pending", "cancelled")
PROCUREMENT_ACT_START_DATE = "2025-02-24"  # the Procurement Act 2023 applies to procurements begun from this day
MIN_KPI_COUNT = 3  # Procurement Act 2023, section 52


def build_contract_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return contracts with subject_id, their process, award and suppliers, and the time when their signature was published."""
    processes = select_publishers(
        tables, "tender_end", began="first_published", estimate="estimate_net", estimate_currency="currency"
    )
    rows = left_join_unique(tables["contract"], processes, "ocid")
    awards = tables["award"].select("award_id", award_date="date", award_held=ibis.literal(value=True))
    rows = left_join_unique(rows, awards, "award_id")
    rows = left_join_unique(
        rows,
        count_named_organisations(tables["contract_supplier"], tables["organisation"], "contract_id"),
        "contract_id",
    )
    rows = left_join_unique(
        rows, find_publication_dates(tables, "contract", "date_signed"), "contract_id", "stated_key"
    )
    rows = left_join_unique(
        rows, find_self_suppliers(tables["contract_supplier"], tables, "contract_id"), "contract_id"
    )
    rows = left_join_unique(rows, compare_vat_sources(tables, "contract"), "contract_id", "stated_key")
    same_currency = rows.currency == rows.estimate_currency
    return rows.mutate(
        subject_id=rows.contract_id,
        own_estimate=same_currency.ifelse(drop_nominal_amount(rows.estimate), ibis.null("decimal(18,2)")),
        worth=ibis.greatest(rows.value_net, rows.value_gross),
        kpis=rows.kpis.fill_null(0),
    )


CONTRACT_CHECKS = (
    *make_date_checks(
        CONTRACT,
        "contract",
        {
            "date_signed": "date of signature",
            "start_date": "start",
            "end_first": "end as first published",
            "end_current": "end",
            "end_actual": "day on which the contract ended",
        },
    ),
    *make_amount_checks(
        CONTRACT,
        "contract",
        {"value_net_first": "value as first published", "value_net": "value", "value_final": "final value"},
        "is_ceiling",
    ),
    make_nominal_check("contract", "contract", "value_net", "value"),
    make_vat_check("contract", "contract", "value", "value_net", "value_gross", lambda c: c.vat_together),
    make_currency_check(CONTRACT, "contract", ("value_net",)),
    make_estimate_check("contract", "contract", "value of the contract", "own_estimate"),
    make_buyer_check("contract", "contract", "contract"),
    make_id_check("contract", "contracts"),
    Check(
        id="coh-contract-period",
        severity="critical",
        subject="contract",
        meaning="A contract does not end before it starts.",
        says="The contract ends ({end_current}) before it starts ({start_date}).",
        source="Pelican: Start dates aren't after end dates",
        fails=lambda c: c.end_current < c.start_date,
        fields=("start_date", "end_current"),
    ),
    Check(
        id="coh-contract-unsigned",
        severity="warn",
        subject="contract",
        meaning="A contract that is not signed has no payments.",
        says="The status of the contract is “{status}”, yet payments are published (number: {payments}).",
        source="Pelican: No transactions for unsigned contracts",
        fails=lambda c: check_only_if(c.status.isin(UNSIGNED_CONTRACT_STATUSES), c.payments.fill_null(0) > 0),
    ),
    Check(
        id="con-contract-payments",
        severity="warn",
        subject="contract",
        meaning="Payments do not sum to more than the contract is worth, with VAT where that is published.",
        says="The payments sum to {spend_net}, more than the contract is worth ({worth}).",
        source="Pelican: Transaction values are commensurate with contract value (a warning here: it is also a measure)",
        fails=lambda c: check_only_if(~is_true(c.nominal_value) & (c.payments > 0), c.spend_net > c.worth),
    ),
    Check(
        id="time-contract-tender",
        severity="warn",
        subject="contract",
        meaning="A contract is not signed before bids are due.",
        says="The contract is dated {date_signed}, before bids were due ({tender_end}).",
        source="Pelican: Contracting process timeline",
        fails=lambda c: c.date_signed < c.tender_end,
    ),
    Check(
        id="time-contract-award",
        severity="warn",
        subject="contract",
        meaning="A contract is not signed before its award.",
        says="The contract is dated {date_signed}, before its award ({award_date}).",
        source="Pelican: Contracting process timeline",
        fails=lambda c: c.date_signed < c.award_date,
    ),
    Check(
        id="time-contract-published",
        severity="warn",
        subject="contract",
        meaning="A contract is not dated after the notice that gives the date of signature.",
        says="The contract is dated {date_signed}, after the notice that gives this date ({published}).",
        source="Pelican: Release date",
        fails=lambda c: is_dated_after(c.date_signed, c.published),
    ),
    Check(
        id="ref-contract-award",
        severity="critical",
        subject="contract",
        meaning="The award that a contract follows is published.",
        says="The contract follows the award {award_id}, which is not published.",
        source="Pelican: Award reference",
        fails=lambda c: check_only_if(c.award_id.notnull(), c.award_held.isnull()),
        fields=("award_id",),
    ),
    Check(
        id="ref-contract-supplier",
        severity="critical",
        subject="contract",
        meaning="Every supplier of a contract is a known organisation.",
        says="Suppliers that are not known organisations: {unheld} of {named}.",
        source="Pelican: Supplier organization references",
        fails=lambda c: c.unheld > 0,
        fields=("suppliers",),
    ),
    Check(
        id="field-contract-kpis",
        severity="warn",
        subject="contract",
        meaning="A contract over £5 million with VAT, begun since 24 February 2025, has at least 3 KPIs or says why not.",
        says="The contract is worth {value_gross} with VAT, and the number of KPIs published is {kpis}: three are required, or a reason.",
        source="Procurement Act 2023, section 52; in force from 24 February 2025",
        fails=lambda c: check_only_if(
            (c.kpi_duty == "required") & (c.began >= ibis.timestamp(PROCUREMENT_ACT_START_DATE, timezone="UTC")),
            (c.kpis < MIN_KPI_COUNT) & c.no_kpi_rationale.isnull(),
        ),
    ),
)
