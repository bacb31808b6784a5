"""The standard's tables of what became of it: contracts, changes, milestones, KPIs, payments, failures, documents."""

from threepoint.standard.definition import define_table

CONTRACT = define_table(
    "contract",
    "A signed agreement. Baselines are the first published values and never move; every change is a row of `change`.",
    "contract_id",
    """
contract_id          | id      | {ocid}/contracts/{id}       | the contract
ocid*                | id      | ocid                        | the process
local_id             | id      | contracts/id                | its id within the process
award_id*            | id      | contracts/awardID           | award it follows
scheme_id+           | id      | planning/budget/projectID   | scheme it belongs to
link_method          | code    | ours                        | how the scheme is known: declared by the publisher
title*               | text    | contracts/title, else tender/title | title
status*              | code    | contracts/status            | status as published
final_status         | code    | contracts/finalStatus       | complete, incomplete, cancelled, unsuccessful
phase                | code    | ours                        | in_delivery or closed, by status and dates
date_signed*         | date    | contracts/dateSigned        | signed
start_date*          | date    | contracts/period/startDate  | start
end_first*           | date    | contracts/period/endDate    | end, first published: the baseline
end_current*         | date    | contracts/period/endDate    | end, last published
end_actual+          | date    | contracts/implementation/endDate | when it ended
value_net_first*     | money   | contracts/value/amount      | value, first published: the baseline
value_net*           | money   | contracts/value/amount      | value, last published
value_gross_first    | money   | contracts/value/amountGross | value with VAT, first published
value_gross          | money   | contracts/value/amountGross | value with VAT, last published
currency_first       | code    | contracts/value/currency    | currency of the first value
currency             | code    | contracts/value/currency    | currency of the last value
vat_basis            | code    | ours                        | net, gross or unknown: what value_net is
nominal_value        | boolean | ours                        | the value is 0, 0.01 or 1 and stands in no sum
is_ceiling           | boolean | ours                        | the value is a framework's ceiling and stands in no sum
value_change+        | money   | ours                        | the last value less the first
end_change_days+     | integer | ours                        | the last end less the first
value_final+         | money   | contracts/implementation/finalValue | outturn
value_final_gross    | money   | contracts/implementation/finalValue/amountGross | outturn with VAT
final_details        | text    | contracts/implementation/finalValueDetails | why that much
changes              | integer | ours                        | number of rows in `change`
spend_net            | money   | contracts/implementation/transactions | payments published
payments             | integer | contracts/implementation/transactions | number of payments published
kpi_duty+            | code    | ours                        | required, exempt, below_5m or unknown: gross value over 5 million
kpis+                | integer | contracts/agreedMetrics     | number of KPIs published
kpis_rated+          | integer | contracts/implementation/metrics | number of KPI results with a rating
no_kpi_rationale     | text    | contracts/noAgreedMetricsRationale | why no KPIs were set
is_call_off+         | boolean | relatedProcesses            | called off from a framework
framework_ocid       | id      | relatedProcesses            | the framework
suppliers*           | integer | awards/suppliers, contracts/suppliers | number of suppliers
published_document   | boolean | contracts/documents         | the contract itself is published
amendment_only       | boolean | ours                        | first seen in a change notice, so its baseline is not known
""",
    subject=True,
)

CONTRACT_SUPPLIER = define_table(
    "contract_supplier",
    "A supplier of a contract: of its award, unless the contract names its own.",
    "contract_id org_id",
    """
contract_id | id   | ours                               | the contract
org_id      | id   | awards/suppliers, contracts/suppliers | the supplier
name        | text | awards/suppliers/name, contracts/suppliers/name | as named there
""",
)

CHANGE = define_table(
    "change",
    "One change of a value or an end date, with old and new. Old values are never overwritten.",
    "change_id",
    """
change_id    | id      | ours                              | the change
subject_type | code    | ours                              | contract, award, process or scheme
subject_id   | id      | ours                              | its address
date         | date    | contracts/amendments/date, else the notice's | date of the change
type         | code    | ours                              | value, duration, correction, superseded or rebaseline
currency     | code    | ours                              | currency of the values
old_value    | money   | the value published before        | value before
new_value    | money   | the value published by this notice | value after
old_end      | date    | the end published before          | end before
new_end      | date    | the end published by this notice  | end after
reason       | text    | contracts/amendments/rationale, description | why, as published
ground       | code    | contracts/amendments/rationaleClassifications | legal ground
notice_id    | id      | ours                              | notice that says so
release_id   | id      | ours                              | its release
notified     | boolean | ours                              | announced by a change notice
""",
)

MILESTONE = define_table(
    "milestone",
    "An event due by a date; the first due date published is its baseline.",
    "milestone_id",
    """
milestone_id  | id    | {ocid}/{section}/{parent}/{id} | the milestone
ocid          | id    | ocid                          | the process
contract_id   | id    | ours                          | the contract, where it belongs to one
section       | code  | ours                          | OCDS array it stands in
type+         | code  | milestones/type               | OCDS milestone type
title*        | text  | milestones/title              | title
due_first*    | date  | milestones/dueDate            | due, first published: the baseline
due_current*  | date  | milestones/dueDate            | due, last published
met_date      | date  | milestones/dateMet            | met
status*       | code  | milestones/status             | scheduled, met, notMet, partiallyMet
payment_value | money | milestones/value              | payment that depends on it
currency      | code  | milestones/value/currency     | currency of the payment
""",
    subject=True,
)

KPI = define_table(
    "kpi",
    "A key performance indicator agreed for a contract.",
    "kpi_id",
    """
kpi_id       | id     | {contract_id}/kpis/{id}                  | the KPI
contract_id* | id     | ours                                     | the contract
code         | code   | contracts/agreedMetrics/id               | its id, a code of the SDES list where it is one
title*       | text   | contracts/agreedMetrics/title            | title
description* | text   | contracts/agreedMetrics/description      | description
unit*        | text   | observations/unit                        | unit
target_text  | text   | agreedMetrics/observations/measure       | target as published
target+      | number | agreedMetrics/observations/measure       | target, where it is a number
results      | integer | implementation/metrics/observations     | number of results
rated        | integer | implementation/metrics/observations     | of these with a rating
""",
    subject=True,
)

OBSERVATION = define_table(
    "observation",
    "One result of a KPI for a period. Both sides' values stand side by side.",
    "obs_id assessor",
    """
obs_id       | id     | {kpi_id}/{id}                              | the result
kpi_id       | id     | ours                                       | the KPI
contract_id  | id     | ours                                       | the contract
assessor     | code   | ours                                       | buyer, supplier or auditor: a notice speaks for the buyer
period_start | date   | observations/period/startDate              | period from
period_end   | date   | observations/period/endDate                | period to
measure      | number | observations/measure                       | result, where it is a number
measure_text | text   | observations/measure                       | result as published
value_net    | money  | observations/value/amount                  | result in money
currency     | code   | observations/value/currency                | its currency
unit         | text   | observations/unit                          | unit
rating       | code   | observations/measureClassification/id      | met, slightlyBelow, below, significantlyBelow, other
notes        | text   | observations/notes                         | notes
release_id   | id     | ours                                       | release that says so last
""",
)

OBSERVATION_DIMENSION = define_table(
    "observation_dimension",
    "What a result is broken down by.",
    "obs_id dimension",
    """
obs_id    | id   | ours                    | the result
dimension | id   | observations/dimensions | name
value     | text | observations/dimensions | value
""",
)

FAILURE_EVENT = define_table(
    "failure_event",
    "A failure to perform that the buyer published.",
    "contract_id failure_id",
    """
contract_id         | id    | ours                                     | the contract
failure_id          | id    | performanceFailures/id                   | the event
period_start        | date  | performanceFailures/period               | period from
period_end          | date  | performanceFailures/period               | period to
category            | text  | performanceFailures/category             | category
requirement         | text  | performanceFailures/requirement          | what was required
description         | text  | performanceFailures/description          | what happened
decision_date       | date  | performanceFailures/decisionDate         | decided
penalty_type        | code  | performanceFailures/penaltyType          | contracted, imposed, negotiated
penalty_value       | money | performanceFailures/penaltyValue         | penalty
penalty_currency    | code  | performanceFailures/penaltyValue/currency | currency
partial_termination | text  | performanceFailures/partialTermination   | part that was ended
""",
)

SPEND = define_table(
    "spend",
    "One payment. Those of contract notices link to their contract; others link only as far as they say. All are "
    "kept. What is known of a value stands beside it, in the columns that end in _state.",
    "spend_id",
    """
spend_id        | id    | ours                                   | the payment
payer_org_id*   | id    | transactions/payer, spend_line/payer_name | who paid
payer_name      | text  | transactions/payer/name, spend_line/payer_name | as named there
payer_name_state | code | ours                                   | its state; withheld where the publisher blacked it out
payee_org_id*   | id    | transactions/payee, spend_line/supplier_name | who was paid
payee_name      | text  | transactions/payee/name, spend_line/supplier_name | as named there
payee_name_state | code | ours                                   | its state; withheld where the publisher blacked it out
publisher       | text  | ours                                   | who published it
date*           | date  | transactions/date, spend_line/date     | paid
date_state      | code  | ours                                   | its state
date_text       | text  | spend_line/date_text                   | as published where it is no date
date_reason     | text  | spend_line/date_reason                 | why it could not be read
amount*         | money | transactions/value, spend_line/amount  | amount
amount_state    | code  | ours                                   | its state
amount_text     | text  | spend_line/amount_text                 | as published where it is no amount
amount_reason   | text  | spend_line/amount_reason               | why it could not be read
currency        | code  | transactions/value/currency            | currency
vat_basis*      | code  | ours                                   | net, gross or unknown
transaction_no  | id    | spend_line/transaction_number          | number of the payment or invoice
expense_type    | text  | spend_line/expense_type                | what it was for
expense_area    | text  | spend_line/expense_area                | for which part of the body
description     | text  | spend_line/description                 | what it was for, in words
contract_id     | id    | ours                                   | the contract
ocid            | id    | ocid                                   | the process
feed*           | code  | ours                                   | uk8, 25k, supplier_report or service
link_method*    | code  | ours                                   | how the contract is known
link_confidence* | share | ours                                  | 1 where the publisher names it; empty where there is no link
possible_duplicate | boolean | ours                              | an earlier line has the same payer, number and amount
duplicate_of    | id    | ours                                   | the first of these lines
source_id       | id    | ours                                   | file that a list was read from
row_number      | integer | ours                                 | row in that file
""",
)

DOCUMENT = define_table(
    "document",
    "A published document or notice.",
    "ocid section parent_id document_id",
    """
ocid           | id   | ocid                    | the process
section        | code | ours                    | OCDS array it stands in
parent_id      | id   | ours                    | award or contract; '' for planning and tender
document_id    | id   | documents/id            | the document
document_type  | code | documents/documentType  | OCDS document type
notice_type    | code | documents/noticeType    | UK1 to UK17
title          | text | documents/title         | title
url            | text | documents/url           | where it is
date_published | date | documents/datePublished | published
""",
)

NOTICE = define_table(
    "notice",
    "One published notice: the source that every figure names.",
    "release_id ocid sha256",
    """
release_id  | id        | id                   | the release
ocid        | id        | ocid                 | the process
sha256      | id        | ours                 | of what it says
notice_id   | id        | documents/id, else id | number of the notice
notice_type | code      | documents/noticeType | UK1 to UK17, where the publisher says
words       | text      | ours                 | what kind of notice it is, in words
stage       | code      | ours                 | stage that it puts the process in
kind        | code      | ours                 | release, compiled or versioned
tag         | list      | tag                  | OCDS release tags
date        | timestamp | date                 | published
url         | text      | documents/url        | where it is
publisher   | text      | ours                 | publisher
publisher_group | code  | ours                 | uk, example, synthetic or other
source_id   | id        | ours                 | sha256 of the file it was read from
valid_to    | timestamp | ours                 | when the process's next notice was published
""",
)

WITHHELD_INFORMATION = define_table(
    "withheld_information",
    "What a publisher says is withheld, with the ground. Nothing is withheld in silence.",
    "ocid withheld_id",
    """
ocid              | id   | ocid                                 | the process
withheld_id       | id   | withheldInformation/id               | entry
field             | text | withheldInformation/field            | path of the field withheld
name              | text | withheldInformation/name             | its name
availability_date | date | withheldInformation/availabilityDate | review date: when it will be published
rationale         | text | withheldInformation/rationale        | why
ground            | code | withheldInformation/rationaleClassifications | ground
state             | code | ours                                 | state that the field has
detail            | text | ours                                 | ground in words, such as s.94(1)(b)
""",
)

DELIVERY_TABLES = (
    CONTRACT, CONTRACT_SUPPLIER, CHANGE, MILESTONE, KPI, OBSERVATION, OBSERVATION_DIMENSION, FAILURE_EVENT, SPEND,
    DOCUMENT, NOTICE, WITHHELD_INFORMATION,
)  # fmt: skip
