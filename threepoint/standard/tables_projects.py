"""Tables of major projects: yearly figures of the Government Major Projects Portfolio (GMPP), and schemes built from them.

The source of a GMPP_YEAR field is the heading of its column in the yearly files, in its newest wording. A figure has a
low, a mid and a high value; a single published figure is in mid, and no value is ever filled in. For each figure, other
columns hold its state, its published text if that is not a value, and the sections of the Freedom of Information Act
under which it is withheld. Money is in pounds. The portfolio publishes no final figures, so actual_end and final_wlc are empty.

Snapshot dates: reports up to 2020 describe 30 September of the year before, later reports 31 March of their year.
"""

from threepoint.standard.definition import define_table

# Exemptions in Part II of the Freedom of Information Act 2000, by the section numbers in the yearly files.
FOI_SECTIONS = {
    "21": "information accessible by other means",
    "22": "information intended for future publication",
    "23": "bodies dealing with security matters",
    "24": "national security",
    "26": "defence",
    "27": "international relations",
    "28": "relations within the United Kingdom",
    "29": "the economy",
    "30": "investigations and proceedings",
    "31": "law enforcement",
    "32": "court records",
    "33": "audit functions",
    "34": "parliamentary privilege",
    "35": "formulation of government policy",
    "36": "effective conduct of public affairs",
    "37": "communications with the Sovereign, and honours",
    "38": "health and safety",
    "39": "environmental information",
    "40": "personal information",
    "41": "information provided in confidence",
    "42": "legal professional privilege",
    "43": "commercial interests",
    "44": "prohibitions on disclosure",
}

GMPP_YEAR = define_table(
    "gmpp_year",
    "One project in one yearly file of the Government Major Projects Portfolio, as published.",
    "scheme_key report_year",
    """
scheme_key                 | id      | ours                              | full GMPP id, otherwise the normalised name
report_year                | integer year | ours                              | year in which the financial year of the report ends
year_basis | code | ours | source of report_year: compared, rows, heading, ids or file_name
snapshot_date              | date    | ours                              | day that the figures describe
gmpp_id                    | id      | GMPP ID                           | full GMPP id as published; empty before 2020
joined_on                  | date    | ours                              | first day of the quarter in gmpp_id
name                       | text    | Project Name                      | name as published
name_key                   | text    | ours                              | name without case and punctuation
name_core                  | text    | ours                              | name_key without brackets, then numbers
department                 | text    | Department                        | department as published
category                   | text    | Annual Report Category            | category as published; empty before 2019
category_code              | code    | ours                              | ict, transformation, infrastructure or military
description                | text    | Project Description               | what the project is for
description_state          | code    | ours                              | state of the description
description_exempt_section | list    | Project Description               | FOI Act sections under which the description is withheld
rating                     | code    | ours                              | rating by the assurance body, otherwise by the SRO
rating_scale               | code    | heading of the rating             | five-point or three-point; ratings on different scales are never compared
rater                      | code    | ours                              | who gave the rating: the government's project authority (MPA, then IPA, then NISTA) or the senior responsible owner
rating_state               | code    | ours                              | state of rating
rating_text                | text    | IPA Delivery Confidence           | published text, if it is not a rating
rating_exempt_section      | list    | IPA Delivery Confidence           | FOI Act sections under which the rating is withheld
body_rating                | code    | IPA Delivery Confidence           | rating by the MPA, IPA or NISTA
body_rating_state          | code    | ours                              | state of body_rating
sro_rating                 | code    | SRO Delivery Confidence           | rating by the senior responsible owner
sro_rating_state           | code    | ours                              | state of sro_rating
start                      | date    | Project - Start Date              | latest approved start
start_state                | code    | ours                              | state of the start date
start_text                 | text    | Project - Start Date              | published text, if the start date is not a date
start_exempt_section       | list    | Project - Start Date              | FOI Act sections under which the start date is withheld
end_low                    | date    | Project - End Date                | earliest end of a published range
end_mid                    | date    | Project - End Date                | latest approved end, single figure
end_high                   | date    | Project - End Date                | latest end of a published range
end_state                  | code    | ours                              | state of the end date
end_text                   | text    | Project - End Date                | published text, if the end date is not a date
end_exempt_section         | list    | Project - End Date                | FOI Act sections under which the end date is withheld
wlc_low                    | money   | TOTAL Baseline Whole Life Costs   | lowest whole-life cost of a published range
wlc_mid                    | money   | TOTAL Baseline Whole Life Costs   | latest approved whole-life cost, single figure
wlc_high                   | money   | TOTAL Baseline Whole Life Costs   | highest whole-life cost of a published range
wlc_state                  | code    | ours                              | state of the whole-life cost
wlc_text                   | text    | TOTAL Baseline Whole Life Costs   | published text, if the whole-life cost is not an amount
wlc_exempt_section         | list    | TOTAL Baseline Whole Life Costs   | FOI Act sections under which the whole-life cost is withheld
fy                         | code    | ours                              | financial year of fy_baseline and fy_forecast, such as 2018/19
fy_baseline                | money   | Financial Year Baseline (£m)      | baseline cost of the financial year
fy_baseline_state          | code    | ours                              | state of fy_baseline
fy_baseline_text           | text    | Financial Year Baseline (£m)      | published text, if fy_baseline is not an amount
fy_baseline_exempt_section | list    | Financial Year Baseline (£m)      | FOI Act sections under which fy_baseline is withheld
fy_forecast                | money   | Financial Year Forecast (£m)      | forecast cost of the financial year
fy_forecast_state          | code    | ours                              | state of fy_forecast
fy_forecast_text           | text    | Financial Year Forecast (£m)      | published text, if fy_forecast is not an amount
fy_forecast_exempt_section | list    | Financial Year Forecast (£m)      | FOI Act sections under which fy_forecast is withheld
fy_variance_published      | number  | Financial Year Variance (%)       | 0.05 for 5%; never used, because it has no sign since 2025
fy_variance_text           | text    | Financial Year Variance (%)       | published text, if the variance is not a number
fy_variance_amount         | money   | Variance (£million)               | variance in money, published in 2014 and 2015; never used
fy_variance_derived        | number  | ours                              | forecast / baseline - 1; empty if the baseline is 0
benefits_low               | money   | TOTAL Baseline Benefits (£m)      | lowest benefits of a published range
benefits_mid               | money   | TOTAL Baseline Benefits (£m)      | latest approved benefits, single figure; empty before 2023
benefits_high              | money   | TOTAL Baseline Benefits (£m)      | highest benefits of a published range
benefits_state             | code    | ours                              | state of the benefits
benefits_text              | text    | TOTAL Baseline Benefits (£m)      | published text, if the benefits is not an amount
benefits_exempt_section    | list    | TOTAL Baseline Benefits (£m)      | FOI Act sections under which the benefits is withheld
price_base                 | code    | heading of the money columns      | nominal, or the year of real prices, such as '2024/25 real'
rating_narrative           | text    | Departmental commentary: rating   | department's commentary on the rating
schedule_narrative         | text    | Departmental narrative: schedule  | department's commentary on the dates
budget_narrative           | text    | Departmental narrative: variance  | department's commentary on the costs of the year
wlc_narrative              | text    | Departmental narrative: costs     | department's commentary on the whole-life cost
benefits_narrative         | text    | Departmental narrative: benefits  | department's commentary on the benefits
evaluation_plan            | text    | Evaluation Plan and Registry Link | existence and place of an evaluation plan
source_id                  | id      | ours                              | sha256 of the published file
row_number                 | integer | ours                              | number of the row (or column) in the file; the headings are 1
""",
)

SCHEME = define_table(
    "scheme",
    "A major project, with its first and last published figures from all years.",
    "scheme_id",
    """
scheme_id             | id      | ours                    | id of the scheme: sdes-gmpp- and the GMPP id, otherwise the name
title*                | text    | gmpp_year/name          | latest published name
description+          | text    | gmpp_year/description   | latest published description
lead_org_id*          | id      | ours                    | organisation id of the department, if it is linked
department            | text    | gmpp_year/department    | department as last published
scheme_type*          | code    | ours                    | type by which schemes are compared; not published by the portfolio
phase+                | code    | ours                    | discovery, alpha, beta, live or retire; not published by the portfolio
status*               | code    | ours                    | project status in the OC4IDS standard, such as preparation or implementation; not published by the portfolio
cpv_main+             | code    | ours                    | main code for what is bought, from the Common Procurement Vocabulary (CPV); not published by the portfolio
gmpp_id               | id      | gmpp_year/gmpp_id       | GMPP id as last published
gmpp_category         | code    | gmpp_year/category_code | category of the portfolio, as last published
first_year            | integer year | gmpp_year/report_year   | year of the first report with the scheme
last_year             | integer year | gmpp_year/report_year   | year of the last report with the scheme
in_portfolio          | boolean | ours                    | true if the scheme is in the newest report loaded
baseline_date*        | date    | gmpp_year/snapshot_date | date of the report with the first whole-life cost or end
baseline_stage*       | code    | ours                    | stage of approval: strategic outline case (SOC), outline (OBC) or full business case (FBC), or contract; not published by the portfolio
baseline_wlc+         | money   | gmpp_year/wlc_mid       | first published whole-life cost
baseline_wlc_on       | date    | gmpp_year/snapshot_date | date of the report that gives baseline_wlc
baseline_price_base   | code    | gmpp_year/price_base    | price base of baseline_wlc
baseline_dev_cost+    | money   | ours                    | development cost; empty, because the portfolio does not split the cost
baseline_run_cost_pa+ | money   | ours                    | yearly running cost; empty, because the portfolio does not split the cost
baseline_start*       | date    | gmpp_year/start         | first published start
baseline_end*         | date    | gmpp_year/end_mid       | first published end
baseline_end_on       | date    | gmpp_year/snapshot_date | date of the report that gives baseline_end
forecast_end+         | date    | gmpp_year/end_mid       | last published end
forecast_end_low      | date    | gmpp_year/end_low       | earliest end, if the last report gives a range
forecast_end_high     | date    | gmpp_year/end_high      | latest end, if the last report gives a range
forecast_end_on       | date    | gmpp_year/snapshot_date | date of the report that gives forecast_end
actual_end            | date    | ours                    | actual end; empty, because the portfolio publishes no final figures
forecast_wlc+         | money   | gmpp_year/wlc_mid       | last published whole-life cost
forecast_wlc_low      | money   | gmpp_year/wlc_low       | lowest whole-life cost, if the last report gives a range
forecast_wlc_high     | money   | gmpp_year/wlc_high      | highest whole-life cost, if the last report gives a range
forecast_wlc_on       | date    | gmpp_year/snapshot_date | date of the report that gives forecast_wlc
forecast_price_base   | code    | gmpp_year/price_base    | price base of forecast_wlc
comparable_wlc        | money   | gmpp_year/wlc_mid       | last published whole-life cost in the price base of the first
comparable_wlc_on     | date    | gmpp_year/snapshot_date | date of the report that gives comparable_wlc
comparable_state | code | ours | if the first and last cost can be compared; calculated if an earlier cost replaces the last
comparable_note       | text    | ours                    | comparison of first and last cost in words
final_wlc             | money   | ours                    | final whole-life cost; empty, because the portfolio publishes no final figures
baseline_benefits     | money   | gmpp_year/benefits_mid  | first published benefits
forecast_benefits     | money   | gmpp_year/benefits_mid  | last published benefits
assurance_rating      | code    | gmpp_year/rating        | rating in its last report
assurance_scale       | code    | gmpp_year/rating_scale  | five-point or three-point; ratings on different scales are never compared
assurance_source      | code    | gmpp_year/rater         | who gave the rating: the government's project authority (MPA, then IPA, then NISTA) or the senior responsible owner
rebaselines           | integer | ours                    | number of changes of whole-life cost or end between published years
""",
    subject=True,
)

SCHEME_IDENTIFIER = define_table(
    "scheme_identifier",
    "A key under which a scheme was published, and how it was matched to the scheme.",
    "scheme_id identifier",
    """
scheme_id    | id      | ours                  | id of the scheme
identifier   | id      | gmpp_year/scheme_key  | full GMPP id as published, or the normalised name of the scheme
kind         | code    | ours                  | kind of identifier: gmpp_id or name
match_method | code    | ours                  | how it was matched: gmpp_id, gmpp_id_reissued, name_equal, name_core_equal or name_only
first_year   | integer year | gmpp_year/report_year | year of the first report with the identifier
last_year    | integer year | gmpp_year/report_year | year of the last report with the identifier
""",
)

SCHEME_YEAR = define_table(
    "scheme_year",
    "Figures of one scheme in one report.",
    "scheme_id report_year",
    """
scheme_id                  | id      | ours                                 | id of the scheme
report_year                | integer year | gmpp_year/report_year                | year of the report
snapshot_date              | date    | gmpp_year/snapshot_date              | day that the figures describe
title                      | text    | gmpp_year/name                       | name in this report
department                 | text    | gmpp_year/department                 | department in this report
gmpp_category              | code    | gmpp_year/category_code              | category in this report
rating                     | code    | gmpp_year/rating                     | rating in this report
rating_scale               | code    | gmpp_year/rating_scale               | scale of the rating: five-point or three-point
rater                      | code    | gmpp_year/rater                      | who gave the rating: the government's project authority (MPA, then IPA, then NISTA) or the senior responsible owner
rating_state               | code    | gmpp_year/rating_state               | state of the rating
rating_exempt_section      | list    | gmpp_year/rating_exempt_section      | FOI Act sections under which the rating is withheld
start                      | date    | gmpp_year/start                      | start date
start_state                | code    | gmpp_year/start_state                | state of the start date
start_exempt_section       | list    | gmpp_year/start_exempt_section       | FOI Act sections under which the start date is withheld
end_low                    | date    | gmpp_year/end_low                    | earliest end of a published range
end_mid                    | date    | gmpp_year/end_mid                    | end date, single figure
end_high                   | date    | gmpp_year/end_high                   | latest end of a published range
end_state                  | code    | gmpp_year/end_state                  | state of the end date
end_exempt_section         | list    | gmpp_year/end_exempt_section         | FOI Act sections under which the end date is withheld
wlc_low                    | money   | gmpp_year/wlc_low                    | lowest whole-life cost of a published range
wlc_mid                    | money   | gmpp_year/wlc_mid                    | whole-life cost, single figure
wlc_high                   | money   | gmpp_year/wlc_high                   | highest whole-life cost of a published range
wlc_state                  | code    | gmpp_year/wlc_state                  | state of the whole-life cost
wlc_exempt_section         | list    | gmpp_year/wlc_exempt_section         | FOI Act sections under which the whole-life cost is withheld
fy | code | gmpp_year/fy | financial year of fy_baseline and fy_forecast, such as 2018/19
fy_baseline                | money   | gmpp_year/fy_baseline                | baseline cost of the financial year
fy_baseline_state          | code    | gmpp_year/fy_baseline_state          | state of fy_baseline
fy_baseline_exempt_section | list    | gmpp_year/fy_baseline_exempt_section | FOI Act sections under which fy_baseline is withheld
fy_forecast                | money   | gmpp_year/fy_forecast                | forecast cost of the financial year
fy_forecast_state          | code    | gmpp_year/fy_forecast_state          | state of fy_forecast
fy_forecast_exempt_section | list    | gmpp_year/fy_forecast_exempt_section | FOI Act sections under which fy_forecast is withheld
fy_variance                | number  | gmpp_year/fy_variance_derived        | forecast / baseline - 1, calculated here
benefits_mid               | money   | gmpp_year/benefits_mid               | benefits in money, single figure
benefits_state             | code    | gmpp_year/benefits_state             | state of the benefits
price_base                 | code    | gmpp_year/price_base                 | nominal, or the year of real prices, such as '2024/25 real'
source_id                  | id      | gmpp_year/source_id                  | sha256 of the file that it was read from
""",
)

COST_LINE = define_table(
    "cost_line",
    "One published amount of a scheme for a financial year or for its whole life.",
    "scheme_id kind fy version",
    """
scheme_id   | id      | ours                    | id of the scheme
kind        | code    | ours                    | baseline or forecast; actual costs are not published
phase       | code    | ours                    | dev, run or retire; not published by the portfolio
fy          | code    | gmpp_year/fy            | financial year such as 2018/19, or whole-life
amount*     | money   | gmpp_year/wlc_mid, fy_* | published amount
price_base* | code    | gmpp_year/price_base    | nominal, or the year of real prices, such as '2024/25 real'
version     | integer year | gmpp_year/report_year   | year of the report that published it
as_of*      | date    | gmpp_year/snapshot_date | day that the amount describes
""",
)

PROJECT_HISTORY_TABLES = (GMPP_YEAR,)
PROJECT_TABLES = (SCHEME, SCHEME_IDENTIFIER, SCHEME_YEAR, COST_LINE)
