"""Major projects: the yearly figures of the Government Major Projects Portfolio (GMPP), and the schemes made of them.

The source of a GMPP_YEAR field is the heading of its column in the yearly files, in its newest wording. A figure has a
low, a mid and a high value; a single published figure stands in mid, and nothing is ever filled in. Beside each figure
stand its state, its text as published where that was no value, and the sections of the Freedom of Information Act it
was withheld under. Money is in pounds. The portfolio publishes no outturn, so actual_end and final_wlc are empty.

Snapshots: the report of a year to 2020 describes 30 September of the year before, later ones 31 March of their year.
"""

from threepoint.standard.definition import define_table

# Exemptions of the Freedom of Information Act 2000, Part II, as the yearly files name them.
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
scheme_key                 | id      | ours                              | full GMPP id, else the normalised name
report_year                | integer year | ours                              | year in which its financial year ends
year_basis                 | code    | ours                              | compared, rows, heading, ids or file_name
snapshot_date              | date    | ours                              | day that the figures describe
gmpp_id                    | id      | GMPP ID                           | full id as published; none before 2020
joined_on                  | date    | ours                              | first day of the quarter in the id
name                       | text    | Project Name                      | name as published
name_key                   | text    | ours                              | name without case and punctuation
name_core                  | text    | ours                              | name_key without brackets, then numbers
department                 | text    | Department                        | department as published
category                   | text    | Annual Report Category            | category as published; none before 2019
category_code              | code    | ours                              | ict, transformation, infrastructure, military
description                | text    | Project Description               | what the project is for
description_state          | code    | ours                              | its state
description_exempt_section | list    | Project Description               | sections it is withheld under
rating                     | code    | ours                              | the assurance body's, else the SRO's
rating_scale               | code    | heading of the rating             | 5pt or 3pt; never compared across scales
rater                      | code    | ours                              | who gave it: mpa, ipa, nista or sro
rating_state               | code    | ours                              | state of the rating
rating_text                | text    | IPA Delivery Confidence           | as published where it is no rating
rating_exempt_section      | list    | IPA Delivery Confidence           | sections it is withheld under
body_rating                | code    | IPA Delivery Confidence           | rating by the MPA, IPA or NISTA
body_rating_state          | code    | ours                              | its state
sro_rating                 | code    | SRO Delivery Confidence           | the senior responsible owner's own
sro_rating_state           | code    | ours                              | its state
start                      | date    | Project - Start Date              | latest approved start
start_state                | code    | ours                              | its state
start_text                 | text    | Project - Start Date              | as published where it is no date
start_exempt_section       | list    | Project - Start Date              | sections it is withheld under
end_low                    | date    | Project - End Date                | earliest end of a published range
end_mid                    | date    | Project - End Date                | latest approved end
end_high                   | date    | Project - End Date                | latest end of a published range
end_state                  | code    | ours                              | its state
end_text                   | text    | Project - End Date                | as published where it is no date
end_exempt_section         | list    | Project - End Date                | sections it is withheld under
wlc_low                    | money   | TOTAL Baseline Whole Life Costs   | low value of a published range
wlc_mid                    | money   | TOTAL Baseline Whole Life Costs   | latest approved cost over the whole life
wlc_high                   | money   | TOTAL Baseline Whole Life Costs   | high value of a published range
wlc_state                  | code    | ours                              | its state
wlc_text                   | text    | TOTAL Baseline Whole Life Costs   | as published where it is no amount
wlc_exempt_section         | list    | TOTAL Baseline Whole Life Costs   | sections it is withheld under
fy                         | code    | ours                              | financial year of the next, as 2018/19
fy_baseline                | money   | Financial Year Baseline (£m)      | baseline for the financial year
fy_baseline_state          | code    | ours                              | its state
fy_baseline_text           | text    | Financial Year Baseline (£m)      | as published where it is no amount
fy_baseline_exempt_section | list    | Financial Year Baseline (£m)      | sections it is withheld under
fy_forecast                | money   | Financial Year Forecast (£m)      | forecast for the financial year
fy_forecast_state          | code    | ours                              | its state
fy_forecast_text           | text    | Financial Year Forecast (£m)      | as published where it is no amount
fy_forecast_exempt_section | list    | Financial Year Forecast (£m)      | sections it is withheld under
fy_variance_published      | number  | Financial Year Variance (%)       | 0.05 for 5%; never used: unsigned since 2025
fy_variance_text           | text    | Financial Year Variance (%)       | as published where it is no number
fy_variance_amount         | money   | Variance (£million)               | published in 2014 and 2015; never used
fy_variance_derived        | number  | ours                              | forecast / baseline - 1, unless baseline is 0
benefits_low               | money   | TOTAL Baseline Benefits (£m)      | low value of a published range
benefits_mid               | money   | TOTAL Baseline Benefits (£m)      | latest approved benefits; none before 2023
benefits_high              | money   | TOTAL Baseline Benefits (£m)      | high value of a published range
benefits_state             | code    | ours                              | its state
benefits_text              | text    | TOTAL Baseline Benefits (£m)      | as published where it is no amount
benefits_exempt_section    | list    | TOTAL Baseline Benefits (£m)      | sections it is withheld under
price_base                 | code    | heading of the money columns      | nominal, or real prices as '2024/25 real'
rating_narrative           | text    | Departmental commentary: rating   | what the department says about the rating
schedule_narrative         | text    | Departmental narrative: schedule  | what the department says about the dates
budget_narrative           | text    | Departmental narrative: variance  | what the department says about the year
wlc_narrative              | text    | Departmental narrative: costs     | what the department says about the cost
benefits_narrative         | text    | Departmental narrative: benefits  | what the department says about benefits
evaluation_plan            | text    | Evaluation Plan and Registry Link | whether and where there is one
source_id                  | id      | ours                              | sha256 of the file, as published
row_number                 | integer | ours                              | row (or column) in the file; headings are 1
""",
)

SCHEME = define_table(
    "scheme",
    "A major project over all the years it was published: its first and its last published figures.",
    "scheme_id",
    """
scheme_id             | id      | ours                    | sdes-gmpp- and the GMPP id, else its name
title*                | text    | gmpp_year/name          | latest published name
description+          | text    | gmpp_year/description   | latest published description
lead_org_id*          | id      | ours                    | department as an organisation, once linked
department            | text    | gmpp_year/department    | department as last published
scheme_type*          | code    | ours                    | by which schemes are compared; not published
phase+                | code    | ours                    | discovery, alpha, beta, live, retire; not published
status*               | code    | ours                    | OC4IDS project status; not published
cpv_main+             | code    | ours                    | main CPV class; not published
gmpp_id               | id      | gmpp_year/gmpp_id       | GMPP id as last published
gmpp_category         | code    | gmpp_year/category_code | the portfolio's own category, as last published
first_year            | integer year | gmpp_year/report_year   | first report it is in
last_year             | integer year | gmpp_year/report_year   | last report it is in
in_portfolio          | boolean | ours                    | it is in the newest report loaded
baseline_date*        | date    | gmpp_year/snapshot_date | snapshot of the first published whole-life cost or end
baseline_stage*       | code    | ours                    | SOC, OBC, FBC, contract; the portfolio does not say
baseline_wlc+         | money   | gmpp_year/wlc_mid       | first published whole-life cost
baseline_wlc_on       | date    | gmpp_year/snapshot_date | its snapshot
baseline_price_base   | code    | gmpp_year/price_base    | its price base
baseline_dev_cost+    | money   | ours                    | development cost; the portfolio does not split the cost
baseline_run_cost_pa+ | money   | ours                    | yearly running cost; the portfolio does not split the cost
baseline_start*       | date    | gmpp_year/start         | first published start
baseline_end*         | date    | gmpp_year/end_mid       | first published end
baseline_end_on       | date    | gmpp_year/snapshot_date | its snapshot
forecast_end+         | date    | gmpp_year/end_mid       | last published end
forecast_end_low      | date    | gmpp_year/end_low       | earliest end, where the last report gives a range
forecast_end_high     | date    | gmpp_year/end_high      | latest end, where the last report gives a range
forecast_end_on       | date    | gmpp_year/snapshot_date | its snapshot
actual_end            | date    | ours                    | the portfolio has no outturn
forecast_wlc+         | money   | gmpp_year/wlc_mid       | last published whole-life cost
forecast_wlc_low      | money   | gmpp_year/wlc_low       | low value, where the last report gives a range
forecast_wlc_high     | money   | gmpp_year/wlc_high      | high value, where the last report gives a range
forecast_wlc_on       | date    | gmpp_year/snapshot_date | its snapshot
forecast_price_base   | code    | gmpp_year/price_base    | its price base
comparable_wlc        | money   | gmpp_year/wlc_mid       | last published cost in the price base of the first
comparable_wlc_on     | date    | gmpp_year/snapshot_date | its snapshot
comparable_state      | code    | ours                    | can first and last be compared; derived: an earlier last
comparable_note       | text    | ours                    | the same in words
final_wlc             | money   | ours                    | the portfolio has no outturn
baseline_benefits     | money   | gmpp_year/benefits_mid  | first published benefits
forecast_benefits     | money   | gmpp_year/benefits_mid  | last published benefits
assurance_rating      | code    | gmpp_year/rating        | rating in its last report
assurance_scale       | code    | gmpp_year/rating_scale  | 5pt or 3pt; never compared across scales
assurance_source      | code    | gmpp_year/rater         | mpa, ipa, nista or sro
rebaselines           | integer | ours                    | changes of whole-life cost or end between published years
""",
    subject=True,
)

SCHEME_IDENTIFIER = define_table(
    "scheme_identifier",
    "Every key under which a scheme was published, and how it was told to be this scheme.",
    "scheme_id identifier",
    """
scheme_id    | id      | ours                  | scheme
identifier   | id      | gmpp_year/scheme_key  | full GMPP id as published, or the normalised name
kind         | code    | ours                  | gmpp_id or name
match_method | code    | ours                  | gmpp_id, gmpp_id_reissued, name_equal, name_core_equal, name_only
first_year   | integer year | gmpp_year/report_year | first report with it
last_year    | integer year | gmpp_year/report_year | last report with it
""",
)

SCHEME_YEAR = define_table(
    "scheme_year",
    "One scheme in one report: the published series.",
    "scheme_id report_year",
    """
scheme_id                  | id      | ours                                 | scheme
report_year                | integer year | gmpp_year/report_year                | report
snapshot_date              | date    | gmpp_year/snapshot_date              | day the figures describe
title                      | text    | gmpp_year/name                       | name in this report
department                 | text    | gmpp_year/department                 | department in this report
gmpp_category              | code    | gmpp_year/category_code              | category in this report
rating                     | code    | gmpp_year/rating                     | rating that stands
rating_scale               | code    | gmpp_year/rating_scale               | 5pt or 3pt
rater                      | code    | gmpp_year/rater                      | mpa, ipa, nista or sro
rating_state               | code    | gmpp_year/rating_state               | its state
rating_exempt_section      | list    | gmpp_year/rating_exempt_section      | sections it is withheld under
start                      | date    | gmpp_year/start                      | start
start_state                | code    | gmpp_year/start_state                | its state
start_exempt_section       | list    | gmpp_year/start_exempt_section       | sections it is withheld under
end_low                    | date    | gmpp_year/end_low                    | end, low
end_mid                    | date    | gmpp_year/end_mid                    | end
end_high                   | date    | gmpp_year/end_high                   | end, high
end_state                  | code    | gmpp_year/end_state                  | its state
end_exempt_section         | list    | gmpp_year/end_exempt_section         | sections it is withheld under
wlc_low                    | money   | gmpp_year/wlc_low                    | whole-life cost, low
wlc_mid                    | money   | gmpp_year/wlc_mid                    | whole-life cost
wlc_high                   | money   | gmpp_year/wlc_high                   | whole-life cost, high
wlc_state                  | code    | gmpp_year/wlc_state                  | its state
wlc_exempt_section         | list    | gmpp_year/wlc_exempt_section         | sections it is withheld under
fy                         | code    | gmpp_year/fy                         | financial year of the next two
fy_baseline                | money   | gmpp_year/fy_baseline                | baseline for the financial year
fy_baseline_state          | code    | gmpp_year/fy_baseline_state          | its state
fy_baseline_exempt_section | list    | gmpp_year/fy_baseline_exempt_section | sections it is withheld under
fy_forecast                | money   | gmpp_year/fy_forecast                | forecast for the financial year
fy_forecast_state          | code    | gmpp_year/fy_forecast_state          | its state
fy_forecast_exempt_section | list    | gmpp_year/fy_forecast_exempt_section | sections it is withheld under
fy_variance                | number  | gmpp_year/fy_variance_derived        | forecast / baseline - 1, worked out by us
benefits_mid               | money   | gmpp_year/benefits_mid               | benefits in money
benefits_state             | code    | gmpp_year/benefits_state             | its state
price_base                 | code    | gmpp_year/price_base                 | nominal, or the year of real prices
source_id                  | id      | gmpp_year/source_id                  | file it was read from
""",
)

COST_LINE = define_table(
    "cost_line",
    "One published amount of a scheme for a financial year or for its whole life.",
    "scheme_id kind fy version",
    """
scheme_id   | id      | ours                    | scheme
kind        | code    | ours                    | baseline or forecast; no actual is published
phase       | code    | ours                    | dev, run, retire; not published
fy          | code    | gmpp_year/fy            | financial year such as 2018/19, or whole-life
amount*     | money   | gmpp_year/wlc_mid, fy_* | amount
price_base* | code    | gmpp_year/price_base    | nominal, or the year of real prices
version     | integer year | gmpp_year/report_year   | report that says so
as_of*      | date    | gmpp_year/snapshot_date | day it describes
""",
)

PROJECT_HISTORY_TABLES = (GMPP_YEAR,)
PROJECT_TABLES = (SCHEME, SCHEME_IDENTIFIER, SCHEME_YEAR, COST_LINE)
