"""Tables of payments over £25,000, G-Cloud sales, procurement pipelines and registers of codes.

The source of a history field is the heading of its column, in its commonest wording. Procurement pipelines have no
headings, so theirs is the number of the column. Every row of a file is kept. If a cell has no value, other columns hold its
text, the reason and the state: `not_reported` for an empty cell, `invalid` for a cell that cannot be read.
"""

from threepoint.standard.definition import define_table

SALE_HISTORY = define_table(
    "sale",
    "One line of the G-Cloud sales that suppliers reported, as published.",
    "source_id row_number",
    """
source_id     | id      | ours                      | sha256 of the published file
row_number    | integer | ours                      | number of the row in the file; the headings are 1
publisher     | text    | ours                      | publisher of the file
sale_number   | id      | ID                        | number of the line, as published
framework     | text    | Framework                 | name of the framework
lot           | text    | LotDescription            | lot: 1 infrastructure, 2 platform, 3 software, 4 specialist services
supplier_name | text    | SupplierName              | name of the supplier, as published
customer_name | text    | CustomerName              | name of the buyer, as published
month         | date    | ReturnMonth               | first day of the reported month
month_state   | code    | ours                      | state of month
month_text    | text    | ReturnMonth               | published text, if month is not a date
month_reason  | text    | ours                      | why month could not be read
description   | text    | ProjectNameAndDescription | what was sold, as published
amount        | money   | EvidencedSpend            | amount of the sale; negative for a credit
amount_state  | code    | ours                      | state of amount
amount_text   | text    | EvidencedSpend            | published text, if it is not an amount
amount_reason | text    | ours                      | why amount could not be read
sector        | text    | Sector                    | sector of the customer
supplier_size | text    | SMEorLarge                | SME or Large, as declared by the supplier
""",
)

SPEND_LINE = define_table(
    "spend_line",
    "One line of a list of payments over £25,000, as published.",
    "source_id row_number",
    """
source_id          | id      | ours                    | sha256 of the published file
row_number         | integer | ours                    | number of the row in the file, including headings; in JSON the position, from 1
publisher          | text    | ours                    | publisher of the list as stated in the file, otherwise the organisation that paid
payer_family       | text    | Department family       | departmental family that paid
payer_name         | text    | Entity                  | name of the organisation that paid, as published
payer_code         | code    | org_code                | code of the organisation that paid, if a compilation gives one
date               | date    | Date                    | day of the payment
date_state         | code    | ours                    | state of date; derived if other dates in the file show which number is the month
date_text          | text    | Date                    | published text, if it is not a date
date_reason        | text    | ours                    | why date could not be read
amount             | money   | Amount                  | amount of the payment; negative for a refund or a correction
amount_state       | code    | ours                    | state of amount
amount_text        | text    | Amount                  | published text, if it is not an amount
amount_reason      | text    | ours                    | why amount could not be read
irrecoverable_vat  | money   | Irrecoverable VAT       | VAT in the amount that the payer cannot reclaim, if the list gives it
irrecoverable_vat_state | code | ours                  | state of irrecoverable_vat
irrecoverable_vat_text | text | Irrecoverable VAT       | published text, if it is not an amount
irrecoverable_vat_reason | text | ours                 | why irrecoverable_vat could not be read
currency           | code    | ours                    | currency of the amount in the file, otherwise GBP, because the lists are in pounds
expense_type       | text    | Expense type            | what the payment was for
expense_area       | text    | Expense area            | part of the organisation that it was for
supplier_name      | text    | Supplier                | name of the payee, as published
supplier_postcode  | text    | Supplier Postcode       | postcode; used to distinguish organisations, never shown
supplier_type      | text    | Supplier Type           | kind of supplier
supplier_vat       | id      | VAT Registration Number | VAT number; used to distinguish organisations, never shown
transaction_number | id      | Transaction number      | number of the payment or invoice; several lines may have the same number
transaction_other  | text    | Transaction Type        | type of the transaction, or its date, if the file gives one
their_reference    | id      | Their Reference         | reference number given by the supplier
contract_number    | id      | Contract Number         | number of the contract, if published
project_code       | id      | Project Code            | code of the project, if published
description        | text    | Description             | what the payment was for, in words
item_text          | text    | Item Text               | what the payment was for, as the ledger describes it
period             | text    | Month, Year, Period     | month or accounting period, as published
published_in       | text    | file                    | original file of the line, if the loaded file is a compilation
""",
)

PIPELINE_ENTRY_HISTORY = define_table(
    "pipeline_entry",
    "One plan to buy in a department's procurement pipeline, as published. Contact details are not read.",
    "source_id row_number",
    """
source_id        | id      | ours | sha256 of the published file
row_number       | integer | ours | number of the row in the file
publisher        | text    | 26   | organisation whose account published it
publisher_id     | id      | 25   | number of the account that published it
entry_number     | id      | 1    | number of the row, as published
body_name        | text    | 2    | name of the organisation that plans to buy, as published
title            | text    | 3    | title
category         | text    | 4    | category of spend, in the publisher's words
reference        | id      | 5    | publisher's own reference
level            | text    | 6    | High, Medium or Low; the file does not say what this measures
total            | money   | 14   | total value; 0 means that none is stated
total_state      | code    | ours | state of total
total_text       | text    | 14   | published text, if total is not an amount
total_reason     | text    | ours | why total could not be read
region           | text    | 15   | region, in words
nuts_code        | code    | 16   | NUTS code of the place
area_code        | code    | 17   | code of the local authority or ward
delivery         | text    | 18   | place of delivery, in words
start            | date    | 19   | expected start of the contract
start_state      | code    | ours | state of the start date
start_text       | text    | 19   | published text, if the start date is not a date
start_reason     | text    | ours | why the start date could not be read
route            | text    | 20   | procurement route: Open or Framework
approach         | date    | 21   | expected day of the approach to the market
approach_state   | code    | ours | state of approach
approach_text    | text    | 21   | published text, if approach is not a date
approach_reason  | text    | ours | why approach could not be read
published        | date    | 22   | day of publication
published_state  | code    | ours | state of published
published_text   | text    | 22   | published text, if published is not a date
published_reason | text    | ours | why published could not be read
created          | date    | 23   | day on which the plan was entered, which is never after its publication
created_state    | code    | ours | state of created
created_text     | text    | 23   | published text, if created is not a date
created_reason   | text    | ours | why created could not be read
unexplained      | text    | 27   | number from 0 to 6, mostly 0; the file does not say what it means
cpv              | list    | 28   | CPV codes as published; in each entry the last digit of the last code is missing
notice_number    | id      | 29   | number of the notice
replaces         | id      | 30   | number of the notice that this one replaces
first_notice     | id      | 31   | number of the first notice of the plan
parent_id        | id      | 32   | number of the parent organisation of the publisher
parent_name      | text    | 33   | name of the parent organisation of the publisher
group_id         | id      | 34   | number of the top group
group_name       | text    | 35   | name of the top group
url              | text    | 36   | URL where it was published; the site is closed
""",
)

PIPELINE_VALUE_HISTORY = define_table(
    "pipeline_value",
    "Value of a plan in a procurement pipeline in one financial year. A year with 0 has no row.",
    "source_id row_number fy",
    """
source_id     | id      | ours    | sha256 of the published file
row_number    | integer | ours    | number of the row in the file
fy            | code    | ours    | financial year such as 2014/15, calculated from the expected starts
amount        | money   | 7 to 13 | value in the year
amount_state  | code    | ours    | state of amount
amount_text   | text    | 7 to 13 | published text, if it is not an amount
amount_reason | text    | ours    | why amount could not be read
""",
)

REGISTER_ENTRY_HISTORY = define_table(
    "register_entry",
    "One entry of a register of codes, as published.",
    "source_id row_number",
    """
source_id   | id      | ours       | sha256 of the published file
row_number  | integer | ours       | number of the row in the file; the headings are 1
register    | code    | ours       | register: cpv, gb_gor, gb_gor_short (abbreviations), region or country
code        | id      | code       | code, as text; for CPV, eight digits without the check digit
name        | text    | name       | name of the entry
parent_code | id      | parent     | code of the parent entry; for an abbreviation, of the organisation
kind        | text    | type       | supplies, works or services; type of organisation
url         | text    | GOV.UK URL | URL of a page about the entry
updated     | date    | Updated    | day of the last change
""",
)

PAYMENT_HISTORY_TABLES = (
    SPEND_LINE,
    SALE_HISTORY,
    PIPELINE_ENTRY_HISTORY,
    PIPELINE_VALUE_HISTORY,
    REGISTER_ENTRY_HISTORY,
)

SALE = define_table(
    "sale",
    "One reported sale under a G-Cloud framework. All lines are kept; possible duplicates are marked, not dropped.",
    "sale_id",
    """
sale_id            | id      | ours             | id of the sale: sale-, 12 characters of the file's sha256, and the row
supplier_org_id    | id      | sale/supplier_name | organisation id of the supplier
supplier_name      | text    | sale/supplier_name | name of the supplier, as published
supplier_name_state | code   | ours             | state of supplier_name
customer_org_id    | id      | sale/customer_name | organisation that buys
customer_name      | text    | sale/customer_name | name of the buyer, as published
customer_name_state | code   | ours             | state of customer_name
publisher          | text    | sale/publisher   | publisher of the sale
framework          | text    | sale/framework   | name of the framework
lot                | text    | sale/lot         | name of the lot
description        | text    | sale/description | what was sold
month              | date    | sale/month       | first day of the reported month
month_state        | code    | sale/month_state | state of month
month_text         | text    | sale/month_text  | published text, if month is not a date
month_reason       | text    | sale/month_reason | why month could not be read
amount             | money   | sale/amount      | amount of the sale; negative for a credit
amount_state       | code    | sale/amount_state | state of amount
amount_text        | text    | sale/amount_text | published text, if it is not an amount
amount_reason      | text    | sale/amount_reason | why amount could not be read
currency           | code    | ours             | GBP, because suppliers report in pounds
vat_basis          | code    | ours             | unknown, because the file does not say
sector             | text    | sale/sector      | sector of the customer
supplier_size      | text    | sale/supplier_size | SME or Large, as declared by the supplier
possible_duplicate | boolean | ours             | true if an earlier line is the same in every column except its number
duplicate_of       | id      | ours             | id of the first of the repeated lines
source_id          | id      | sale/source_id   | sha256 of the file that it was read from
row_number         | integer | sale/row_number  | number of the row in that file
""",
)

PAYMENT_TOTAL = define_table(
    "payment_total",
    "Sums of payments and sales by kind and publisher, with counts of the lines that are included and excluded.",
    "kind publisher currency",
    """
kind             | code    | ours | feed of the payments (25k or uk8), or sale
publisher        | text    | ours | publisher of the payments or sales
currency         | code    | ours | currency; amounts in different currencies are never added
lines            | integer | ours | number of published lines
without_amount   | integer | ours | number of lines without a readable amount, which are in no sum
without_date     | integer | ours | number of lines without a readable date, which are in the sums
duplicates       | integer | ours | number of lines that are possible duplicates of an earlier line
credits          | integer | ours | number of lines with a negative amount, which are in the sums
amount           | money   | ours | sum of all amounts
amount_once      | money   | ours | sum without the possible duplicates
credit_amount    | money   | ours | sum of the negative amounts
first_date       | date    | ours | date of the earliest line
last_date        | date    | ours | date of the latest line
""",
)

PIPELINE_ENTRY = define_table(
    "pipeline_entry",
    "One plan to buy in a procurement pipeline, published before any notice.",
    "entry_id",
    """
entry_id         | id      | ours                          | id of the plan: plan-, 12 characters of the file's sha256, and the row
body_org_id      | id      | pipeline_entry/body_name      | organisation id of the body that plans to buy
body_name        | text    | pipeline_entry/body_name      | name of the organisation that plans to buy, as published
publisher        | text    | pipeline_entry/publisher      | organisation whose account published it
group_name       | text    | pipeline_entry/group_name     | name of the top group
title            | text    | pipeline_entry/title          | title
category         | text    | pipeline_entry/category       | category of spend, in the publisher's words
reference        | id      | pipeline_entry/reference      | publisher's own reference
level            | text    | pipeline_entry/level          | High, Medium or Low; the file does not say what this measures
total            | money   | pipeline_entry/total          | total value as published
total_state      | code    | pipeline_entry/total_state    | state of total
total_text       | text    | pipeline_entry/total_text     | published text, if total is not an amount
total_reason     | text    | pipeline_entry/total_reason   | why total could not be read
years_total      | money   | ours                          | sum of the values by financial year
years            | integer | ours                          | number of financial years with a value
currency         | code    | ours                          | GBP, because the form asks for pounds
approach         | date    | pipeline_entry/approach       | expected day of the approach to the market
approach_state   | code    | pipeline_entry/approach_state | state of approach
approach_text    | text    | pipeline_entry/approach_text  | published text, if approach is not a date
approach_reason  | text    | pipeline_entry/approach_reason | why approach could not be read
start            | date    | pipeline_entry/start          | expected start of the contract
start_state      | code    | pipeline_entry/start_state    | state of the start date
start_text       | text    | pipeline_entry/start_text     | published text, if the start date is not a date
start_reason     | text    | pipeline_entry/start_reason   | why the start date could not be read
published        | date    | pipeline_entry/published      | day of publication
created          | date    | pipeline_entry/created        | day on which the plan was entered
route            | text    | pipeline_entry/route          | procurement route: Open or Framework
region           | text    | pipeline_entry/region         | region, in words
nuts_code        | code    | pipeline_entry/nuts_code      | NUTS code of the place
delivery         | text    | pipeline_entry/delivery       | place of delivery, in words
notice_number    | id      | pipeline_entry/notice_number  | number of the notice
replaces         | id      | pipeline_entry/replaces       | number of the notice that this one replaces
first_notice     | id      | pipeline_entry/first_notice   | number of the first notice of the plan
url              | text    | pipeline_entry/url            | URL where it was published
source_id        | id      | pipeline_entry/source_id      | sha256 of the file that it was read from
row_number       | integer | pipeline_entry/row_number     | number of the row in that file
""",
)

PIPELINE_VALUE = define_table(
    "pipeline_value",
    "Value of a plan in a procurement pipeline in one financial year.",
    "entry_id fy",
    """
entry_id      | id    | ours                         | id of the plan
fy            | code  | pipeline_value/fy            | financial year such as 2014/15
amount        | money | pipeline_value/amount        | value in the year
amount_state  | code  | pipeline_value/amount_state  | state of amount
amount_text   | text  | pipeline_value/amount_text   | published text, if it is not an amount
amount_reason | text  | pipeline_value/amount_reason | why amount could not be read
""",
)

PIPELINE_CPV = define_table(
    "pipeline_cpv",
    "A CPV code of a plan in a procurement pipeline.",
    "entry_id code",
    """
entry_id | id      | ours               | id of the plan
code     | code    | pipeline_entry/cpv | CPV code as published
is_whole | boolean | ours               | true if the code has eight digits; in each entry the last digit of the last code is missing
full_code | code   | ours               | only CPV code that begins with these digits; empty if there are several or the CPV is not loaded
name     | text    | register_entry/name | description of full_code; empty if full_code is empty
""",
)

REGISTER_ENTRY = define_table(
    "register_entry",
    "A code of a loaded register: CPV, government organisations or regions. The table is empty if no register is loaded.",
    "register code",
    """
register    | code    | register_entry/register    | register: cpv, gb_gor, gb_gor_short (abbreviations), region or country
code        | id      | register_entry/code        | code, as text; for CPV, eight digits without the check digit
name        | text    | register_entry/name        | name of the entry
parent_code | id      | register_entry/parent_code | code of the parent entry
kind        | text    | register_entry/kind        | supplies, works or services; type of organisation
url         | text    | register_entry/url         | URL of a page about the entry
updated     | date    | register_entry/updated     | day of the last change
copies      | integer | ours                       | number of loaded copies of this entry; the copy changed last wins
source_id   | id      | register_entry/source_id   | sha256 of the file that it was read from
""",
)

PAYMENT_TABLES = (SALE, PAYMENT_TOTAL, PIPELINE_ENTRY, PIPELINE_VALUE, PIPELINE_CPV, REGISTER_ENTRY)
