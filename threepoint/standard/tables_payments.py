"""Money beside the notices: payments over £25,000, G-Cloud sales, procurement pipelines, and the registers of codes.

The source of a history field is the heading of its column, in its commonest wording; the procurement pipelines come
without headings, so theirs is the number of the column. Every row of a file is kept. Where a cell is no value, its text
and the reason stand beside it: `not_reported` where it says nothing, `invalid` where it cannot be read.
"""

from threepoint.standard.definition import define_table

SALE_HISTORY = define_table(
    "sale",
    "One line of the G-Cloud sales that suppliers reported, as published.",
    "source_id row_number",
    """
source_id     | id      | ours                      | sha256 of the file, as published
row_number    | integer | ours                      | row in the file; headings are 1
publisher     | text    | ours                      | who publishes the file
sale_number   | id      | ID                        | number of the line, as published
framework     | text    | Framework                 | framework
lot           | text    | LotDescription            | lot: 1 infrastructure, 2 platform, 3 software, 4 specialist services
supplier_name | text    | SupplierName              | who sold, as published
customer_name | text    | CustomerName              | who bought, as published
month         | date    | ReturnMonth               | first day of the month reported
month_state   | code    | ours                      | its state
month_text    | text    | ReturnMonth               | as published where it is no date
month_reason  | text    | ours                      | why it could not be read
description   | text    | ProjectNameAndDescription | what was sold, as published
amount        | money   | EvidencedSpend            | amount; below zero for a credit
amount_state  | code    | ours                      | its state
amount_text   | text    | EvidencedSpend            | as published where it is no amount
amount_reason | text    | ours                      | why it could not be read
sector        | text    | Sector                    | sector of the customer
supplier_size | text    | SMEorLarge                | SME or Large, as the supplier says
""",
)

SPEND_LINE = define_table(
    "spend_line",
    "One line of a list of payments over £25,000, as published.",
    "source_id row_number",
    """
source_id          | id      | ours                    | sha256 of the file, as published
row_number         | integer | ours                    | row in the file, headings included; in JSON its place, from 1
publisher          | text    | ours                    | who publishes the list: as the file says, else who paid
payer_family       | text    | Department family       | family of departments that paid
payer_name         | text    | Entity                  | body that paid, as published
payer_code         | code    | org_code                | its code, where a compilation gives one
date               | date    | Date                    | paid
date_state         | code    | ours                    | its state; derived where other dates of the file tell which number is the month
date_text          | text    | Date                    | as published where it is no date
date_reason        | text    | ours                    | why it could not be read
amount             | money   | Amount                  | amount; below zero for a refund or a correction
amount_state       | code    | ours                    | its state
amount_text        | text    | Amount                  | as published where it is no amount
amount_reason      | text    | ours                    | why it could not be read
currency           | code    | ours                    | as the file says, else GBP: the lists are made in pounds
expense_type       | text    | Expense type            | what it was for
expense_area       | text    | Expense area            | for which part of the body
supplier_name      | text    | Supplier                | who was paid, as published
supplier_postcode  | text    | Supplier Postcode       | postcode; used to tell bodies apart, never shown
supplier_type      | text    | Supplier Type           | kind of supplier
supplier_vat       | id      | VAT Registration Number | VAT number; used to tell bodies apart, never shown
transaction_number | id      | Transaction number      | number of the payment or invoice; one may stand on several lines
transaction_other  | text    | Transaction Type        | type of the transaction or its own date, where the file gives one
their_reference    | id      | Their Reference         | number that the supplier gave
contract_number    | id      | Contract Number         | contract, where the publisher names one
project_code       | id      | Project Code            | project, where the publisher names one
description        | text    | Description             | what it was for, in words
item_text          | text    | Item Text               | what it was for, in the words of the ledger
period             | text    | Month, Year, Period     | month or period of account, as published
published_in       | text    | file                    | file that a compilation took the line from
""",
)

PIPELINE_ENTRY_HISTORY = define_table(
    "pipeline_entry",
    "One plan to buy in a department's procurement pipeline, as published. Contacts are not read.",
    "source_id row_number",
    """
source_id        | id      | ours | sha256 of the file, as published
row_number       | integer | ours | row in the file
publisher        | text    | 26   | body whose account published it
publisher_id     | id      | 25   | number of that account
entry_number     | id      | 1    | number of the row, as published
body_name        | text    | 2    | body that is to buy, as published
title            | text    | 3    | title
category         | text    | 4    | category of spend, in the publisher's words
reference        | id      | 5    | the publisher's own reference
level            | text    | 6    | High, Medium or Low: of what, the file does not say
total            | money   | 14   | total value; 0 says nothing
total_state      | code    | ours | its state
total_text       | text    | 14   | as published where it is no amount
total_reason     | text    | ours | why it could not be read
region           | text    | 15   | where, in words
nuts_code        | code    | 16   | where, as NUTS code
area_code        | code    | 17   | where, as code of a local authority or ward
delivery         | text    | 18   | where it is to be delivered, in words
start            | date    | 19   | contract expected to start
start_state      | code    | ours | its state
start_text       | text    | 19   | as published where it is no date
start_reason     | text    | ours | why it could not be read
route            | text    | 20   | Open or Framework
approach         | date    | 21   | approach to the market expected
approach_state   | code    | ours | its state
approach_text    | text    | 21   | as published where it is no date
approach_reason  | text    | ours | why it could not be read
published        | date    | 22   | published
published_state  | code    | ours | its state
published_text   | text    | 22   | as published where it is no date
published_reason | text    | ours | why it could not be read
created          | date    | 23   | entered; never after it was published
created_state    | code    | ours | its state
created_text     | text    | 23   | as published where it is no date
created_reason   | text    | ours | why it could not be read
unexplained      | text    | 27   | a number from 0 to 6, mostly 0: of what, the file does not say
cpv              | list    | 28   | CPV codes as published; the last one of each entry lacks its last digit
notice_number    | id      | 29   | number of the notice
replaces         | id      | 30   | notice that this one replaces
first_notice     | id      | 31   | first notice of the plan
parent_id        | id      | 32   | number of the body above the publisher
parent_name      | text    | 33   | that body
group_id         | id      | 34   | number of the group at the top
group_name       | text    | 35   | that group
url              | text    | 36   | where it was published; the site is closed
""",
)

PIPELINE_VALUE_HISTORY = define_table(
    "pipeline_value",
    "What a plan in a procurement pipeline is worth in one financial year. A year filled with 0 has no row.",
    "source_id row_number fy",
    """
source_id     | id      | ours    | sha256 of the file, as published
row_number    | integer | ours    | row in the file
fy            | code    | ours    | financial year such as 2014/15, worked out from the expected starts
amount        | money   | 7 to 13 | value in the year
amount_state  | code    | ours    | its state
amount_text   | text    | 7 to 13 | as published where it is no amount
amount_reason | text    | ours    | why it could not be read
""",
)

REGISTER_ENTRY_HISTORY = define_table(
    "register_entry",
    "One entry of a register of codes, as published.",
    "source_id row_number",
    """
source_id   | id      | ours       | sha256 of the file, as published
row_number  | integer | ours       | row in the file; headings are 1
register    | code    | ours       | cpv, gb_gor, gb_gor_short (abbreviations), region or country
code        | id      | code       | code, as text; of CPV the eight digits without the check digit
name        | text    | name       | name
parent_code | id      | parent     | code of what it belongs to; of an abbreviation the organisation
kind        | text    | type       | supplies, works or services; type of organisation
url         | text    | GOV.UK URL | page about it
updated     | date    | Updated    | last changed
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
    "One reported sale under a G-Cloud framework. All lines are kept; those that look alike are marked, not dropped.",
    "sale_id",
    """
sale_id            | id      | ours             | sale-, 12 characters of the file's sha256, and the row
supplier_org_id    | id      | sale/supplier_name | who sold
supplier_name      | text    | sale/supplier_name | as published
supplier_name_state | code   | ours             | its state
customer_org_id    | id      | sale/customer_name | who bought
customer_name      | text    | sale/customer_name | as published
customer_name_state | code   | ours             | its state
publisher          | text    | sale/publisher   | who publishes it
framework          | text    | sale/framework   | framework
lot                | text    | sale/lot         | lot
description        | text    | sale/description | what was sold
month              | date    | sale/month       | first day of the month reported
month_state        | code    | sale/month_state | its state
month_text         | text    | sale/month_text  | as published where it is no date
month_reason       | text    | sale/month_reason | why it could not be read
amount             | money   | sale/amount      | amount; below zero for a credit
amount_state       | code    | sale/amount_state | its state
amount_text        | text    | sale/amount_text | as published where it is no amount
amount_reason      | text    | sale/amount_reason | why it could not be read
currency           | code    | ours             | GBP: the return is made in pounds
vat_basis          | code    | ours             | unknown: the file does not say
sector             | text    | sale/sector      | sector of the customer
supplier_size      | text    | sale/supplier_size | SME or Large, as the supplier says
possible_duplicate | boolean | ours             | an earlier line says the same in every column but its number
duplicate_of       | id      | ours             | the first of these lines
source_id          | id      | sale/source_id   | file it was read from
row_number         | integer | sale/row_number  | row in that file
""",
)

PAYMENT_TOTAL = define_table(
    "payment_total",
    "Sums of payments and sales by kind and publisher, with what stands in them and what is left out.",
    "kind publisher currency",
    """
kind             | code    | ours | the feed of a payment (25k, uk8), or sale
publisher        | text    | ours | who publishes them
currency         | code    | ours | currency; amounts of two currencies are never added
lines            | integer | ours | lines published
without_amount   | integer | ours | of these without an amount that could be read: in no sum
without_date     | integer | ours | of these without a date that could be read: in the sums
duplicates       | integer | ours | of these that look like an earlier line
credits          | integer | ours | of these below zero: in the sums
amount           | money   | ours | sum of all amounts
amount_once      | money   | ours | sum without the lines that look like an earlier one
credit_amount    | money   | ours | sum of the amounts below zero
first_date       | date    | ours | earliest date
last_date        | date    | ours | latest date
""",
)

PIPELINE_ENTRY = define_table(
    "pipeline_entry",
    "One plan to buy in a procurement pipeline: what was expected before any notice.",
    "entry_id",
    """
entry_id         | id      | ours                          | plan-, 12 characters of the file's sha256, and the row
body_org_id      | id      | pipeline_entry/body_name      | body that is to buy
body_name        | text    | pipeline_entry/body_name      | as published
publisher        | text    | pipeline_entry/publisher      | body whose account published it
group_name       | text    | pipeline_entry/group_name     | group at the top
title            | text    | pipeline_entry/title          | title
category         | text    | pipeline_entry/category       | category of spend, in the publisher's words
reference        | id      | pipeline_entry/reference      | the publisher's own reference
level            | text    | pipeline_entry/level          | High, Medium or Low: of what, the file does not say
total            | money   | pipeline_entry/total          | total value as published
total_state      | code    | pipeline_entry/total_state    | its state
total_text       | text    | pipeline_entry/total_text     | as published where it is no amount
total_reason     | text    | pipeline_entry/total_reason   | why it could not be read
years_total      | money   | ours                          | sum of the values by financial year
years            | integer | ours                          | number of financial years with a value
currency         | code    | ours                          | GBP: the form asks for pounds
approach         | date    | pipeline_entry/approach       | approach to the market expected
approach_state   | code    | pipeline_entry/approach_state | its state
approach_text    | text    | pipeline_entry/approach_text  | as published where it is no date
approach_reason  | text    | pipeline_entry/approach_reason | why it could not be read
start            | date    | pipeline_entry/start          | contract expected to start
start_state      | code    | pipeline_entry/start_state    | its state
start_text       | text    | pipeline_entry/start_text     | as published where it is no date
start_reason     | text    | pipeline_entry/start_reason   | why it could not be read
published        | date    | pipeline_entry/published      | published
created          | date    | pipeline_entry/created        | entered
route            | text    | pipeline_entry/route          | Open or Framework
region           | text    | pipeline_entry/region         | where, in words
nuts_code        | code    | pipeline_entry/nuts_code      | where, as NUTS code
delivery         | text    | pipeline_entry/delivery       | where it is to be delivered, in words
notice_number    | id      | pipeline_entry/notice_number  | number of the notice
replaces         | id      | pipeline_entry/replaces       | notice that this one replaces
first_notice     | id      | pipeline_entry/first_notice   | first notice of the plan
url              | text    | pipeline_entry/url            | where it was published
source_id        | id      | pipeline_entry/source_id      | file it was read from
row_number       | integer | pipeline_entry/row_number     | row in that file
""",
)

PIPELINE_VALUE = define_table(
    "pipeline_value",
    "What a plan in a procurement pipeline is worth in one financial year.",
    "entry_id fy",
    """
entry_id      | id    | ours                         | the plan
fy            | code  | pipeline_value/fy            | financial year such as 2014/15
amount        | money | pipeline_value/amount        | value in the year
amount_state  | code  | pipeline_value/amount_state  | its state
amount_text   | text  | pipeline_value/amount_text   | as published where it is no amount
amount_reason | text  | pipeline_value/amount_reason | why it could not be read
""",
)

PIPELINE_CPV = define_table(
    "pipeline_cpv",
    "Every CPV code of a plan in a procurement pipeline.",
    "entry_id code",
    """
entry_id | id      | ours               | the plan
code     | code    | pipeline_entry/cpv | code as published
is_whole | boolean | ours               | it has eight digits; the last code of each entry lacks its last digit
full_code | code   | ours               | the only CPV code that begins so; empty where there are several, or the CPV is not loaded
name     | text    | register_entry/name | its words; empty where full_code is
""",
)

REGISTER_ENTRY = define_table(
    "register_entry",
    "A code of a register that was loaded: CPV, government organisations, regions. Empty where none was loaded.",
    "register code",
    """
register    | code    | register_entry/register    | cpv, gb_gor, gb_gor_short (abbreviations), region or country
code        | id      | register_entry/code        | code, as text; of CPV the eight digits without the check digit
name        | text    | register_entry/name        | name
parent_code | id      | register_entry/parent_code | code of what it belongs to
kind        | text    | register_entry/kind        | supplies, works or services; type of organisation
url         | text    | register_entry/url         | page about it
updated     | date    | register_entry/updated     | last changed
copies      | integer | ours                       | copies of this entry that were loaded; the one last changed stands
source_id   | id      | register_entry/source_id   | file it was read from
""",
)

PAYMENT_TABLES = (SALE, PAYMENT_TOTAL, PIPELINE_ENTRY, PIPELINE_VALUE, PIPELINE_CPV, REGISTER_ENTRY)
