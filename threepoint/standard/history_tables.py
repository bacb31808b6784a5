"""History: what publishers said, one row a thing a release, append-only. The source of a field is its path in OCDS 1.1.

From these lines come the Parquet schema, the structs that parse a release, the code that lays it flat, the merge and the
reference page: a field that is not here is not read.
"""

from threepoint.standard.definition import TableDefinition, define_history_table, define_table
from threepoint.standard.history_tables_delivery import DELIVERY_HISTORY_TABLES
from threepoint.standard.history_tables_notes import INVALID_VALUE, REMOVED, SIGHTING
from threepoint.standard.tables_payments import PAYMENT_HISTORY_TABLES
from threepoint.standard.tables_projects import PROJECT_HISTORY_TABLES

RELEASE = define_table(
    "release",
    "One published statement about one contracting process.",
    "release_key",
    """
release_key      | key       | ours           | first 8 bytes of `sha256`
ocid             | id        | ocid           | the contracting process
release_id       | id        | id             | as published, else `{ocid}-` and 12 characters of the sha256 of its JSON
id_derived       | boolean   | ours           | true when the publisher gave no release id
date             | timestamp | date           | when the release was published; orders releases
kind             | code      | ours           | release, compiled or versioned; only a release can set a baseline
tag              | list      | tag            | OCDS release tags
initiation_type  | code      | initiationType | how the process began
language         | code      | language       | language of the text
publisher        | text      | publisher/name | who published it, else told from the ocid
publisher_group  | code      | ours           | uk, example, synthetic or other
source_id        | id        | ours           | sha256 of the file, as published
sha256           | id        | ours           | of what the release says, whatever its layout
""",
)

PROCESS = define_history_table(
    "process",
    "The process itself: planning, tender and buyer of one release.",
    ".",
    "",
    """
release_title                 | text    | title                                     | title of the release
release_description           | text    | description                               | description of the release
buyer_ref                     | id      | buyer/id                                  | party id of the buyer in this release
buyer_name                    | text    | buyer/name                                | buyer as named here
budget_project                | text    | planning/budget/project                   | project or programme that pays
budget_project_id             | id      | planning/budget/projectID                 | its identifier, as published
budget_amount                 | money   | planning/budget/amount/amount             | budget
budget_currency               | code    | planning/budget/amount/currency           | its currency
no_engagement_rationale       | text    | planning/noEngagementNoticeRationale      | why there was no preliminary market engagement notice
tender_id                     | id      | tender/id                                 | tender
title                         | text    | tender/title                              | title
description                   | text    | tender/description                        | description
status                        | code    | tender/status                             | tender status as published
method                        | code    | tender/procurementMethod                  | open, selective, limited, direct
method_details                | text    | tender/procurementMethodDetails           | national procedure
method_rationale              | text    | tender/procurementMethodRationale         | why this method
category                      | code    | tender/mainProcurementCategory            | goods, works, services
value_net                     | money   | tender/value/amount                       | estimate without VAT where the form says so
value_gross                   | money   | tender/value/amountGross                  | estimate with VAT
value_currency                | code    | tender/value/currency                     | currency
min_value                     | money   | tender/minValue/amount                    | least value
tender_start                  | date    | tender/tenderPeriod/startDate             | bids may be sent from
tender_end                    | date    | tender/tenderPeriod/endDate               | bids are due
enquiry_end                   | date    | tender/enquiryPeriod/endDate              | questions are due
interest_deadline             | date    | tender/expressionOfInterestDeadline       | expressions of interest are due
award_period_start            | date    | tender/awardPeriod/startDate              | award expected from
contract_start                | date    | tender/contractPeriod/startDate           | contract expected to start
contract_end                  | date    | tender/contractPeriod/endDate             | contract expected to end
date_published                | date    | tender/datePublished                      | tender notice published
procuring_ref                 | id      | tender/procuringEntity/id                 | party id of the body that runs the procurement
procuring_name                | text    | tender/procuringEntity/name               | as named here
class_scheme                  | code    | tender/classification/scheme              | classification scheme
class_code                    | code    | tender/classification/id                  | main classification
class_text                    | text    | tender/classification/description         | its words
is_framework                  | boolean | tender/techniques/hasFrameworkAgreement   | a framework agreement is set up
framework_method              | code    | tender/techniques/frameworkAgreement/method | how call-offs are made
framework_participants        | integer | tender/techniques/frameworkAgreement/maximumParticipants | most suppliers
framework_ceiling             | money   | tender/techniques/frameworkAgreement/value/amount | ceiling; never spend
has_dynamic_market            | boolean | tender/techniques/hasDynamicPurchasingSystem | a dynamic market is set up
above_threshold               | boolean | tender/aboveThreshold                     | over the procurement threshold
special_regime                | list    | tender/specialRegime                      | light touch, utilities, defence …
tenderers                     | integer | tender/numberOfTenderers                  | number of tenderers
suits_sme                     | boolean | tender/suitability/sme                    | marked as suitable for small and medium firms
suits_vcse                    | boolean | tender/suitability/vcse                   | marked as suitable for voluntary bodies and social enterprises
legal_basis                   | code    | tender/legalBasis/id                      | law it runs under
risk_details                  | text    | tender/riskDetails                        | known risks
""",
)

PARTY = define_history_table(
    "party",
    "An organisation as one release names it. Contact points are never read.",
    "parties[]",
    "party_id",
    """
party_id           | id      | id                             | id of the party; on Find a Tender unique only within a release
name               | text    | name                           | name as published
identifier_scheme  | code    | identifier/scheme              | register
identifier_id      | id      | identifier/id                  | number in the register, as published
legal_name         | text    | identifier/legalName           | registered name
body               | id      | identify(identifier/scheme, identifier/id, id) | identifier as its register writes it, where it can be one
street             | text    | address/streetAddress          | street; used to tell bodies apart, never shown
locality           | text    | address/locality               | town
region             | code    | address/region                 | region, often NUTS or ITL
postcode           | text    | address/postalCode             | postcode
country            | text    | address/countryName            | country as published
country_code       | code    | address/country                | ISO 3166-1 alpha-2
roles              | list    | roles                          | OCDS party roles
scale              | code    | details/scale                  | micro, sme, large as published
vcse               | boolean | details/vcse                   | voluntary, community or social enterprise
public_mission     | boolean | details/publicServiceMissionOrganization | public service mission organisation
sheltered_workshop | boolean | details/shelteredWorkshop      | supported employment provider
""",
)

PARTY_IDENTIFIER = define_history_table(
    "party_identifier",
    "Further identifiers of a party.",
    "parties[]/additionalIdentifiers[]",
    "party_id position",
    """
party_id   | id      | ours      | the party
position   | integer | ours      | place in the list, from 0
scheme     | code    | scheme    | register
identifier | id      | id        | number in the register, as published
legal_name | text    | legalName | registered name
body       | id      | identify(scheme, id) | identifier as its register writes it, where it can be one
""",
    whole_list=True,
)

PARTY_CLASSIFICATION = define_history_table(
    "party_classification",
    "What kind of body a party is.",
    "parties[]/details/classifications[]",
    "party_id position",
    """
party_id    | id      | ours        | the party
position    | integer | ours        | place in the list, from 0
scheme      | code    | scheme      | such as UK_CA_TYPE
code        | code    | id          | code
description | text    | description | its words
""",
    whole_list=True,
)

LOT = define_history_table(
    "lot",
    "A part of a tender that can be awarded alone: the unit of competition.",
    "tender/lots[]",
    "lot_id",
    """
lot_id         | id      | id                           | lot
title          | text    | title                        | title
description    | text    | description                  | description
status         | code    | status                       | status as published
value_net      | money   | value/amount                 | estimate
value_gross    | money   | value/amountGross            | estimate with VAT
value_currency | code    | value/currency               | currency
start_date     | date    | contractPeriod/startDate     | expected start
end_date       | date    | contractPeriod/endDate       | expected end
max_end        | date    | contractPeriod/maxExtentDate | latest end if all extensions are used
duration_days  | integer | contractPeriod/durationInDays | duration where no dates are given
has_options    | boolean | hasOptions                   | has options
has_renewal    | boolean | hasRenewal                   | can be renewed
suits_sme      | boolean | suitability/sme              | marked as suitable for small and medium firms
suits_vcse     | boolean | suitability/vcse             | marked as suitable for voluntary bodies and social enterprises
""",
)

ITEM = define_history_table(
    "item",
    "What is bought, by classification.",
    "tender/items[] awards[]/items[] contracts[]/items[]",
    "parent_id item_id",
    """
parent_id    | id   | ours                       | award or contract the item belongs to; '' for the tender
item_id      | id   | id                         | item
description  | text | description                | description
class_scheme | code | classification/scheme      | classification scheme
class_code   | code | classification/id          | classification
class_text   | text | classification/description | its words
related_lot  | id   | relatedLot                 | lot
""",
)

ITEM_CLASS = define_history_table(
    "item_class",
    "Further classifications of an item; Find a Tender gives CPV codes here.",
    "tender/items[]/additionalClassifications[] awards[]/items[]/additionalClassifications[]"
    " contracts[]/items[]/additionalClassifications[]",
    "parent_id item_id position",
    """
parent_id   | id      | ours        | award or contract the item belongs to; '' for the tender
item_id     | id      | ours        | item
position    | integer | ours        | place in the list, from 0
scheme      | code    | scheme      | classification scheme
code        | code    | id          | code
description | text    | description | its words
""",
    whole_list=True,
)

PROCESS_CPV = define_history_table(
    "process_cpv",
    "Further classifications of the tender.",
    "tender/additionalClassifications[]",
    "class_id",
    """
class_id    | id   | id          | code, as the key of the entry
scheme      | code | scheme      | classification scheme
description | text | description | its words
""",
)

BID_STATISTIC = define_history_table(
    "bid_statistic",
    "A published count or amount about the bids.",
    "bids/statistics[]",
    "statistic_id",
    """
statistic_id | id     | id         | statistic
measure      | code   | measure    | bids, finalStageBids, smeFinalStageBids, lowestValidBidValue …
value        | number | value      | as published
currency     | code   | currency   | currency of an amount
related_lot  | id     | relatedLot | lot
""",
)

BID = define_history_table(
    "bid",
    "One bid.",
    "bids/details[]",
    "bid_id",
    """
bid_id         | id    | id             | bid
date           | date  | date           | received
status         | code  | status         | invited, pending, valid, disqualified, withdrawn
value_net      | money | value/amount   | bid price
value_currency | code  | value/currency | currency
""",
)

BID_TENDERER = define_history_table(
    "bid_tenderer",
    "Who made a bid.",
    "bids/details[]/tenderers[]",
    "bid_id party_ref",
    """
bid_id    | id   | ours | the bid
party_ref | id   | id   | party id
name      | text | name | as named here
body      | id   | identify(-, -, id) | identifier that the party id carries, if any
""",
)

AWARD = define_history_table(
    "award",
    "A decision for a supplier.",
    "awards[]",
    "local_id",
    """
local_id          | id      | id                                  | award id, unique within the process
title             | text    | title                               | title
description       | text    | description                         | description
status            | code    | status                              | status as published
date              | date    | date                                | date of the award
date_published    | date    | datePublished                       | published
value_net         | money   | value/amount                        | value without VAT where the form says so
value_gross       | money   | value/amountGross                   | value with VAT
value_currency    | code    | value/currency                      | currency
category          | code    | mainProcurementCategory             | goods, works, services
start_date        | date    | contractPeriod/startDate            | contract expected to start
end_date          | date    | contractPeriod/endDate              | contract expected to end
related_lots      | list    | relatedLots                         | lots
standstill_end    | date    | standstillPeriod/endDate            | end of the standstill
above_threshold   | boolean | aboveThreshold                      | over the threshold
final_status_date | date    | finalStatusDate                     | when the status became final
has_subcontracting | boolean | hasSubcontracting                  | part will be subcontracted
subcontract_min   | share   | subcontracting/minimumPercentage    | least share subcontracted
subcontract_max   | share   | subcontracting/maximumPercentage    | greatest share subcontracted
subcontract_value | money   | subcontracting/value/amount         | value subcontracted
""",
)

AWARD_SUPPLIER = define_history_table(
    "award_supplier",
    "A supplier of an award.",
    "awards[]/suppliers[]",
    "local_id party_ref",
    """
local_id  | id   | ours | the award
party_ref | id   | id   | party id of the supplier in this release
name      | text | name | as named here
body      | id   | identify(-, -, id) | identifier that the party id carries, if any
""",
)

RELATED_PROCESS = define_history_table(
    "related_process",
    "Another process that this one comes from or replaces.",
    "relatedProcesses[] contracts[]/relatedProcesses[]",
    "parent_id relation_id",
    """
parent_id    | id   | ours         | the contract; '' for the process
relation_id  | id   | id           | entry
relationship | list | relationship | framework, planning, parent, prior …
scheme       | code | scheme       | kind of the identifier, ocid where it is one
identifier   | id   | identifier   | of the other process
title        | text | title        | its title
uri          | text | uri          | where it is published
""",
)

DOCUMENT = define_history_table(
    "document",
    "A published document or notice.",
    "planning/documents[] tender/documents[] awards[]/documents[] contracts[]/documents[]"
    " contracts[]/implementation/documents[]",
    "parent_id document_id",
    """
parent_id      | id   | ours          | award or contract; '' for planning and tender
document_id    | id   | id            | document
document_type  | code | documentType  | OCDS document type
notice_type    | code | noticeType    | UK1 to UK17, on Find a Tender
title          | text | title         | title
url            | text | url           | where it is
date_published | date | datePublished | published
date_modified  | date | dateModified  | last changed
language       | code | language      | language
""",
)

WITHHELD = define_history_table(
    "withheld",
    "What the publisher says is withheld, with the reason.",
    "withheldInformation[]",
    "withheld_id",
    """
withheld_id       | id   | id               | entry
field             | text | field            | path of the field withheld
name              | text | name             | its name
availability_date | date | availabilityDate | when it will be published
rationale         | text | rationale        | why
""",
)

WITHHELD_GROUND = define_history_table(
    "withheld_ground",
    "The legal ground for withholding.",
    "withheldInformation[]/rationaleClassifications[]",
    "withheld_id ground_id",
    """
withheld_id | id   | ours        | the entry
ground_id   | id   | id          | ground, such as UK-PA23-s94-1b
scheme      | code | scheme      | code list
description | text | description | its words
""",
)

# Lists of words that the core schema replaces as one, so that an empty list empties them (the others ignore it).
WHOLE_LIST_FIELDS = ("roles", "relationship")

RELEASE_CONTENT_TABLES = (
    PROCESS, PARTY, PARTY_IDENTIFIER, PARTY_CLASSIFICATION, LOT, ITEM, ITEM_CLASS, PROCESS_CPV, BID_STATISTIC, BID,
    BID_TENDERER, AWARD, AWARD_SUPPLIER, RELATED_PROCESS, DOCUMENT, WITHHELD, WITHHELD_GROUND, *DELIVERY_HISTORY_TABLES,
)  # fmt: skip

HISTORY_TABLES: dict[str, TableDefinition] = {
    t.name: t
    for t in (
        RELEASE,
        *RELEASE_CONTENT_TABLES,
        REMOVED,
        INVALID_VALUE,
        SIGHTING,
        *PROJECT_HISTORY_TABLES,
        *PAYMENT_HISTORY_TABLES,
    )
}
