"""History tables of what comes after the award: contracts, changes, milestones, measures, payments, failures."""

from threepoint.standard.definition import TableDefinition, define_history_table

CONTRACT = define_history_table(
    "contract",
    "A signed agreement.",
    "contracts[]",
    "local_id",
    """
local_id         | id      | id                                 | contract id, unique within the process
award_ref        | id      | awardID                            | award it follows
title            | text    | title                              | title
description      | text    | description                        | description
status           | code    | status                             | status as published
final_status     | code    | finalStatus                        | complete, incomplete, cancelled, unsuccessful (OCDS 1.2)
date_signed      | date    | dateSigned                         | signed
start_date       | date    | period/startDate                   | start
end_date         | date    | period/endDate                     | end
max_end          | date    | period/maxExtentDate               | latest end if all extensions are used
value_net        | money   | value/amount                       | value without VAT where the form says so
value_gross      | money   | value/amountGross                  | value with VAT
value_currency   | code    | value/currency                     | currency
above_threshold  | boolean | aboveThreshold                     | over the threshold
has_renewal      | boolean | hasRenewal                         | can be renewed
no_kpi_rationale | text    | noAgreedMetricsRationale           | why no KPIs were set
end_actual       | date    | implementation/endDate             | when it ended
end_details      | text    | implementation/endDateDetails      | why then
final_net        | money   | implementation/finalValue/amount   | outturn
final_gross      | money   | implementation/finalValue/amountGross | outturn with VAT
final_details    | text    | implementation/finalValueDetails   | why that much
""",
)

CONTRACT_SUPPLIER = define_history_table(
    "contract_supplier",
    "A supplier named on the contract itself.",
    "contracts[]/suppliers[]",
    "local_id party_ref",
    """
local_id  | id   | ours | the contract
party_ref | id   | id   | party id
name      | text | name | as named here
body      | id   | identify(-, -, id) | identifier that the party id carries, if any
""",
)

TERMINATION_REASON = define_history_table(
    "termination_reason",
    "Why a contract was terminated.",
    "contracts[]/terminationRationaleClassifications[]",
    "local_id reason_id",
    """
local_id    | id   | ours        | the contract
reason_id   | id   | id          | reason
scheme      | code | scheme      | code list
description | text | description | its words
""",
)

AMENDMENT = define_history_table(
    "amendment",
    "A change that a notice announces.",
    "tender/amendments[] awards[]/amendments[] contracts[]/amendments[]",
    "parent_id amendment_id",
    """
parent_id       | id      | ours            | award or contract; '' for the tender
amendment_id    | id      | id              | change
date            | date    | date            | date of the change
description     | text    | description     | what changes
rationale       | text    | rationale       | why
amends_release  | id      | amendsReleaseID | release before
new_release     | id      | releaseID       | release after
value_net       | money   | value/amount    | value after
value_gross     | money   | value/amountGross | value after, with VAT
start_date      | date    | period/startDate | start after
end_date        | date    | period/endDate  | end after
above_threshold | boolean | aboveThreshold  | over the threshold after the change
""",
)

AMENDMENT_GROUND = define_history_table(
    "amendment_ground",
    "The legal ground of a change.",
    "tender/amendments[]/rationaleClassifications[] awards[]/amendments[]/rationaleClassifications[]"
    " contracts[]/amendments[]/rationaleClassifications[]",
    "parent_id amendment_id ground_id",
    """
parent_id    | id   | ours        | award or contract; '' for the tender
amendment_id | id   | ours        | change
ground_id    | id   | id          | ground
scheme       | code | scheme      | code list
description  | text | description | its words
""",
)

MILESTONE = define_history_table(
    "milestone",
    "An event that is due by a date.",
    "planning/milestones[] tender/milestones[] awards[]/milestones[] contracts[]/milestones[]"
    " contracts[]/implementation/milestones[]",
    "parent_id milestone_id",
    """
parent_id      | id    | ours         | award or contract; '' for planning and tender
milestone_id   | id    | id           | milestone
title          | text  | title        | title
description    | text  | description  | description
type           | code  | type         | OCDS milestone type
due_date       | date  | dueDate      | due
met_date       | date  | dateMet      | met
status         | code  | status       | scheduled, met, notMet, partiallyMet
value_net      | money | value/amount | payment that depends on it
value_currency | code  | value/currency | currency
""",
)

METRIC = define_history_table(
    "metric",
    "A measure that was agreed, forecast, targeted or reported: a KPI where it belongs to a contract.",
    "planning/forecasts[] tender/targets[] awards[]/agreedMetrics[] contracts[]/agreedMetrics[]"
    " contracts[]/implementation/metrics[]",
    "parent_id metric_id",
    """
parent_id   | id   | ours        | award or contract; '' for planning and tender
metric_id   | id   | id          | measure
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
parent_id      | id    | ours                                 | award or contract; '' for planning and tender
metric_id      | id    | ours                                 | measure
observation_id | id    | id                                   | observation
period_start   | date  | period/startDate                     | period from
period_end     | date  | period/endDate                       | period to
measure        | any   | measure                              | target or result, as published
value_net      | money | value/amount                         | target or result in money
value_currency | code  | value/currency                       | currency
unit_name      | text  | unit/name                            | unit
unit_id        | code  | unit/id                              | unit code
unit_scheme    | code  | unit/scheme                          | unit code list
rating         | code  | measureClassification/id             | met, slightlyBelow, below, significantlyBelow, other
rating_text    | text  | measureClassification/description    | its words
milestone_id   | id    | relatedImplementationMilestone/id    | milestone
notes          | text  | notes                                | notes
""",
)

OBSERVATION_DIMENSION = define_history_table(
    "observation_dimension",
    "What an observation is broken down by.",
    "planning/forecasts[]/observations[]/dimensions{} tender/targets[]/observations[]/dimensions{}"
    " awards[]/agreedMetrics[]/observations[]/dimensions{} contracts[]/agreedMetrics[]/observations[]/dimensions{}"
    " contracts[]/implementation/metrics[]/observations[]/dimensions{}",
    "parent_id metric_id observation_id dimension",
    """
parent_id      | id  | ours | award or contract; '' for planning and tender
metric_id      | id  | ours | measure
observation_id | id  | ours | observation
dimension      | id  | ours | name of the dimension
value          | any | *    | its value
""",
)

FAILURE = define_history_table(
    "failure",
    "A failure to perform that the buyer published (section 71(5)).",
    "contracts[]/implementation/performanceFailures[]",
    "local_id failure_id",
    """
local_id            | id      | ours               | the contract
failure_id          | id      | id                 | event
period_start        | date    | period/startDate   | period from
period_end          | date    | period/endDate     | period to
category            | text    | category           | category
events              | any     | events             | number of events, as published
requirement         | text    | requirement        | what was required
description         | text    | description        | what happened
decision_date       | date    | decisionDate       | decided
penalty_date        | date    | penaltyDate        | penalty due
penalty_type        | code    | penaltyType        | contracted, imposed, negotiated
penalty_value       | money   | penaltyValue/amount | penalty
penalty_currency    | code    | penaltyValue/currency | currency
partial_termination | text | partialTermination  | part of the contract that was ended
""",
)

FAILURE_SUPPLIER = define_history_table(
    "failure_supplier",
    "A supplier responsible for a failure.",
    "contracts[]/implementation/performanceFailures[]/suppliers[]",
    "local_id failure_id party_ref",
    """
local_id   | id   | ours | the contract
failure_id | id   | ours | the event
party_ref  | id   | id   | party id
name       | text | name | as named here
""",
)

TRANSACTION = define_history_table(
    "transaction",
    "A payment under a contract.",
    "contracts[]/implementation/transactions[]",
    "local_id transaction_id",
    """
local_id       | id    | ours               | the contract
transaction_id | id    | id                 | payment
date           | date  | date               | paid
value_net      | money | value/amount       | amount
value_gross    | money | value/amountGross  | amount with VAT
value_currency | code  | value/currency     | currency
payer_ref      | id    | payer/id           | party id of the payer
payer_name     | text  | payer/name         | payer as named here
payee_ref      | id    | payee/id           | party id of the payee
payee_name     | text  | payee/name         | payee as named here
uri            | text  | uri                | where it is published
""",
)

BUDGET_LINE = define_history_table(
    "budget_line",
    "A part of the planned budget.",
    "planning/budget/budgetBreakdown[]",
    "line_id",
    """
line_id     | id    | id               | line
description | text  | description      | what it is for
amount      | money | amount/amount    | amount
currency    | code  | amount/currency  | currency
start_date  | date  | period/startDate | from
end_date    | date  | period/endDate   | to
""",
)

DELIVERY_HISTORY_TABLES: tuple[TableDefinition, ...] = (
    CONTRACT, CONTRACT_SUPPLIER, TERMINATION_REASON, AMENDMENT, AMENDMENT_GROUND, MILESTONE, METRIC, OBSERVATION,
    OBSERVATION_DIMENSION, FAILURE, FAILURE_SUPPLIER, TRANSACTION, BUDGET_LINE,
)  # fmt: skip
