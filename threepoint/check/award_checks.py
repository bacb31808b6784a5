"""Checks of awards."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, differ_widely, is_true
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
from threepoint.standard.tables_process import AWARD

# Award statuses under which no contract is signed. Source: Pelican.
INACTIVE_AWARD_STATUSES = ("pending", "cancelled", "unsuccessful")


def build_award_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return awards with subject_id, their process, suppliers and contracts, and the time when their date was published."""
    processes = select_publishers(tables, "method", "tender_end", estimate="estimate_net", estimate_currency="currency")
    rows = left_join_unique(tables["award"], processes, "ocid")
    rows = _add_own_estimate(rows, tables)
    suppliers = tables["award_supplier"].filter(tables["award_supplier"].current.fill_null(ibis.literal(value=True)))
    rows = left_join_unique(rows, count_named_organisations(suppliers, tables["organisation"], "award_id"), "award_id")
    rows = left_join_unique(rows, _sum_contract_values(tables), "award_id")
    rows = left_join_unique(rows, find_self_suppliers(suppliers, tables, "award_id"), "award_id")
    rows = left_join_unique(rows, find_publication_dates(tables, "award", "date"), "award_id", "stated_key")
    rows = left_join_unique(rows, compare_vat_sources(tables, "award"), "award_id", "stated_key")
    return rows.mutate(subject_id=rows.award_id)


def _add_own_estimate(rows: Rows, tables: Any) -> Rows:
    """Return awards with own_estimate: that of its lot, or else of the process; null if nominal or in another currency."""
    lots = tables["lot"].select("ocid", "lot_id", lot_estimate="estimate_net", lot_currency="currency")
    joined = rows.left_join(lots, [rows.ocid == lots.ocid, rows.lot_id == lots.lot_id]).select(
        rows, lots.lot_estimate, lots.lot_currency
    )
    lot_estimate = drop_nominal_amount(joined.lot_estimate)
    currency = lot_estimate.isnull().ifelse(joined.estimate_currency, joined.lot_currency)
    estimate = lot_estimate.fill_null(drop_nominal_amount(joined.estimate))
    return joined.mutate(own_estimate=(currency == joined.currency).ifelse(estimate, ibis.null("decimal(18,2)")))


def _sum_contract_values(tables: Any) -> Rows:
    """Return award_id, the number of its contracts, and the sum of their first values (null unless all have a real value)."""
    rows = tables["contract"].filter(tables["contract"].award_id.notnull())
    has_real_value = rows.value_net_first.notnull() & ~is_true(rows.nominal_value)
    sums = rows.group_by("award_id").agg(
        contracts=rows.count(), priced=has_real_value.sum(), total=rows.value_net_first.sum()
    )
    return sums.select(
        "award_id", "contracts", contracts_value=(sums.priced == sums.contracts).ifelse(sums.total, None)
    )


AWARD_CHECKS = (
    *make_date_checks(
        AWARD,
        "award",
        {
            "date": "date of the award",
            "start_date": "start",
            "end_date": "end",
            "standstill_end": "end of the standstill",
        },
    ),
    *make_amount_checks(AWARD, "award", {"value_net": "value of the award"}, "is_ceiling"),
    make_nominal_check("award", "award", "value_net", "value"),
    make_vat_check("award", "award", "value of the award", "value_net", "value_gross", lambda a: a.vat_together),
    make_currency_check(AWARD, "award", ("value_net",)),
    make_estimate_check("award", "award", "value of the award", "own_estimate"),
    make_buyer_check("award", "award", "award"),
    make_id_check("award", "awards"),
    Check(
        id="info-award-publishers",
        severity="info",
        subject="award",
        meaning="No other publisher publishes an award with the same reference, title, value and suppliers.",
        says="Another publisher has an award with equal reference, title, value and suppliers ({also_published_as}); totals count one.",
        source="ours: one procurement on Contracts Finder and Find a Tender",
        fails=lambda a: a.also_published_as.notnull(),
    ),
    Check(
        id="info-award-estimate",
        severity="info",
        subject="award",
        meaning="On Contracts Finder, the award differs from the estimate; if they are equal, the form copied one to the other.",
        says="The award and the estimate are both {value_net}: the form copies the award over the estimate.",
        source="ours: 151 of 189 Contracts Finder releases with both values",
        fails=lambda a: check_only_if(
            (a.publisher == "Contracts Finder") & ~is_true(a.nominal_value), a.value_net == a.estimate
        ),
    ),
    Check(
        id="info-award-superseded",
        severity="info",
        subject="award",
        meaning="No newer notice repeats the award under a new id.",
        says="A newer notice repeats this award as {superseded_by}; this one is shown, but totals leave it out.",
        source="ours: repeated awards on Contracts Finder",
        fails=lambda a: a.superseded_award,
    ),
    Check(
        id="info-award-supplier-number",
        severity="info",
        subject="award",
        meaning="Every supplier has a number in a register, such as a company number.",
        says="Suppliers named without a number in any register: {unnumbered} of {named}. They are identified by name only.",
        source="Pelican: Identifier scheme is recognized; ours: absent numbers",
        fails=lambda a: a.unnumbered > 0,
    ),
    Check(
        id="coh-award-period",
        severity="critical",
        subject="award",
        meaning="The contract of an award does not end before it starts.",
        says="The contract of the award ends ({end_date}) before it starts ({start_date}).",
        source="Pelican: Start dates aren't after end dates",
        fails=lambda a: a.end_date < a.start_date,
        fields=("end_date",),
    ),
    Check(
        id="coh-award-direct",
        severity="warn",
        subject="award",
        meaning="A direct award names at most one supplier.",
        says="The contract was awarded directly, yet the number of suppliers named is {suppliers}.",
        source="Pelican: At most one tenderer for sole sourcing",
        fails=lambda a: check_only_if(a.method == "direct", a.suppliers > 1),
    ),
    Check(
        id="coh-award-inactive",
        severity="warn",
        subject="award",
        meaning="An award that is not active has no contract.",
        says="The status of the award is “{status}”, yet it has contracts (number: {contracts}).",
        source="Pelican: No contracts for inactive awards",
        fails=lambda a: check_only_if(a.status.isin(INACTIVE_AWARD_STATUSES), a.contracts.fill_null(0) > 0),
    ),
    Check(
        id="con-award-contracts",
        severity="warn",
        subject="award",
        meaning="The first values of an award's contracts sum to between half and one and a half times its own first value.",
        says="The contracts ({contracts_value}) sum to less than half, or more than one and a half times, the award ({value_net_first}).",
        source="Pelican: Contract values are commensurate with award value (ours: first published values)",
        fails=lambda a: check_only_if(
            ~is_true(a.nominal_value) & ~is_true(a.is_ceiling), differ_widely(a.contracts_value, a.value_net_first)
        ),
    ),
    Check(
        id="time-award-tender",
        severity="warn",
        subject="award",
        meaning="An award is not made before bids are due.",
        says="The award is dated {date}, before bids were due ({tender_end}).",
        source="Pelican: Contracting process timeline",
        fails=lambda a: a.date < a.tender_end,
    ),
    Check(
        id="time-award-published",
        severity="warn",
        subject="award",
        meaning="An award is not dated after the notice that gives its date.",
        says="The award is dated {date}, after the notice that gives this date ({published}).",
        source="Pelican: Release date",
        fails=lambda a: is_dated_after(a.date, a.published),
    ),
    Check(
        id="ref-award-supplier",
        severity="critical",
        subject="award",
        meaning="Every supplier of an award is a known organisation.",
        says="Suppliers that are not known organisations: {unheld} of {named}.",
        source="Pelican: Supplier organization references",
        fails=lambda a: a.unheld > 0,
        fields=("suppliers",),
    ),
)
