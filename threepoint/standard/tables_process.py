"""Tables of procurements: organisations, processes, lots, bids and awards."""

from threepoint.standard.definition import define_table

ORGANISATION = define_table(
    "organisation",
    "An organisation that buys or supplies. Parties with the same identifier are one organisation; without identifiers, parties with the"
    " same published name share an id.",
    "org_id",
    """
org_id | id | first identifier seen, by register; otherwise ORG- and a hash of the published name | permanent id of the organisation
name*             | text    | parties/name                          | name in the newest notice
legal_name        | text    | parties/identifier/legalName          | registered name
kind*             | code    | parties/roles                         | buyer, supplier, both or other
buyer_class+      | code    | parties/details/classifications       | kind of contracting authority, as published
scale+            | code    | parties/details/scale                 | micro, small or medium, or large, as declared by the supplier
vcse              | boolean | parties/details/vcse                  | true for a voluntary, community or social enterprise
public_mission    | boolean | parties/details/publicServiceMissionOrganization | true for an organisation with a public service mission
sheltered_workshop | boolean | parties/details/shelteredWorkshop    | true for a supported employment provider
region            | code    | parties/address/region                | region, often NUTS or ITL
locality          | text    | parties/address/locality              | town
country_code      | code    | parties/address/country               | ISO 3166-1 alpha-2
match_method+ | code | ours | method of identification: exact_id, published_name, withheld or placeholder
match_confidence+ | share   | ours                                  | 1 for an exact identifier, otherwise empty
names             | integer | ours                                  | number of spellings published
processes         | integer | ours                                  | number of processes it appears in
""",
    subject=True,
)

ORGANISATION_IDENTIFIER = define_table(
    "organisation_identifier",
    "An identifier under which an organisation was published.",
    "identifier",
    """
identifier | id   | parties/identifier, parties/additionalIdentifiers | register and number, padded with zeros as in the register
org_id     | id   | ours | id of the organisation
scheme     | code | ours | register of the identifier
""",
)

ORGANISATION_NAME = define_table(
    "organisation_name",
    "A spelling under which an organisation was published.",
    "org_id name",
    """
org_id    | id      | ours         | id of the organisation
name      | text    | parties/name | spelling as published
processes | integer | ours         | number of processes that use the spelling
""",
)

CONTRACTING_PROCESS = define_table(
    "contracting_process",
    "One procurement from planning to award, identified by its ocid.",
    "ocid",
    """
ocid                   | id      | ocid                                | ocid of the process
buyer_org_id*          | id      | buyer                               | organisation that buys
procuring_org_id       | id      | tender/procuringEntity              | organisation id of the body that runs the procurement
title*                 | text    | tender/title                        | title
description            | text    | tender/description                  | description
stage                  | code    | notice type, otherwise tag          | how far the process is
status*                | code    | tender/status                       | tender status as published
method*                | code    | tender/procurementMethod            | open, selective, limited or direct
method_details         | text    | tender/procurementMethodDetails     | national procedure, as published
method_rationale       | text    | tender/procurementMethodRationale   | reason for this method
category*              | code    | tender/mainProcurementCategory      | goods, works or services
cpv_main*              | code    | tender/classification, items        | main code for what is bought, from the Common Procurement Vocabulary (CPV)
is_technology          | boolean | ours                                | true if one of its CPV codes is in a technology group
is_framework+          | boolean | tender/techniques, method details   | true if the process sets up a framework agreement
framework_method       | code    | tender/techniques/frameworkAgreement/method | how the framework is called off
framework_ceiling      | money   | tender/techniques/frameworkAgreement/value  | ceiling of the framework, which is never spend
parent_ocid            | id      | relatedProcesses                    | ocid of the framework that it is called off from
framework_reference    | text    | relatedProcesses                    | register and number, or URL, of that framework, if it is not named by an ocid
is_call_off            | boolean | relatedProcesses, method details    | true for a call-off from a framework
estimate_net+          | money   | tender/value/amount                 | estimated value, last published
estimate_gross         | money   | tender/value/amountGross            | estimated value with VAT, last published
estimate_net_first     | money   | tender/value/amount                 | estimated value, first published
min_value              | money   | tender/minValue/amount              | lowest estimated value
min_value_currency     | code    | tender/minValue/currency            | currency of the lowest estimated value
max_value              | money   | tender/maxValue/amount              | highest estimated value
max_value_currency     | code    | tender/maxValue/currency            | currency of the highest estimated value
currency               | code    | tender/value/currency               | currency of the amounts
vat_basis              | code    | ours                                | VAT basis of estimate_net: without VAT (net), with VAT (gross) or not stated (unknown)
nominal_estimate       | boolean | ours                                | true if the estimate only fills the form, such as 0.01 or 99,999,999; it is excluded from sums
budget_amount          | money   | planning/budget/amount              | amount of the budget
budget_currency        | code    | planning/budget/amount/currency     | currency of the budget
tender_start+          | date    | tender/tenderPeriod/startDate, otherwise tender notice published | first day on which bids are accepted
tender_end+            | date    | tender/tenderPeriod/endDate         | deadline for bids
award_expected         | date    | tender/awardPeriod/startDate        | first day on which the award is expected
contract_start         | date    | tender/contractPeriod/startDate     | expected start of the contract
contract_end           | date    | tender/contractPeriod/endDate       | expected end of the contract
contract_max_end       | date    | tender/contractPeriod/maxExtentDate | latest end if all extensions are used
contract_days          | integer | tender/contractPeriod/durationInDays | expected duration of the contract in days
contract_months        | integer | tender/contractPeriod/durationInMonths | longest duration of the contract in months
engagement_notice_date+ | date   | UK2 notice, planning milestones     | day on which the buyer first consulted suppliers
no_engagement_rationale | text   | planning/noEngagementNoticeRationale | reason for no preliminary market engagement notice
final_stage_bids+      | integer | bids/statistics                     | number of bids; “bids counted” says which kind
bid_count_basis | code | ours | kind of bids counted: at the final stage, valid, received, or number of tenderers
sme_final_stage_bids   | integer | bids/statistics                     | final-stage bids from small and medium firms
vcse_final_stage_bids  | integer | bids/statistics                     | final-stage bids from voluntary bodies and social enterprises
above_threshold        | boolean | tender/aboveThreshold               | true if over the procurement threshold
special_regime         | list    | tender/specialRegime                | such as light touch, utilities or defence
scheme_id              | id      | planning/budget/projectID           | id of the scheme, as declared by the publisher
publisher              | text    | ours                                | publisher of the notices of the process
publisher_group        | code    | ours                                | group of the publisher: UK, worked example, synthetic or other
notices                | integer | ours                                | number of notices loaded
first_published        | timestamp | date                              | when the first notice was published
last_published         | timestamp | date                              | when the newest notice was published
compiled_only | boolean | ours | true if only a compiled release is loaded: earlier values are not known
""",
    subject=True,
)

PROCESS_CPV = define_table(
    "process_cpv",
    "A CPV code of a process.",
    "ocid cpv",
    """
ocid        | id   | ocid                                                   | ocid of the process
cpv         | code | tender/classification, tender/items, awards/items, contracts/items | CPV code, 8 digits
description | text | description of the classification                      | description of the code
is_main     | boolean | tender/classification                               | true for the main code of the process
is_technology | boolean | ours                                              | true if the code is in a technology group
""",
)

LOT = define_table(
    "lot",
    "A part of a process that can be awarded separately: the unit of competition.",
    "ocid lot_id",
    """
ocid         | id      | ocid                          | ocid of the process
lot_id       | id      | tender/lots/id                | id of the lot
title        | text    | tender/lots/title             | title
status       | code    | tender/lots/status            | status as published
estimate_net | money   | tender/lots/value/amount      | estimated value
estimate_gross | money | tender/lots/value/amountGross | estimated value with VAT
min_value    | money   | tender/lots/minimumValue/amount | lowest estimated value
min_value_currency | code | tender/lots/minimumValue/currency | currency of the lowest estimated value
currency     | code    | tender/lots/value/currency    | currency of the amounts
start_date   | date    | tender/lots/contractPeriod    | expected start of the contract
end_date     | date    | tender/lots/contractPeriod    | expected end of the contract
max_end      | date    | tender/lots/contractPeriod/maxExtentDate | latest end if all extensions are used
duration_days | integer | tender/lots/contractPeriod/durationInDays | duration in days, as published
duration_months | integer | tender/lots/contractPeriod/durationInMonths | longest duration in months, as published
suits_sme    | boolean | tender/lots/suitability/sme   | true if marked as suitable for small and medium firms
final_stage_bids | integer | bids/statistics           | number of bids; “bids counted” says which kind
bid_count_basis | code | ours                           | kind of bids counted: at the final stage, valid or received
""",
)

BID_STATISTIC = define_table(
    "bid_statistic",
    "A published count or amount about the bids, one row for each lot and measure. The value is empty if the publisher contradicts itself.",
    "ocid lot_id measure",
    """
ocid      | id      | ocid                       | ocid of the process
lot_id    | id      | bids/statistics/relatedLot | id of the lot; '' for the whole process
measure   | code    | bids/statistics/measure    | what the value counts or measures
value     | number  | bids/statistics/value      | count or amount, if all statements agree
currency  | code    | bids/statistics/currency   | currency, if the value is an amount
statements | integer | ours                      | number of times it was published
agree     | boolean | ours                       | true if all statements give the same value
""",
)

BID = define_table(
    "bid",
    "A bid for a process.",
    "ocid bid_id",
    """
ocid      | id    | ocid               | ocid of the process
bid_id    | id    | bids/details/id    | id of the bid
date      | date  | bids/details/date  | day on which the bid was received
status    | code  | bids/details/status | status of the bid: invited, pending, valid, disqualified or withdrawn
value_net | money | bids/details/value | price of the bid
currency  | code  | bids/details/value/currency | currency of the price
tenderers | integer | bids/details/tenderers | number of tenderers that made it
""",
)

AWARD = define_table(
    "award",
    "A decision to award to one or more suppliers.",
    "award_id",
    """
award_id        | id      | {ocid}/awards/{id}         | id of the award
ocid            | id      | ocid                       | ocid of the process
local_id        | id      | awards/id                  | id of the award within the process
title           | text    | awards/title               | title
lot_id          | id      | awards/relatedLots         | id of the lot, if the award is for one lot
date*           | date    | awards/date                | date of the award
status*         | code    | awards/status              | status as published
value_net*      | money   | awards/value/amount        | value, last published
value_gross     | money   | awards/value/amountGross   | value with VAT, last published
value_net_first | money   | awards/value/amount        | value, first published
value_gross_first | money | awards/value/amountGross   | value with VAT, first published
currency        | code    | awards/value/currency      | currency of the amounts
vat_basis       | code    | ours                       | VAT basis of value_net: without VAT (net), with VAT (gross) or not stated (unknown)
nominal_value   | boolean | ours                       | true if the value only fills the form, such as 0.01 or 99,999,999; it is excluded from sums
is_ceiling      | boolean | ours                       | true if the value is a framework's ceiling; it is excluded from sums
suppliers*      | integer | awards/suppliers           | number of suppliers named
start_date      | date    | awards/contractPeriod      | expected start of the contract
end_date+       | date    | awards/contractPeriod      | expected end of the contract, as published; otherwise calculated from the start and the published number of days
end_date_first  | date    | awards/contractPeriod      | expected end of the contract, first published
max_end         | date    | awards/contractPeriod/maxExtentDate | latest end if all extensions are used
duration_days   | integer | awards/contractPeriod/durationInDays | expected duration of the contract in days, as published
duration_months | integer | awards/contractPeriod/durationInMonths | longest duration of the contract in months, as published
standstill_end  | date    | awards/standstillPeriod    | end of the standstill period
has_subcontracting | boolean | awards/hasSubcontracting | true if part will be subcontracted
subcontract_min_share | share | awards/subcontracting  | smallest share that will be subcontracted
subcontract_max_share | share | awards/subcontracting  | largest share that will be subcontracted
subcontract_value | money | awards/subcontracting/value | value that will be subcontracted
superseded_award | boolean | ours | true if a newer notice repeats it (same supplier and date) under a new id; it is kept but not counted
superseded_by   | id      | ours                       | id of the newer award
is_void         | boolean | ours                       | true if the award or its procurement came to nothing: cancelled, withdrawn, unsuccessful or terminated
repeats_award   | id      | ours                       | id of the oldest award that it repeats, whose first value is the baseline of both
also_published_as | id    | ours                       | id of the same award on another publisher: reference, title, value and suppliers are equal
same_id_in_notice | integer | ours                     | largest number of awards that one notice publishes under this id
counted | boolean | ours | true if in sums: value_net is not empty, nominal or a ceiling; not superseded, void or counted on another publisher
""",
    subject=True,
)

AWARD_SUPPLIER = define_table(
    "award_supplier",
    "A supplier of an award.",
    "award_id org_id",
    """
award_id | id   | ours             | id of the award
org_id   | id   | awards/suppliers | organisation id of the supplier
name     | text | awards/suppliers/name | name of the supplier in the notice
current  | boolean | ours          | true if named in the last notice that names the award's suppliers
""",
)

PARTY_ROLE = define_table(
    "party_role",
    "A role of an organisation in a process.",
    "ocid org_id role",
    """
ocid   | id   | ocid          | ocid of the process
org_id | id   | parties       | id of the organisation
role   | code | parties/roles | role of the organisation, from the OCDS party roles
name   | text | parties/name  | name in the last notice that names the organisation
""",
)

RELATED_PROCESS = define_table(
    "related_process",
    "Another process that this one comes from or replaces.",
    "ocid contract_id relation_id",
    """
ocid         | id   | ocid                          | ocid of the process
contract_id  | id   | ours                          | id of the contract; '' for the process
relation_id  | id   | relatedProcesses/id           | id of the entry
relationship | list | relatedProcesses/relationship | relationship, such as framework, planning, parent or prior
scheme       | code | relatedProcesses/scheme       | kind of identifier; ocid if it is an ocid
identifier   | id   | relatedProcesses/identifier   | identifier of the other process
title        | text | relatedProcesses/title        | title of the other process
uri          | text | relatedProcesses/uri          | URL where it is published
is_loaded    | boolean | ours                       | true if the other process is loaded
""",
)

PROCESS_TABLES = (
    ORGANISATION, ORGANISATION_IDENTIFIER, ORGANISATION_NAME, CONTRACTING_PROCESS, PROCESS_CPV, LOT, BID_STATISTIC, BID,
    AWARD, AWARD_SUPPLIER, PARTY_ROLE, RELATED_PROCESS,
)  # fmt: skip
