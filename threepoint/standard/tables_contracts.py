"""Tables of delivery: contracts, changes, milestones, KPIs, payments, failures and documents."""

from threepoint.standard.definition import define_table

CONTRACT = define_table(
    "contract",
    "A signed agreement. A baseline is the first published value and never changes; each change is a row of `change`.",
    "contract_id",
    """
contract_id          | id      | {ocid}/contracts/{id}       | id of the contract
ocid*                | id      | ocid                        | ocid of the process
local_id             | id      | contracts/id                | id of the contract within the process
award_id*            | id      | contracts/awardID           | id of the award that it follows
scheme_id+           | id      | planning/budget/projectID   | id of the scheme that the contract belongs to
link_method          | code    | ours                        | how the scheme was linked: declared by the publisher
title*               | text    | contracts/title, otherwise tender/title | title
status*              | code    | contracts/status            | status as published
final_status         | code    | contracts/finalStatus       | final status: complete, incomplete, cancelled or unsuccessful
phase                | code    | ours                        | in_delivery, closed or cancelled, from status and dates
date_signed*         | date    | contracts/dateSigned        | day of signature
start_date*          | date    | contracts/period/startDate  | start date
end_first*           | date    | contracts/period/endDate    | end date, first published: the baseline
end_current*         | date    | contracts/period/endDate    | end date, last published; otherwise calculated from the start and the published number of days
max_end              | date    | contracts/period/maxExtentDate | latest end if all extensions are used
duration_days        | integer | contracts/period/durationInDays | duration in days, as published
duration_months      | integer | contracts/period/durationInMonths | longest duration in months, as published
end_actual+          | date    | contracts/implementation/endDate | actual end date
value_net_first*     | money   | contracts/value/amount      | value, first published: the baseline
value_net*           | money   | contracts/value/amount      | value, last published
value_gross_first    | money   | contracts/value/amountGross | value with VAT, first published
value_gross          | money   | contracts/value/amountGross | value with VAT, last published
currency_first       | code    | contracts/value/currency    | currency of the first value
currency             | code    | contracts/value/currency    | currency of the last value
vat_basis            | code    | ours                        | VAT basis of value_net: without VAT (net), with VAT (gross) or not stated (unknown)
nominal_value        | boolean | ours                        | true if the value only fills the form, such as 0.01 or 99,999,999; it is excluded from sums
is_ceiling           | boolean | ours                        | true if the value is a framework's ceiling; it is excluded from sums
is_void              | boolean | ours                        | true if the contract was cancelled; it is excluded from sums
superseded_contract  | boolean | ours                        | true if a newer notice repeats its award and its contract under new ids; it is excluded from sums
repeats_contract     | boolean | ours                        | true if it repeats a superseded contract
value_change+        | money   | ours                        | last value minus first value
end_change_days+     | integer | ours                        | days from the first to the last published end date; negative if the last one is earlier
value_final+         | money   | contracts/implementation/finalValue | final cost
value_final_gross    | money   | contracts/implementation/finalValue/amountGross | final cost with VAT
final_details        | text    | contracts/implementation/finalValueDetails | reason for the final cost
changes              | integer | ours                        | number of changes to value or end date
spend_net            | money   | contracts/implementation/transactions | sum of the published payments
payments             | integer | contracts/implementation/transactions | number of payments published
kpi_duty+ | code | ours | duty to set key performance indicators (KPIs) for a contract over £5 million with VAT
kpis+                | integer | contracts/agreedMetrics     | number of key performance indicators (KPIs) published
kpis_rated+          | integer | contracts/implementation/metrics | number of KPI results with a rating
no_kpi_rationale     | text    | contracts/noAgreedMetricsRationale | reason for setting no KPIs
is_call_off+         | boolean | relatedProcesses            | true for a call-off from a framework
framework_ocid       | id      | relatedProcesses            | ocid of the framework
framework_reference  | text    | relatedProcesses            | register and number, or URL, of the framework, if it is not named by an ocid
suppliers*           | integer | awards/suppliers, contracts/suppliers | number of suppliers
published_document   | boolean | contracts/documents         | true if the contract itself is published
same_id_in_notice | integer | ours | largest number of contracts that one notice publishes under this id
amendment_only | boolean | ours | true if first published in a change notice, so that the baseline is not known
""",
    subject=True,
)

CONTRACT_SUPPLIER = define_table(
    "contract_supplier",
    "A supplier of a contract: those that the contract names, otherwise those of its award.",
    "contract_id org_id",
    """
contract_id | id   | ours                               | id of the contract
org_id      | id   | awards/suppliers, contracts/suppliers | organisation id of the supplier
name        | text | awards/suppliers/name, contracts/suppliers/name | name of the supplier in the notice
""",
)

CHANGE = define_table(
    "change",
    "One change of a value or an end date, with the values before and after. Old values are never overwritten.",
    "change_id",
    """
change_id    | id      | ours                              | id of the change
subject_type | code    | ours                              | what changed: contract, award, process or scheme
subject_id   | id      | ours                              | id of the record that changed
date         | date    | contracts/amendments/date, otherwise the notice's | date of the change
type         | code    | ours                              | type of change: value, duration, correction, superseded or rebaseline
with_vat     | boolean | ours                              | true if the values include VAT
old_currency | code    | the currency published before     | currency of the value before
currency     | code    | ours                              | currency of the value after
old_value    | money   | the value published before        | value before the change
new_value    | money   | the value published by this notice | value after the change
old_end      | date    | the end published before          | end date before the change
new_end      | date    | the end published by this notice  | end date after the change
reason       | text    | contracts/amendments/rationale, description | reason, as published
ground       | code    | contracts/amendments/rationaleClassifications | code of the legal ground
notice_id    | id      | ours                              | number of the notice that published it
release_id   | id      | ours                              | id of the release of that notice
notified     | boolean | ours                              | true if a change notice announced it
""",
)

MILESTONE = define_table(
    "milestone",
    "An event that is due by a date. The first published due date is its baseline.",
    "milestone_id",
    """
milestone_id  | id    | {ocid}/{section}/{parent}/{id} | id of the milestone
ocid          | id    | ocid                          | ocid of the process
contract_id   | id    | ours                          | id of the contract, if the milestone belongs to one
section       | code  | ours                          | OCDS array that it is in
type+         | code  | milestones/type               | OCDS milestone type
title*        | text  | milestones/title              | title
due_first*    | date  | milestones/dueDate            | due date, first published: the baseline
due_current*  | date  | milestones/dueDate            | due date, last published
met_date      | date  | milestones/dateMet            | day on which it was met
status*       | code  | milestones/status             | status: scheduled, met, notMet or partiallyMet
payment_value | money | milestones/value              | amount of the payment that depends on it
currency      | code  | milestones/value/currency     | currency of the payment
""",
    subject=True,
)

KPI = define_table(
    "kpi",
    "A key performance indicator agreed for a contract.",
    "kpi_id",
    """
kpi_id       | id     | {contract_id}/kpis/{id}                  | id of the KPI
contract_id* | id     | ours                                     | id of the contract
code         | code   | contracts/agreedMetrics/id               | id of the KPI; a code of the SDES list if it is one
title*       | text   | contracts/agreedMetrics/title            | title
description* | text   | contracts/agreedMetrics/description      | description
unit*        | text   | observations/unit                        | unit of the target
target_text  | text   | agreedMetrics/observations/measure       | target as published
target+      | number | agreedMetrics/observations/measure       | target, if it is a number
results      | integer | implementation/metrics/observations     | number of published results
rated        | integer | implementation/metrics/observations     | number of results with a rating
""",
    subject=True,
)

OBSERVATION = define_table(
    "observation",
    "One result of a KPI for a period. Results of buyer and supplier are separate rows.",
    "obs_id assessor",
    """
obs_id       | id     | {kpi_id}/{id}                              | id of the result
kpi_id       | id     | ours                                       | id of the KPI
contract_id  | id     | ours                                       | id of the contract
assessor     | code   | ours                                       | buyer, supplier or auditor; a result in a notice is the buyer's
period_start | date   | observations/period/startDate              | first day of the period
period_end   | date   | observations/period/endDate                | last day of the period
measure      | number | observations/measure                       | result, if it is a number
measure_text | text   | observations/measure                       | result as published
value_net    | money  | observations/value/amount                  | result in money
currency     | code   | observations/value/currency                | currency of the result
unit         | text   | observations/unit                          | unit of the result
rating       | code   | observations/measureClassification/id      | rating: met, slightlyBelow, below, significantlyBelow or other
notes        | text   | observations/notes                         | notes as published
release_id   | id     | ours                                       | id of the last release that published it
""",
)

OBSERVATION_DIMENSION = define_table(
    "observation_dimension",
    "A dimension by which a result is broken down.",
    "obs_id dimension",
    """
obs_id    | id   | ours                    | id of the result
dimension | id   | observations/dimensions | name of the dimension
value     | text | observations/dimensions | value of the dimension
""",
)

FAILURE_EVENT = define_table(
    "failure_event",
    "A failure to perform the contract, published by the buyer.",
    "contract_id failure_id",
    """
contract_id         | id    | ours                                     | id of the contract
failure_id          | id    | performanceFailures/id                   | id of the failure
period_start        | date  | performanceFailures/period               | first day of the period
period_end          | date  | performanceFailures/period               | last day of the period
category            | text  | performanceFailures/category             | category of the failure
requirement         | text  | performanceFailures/requirement          | what was required
description         | text  | performanceFailures/description          | what happened
decision_date       | date  | performanceFailures/decisionDate         | day of the decision
penalty_type        | code  | performanceFailures/penaltyType          | type of penalty: contracted, imposed or negotiated
penalty_value       | money | performanceFailures/penaltyValue         | amount of the penalty
penalty_currency    | code  | performanceFailures/penaltyValue/currency | currency of the penalty
partial_termination | text  | performanceFailures/partialTermination   | part of the contract that was terminated
""",
)

SPEND = define_table(
    "spend",
    "One payment. Payments in contract notices link to their contract; other payments link only if they name one. All are "
    "kept. The columns that end in _state say what is known about a value.",
    "spend_id",
    """
spend_id        | id    | ours                                   | id of the payment
payer_org_id*   | id    | transactions/payer, spend_line/payer_name | organisation id of the payer
payer_name      | text  | transactions/payer/name, spend_line/payer_name | name of the payer in the source
payer_name_state | code | ours                                   | state of payer_name; withheld if the publisher redacted it
payee_org_id*   | id    | transactions/payee, spend_line/supplier_name | organisation id of the payee
payee_name      | text  | transactions/payee/name, spend_line/supplier_name | name of the payee in the source
payee_name_state | code | ours                                   | state of payee_name; withheld if the publisher redacted it
publisher       | text  | ours                                   | publisher of the payment
date*           | date  | transactions/date, spend_line/date     | day of the payment
date_state      | code  | ours                                   | state of date
date_text       | text  | spend_line/date_text                   | published text, if it is not a date
date_reason     | text  | spend_line/date_reason                 | why date could not be read
amount*         | money | transactions/value, spend_line/amount  | amount of the payment
amount_state    | code  | ours                                   | state of amount
amount_text     | text  | spend_line/amount_text                 | published text, if it is not an amount
amount_reason   | text  | spend_line/amount_reason               | why amount could not be read
irrecoverable_vat | money | spend_line/irrecoverable_vat         | VAT in the amount that the payer cannot reclaim, if a list gives it
currency        | code  | transactions/value/currency, spend_line/currency | currency of the amount
vat_basis*      | code  | ours                                   | VAT basis of amount: without VAT (net), with VAT (gross) or not stated (unknown)
transaction_no  | id    | spend_line/transaction_number          | number of the payment or invoice
expense_type    | text  | spend_line/expense_type                | what the payment was for
expense_area    | text  | spend_line/expense_area                | part of the organisation that it was for
description     | text  | spend_line/description                 | what the payment was for, in words
contract_id     | id    | ours                                   | id of the contract
ocid            | id    | ocid                                   | ocid of the process
feed*           | code  | ours                                   | feed: uk8, 25k, supplier_report or service
link_method*    | code  | ours                                   | how the contract was linked
link_confidence* | share | ours                                  | 1 if the publisher names the contract; empty without a link
possible_duplicate | boolean | ours                              | true if an earlier line has the same payer, number and amount
duplicate_of    | id    | ours                                   | id of the first of the repeated lines
source_id       | id    | ours                                   | sha256 of the file that a list was read from
row_number      | integer | ours                                 | number of the row in that file
""",
)

DOCUMENT = define_table(
    "document",
    "A published document or notice.",
    "ocid section parent_id document_id",
    """
ocid           | id   | ocid                    | ocid of the process
section        | code | ours                    | OCDS array that it is in
parent_id      | id   | ours                    | id of the award or contract; '' for planning and tender
document_id    | id   | documents/id            | id of the document
document_type  | code | documents/documentType  | OCDS document type
notice_type    | code | documents/noticeType    | notice type, UK1 to UK17
title          | text | documents/title         | title
url            | text | documents/url           | URL of the document
date_published | date | documents/datePublished | day of publication
""",
)

NOTICE = define_table(
    "notice",
    "One published notice, which is the source of published figures.",
    "release_id ocid sha256",
    """
release_id  | id        | id                   | id of the release
ocid        | id        | ocid                 | ocid of the process
sha256      | id        | ours                 | sha256 of the content
notice_id   | id        | documents/id, otherwise id | number of the notice
notice_type | code      | documents/noticeType | notice type, UK1 to UK17, if published
words       | text      | ours                 | kind of notice, in words
stage       | code      | ours                 | stage that it puts the process in
kind        | code      | ours                 | kind of release: release, compiled or versioned
tag         | list      | tag                  | OCDS tags of the release
date        | timestamp | date                 | when it was published
url         | text      | documents/url        | URL of the notice
publisher   | text      | ours                 | name of the publisher
publisher_group | code  | ours                 | group of the publisher: UK, worked example, synthetic or other
source_id   | id        | ours                 | sha256 of the file that it was read from
valid_to    | timestamp | ours                 | when the process's next notice was published
""",
)

WITHHELD_INFORMATION = define_table(
    "withheld_information",
    "Information that a publisher withholds, with the ground. Nothing is withheld without saying so.",
    "ocid withheld_id",
    """
ocid              | id   | ocid                                 | ocid of the process
withheld_id       | id   | withheldInformation/id               | id of the entry
field             | text | withheldInformation/field            | path of the field withheld
name              | text | withheldInformation/name             | name of the field withheld
availability_date | date | withheldInformation/availabilityDate | review date on which it will be published
rationale         | text | withheldInformation/rationale        | reason for withholding it
ground            | code | withheldInformation/rationaleClassifications | code of the ground
state             | code | ours                                 | state of the field withheld
detail            | text | ours                                 | ground or section, such as s.94(1)(b)
""",
)

DELIVERY_TABLES = (
    CONTRACT, CONTRACT_SUPPLIER, CHANGE, MILESTONE, KPI, OBSERVATION, OBSERVATION_DIMENSION, FAILURE_EVENT, SPEND,
    DOCUMENT, NOTICE, WITHHELD_INFORMATION,
)  # fmt: skip
