"""History tables: everything published, one row for each record in each release, append-only. Sources are OCDS 1.1 paths.

The Parquet schema, the structs that parse a release, the code that flattens it, the merge and the reference page are
generated from these lines. A field that is not here is not read.
"""

from threepoint.standard.definition import TableDefinition, define_history_table, define_table
from threepoint.standard.history_tables_contracts import DELIVERY_HISTORY_TABLES
from threepoint.standard.history_tables_notes import INVALID_VALUE, REMOVED, SIGHTING
from threepoint.standard.tables_payments import PAYMENT_HISTORY_TABLES
from threepoint.standard.tables_projects import PROJECT_HISTORY_TABLES

RELEASE = define_table(
    "release",
    "One release: a published statement about one contracting process.",
    "release_key",
    """
release_key      | key       | ours           | key of the release: the first 8 bytes of sha256
ocid             | id        | ocid           | ocid of the contracting process
release_id | id | id | id of the release as published, otherwise `{ocid}-` and 12 characters of the sha256 of its JSON
id_derived       | boolean   | ours           | true if the publisher gave no release id
date             | timestamp | date           | when the release was published; releases are merged in this order
published_on     | date      | date           | day in London on which the release was published
kind             | code      | ours           | kind of release: release, compiled or versioned; only a release can set a baseline
tag              | list      | tag            | OCDS tags of the release
initiation_type  | code      | initiationType | how the process began, as published
language         | code      | language       | language of the text
publisher        | text      | publisher/name | publisher as published, otherwise identified by the ocid
publisher_group  | code      | ours           | group of the publisher: UK, worked example, synthetic or other
source_id        | id        | ours           | sha256 of the published file
sha256           | id        | ours           | sha256 of the content of the release, independent of its layout
""",
)

PROCESS = define_history_table(
    "process",
    "Planning, tender and buyer of a process, in one release.",
    ".",
    "",
    """
release_title                 | text    | title                                     | title of the release
release_description           | text    | description                               | description of the release
buyer_ref                     | id      | buyer/id                                  | party id of the buyer in this release
buyer_name                    | text    | buyer/name                                | name of the buyer in this release
budget_project                | text    | planning/budget/project                   | project or programme that pays
budget_project_id             | id      | planning/budget/projectID                 | identifier of the project or programme, as published
budget_amount                 | money   | planning/budget/amount/amount             | amount of the budget
budget_currency               | code    | planning/budget/amount/currency           | currency of the budget
no_engagement_rationale       | text    | planning/noEngagementNoticeRationale      | reason for no preliminary market engagement notice
tender_id                     | id      | tender/id                                 | id of the tender
title                         | text    | tender/title                              | title
description                   | text    | tender/description                        | description
status                        | code    | tender/status                             | tender status as published
method                        | code    | tender/procurementMethod                  | open, selective, limited or direct
method_details                | text    | tender/procurementMethodDetails           | national procedure, as published
method_rationale              | text    | tender/procurementMethodRationale         | reason for this method
category                      | code    | tender/mainProcurementCategory            | goods, works or services
value_net                     | money   | tender/value/amount                       | estimated value, without VAT if the form says so
value_gross                   | money   | tender/value/amountGross                  | estimated value with VAT
value_currency                | code    | tender/value/currency                     | currency of the amounts
min_value                     | money   | tender/minValue/amount                    | lowest estimated value
min_value_currency            | code    | tender/minValue/currency                  | currency of the lowest estimated value
max_value                     | money   | tender/maxValue/amount                    | highest estimated value
max_value_currency            | code    | tender/maxValue/currency                  | currency of the highest estimated value
tender_start                  | date    | tender/tenderPeriod/startDate             | first day on which bids are accepted
tender_end                    | date    | tender/tenderPeriod/endDate               | deadline for bids
enquiry_end                   | date    | tender/enquiryPeriod/endDate              | deadline for questions
interest_deadline             | date    | tender/expressionOfInterestDeadline       | deadline for expressions of interest
award_period_start            | date    | tender/awardPeriod/startDate              | first day on which the award is expected
contract_start                | date    | tender/contractPeriod/startDate           | expected start of the contract
contract_end                  | date    | tender/contractPeriod/endDate             | expected end of the contract
contract_max_end              | date    | tender/contractPeriod/maxExtentDate       | latest end if all extensions are used
contract_days                 | integer | tender/contractPeriod/durationInDays      | expected duration of the contract in days
contract_months               | integer | tender/contractPeriod/durationInMonths    | longest duration of the contract in months
date_published                | date    | tender/datePublished                      | day of publication of the tender notice
procuring_ref                 | id      | tender/procuringEntity/id                 | party id of the body that runs the procurement
procuring_name                | text    | tender/procuringEntity/name               | name of that body in this release
class_scheme                  | code    | tender/classification/scheme              | classification scheme
class_code                    | code    | tender/classification/id                  | code of the main classification
class_text                    | text    | tender/classification/description         | description of the main classification
is_framework                  | boolean | tender/techniques/hasFrameworkAgreement   | true if a framework agreement is set up
framework_method              | code    | tender/techniques/frameworkAgreement/method | how the framework is called off
framework_participants        | integer | tender/techniques/frameworkAgreement/maximumParticipants | maximum number of suppliers
framework_ceiling | money | tender/techniques/frameworkAgreement/value/amount | ceiling of the framework, which is never spend
has_dynamic_market            | boolean | tender/techniques/hasDynamicPurchasingSystem | true if a dynamic market is set up
above_threshold               | boolean | tender/aboveThreshold                     | true if over the procurement threshold
special_regime                | list    | tender/specialRegime                      | such as light touch, utilities or defence
tenderers                     | integer | tender/numberOfTenderers                  | number of tenderers
suits_sme | boolean | tender/suitability/sme | true if marked as suitable for small and medium firms
suits_vcse | boolean | tender/suitability/vcse | true if marked as suitable for voluntary bodies and social enterprises
legal_basis                   | code    | tender/legalBasis/id                      | law that the process is under
risk_details                  | text    | tender/riskDetails                        | known risks
""",
)

PARTY = define_history_table(
    "party",
    "An organisation as one release names it. Contact points are never read.",
    "parties[]",
    "party_id",
    """
party_id           | id      | id                             | id of the party; on Find a Tender it is unique only within a release
name               | text    | name                           | name as published
identifier_scheme  | code    | identifier/scheme              | register of the identifier
identifier_id      | id      | identifier/id                  | number in the register, as published
legal_name         | text    | identifier/legalName           | registered name
body               | id      | identify(identifier/scheme, identifier/id, id) | register and number as the register writes them, if valid
street             | text    | address/streetAddress          | street; used to distinguish organisations, never shown
locality           | text    | address/locality               | town
region             | code    | address/region                 | region, often NUTS or ITL
postcode           | text    | address/postalCode             | postcode
country            | text    | address/countryName            | country as published
country_code       | code    | address/country                | ISO 3166-1 alpha-2
roles              | list    | roles                          | roles of the party, from the OCDS party roles
scale              | code    | details/scale                  | micro, sme or large, as published
vcse               | boolean | details/vcse                   | true for a voluntary, community or social enterprise
public_mission     | boolean | details/publicServiceMissionOrganization | true for an organisation with a public service mission
sheltered_workshop | boolean | details/shelteredWorkshop      | true for a supported employment provider
""",
)

PARTY_IDENTIFIER = define_history_table(
    "party_identifier",
    "A further identifier of a party.",
    "parties[]/additionalIdentifiers[]",
    "party_id position",
    """
party_id   | id      | ours      | id of the party
position   | integer | ours      | position in the list, from 0
scheme     | code    | scheme    | register of the identifier
identifier | id      | id        | number in the register, as published
legal_name | text    | legalName | registered name
body       | id      | identify(scheme, id) | register and number as the register writes them, if valid
""",
    whole_list=True,
)

PARTY_CLASSIFICATION = define_history_table(
    "party_classification",
    "A classification of the kind of body that a party is.",
    "parties[]/details/classifications[]",
    "party_id position",
    """
party_id    | id      | ours        | id of the party
position    | integer | ours        | position in the list, from 0
scheme      | code    | scheme      | classification scheme, such as UK_CA_TYPE
code        | code    | id          | code of the kind of body
description | text    | description | description of the code
""",
    whole_list=True,
)

LOT = define_history_table(
    "lot",
    "A part of a tender that can be awarded separately: the unit of competition.",
    "tender/lots[]",
    "lot_id",
    """
lot_id         | id      | id                           | id of the lot
title          | text    | title                        | title
description    | text    | description                  | description
status         | code    | status                       | status as published
value_net      | money   | value/amount                 | estimated value
value_gross    | money   | value/amountGross            | estimated value with VAT
value_currency | code    | value/currency               | currency of the amounts
min_value      | money   | minimumValue/amount          | lowest estimated value
min_value_currency | code | minimumValue/currency       | currency of the lowest estimated value
start_date     | date    | contractPeriod/startDate     | expected start of the contract
end_date       | date    | contractPeriod/endDate       | expected end of the contract
max_end        | date    | contractPeriod/maxExtentDate | latest end if all extensions are used
duration_days  | integer | contractPeriod/durationInDays | duration in days
duration_months | integer | contractPeriod/durationInMonths | longest duration in months
has_options    | boolean | hasOptions                   | true if it has options
has_renewal    | boolean | hasRenewal                   | true if it can be renewed
suits_sme      | boolean | suitability/sme              | true if marked as suitable for small and medium firms
suits_vcse     | boolean | suitability/vcse             | true if marked as suitable for voluntary bodies and social enterprises
""",
)

ITEM = define_history_table(
    "item",
    "An item to be bought, with its classification.",
    "tender/items[] awards[]/items[] contracts[]/items[]",
    "parent_id item_id",
    """
parent_id    | id   | ours                       | id of the award or contract that the item belongs to; '' for the tender
item_id      | id   | id                         | id of the item
description  | text | description                | description
class_scheme | code | classification/scheme      | classification scheme
class_code   | code | classification/id          | classification code
class_text   | text | classification/description | description of the classification
related_lot  | id   | relatedLot                 | id of the lot
""",
)

ITEM_CLASS = define_history_table(
    "item_class",
    "A further classification of an item. Find a Tender publishes CPV codes here.",
    "tender/items[]/additionalClassifications[] awards[]/items[]/additionalClassifications[]"
    " contracts[]/items[]/additionalClassifications[]",
    "parent_id item_id position",
    """
parent_id   | id      | ours        | id of the award or contract that the item belongs to; '' for the tender
item_id     | id      | ours        | id of the item
position    | integer | ours        | position in the list, from 0
scheme      | code    | scheme      | classification scheme
code        | code    | id          | classification code
description | text    | description | description of the code
""",
    whole_list=True,
)

PROCESS_CPV = define_history_table(
    "process_cpv",
    "A further classification of the tender.",
    "tender/additionalClassifications[]",
    "class_id",
    """
class_id    | id   | id          | classification code
scheme      | code | scheme      | classification scheme
description | text | description | description of the code
""",
)

BID_STATISTIC = define_history_table(
    "bid_statistic",
    "A published count or amount about the bids.",
    "bids/statistics[]",
    "statistic_id",
    """
statistic_id | id     | id         | id of the statistic
measure      | code   | measure    | bids, finalStageBids, smeFinalStageBids, lowestValidBidValue …
value        | number | value      | count or amount, as published
currency     | code   | currency   | currency, if the value is an amount
related_lot  | id     | relatedLot | id of the lot
""",
)

BID = define_history_table(
    "bid",
    "A bid for a process.",
    "bids/details[]",
    "bid_id",
    """
bid_id         | id    | id             | id of the bid
date           | date  | date           | day on which the bid was received
status         | code  | status         | status of the bid: invited, pending, valid, disqualified or withdrawn
value_net      | money | value/amount   | price of the bid
value_currency | code  | value/currency | currency of the price
""",
)

BID_TENDERER = define_history_table(
    "bid_tenderer",
    "A tenderer that made a bid.",
    "bids/details[]/tenderers[]",
    "bid_id party_ref",
    """
bid_id    | id   | ours | id of the bid
party_ref | id   | id   | id of the party in this release
name      | text | name | name in this release
body      | id   | identify(-, -, id) | identifier contained in the party id, if any
""",
)

AWARD = define_history_table(
    "award",
    "A decision to award to one or more suppliers.",
    "awards[]",
    "local_id",
    """
local_id          | id      | id                                  | id of the award, unique within the process
title             | text    | title                               | title
description       | text    | description                         | description
status            | code    | status                              | status as published
date              | date    | date                                | date of the award
date_published    | date    | datePublished                       | day of publication
value_net         | money   | value/amount                        | value, without VAT if the form says so
value_gross       | money   | value/amountGross                   | value with VAT
value_currency    | code    | value/currency                      | currency of the amounts
category          | code    | mainProcurementCategory             | goods, works or services
start_date        | date    | contractPeriod/startDate            | expected start of the contract
end_date          | date    | contractPeriod/endDate              | expected end of the contract
max_end           | date    | contractPeriod/maxExtentDate        | latest end if all extensions are used
duration_days     | integer | contractPeriod/durationInDays       | expected duration of the contract in days
duration_months   | integer | contractPeriod/durationInMonths     | longest duration of the contract in months
related_lots      | list    | relatedLots                         | ids of the lots
standstill_end    | date    | standstillPeriod/endDate            | end of the standstill period
above_threshold   | boolean | aboveThreshold                      | true if over the procurement threshold
final_status_date | date    | finalStatusDate                     | day on which the status became final
has_subcontracting | boolean | hasSubcontracting                  | true if part will be subcontracted
subcontract_min   | share   | subcontracting/minimumPercentage    | smallest share that will be subcontracted
subcontract_max   | share   | subcontracting/maximumPercentage    | largest share that will be subcontracted
subcontract_value | money   | subcontracting/value/amount         | value that will be subcontracted
""",
)

AWARD_SUPPLIER = define_history_table(
    "award_supplier",
    "A supplier of an award.",
    "awards[]/suppliers[]",
    "local_id party_ref",
    """
local_id  | id   | ours | id of the award
party_ref | id   | id   | party id of the supplier in this release
name      | text | name | name in this release
body      | id   | identify(-, -, id) | identifier contained in the party id, if any
""",
)

RELATED_PROCESS = define_history_table(
    "related_process",
    "Another process that this one comes from or replaces.",
    "relatedProcesses[] contracts[]/relatedProcesses[]",
    "parent_id relation_id",
    """
parent_id    | id   | ours         | id of the contract; '' for the process
relation_id  | id   | id           | id of the entry
relationship | list | relationship | relationship, such as framework, planning, parent or prior
scheme       | code | scheme       | kind of identifier; ocid if it is an ocid
identifier   | id   | identifier   | identifier of the other process
title        | text | title        | title of the other process
uri          | text | uri          | URL where it is published
""",
)

DOCUMENT = define_history_table(
    "document",
    "A published document or notice.",
    "planning/documents[] tender/documents[] awards[]/documents[] contracts[]/documents[]"
    " contracts[]/implementation/documents[]",
    "parent_id document_id",
    """
parent_id      | id   | ours          | id of the award or contract; '' for planning and tender
document_id    | id   | id            | id of the document
document_type  | code | documentType  | OCDS document type
notice_type    | code | noticeType    | notice type, UK1 to UK17; on Find a Tender only
title          | text | title         | title
url            | text | url           | URL of the document
date_published | date | datePublished | day of publication
date_modified  | date | dateModified  | day of the last change
language       | code | language      | language
""",
)

WITHHELD = define_history_table(
    "withheld",
    "Information that the publisher withholds, with the reason.",
    "withheldInformation[]",
    "withheld_id",
    """
withheld_id       | id   | id               | id of the entry
field             | text | field            | path of the field withheld
name              | text | name             | name of the field withheld
availability_date | date | availabilityDate | day on which it will be published
rationale         | text | rationale        | reason for withholding it
""",
)

WITHHELD_GROUND = define_history_table(
    "withheld_ground",
    "A legal ground for withholding information.",
    "withheldInformation[]/rationaleClassifications[]",
    "withheld_id ground_id",
    """
withheld_id | id   | ours        | id of the entry
ground_id   | id   | id          | code of the ground, such as UK-PA23-s94-1b
scheme      | code | scheme      | code list that the code is from
description | text | description | description of the ground
""",
)

# The OCDS core schema replaces these lists as a whole, so an empty list clears them (other lists ignore it).
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
