"""Checks of contracting processes and their lots."""

from typing import Any

import ibis
from ibis import Table as Rows

from threepoint.check.definition import Check, check_only_if, differ_widely, is_true
from threepoint.check.joins import left_join_unique, select_publishers
from threepoint.check.shared_checks import (
    make_amount_checks,
    make_currency_check,
    make_date_checks,
    make_nominal_check,
    make_vat_check,
)
from threepoint.standard.currencies import SPELLINGS_BY_CURRENCY
from threepoint.standard.tables_process import CONTRACTING_PROCESS, LOT

# Tender statuses under which nothing has been awarded. Source: Pelican.
UNAWARDED_TENDER_STATUSES = ("planning", "planned", "active", "cancelled", "unsuccessful", "withdrawn")


def build_process_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return processes with subject_id, counts of related rows, buyer_held and procurer_held."""
    rows = tables["contracting_process"].mutate(subject_id=lambda t: t.ocid)
    for related_counts in (
        _count_awards(tables),
        _count_tenderers(tables),
        _count_bid_statistics(tables),
        _count_related_processes(tables),
        _count_whole_estimates(tables["lot"], tables, "estimate_net", "lots"),
        _count_whole_estimates(_select_valid_awards(tables), tables, "value_net", "valid_awards"),
        _count_whole_estimates(_select_valid_contracts(tables), tables, "value_net", "contracts"),
        _find_second_spellings(tables),
    ):
        rows = left_join_unique(rows, related_counts, "ocid")
    organisations = tables["organisation"].select("org_id", buyer_held=ibis.literal(value=True))
    rows = left_join_unique(rows, organisations, "buyer_org_id", "org_id")
    return left_join_unique(rows, organisations.rename(procurer_held="buyer_held").view(), "procuring_org_id", "org_id")


def _count_awards(tables: Any) -> Rows:
    rows = tables["award"].filter(~is_true(tables["award"].is_void))
    return rows.group_by("ocid").agg(awards=rows.count())


def _count_tenderers(tables: Any) -> Rows:
    rows = tables["party_role"].filter(tables["party_role"].role == "tenderer")
    return rows.group_by("ocid").agg(tenderers=rows.count())


def _count_bid_statistics(tables: Any) -> Rows:
    rows = tables["bid_statistic"]
    return rows.group_by("ocid").agg(statistics=rows.count(), contradicted=(~rows.agree).sum())


def _count_related_processes(tables: Any) -> Rows:
    rows = tables["related_process"]
    rows = rows.filter(rows.scheme == "ocid", rows.identifier.notnull())
    return rows.group_by("ocid").agg(related=rows.count(), related_unheld=(~rows.is_loaded).sum())


def _select_valid_awards(tables: Any) -> Rows:
    """Return the awards that are neither void nor repeated by a newer notice."""
    rows = tables["award"]
    return rows.filter(~is_true(rows.is_void) & ~is_true(rows.superseded_award))


def _select_valid_contracts(tables: Any) -> Rows:
    """Return the contracts whose award no newer notice repeats."""
    superseded = tables["award"].filter(is_true(tables["award"].superseded_award))
    return tables["contract"].anti_join(superseded, "award_id")


def _count_whole_estimates(rows: Rows, tables: Any, amount: str, label: str) -> Rows:
    """Return ocid, the number of `rows` (named by `label`), and `whole_{label}`: those with the whole estimate as their amount."""
    estimates = tables["contracting_process"].select("ocid", estimate="estimate_net", estimate_currency="currency")
    joined = rows.select("ocid", "currency", amount=rows[amount]).join(estimates, "ocid")
    is_whole = (joined.amount == joined.estimate) & joined.currency.identical_to(joined.estimate_currency)
    return joined.group_by("ocid").agg(**{label: joined.count(), f"whole_{label}": is_whole.sum()})


def _find_second_spellings(tables: Any) -> Rows:
    """Return ocid, and two spellings of one currency: one_spelling and other_spelling, equal if there is only one."""
    rows = ibis.union(
        tables["contracting_process"].select("ocid", "currency"),
        tables["contracting_process"].select("ocid", currency="budget_currency"),
        *[tables[name].select("ocid", "currency") for name in ("lot", "award", "contract")],
        tables["contract"].select("ocid", currency="currency_first"),
    )
    rows = rows.filter(rows.currency.notnull())
    capitals = rows.currency.strip().upper()
    codes = [(capitals.isin(spellings), code) for code, spellings in SPELLINGS_BY_CURRENCY.items()]
    rows = rows.mutate(code=ibis.cases(*codes, else_=capitals))
    spellings = rows.group_by("ocid", "code").agg(one=rows.currency.min(), other=rows.currency.max())
    differ = (spellings.one != spellings.other).cast("int64")  # a currency with two spellings wins
    return spellings.group_by("ocid").agg(
        one_spelling=spellings.one.argmax(differ), other_spelling=spellings.other.argmax(differ)
    )


def _make_whole_estimate_check(label: str, noun: str) -> Check:
    return Check(
        id=f"con-process-{noun}-total",
        severity="warn",
        subject="contracting_process",
        meaning=f"Not more than one of several {noun} has the whole estimate as its value.",
        says=f"The whole estimate ({{estimate_net}}) is the value of each of several {noun} (number: {{whole_{label}}}).",
        source="ours: a total repeated for each lot",
        fails=lambda p: check_only_if(
            ~is_true(p.nominal_estimate) & (p.estimate_net > 0) & (p[label] > 1), p[f"whole_{label}"] > 1
        ),
    )


def build_lot_subjects(tables: Any, as_of: Any) -> Rows:  # noqa: ARG001  all subjects are built with the same call
    """Return lots with subject_id (`{ocid}/lots/{lot_id}`), publisher and is_framework."""
    rows = left_join_unique(tables["lot"], select_publishers(tables, "is_framework"), "ocid")
    return rows.mutate(subject_id=rows.ocid + "/lots/" + rows.lot_id)


PROCESS_CHECKS = (
    *make_date_checks(
        CONTRACTING_PROCESS,
        "process",
        {
            "tender_start": "day from which bids may be sent",
            "tender_end": "day by which bids are due",
            "engagement_notice_date": "day on which the buyer first consulted suppliers",
            "award_expected": "expected day of the award",
            "contract_start": "expected start of the contract",
            "contract_end": "expected end of the contract",
        },
    ),
    *make_amount_checks(
        CONTRACTING_PROCESS, "process", {"estimate_net": "estimate", "budget_amount": "budget"}, "is_framework"
    ),
    Check(
        id="field-process-ocid",
        severity="info",
        subject="contracting_process",
        meaning="The id of the process has a known form, which identifies its publisher.",
        says="The id {ocid} has an unknown form, so the file determines its publisher.",
        source="Pelican: OCID prefix is registered (ours: the forms in standard/publishers)",
        fails=lambda p: p.publisher_group == "other",
    ),
    make_nominal_check("contracting_process", "process", "estimate_net", "estimate"),
    make_vat_check(
        "contracting_process",
        "process",
        "estimate",
        "estimate_net",
        "estimate_gross",
        # If the estimate changed, the amount with VAT may be that of an older notice.
        lambda p: p.estimate_net == p.estimate_net_first,
    ),
    make_currency_check(CONTRACTING_PROCESS, "process", ("estimate_net",)),
    make_currency_check(CONTRACTING_PROCESS, "process", (), "budget_currency", "warn"),
    Check(
        id="con-process-currency",
        severity="warn",
        subject="contracting_process",
        meaning="One currency has one spelling in all amounts of a process.",
        says="Amounts are in “{one_spelling}” and in “{other_spelling}”, which mean one currency; totals keep them apart.",
        source="ours: spellings of currencies",
        fails=lambda p: p.one_spelling != p.other_spelling,
    ),
    _make_whole_estimate_check("lots", "lots"),
    _make_whole_estimate_check("valid_awards", "awards"),
    _make_whole_estimate_check("contracts", "contracts"),
    Check(
        id="coh-process-tender-period",
        severity="critical",
        subject="contracting_process",
        meaning="The time for bids does not end before it starts.",
        says="The time for bids ends ({tender_end}) before it starts ({tender_start}).",
        source="Pelican: Start dates aren't after end dates",
        fails=lambda p: p.tender_end < p.tender_start,
        fields=("tender_start", "tender_end"),
    ),
    Check(
        id="coh-process-contract-period",
        severity="warn",
        subject="contracting_process",
        meaning="The contract that is planned does not end before it starts.",
        says="The planned contract ends ({contract_end}) before it starts ({contract_start}).",
        source="Pelican: Start dates aren't after end dates",
        fails=lambda p: p.contract_end < p.contract_start,
    ),
    Check(
        id="coh-process-unawarded",
        severity="warn",
        subject="contracting_process",
        meaning="A process whose status says that nothing is awarded has no awards.",
        says="The status is “{status}”, yet awards are published (number: {awards}).",
        source="Pelican: No awards or contracts for incomplete tenders",
        fails=lambda p: check_only_if(p.status.isin(UNAWARDED_TENDER_STATUSES), p.awards.fill_null(0) > 0),
    ),
    Check(
        id="coh-process-direct",
        severity="warn",
        subject="contracting_process",
        meaning="A direct award has at most one bid.",
        says="The contract was awarded directly, yet the number of bids is {final_stage_bids}.",
        source="Pelican: At most one tenderer for sole sourcing",
        fails=lambda p: check_only_if(p.method == "direct", p.final_stage_bids > 1),
    ),
    Check(
        id="con-process-tenderers",
        severity="warn",
        subject="contracting_process",
        meaning="The number of tenderers equals the number of organisations named as tenderers.",
        says="The number of tenderers is given as {final_stage_bids}, yet the number named is {tenderers}.",
        source="Pelican: Number of tenderers is consistent",
        fails=lambda p: check_only_if(p.bid_count_basis == "numberOfTenderers", p.final_stage_bids != p.tenderers),
    ),
    Check(
        id="con-process-budget",
        severity="warn",
        subject="contracting_process",
        meaning="The budget is between half and one and a half times the estimate, where both are in one currency.",
        says="The budget ({budget_amount}) is less than half, or more than one and a half times, the estimate ({estimate_net}).",
        source="Pelican: Planning budget is commensurate with tender value",
        # A framework's estimate is a ceiling, so its budget may be far lower.
        fails=lambda p: check_only_if(
            ~is_true(p.nominal_estimate) & ~is_true(p.is_framework) & is_true(p.budget_currency == p.currency),
            differ_widely(p.budget_amount, p.estimate_net),
        ),
    ),
    Check(
        id="con-process-bids",
        severity="warn",
        subject="contracting_process",
        meaning="Figures about bids that are published more than once agree.",
        says="Figures about bids are published more than once and differ (number: {contradicted}); they are left empty.",
        source="ours: repeated bid statistics in Find a Tender notices",
        fails=lambda p: p.contradicted > 0,
    ),
    Check(
        id="time-process-tender-contract",
        severity="warn",
        subject="contracting_process",
        meaning="The planned contract does not start before bids are due.",
        says="The planned contract starts ({contract_start}) before bids are due ({tender_end}).",
        source="Pelican: Contracting process timeline",
        fails=lambda p: p.contract_start < p.tender_end,
    ),
    Check(
        id="ref-process-buyer",
        severity="critical",
        subject="contracting_process",
        meaning="The buyer is a known organisation.",
        says="The buyer ({buyer_org_id}) is not a known organisation.",
        source="Pelican: Buyer organization reference",
        fails=lambda p: check_only_if(p.buyer_org_id.notnull(), p.buyer_held.isnull()),
        fields=("buyer_org_id",),
    ),
    Check(
        id="ref-process-procurer",
        severity="warn",
        subject="contracting_process",
        meaning="The body that runs the procurement is a known organisation.",
        says="The body that runs the procurement ({procuring_org_id}) is not a known organisation.",
        source="Pelican: Procuring entity organization reference",
        fails=lambda p: check_only_if(p.procuring_org_id.notnull(), p.procurer_held.isnull()),
    ),
    Check(
        id="ref-process-related",
        severity="info",
        subject="contracting_process",
        meaning="The data includes every related process that it names.",
        says="Of the related processes that it names ({related}), some are missing from the data (number: {related_unheld}).",
        source="Pelican: Related process reference",
        fails=lambda p: p.related_unheld > 0,
    ),
)

LOT_CHECKS = (
    *make_date_checks(LOT, "lot", {"start_date": "expected start of the lot", "end_date": "expected end of the lot"}),
    *make_amount_checks(LOT, "lot", {"estimate_net": "estimate of the lot"}, "is_framework"),
    make_nominal_check("lot", "lot", "estimate_net", "estimate of the lot"),
    make_vat_check(
        "lot", "lot", "estimate of the lot", "estimate_net", "estimate_gross", lambda _: ibis.literal(value=True)
    ),
    make_currency_check(LOT, "lot", ("estimate_net",)),
    Check(
        id="coh-lot-period",
        severity="critical",
        subject="lot",
        meaning="A lot does not end before it starts.",
        says="The lot ends ({end_date}) before it starts ({start_date}).",
        source="Pelican: Start dates aren't after end dates",
        fails=lambda lot: lot.end_date < lot.start_date,
    ),
)
