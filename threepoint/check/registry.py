"""Every check by its id, and how the rows of each subject are made."""

from collections.abc import Callable
from typing import Any

from threepoint.check import award, contract, dataset, delivery, payments, process
from threepoint.check.model import Check

# Subject -> its rows from (tables, as_of): subject_id, publisher, currency and whatever its checks ask for.
SUBJECTS: dict[str, Callable[[Any, Any], Any]] = {
    "contracting_process": process.processes,
    "lot": process.lots,
    "award": award.awards,
    "contract": contract.contracts,
    "milestone": delivery.milestones,
    "spend": delivery.payments,
    "sale": payments.sales,
    "pipeline_entry": payments.plans,
    "organisation_identifier": delivery.identifiers,
    "dataset": dataset.publications,
}

# Those that are put to all that is held together; the others need but the process at hand. Payments are of both kinds.
TOGETHER = ("sale", "pipeline_entry", "organisation_identifier", "dataset")

# The standard's tables that they are made from.
NEEDED = (
    "contracting_process",
    "lot",
    "award",
    "award_supplier",
    "contract",
    "contract_supplier",
    "milestone",
    "spend",
    "sale",
    "pipeline_entry",
    "organisation",
    "organisation_identifier",
    "party_role",
    "bid_statistic",
    "related_process",
    "award_state",
    "contract_state",
    "state_source",
)

CHECKS: dict[str, Check] = {
    check.id: check
    for check in (
        *process.PROCESS_CHECKS,
        *process.LOT_CHECKS,
        *award.AWARD_CHECKS,
        *contract.CONTRACT_CHECKS,
        *delivery.MILESTONE_CHECKS,
        *delivery.PAYMENT_CHECKS,
        *payments.SALE_CHECKS,
        *payments.PLAN_CHECKS,
        *delivery.IDENTIFIER_CHECKS,
        *dataset.DATASET_CHECKS,
    )
}
