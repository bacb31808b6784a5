"""Every check by its id, and the functions that build the rows of each subject."""

from collections.abc import Callable
from typing import Any

from threepoint.check import (
    award_checks,
    contract_checks,
    dataset_checks,
    delivery_checks,
    process_checks,
    sale_and_plan_checks,
)
from threepoint.check.definition import Check

# Subject -> function of (tables, as_of) that returns its rows: subject_id, publisher, currency and what its checks need.
ROW_BUILDERS_BY_SUBJECT: dict[str, Callable[[Any, Any], Any]] = {
    "contracting_process": process_checks.build_process_subjects,
    "lot": process_checks.build_lot_subjects,
    "award": award_checks.build_award_subjects,
    "contract": contract_checks.build_contract_subjects,
    "milestone": delivery_checks.build_milestone_subjects,
    "spend": delivery_checks.build_payment_subjects,
    "sale": sale_and_plan_checks.build_sale_subjects,
    "pipeline_entry": sale_and_plan_checks.build_plan_subjects,
    "organisation_identifier": delivery_checks.build_identifier_subjects,
    "dataset": dataset_checks.build_dataset_subjects,
}

# Subjects checked over all processes together; the others need only their own process. Payments belong to both kinds.
CROSS_PROCESS_SUBJECTS = ("sale", "pipeline_entry", "organisation_identifier", "dataset")

# Tables of the standard that the functions read.
CHECK_INPUT_TABLES = (
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

CHECKS_BY_ID: dict[str, Check] = {
    check.id: check
    for check in (
        *process_checks.PROCESS_CHECKS,
        *process_checks.LOT_CHECKS,
        *award_checks.AWARD_CHECKS,
        *contract_checks.CONTRACT_CHECKS,
        *delivery_checks.MILESTONE_CHECKS,
        *delivery_checks.PAYMENT_CHECKS,
        *sale_and_plan_checks.SALE_CHECKS,
        *sale_and_plan_checks.PLAN_CHECKS,
        *delivery_checks.IDENTIFIER_CHECKS,
        *dataset_checks.DATASET_CHECKS,
    )
}
