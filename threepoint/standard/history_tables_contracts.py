"""History tables of delivery: contracts, changes, milestones, measures, payments and failures."""

from threepoint.standard.definition import TableDefinition, define_history_table

CONTRACT = define_history_table(
    "contract",
    "A signed agreement.",
    "contracts[]",
    "local_id",
    """
local_id         | id      | id                                 | id of the contract, unique within the process
award_ref        | id      | awardID                            | id of the award that it follows
title            | text    | title                              | title
description      | text    | description                        | description
status           | code    | status                             | status as published
final_status     | code    | finalStatus                        | final status: complete, incomplete, cancelled or unsuccessful (OCDS 1.2)
date_signed      | date    | dateSigned                         | day of signature
start_date       | date    | period/startDate                   | start date
end_date         | date    | period/endDate                     | end date
max_end          | date    | period/maxExtentDate               | latest end if all extensions are used
duration_days    | integer | period/durationInDays              | duration in days
duration_months  | integer | period/durationInMonths            | longest duration in months
value_net        | money   | value/amount                       | value, without VAT if the form says so
value_gross      | money   | value/amountGross                  | value with VAT
value_currency   | code    | value/currency                     | currency of the amounts
above_threshold  | boolean | aboveThreshold                     | true if over the procurement threshold
has_renewal      | boolean | hasRenewal                         | true if it can be renewed
no_kpi_rationale | text    | noAgreedMetricsRationale           | reason for setting no KPIs
end_actual       | date    | implementation/endDate             | actual end date
end_details      | text    | implementation/endDateDetails      | reason for the end date
final_net        | money   | implementation/finalValue/amount   | final cost
final_gross      | money   | implementation/finalValue/amountGross | final cost with VAT
final_details    | text    | implementation/finalValueDetails   | reason for the final cost
""",
)

CONTRACT_SUPPLIER = define_history_table(
    "contract_supplier",
    "A supplier named on the contract itself.",
    "contracts[]/suppliers[]",
    "local_id party_ref",
    """
local_id  | id   | ours | id of the contract
party_ref | id   | id   | id of the party in this release
name      | text | name | name in this release
body      | id   | identify(-, -, id) | identifier contained in the party id, if any
""",
)

TERMINATION_REASON = define_history_table(
    "termination_reason",
    "A reason for terminating a contract.",
    "contracts[]/terminationRationaleClassifications[]",
    "local_id reason_id",
    """
local_id    | id   | ours        | id of the contract
reason_id   | id   | id          | code of the reason
scheme      | code | scheme      | code list that the code is from
description | text | description | description of the reason
""",
)

AMENDMENT = define_history_table(
    "amendment",
    "A change announced by a notice.",
    "tender/amendments[] awards[]/amendments[] contracts[]/amendments[]",
    "parent_id amendment_id",
    """
parent_id       | id      | ours            | id of the award or contract; '' for the tender
amendment_id    | id      | id              | id of the change
date            | date    | date            | date of the change
description     | text    | description     | description of the change
rationale       | text    | rationale       | reason for the change
amends_release  | id      | amendsReleaseID | id of the release before the change
new_release     | id      | releaseID       | id of the release after the change
value_net       | money   | value/amount    | value after the change
value_gross     | money   | value/amountGross | value with VAT after the change
start_date      | date    | period/startDate | start date after the change
end_date        | date    | period/endDate  | end date after the change
above_threshold | boolean | aboveThreshold  | true if over the procurement threshold after the change
""",
)

AMENDMENT_GROUND = define_history_table(
    "amendment_ground",
    "A legal ground for a change.",
    "tender/amendments[]/rationaleClassifications[] awards[]/amendments[]/rationaleClassifications[]"
    " contracts[]/amendments[]/rationaleClassifications[]",
    "parent_id amendment_id ground_id",
    """
parent_id    | id   | ours        | id of the award or contract; '' for the tender
amendment_id | id   | ours        | id of the change
ground_id    | id   | id          | code of the ground
scheme       | code | scheme      | code list that the code is from
description  | text | description | description of the ground
""",
)

MILESTONE = define_history_table(
    "milestone",
    "An event that is due by a date.",
    "planning/milestones[] tender/milestones[] awards[]/milestones[] contracts[]/milestones[]"
    " contracts[]/implementation/milestones[]",
    "parent_id milestone_id",
    """
parent_id      | id    | ours         | id of the award or contract; '' for planning and tender
milestone_id   | id    | id           | id of the milestone
title          | text  | title        | title
description    | text  | description  | description
type           | code  | type         | OCDS milestone type
due_date       | date  | dueDate      | due date
met_date       | date  | dateMet      | day on which it was met
status         | code  | status       | status: scheduled, met, notMet or partiallyMet
value_net      | money | value/amount | amount of the payment that depends on it
value_currency | code  | value/currency | currency of the payment
""",
)

METRIC = define_history_table(
    "metric",
    "A measure that was agreed, forecast, targeted or reported. If it belongs to a contract, it is a KPI.",
    "planning/forecasts[] tender/targets[] awards[]/agreedMetrics[] contracts[]/agreedMetrics[]"
    " contracts[]/implementation/metrics[]",
    "parent_id metric_id",
    """
parent_id   | id   | ours        | id of the award or contract; '' for planning and tender
metric_id   | id   | id          | id of the measure
title       | text | title       | title
description | text | description | description
""",
)

OBSERVATION = define_history_table(
    "observation",
    "A target or a result of a measure, for a period.",
    "planning/forecasts[]/observations[] tender/targets[]/observations[] awards[]/agreedMetrics[]/observations[]"
    " contracts[]/agreedMetrics[]/observations[] contracts[]/implementation/metrics[]/observations[]",
    "parent_id metric_id observation_id",
    """
parent_id      | id    | ours                                 | id of the award or contract; '' for planning and tender
metric_id      | id    | ours                                 | id of the measure
observation_id | id    | id                                   | id of the observation
period_start   | date  | period/startDate                     | first day of the period
period_end     | date  | period/endDate                       | last day of the period
measure        | any   | measure                              | target or result, as published
value_net      | money | value/amount                         | target or result in money
value_currency | code  | value/currency                       | currency of value_net
unit_name      | text  | unit/name                            | name of the unit
unit_id        | code  | unit/id                              | code of the unit
unit_scheme    | code  | unit/scheme                          | code list of the unit
rating         | code  | measureClassification/id             | rating: met, slightlyBelow, below, significantlyBelow or other
rating_text    | text  | measureClassification/description    | rating in words
milestone_id   | id    | relatedImplementationMilestone/id    | id of the milestone
notes          | text  | notes                                | notes as published
""",
)

OBSERVATION_DIMENSION = define_history_table(
    "observation_dimension",
    "A dimension by which an observation is broken down.",
    "planning/forecasts[]/observations[]/dimensions{} tender/targets[]/observations[]/dimensions{}"
    " awards[]/agreedMetrics[]/observations[]/dimensions{} contracts[]/agreedMetrics[]/observations[]/dimensions{}"
    " contracts[]/implementation/metrics[]/observations[]/dimensions{}",
    "parent_id metric_id observation_id dimension",
    """
parent_id      | id  | ours | id of the award or contract; '' for planning and tender
metric_id      | id  | ours | id of the measure
observation_id | id  | ours | id of the observation
dimension      | id  | ours | name of the dimension
value          | any | *    | value of the dimension
""",
)

FAILURE = define_history_table(
    "failure",
    "A failure to perform the contract, published by the buyer (section 71(5) of the Procurement Act 2023).",
    "contracts[]/implementation/performanceFailures[]",
    "local_id failure_id",
    """
local_id            | id      | ours               | id of the contract
failure_id          | id      | id                 | id of the failure
period_start        | date    | period/startDate   | first day of the period
period_end          | date    | period/endDate     | last day of the period
category            | text    | category           | category of the failure
events              | any     | events             | number of events, as published
requirement         | text    | requirement        | what was required
description         | text    | description        | what happened
decision_date       | date    | decisionDate       | day of the decision
penalty_date        | date    | penaltyDate        | day on which the penalty is due
penalty_type        | code    | penaltyType        | type of penalty: contracted, imposed or negotiated
penalty_value       | money   | penaltyValue/amount | amount of the penalty
penalty_currency    | code    | penaltyValue/currency | currency of the penalty
partial_termination | text | partialTermination  | part of the contract that was terminated
""",
)

FAILURE_SUPPLIER = define_history_table(
    "failure_supplier",
    "A supplier responsible for a failure.",
    "contracts[]/implementation/performanceFailures[]/suppliers[]",
    "local_id failure_id party_ref",
    """
local_id   | id   | ours | id of the contract
failure_id | id   | ours | id of the failure
party_ref  | id   | id   | id of the party in this release
name       | text | name | name in this release
""",
)

TRANSACTION = define_history_table(
    "transaction",
    "A payment under a contract.",
    "contracts[]/implementation/transactions[]",
    "local_id transaction_id",
    """
local_id       | id    | ours               | id of the contract
transaction_id | id    | id                 | id of the payment
date           | date  | date               | day of the payment
value_net      | money | value/amount       | amount of the payment
value_gross    | money | value/amountGross  | amount of the payment with VAT
value_currency | code  | value/currency     | currency of the amounts
payer_ref      | id    | payer/id           | party id of the payer
payer_name     | text  | payer/name         | name of the payer in this release
payee_ref      | id    | payee/id           | party id of the payee
payee_name     | text  | payee/name         | name of the payee in this release
uri            | text  | uri                | URL where it is published
""",
)

BUDGET_LINE = define_history_table(
    "budget_line",
    "A part of the planned budget.",
    "planning/budget/budgetBreakdown[]",
    "line_id",
    """
line_id     | id    | id               | id of the budget line
description | text  | description      | what the budget line is for
amount      | money | amount/amount    | amount of the budget line
currency    | code  | amount/currency  | currency of the amounts
start_date  | date  | period/startDate | first day of the period
end_date    | date  | period/endDate   | last day of the period
""",
)

DELIVERY_HISTORY_TABLES: tuple[TableDefinition, ...] = (
    CONTRACT, CONTRACT_SUPPLIER, TERMINATION_REASON, AMENDMENT, AMENDMENT_GROUND, MILESTONE, METRIC, OBSERVATION,
    OBSERVATION_DIMENSION, FAILURE, FAILURE_SUPPLIER, TRANSACTION, BUDGET_LINE,
)  # fmt: skip
