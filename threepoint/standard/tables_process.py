"""The standard's tables of who buys what from whom: organisations, processes, lots, bids, awards."""

from threepoint.standard.definition import define_table

ORGANISATION = define_table(
    "organisation",
    "A body that buys or supplies. Only equal identifiers make two parties one body; without any, equal published names share an address.",
    "org_id",
    """
org_id            | id      | first identifier seen, by register; else ORG- and a hash of the published name | address of the body; never changes
name*             | text    | parties/name                          | name as published last
legal_name        | text    | parties/identifier/legalName          | registered name
kind*             | code    | parties/roles                         | buyer, supplier, both or other
buyer_class+      | code    | parties/details/classifications       | kind of contracting authority, as published
scale+            | code    | parties/details/scale                 | micro, sme, large as published; declared by the supplier
vcse              | boolean | parties/details/vcse                  | voluntary, community or social enterprise
public_mission    | boolean | parties/details/publicServiceMissionOrganization | public service mission organisation
sheltered_workshop | boolean | parties/details/shelteredWorkshop    | supported employment provider
region            | code    | parties/address/region                | region, often NUTS or ITL
locality          | text    | parties/address/locality              | town
country_code      | code    | parties/address/country               | ISO 3166-1 alpha-2
match_method+     | code    | ours                                  | exact_id, published_name, withheld or placeholder
match_confidence+ | share   | ours                                  | 1 for an exact identifier; empty where names are not resolved yet
names             | integer | ours                                  | number of spellings published
processes         | integer | ours                                  | number of processes it appears in
""",
    subject=True,
)

ORGANISATION_IDENTIFIER = define_table(
    "organisation_identifier",
    "Every identifier under which an organisation was published.",
    "identifier",
    """
identifier | id   | parties/identifier, parties/additionalIdentifiers | register and number, numbers padded as the register does
org_id     | id   | ours | the organisation
scheme     | code | ours | register
""",
)

ORGANISATION_NAME = define_table(
    "organisation_name",
    "Every spelling under which an organisation was published.",
    "org_id name",
    """
org_id    | id      | ours         | the organisation
name      | text    | parties/name | spelling as published
processes | integer | ours         | number of processes that use it
""",
)

CONTRACTING_PROCESS = define_table(
    "contracting_process",
    "One procurement from planning to award, by its ocid.",
    "ocid",
    """
ocid                   | id      | ocid                                | the process
buyer_org_id*          | id      | buyer                               | buyer
procuring_org_id       | id      | tender/procuringEntity              | body that runs the procurement
title*                 | text    | tender/title                        | title
description            | text    | tender/description                  | description
stage                  | code    | notice type, else tag               | planning, tender, award, contract, ended, cancelled
status*                | code    | tender/status                       | tender status as published
method*                | code    | tender/procurementMethod            | open, selective, limited, direct
method_details         | text    | tender/procurementMethodDetails     | national procedure
method_rationale       | text    | tender/procurementMethodRationale   | why this method
category*              | code    | tender/mainProcurementCategory      | goods, works, services
cpv_main*              | code    | tender/classification, items        | main CPV code
is_technology          | boolean | ours                                | some CPV code of it is in a technology group
is_framework+          | boolean | tender/techniques, method details   | sets up a framework agreement
framework_method       | code    | tender/techniques/frameworkAgreement/method | how call-offs are made
framework_ceiling      | money   | tender/techniques/frameworkAgreement/value  | ceiling; never spend
parent_ocid            | id      | relatedProcesses                    | framework that it calls off
is_call_off            | boolean | relatedProcesses, method details    | a call-off from a framework
estimate_net+          | money   | tender/value/amount                 | estimate, current
estimate_gross         | money   | tender/value/amountGross            | estimate with VAT, current
estimate_net_first     | money   | tender/value/amount                 | estimate, first published
currency               | code    | tender/value/currency               | currency
vat_basis              | code    | ours                                | net, gross or unknown: what estimate_net is
nominal_estimate       | boolean | ours                                | the estimate is 0, 0.01 or 1 and stands in no sum
budget_amount          | money   | planning/budget/amount              | budget
budget_currency        | code    | planning/budget/amount/currency     | currency of the budget
tender_start+          | date    | tender/tenderPeriod/startDate, else tender notice published | bids may be sent from
tender_end+            | date    | tender/tenderPeriod/endDate         | bids are due
award_expected         | date    | tender/awardPeriod/startDate        | award expected from
contract_start         | date    | tender/contractPeriod/startDate     | contract expected to start
contract_end           | date    | tender/contractPeriod/endDate       | contract expected to end
engagement_notice_date+ | date   | UK2 notice, planning milestones     | when suppliers were first asked
no_engagement_rationale | text   | planning/noEngagementNoticeRationale | why there was no preliminary market engagement notice
final_stage_bids+      | integer | bids/statistics                     | bids at the final stage
bid_count_basis        | code    | ours                                | finalStageBids, validBids, bids or numberOfTenderers
sme_final_stage_bids   | integer | bids/statistics                     | of these from small and medium firms
vcse_final_stage_bids  | integer | bids/statistics                     | of these from voluntary bodies and social enterprises
above_threshold        | boolean | tender/aboveThreshold               | over the procurement threshold
special_regime         | list    | tender/specialRegime                | light touch, utilities, defence …
scheme_id              | id      | planning/budget/projectID           | scheme it belongs to, as the publisher declares
publisher              | text    | ours                                | publisher of its notices
publisher_group        | code    | ours                                | uk, example, synthetic or other
notices                | integer | ours                                | number of notices held
first_published        | timestamp | date                              | first notice
last_published         | timestamp | date                              | newest notice
compiled_only          | boolean | ours                                | only a compiled release is held, so nothing is known of how it changed
""",
    subject=True,
)

PROCESS_CPV = define_table(
    "process_cpv",
    "Every CPV code of a process.",
    "ocid cpv",
    """
ocid        | id   | ocid                                                   | the process
cpv         | code | tender/classification, tender/items, awards/items, contracts/items | CPV code, 8 digits
description | text | description of the classification                      | its words
is_main     | boolean | tender/classification                               | the main code
is_technology | boolean | ours                                              | in a technology group
""",
)

LOT = define_table(
    "lot",
    "A part of a process that can be awarded alone: the unit of competition.",
    "ocid lot_id",
    """
ocid         | id      | ocid                          | the process
lot_id       | id      | tender/lots/id                | the lot
title        | text    | tender/lots/title             | title
status       | code    | tender/lots/status            | status as published
estimate_net | money   | tender/lots/value/amount      | estimate
estimate_gross | money | tender/lots/value/amountGross | estimate with VAT
currency     | code    | tender/lots/value/currency    | currency
start_date   | date    | tender/lots/contractPeriod    | expected start
end_date     | date    | tender/lots/contractPeriod    | expected end
duration_days | integer | tender/lots/contractPeriod/durationInDays | duration where no dates are given
suits_sme    | boolean | tender/lots/suitability/sme   | marked as suitable for small and medium firms
final_stage_bids | integer | bids/statistics           | bids at the final stage
bid_count_basis | code | ours                           | finalStageBids, validBids, bids
""",
)

BID_STATISTIC = define_table(
    "bid_statistic",
    "A published count or amount about the bids, once per lot and measure; empty where the publisher contradicts itself.",
    "ocid lot_id measure",
    """
ocid      | id      | ocid                       | the process
lot_id    | id      | bids/statistics/relatedLot | the lot; '' for the whole process
measure   | code    | bids/statistics/measure    | what is counted
value     | number  | bids/statistics/value      | the count or amount, where all statements agree
currency  | code    | bids/statistics/currency   | currency of an amount
statements | integer | ours                      | how often it was stated
agree     | boolean | ours                       | all statements say the same
""",
)

BID = define_table(
    "bid",
    "One bid.",
    "ocid bid_id",
    """
ocid      | id    | ocid               | the process
bid_id    | id    | bids/details/id    | the bid
date      | date  | bids/details/date  | received
status    | code  | bids/details/status | invited, pending, valid, disqualified, withdrawn
value_net | money | bids/details/value | price
currency  | code  | bids/details/value/currency | currency
tenderers | integer | bids/details/tenderers | number of tenderers that made it
""",
)

AWARD = define_table(
    "award",
    "A decision for one or more suppliers.",
    "award_id",
    """
award_id        | id      | {ocid}/awards/{id}         | the award
ocid            | id      | ocid                       | the process
local_id        | id      | awards/id                  | its id within the process
title           | text    | awards/title               | title
lot_id          | id      | awards/relatedLots         | lot, where it is for one lot
date*           | date    | awards/date                | date of the award
status*         | code    | awards/status              | status as published
value_net*      | money   | awards/value/amount        | value, current
value_gross     | money   | awards/value/amountGross   | value with VAT, current
value_net_first | money   | awards/value/amount        | value, first published
value_gross_first | money | awards/value/amountGross   | value with VAT, first published
currency        | code    | awards/value/currency      | currency
vat_basis       | code    | ours                       | net, gross or unknown: what value_net is
nominal_value   | boolean | ours                       | the value is 0, 0.01 or 1 and stands in no sum
is_ceiling      | boolean | ours                       | the value is a framework's ceiling and stands in no sum
suppliers*      | integer | awards/suppliers           | number of suppliers named
start_date      | date    | awards/contractPeriod      | contract expected to start
end_date+       | date    | awards/contractPeriod      | contract expected to end
end_date_first  | date    | awards/contractPeriod      | the same, first published
standstill_end  | date    | awards/standstillPeriod    | end of the standstill
has_subcontracting | boolean | awards/hasSubcontracting | part will be subcontracted
subcontract_min_share | share | awards/subcontracting  | least share subcontracted
subcontract_max_share | share | awards/subcontracting  | greatest share subcontracted
subcontract_value | money | awards/subcontracting/value | value subcontracted
superseded_award | boolean | ours                      | a newer notice gives the same supplier and date a new award id: kept, shown, counted once
superseded_by   | id      | ours                       | that newer award
repeats_award   | id      | ours                       | the oldest award that this one repeats: its first value is the baseline of both
counted         | boolean | ours                       | stands in sums: not superseded, not nominal, no ceiling, not cancelled
""",
    subject=True,
)

AWARD_SUPPLIER = define_table(
    "award_supplier",
    "A supplier of an award.",
    "award_id org_id",
    """
award_id | id   | ours             | the award
org_id   | id   | awards/suppliers | the supplier
name     | text | awards/suppliers/name | as named there
current  | boolean | ours          | named in the last notice that names the award's suppliers
""",
)

PARTY_ROLE = define_table(
    "party_role",
    "What an organisation is in a process.",
    "ocid org_id role",
    """
ocid   | id   | ocid          | the process
org_id | id   | parties       | the organisation
role   | code | parties/roles | OCDS party role
name   | text | parties/name  | as named there last
""",
)

RELATED_PROCESS = define_table(
    "related_process",
    "Another process that this one comes from or replaces.",
    "ocid contract_id relation_id",
    """
ocid         | id   | ocid                          | the process
contract_id  | id   | ours                          | the contract; '' for the process
relation_id  | id   | relatedProcesses/id           | entry
relationship | list | relatedProcesses/relationship | framework, planning, parent, prior …
scheme       | code | relatedProcesses/scheme       | ocid where the identifier is one
identifier   | id   | relatedProcesses/identifier   | of the other process
title        | text | relatedProcesses/title        | its title
held         | boolean | ours                       | the other process is in this store
""",
)

PROCESS_TABLES = (
    ORGANISATION, ORGANISATION_IDENTIFIER, ORGANISATION_NAME, CONTRACTING_PROCESS, PROCESS_CPV, LOT, BID_STATISTIC, BID,
    AWARD, AWARD_SUPPLIER, PARTY_ROLE, RELATED_PROCESS,
)  # fmt: skip
