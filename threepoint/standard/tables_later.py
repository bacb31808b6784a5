"""Tables that belong to SDES v1 and that no source fills yet: services, surveys, capabilities, and evaluation.

They are defined now so that a publisher can fill them and a reader can rely on them. Where several values belong to one
row, they stand in a table of their own (decision 9).
"""

from threepoint.standard.model import table

SERVICE = table(
    "service",
    "A public service that people use.",
    "service_id",
    """
service_id       | id   | the owner's own address of it | the service
name*            | text | the owner's report            | name that users see
owner_org_id*    | id   | the owner's report            | organisation that answers for it
scheme_id        | id   | the owner's report            | scheme that pays for it
user_type        | code | the owner's report            | citizen, business, public_body or staff
transaction_type | code | the owner's report            | kind of transaction; services are compared within one kind
url              | text | the owner's report            | where it begins
""",
    subject=True,
)

SERVICE_PERIOD = table(
    "service_period",
    "How many used a service in one period, how they found it and what it cost.",
    "period_id",
    """
period_id            | id        | {service_id}/periods/{period_start} | the service and the period
service_id           | id        | ours                   | the service
period_start         | date      | the owner's report     | period from
period_end           | date      | the owner's report     | period to
tx_started           | integer   | metric completion-rate | transactions begun
tx_completed*        | integer   | metric completion-rate | transactions completed; an answer of not eligible is one
tx_digital           | integer   | metric digital-take-up | transactions completed online
tx_total*            | integer   | metric digital-take-up | transactions completed over all channels
total_cost*          | money GBP | metric cost-per-transaction | whole cost over all channels, with overheads and VAT
price_base           | code      | the owner's report     | nominal, or the year of real prices
cost_scope_complete* | boolean   | the owner's report     | the cost leaves nothing out
sat_very_sat         | integer   | metric user-satisfaction | very satisfied
sat_sat              | integer   | metric user-satisfaction | satisfied
sat_neither          | integer   | metric user-satisfaction | neither
sat_dis              | integer   | metric user-satisfaction | dissatisfied
sat_very_dis         | integer   | metric user-satisfaction | very dissatisfied
sat_n*               | integer   | metric user-satisfaction | number who answered
wcag_result          | code      | the owner's report     | passed, partly or failed the last accessibility audit
wcag_audited_on      | date      | the owner's report     | day of that audit
availability         | share     | metric availability-pct | share of the agreed minutes in which it worked
""",
    subject=True,
)

SURVEY_WAVE = table(
    "survey_wave",
    "One round of an independent survey, with all that must be told so that others can judge it.",
    "wave_id",
    """
wave_id           | id      | the surveyor | the wave
title             | text    | the surveyor | name of the survey
population*       | text    | the surveyor | who was asked about
sponsor*          | text    | the surveyor | who paid
conductor*        | text    | the surveyor | who asked
frame*            | text    | the surveyor | list that the sample was drawn from
sampling*         | text    | the surveyor | how people were chosen and invited
n_invited*        | integer | the surveyor | people invited
n_resp*           | integer | the surveyor | people who answered
response_rate*    | share   | the surveyor | answered of invited
mode*             | text    | the surveyor | how they answered: online, telephone, post, in person
fieldwork_start*  | date    | the surveyor | first day of answers
fieldwork_end*    | date    | the surveyor | last day of answers
published_on      | date    | the surveyor | day on which everyone sees the results
weighting_text*   | text    | the surveyor | how answers were weighted
processing_text   | text    | the surveyor | how answers were checked and coded
limitations*      | text    | the surveyor | what the results cannot tell
instrument_url*   | text    | the surveyor | the questions as asked
suppressed_cells  | integer | the surveyor | results held back so that no one can be recognised
microdata_sha256* | id      | the surveyor | sha256 of the answers, which the surveyor alone holds
""",
)

SURVEY_ESTIMATE = table(
    "survey_estimate",
    "One result of a wave, for one group of buyers or suppliers; never for one contract or firm.",
    "wave_id item_id cell_id answer",
    """
wave_id          | id      | the surveyor | the wave
item_id          | id      | the surveyor | the question
cell_id          | id      | the surveyor | the group; what makes it up stands in `survey_estimate_dimension`
answer           | code    | the surveyor | the answer, or several taken together such as top_2
n_unweighted*    | integer | the surveyor | people who answered, rounded to 5
n_eff*           | number  | the surveyor | effective sample size after weighting; 20 or more to be published
estimate*        | number  | the surveyor | result
unit             | text    | the surveyor | share, hours per month …
lo90*            | number  | the surveyor | lower end of the 90% interval
hi90*            | number  | the surveyor | upper end of the 90% interval
deff             | number  | the surveyor | design effect
indicative       | boolean | ours         | from 10 to 29 people: shown as indicative
suppressed*      | boolean | the surveyor | held back so that no one can be recognised; the result is then empty
suppression_type | code    | the surveyor | primary, or secondary where it protects another result
""",
)

SURVEY_ESTIMATE_DIMENSION = table(
    "survey_estimate_dimension",
    "What makes up a group of a survey. The groups stay the same from wave to wave.",
    "wave_id cell_id dimension",
    """
wave_id   | id   | the surveyor | the wave
cell_id   | id   | the surveyor | the group
dimension | id   | the surveyor | such as department group, role, region or size
value     | text | the surveyor | its value
""",
)

CAPABILITY = table(
    "capability",
    "Something that an organisation says it can do, with its evidence. It lapses after 12 months unless renewed.",
    "cap_id",
    """
cap_id           | id   | ours         | the entry
org_id*          | id   | the supplier | the organisation
capability_code* | code | the supplier | what it can do, from the list of capabilities
cpv              | code | the supplier | CPV code that fits it
maturity         | code | the supplier | TRL1 to TRL9
evidence_type    | code | the supplier | contract, den, certificate or self
evidence_ref     | text | the supplier | where the evidence is: a contract, a result, a certificate
verified_by      | text | the verifier | organisation that looked at the evidence; empty where no one did
verified_on      | date | the verifier | day on which it did
declared_on      | date | the supplier | day of the entry, or of its last renewal
expires_on       | date | ours         | day on which it lapses
""",
    subject=True,
)

CAPABILITY_REGION = table(
    "capability_region",
    "Where an organisation can do it.",
    "cap_id region",
    """
cap_id | id   | ours         | the entry
region | code | the supplier | region, NUTS or ITL
""",
)

MEASURE_DEFINITION = table(
    "measure_definition",
    "A measure: what it says, how it is worked out and how much data it needs.",
    "measure_id version",
    """
measure_id  | id      | ours | the measure, such as COST-04
version     | text    | ours | version of the definition
name        | text    | ours | name in plain words
dimension   | code    | ours | COMP, COST, TIME, CHNG, PERF, USER, SMEP, OPEN, ENGA or SOCV; never added up
formula     | text    | ours | how it is worked out, in words
unit        | text    | ours | unit
direction   | code    | ours | higher or lower is better, or context where neither is
min_n       | integer | ours | least number of cases for a value
min_n_text  | text    | ours | what is counted: processes, ratings, years …
uncertainty | code    | ours | BB, GP, PB, OS, PR, RC, SV, bounds or none: how its interval is made
page        | text    | ours | page that explains it
""",
)

MEASURE_SUBJECT = table(
    "measure_subject",
    "What a measure can be worked out for.",
    "measure_id version subject_type",
    """
measure_id   | id   | ours | the measure
version      | text | ours | version of the definition
subject_type | code | ours | contract, scheme, service, process, buyer, supplier, market or group
""",
)

MEASURE_EQUIVALENT = table(
    "measure_equivalent",
    "Published measures of others that say the same or nearly so.",
    "measure_id version reference",
    """
measure_id | id   | ours | the measure
version    | text | ours | version of the definition
reference  | id   | ours | code of the other measure, such as U015 or R018
publisher  | text | ours | who publishes it
""",
)

MEASURE_RESULT = table(
    "measure_result",
    "One measure of one subject: its value and interval, its place among peers, or the reason why there is none.",
    "measure_id version subject_type subject_id as_of window",
    """
measure_id       | id      | ours | the measure
version          | text    | ours | version of the definition
subject_type     | code    | ours | contract, scheme, service, process, buyer, supplier, market or group
subject_id       | id      | ours | the subject
as_of            | date    | ours | day that the result describes
window           | code    | ours | all, or the number of months looked back on, such as 12m
value            | number  | ours | value; empty where there is none
unit             | text    | ours | unit
n                | integer | ours | cases that the value rests on
n_missing        | integer | ours | cases that are due and withheld or not reported
state            | code    | ours | state of the value
reason           | text    | ours | why there is no value, in plain words
lo90             | number  | ours | lower end of the 90% interval
hi90             | number  | ours | upper end of the 90% interval
value_bound_lo   | number  | ours | value if every missing case were the worst
value_bound_hi   | number  | ours | value if every missing case were the best
method           | code    | ours | BB, GP, PB, OS, PR, RC, SV, bounds or none: how the interval was made
peer_key         | id      | ours | the peer group
peer_level       | code    | ours | how near the peers are: type_size_phase, type_size, type, cpv_size or none
n_peer           | integer | ours | peers with a value, the subject not counted; 20 are needed for a percentile
peer_report_rate | share   | ours | share of the eligible peers that have a value; under half is self-selected
peer_median      | number  | ours | median of the peers, from 10 of them
pct              | number  | ours | percentile among the peers from 0 to 100, turned so that 100 is better
pct_lo           | number  | ours | lower end of its interval
pct_hi           | number  | ours | upper end of its interval
pct_bound_lo     | number  | ours | percentile if every peer without a value stood above
pct_bound_hi     | number  | ours | percentile if every peer without a value stood below
place            | integer | ours | place among the peers, for a value taken as exact (method PR); it then has no band
place_lo         | integer | ours | best place within the interval
place_hi         | integer | ours | worst place within the interval
band             | code    | ours | better, in_line, worse, unclear or not_comparable
coverage_grade   | code    | ours | A to E: how complete the record of the subject is
inputs_hash      | id      | ours | sha256 of the rows it was worked out from
code_version     | text    | ours | version of the software that worked it out
""",
)

PEER_GROUP = table(
    "peer_group",
    "Subjects that may be compared with each other, and what they have in common.",
    "peer_key",
    """
peer_key       | id      | ours | the group
subject_type   | code    | ours | what its members are
peer_level     | code    | ours | type_size_phase, type_size, type, cpv_size or none
scheme_type    | code    | ours | type that they share
size_band      | code    | ours | B0 to B6, by the baseline value without VAT in real terms
phase          | code    | ours | pre_contract, in_delivery, live_run or closed
cpv_division   | code    | ours | first two digits of the CPV code, where the group rests on it
baseline_stage | code    | ours | stage of the baseline, where cost or time is compared
price_model    | code    | ours | price model, where award and estimate are compared
rating_scale   | code    | ours | scale of the ratings, where these are compared
members        | integer | ours | number of members
""",
)

PEER_GROUP_MEMBER = table(
    "peer_group_member",
    "Who is in a peer group.",
    "peer_key subject_id",
    """
peer_key   | id | ours | the group
subject_id | id | ours | the member
""",
)

REFERENCE_CLASS = table(
    "reference_class",
    "What became of earlier subjects of one kind: how far cost or time moved. No average: a few cases would decide it.",
    "class_id",
    """
class_id         | id      | ours | the class
measure_id       | id      | ours | measure whose values it gathers
subject_type     | code    | ours | contract or scheme
basis            | code    | ours | outturn, or last_published where no outturn is published; never mixed
category         | code    | ours | scheme type, or the portfolio's own category; never mixed
size_band        | code    | ours | B0 to B6; empty where all sizes are taken
baseline_stage   | code    | ours | SOC, OBC, FBC or contract; empty where unknown
price_base       | code    | ours | nominal, or the year of real prices
as_of            | date    | ours | day that it describes
n                | integer | ours | cases
p10              | number  | ours | a tenth of the cases lie below
p50              | number  | ours | half of the cases lie below; from 10 cases
p50_lo           | number  | ours | lower end of its 90% interval
p50_hi           | number  | ours | upper end of its 90% interval
p80              | number  | ours | four fifths of the cases lie below; from 20 cases
p80_lo           | number  | ours | lower end of its 90% interval
p80_hi           | number  | ours | upper end of its 90% interval
p90              | number  | ours | nine tenths of the cases lie below; from 40 cases
share_over_half  | share   | ours | share of the cases over by more than half
greatest         | number  | ours | greatest value seen
tail_alpha       | number  | ours | weight of the tail, from 200 cases; at 1 or less no average has a meaning
open_cases       | integer | ours | cases of the kind that have not ended and are not in it
is_prior         | boolean | ours | too few cases: published bounds of others stand in, labelled as a prior
prior_source     | text    | ours | where those bounds are from
state            | code    | ours | state of the figures
reason           | text    | ours | why there are none, in plain words
""",
)

SERVICE_TABLES = (
    SERVICE, SERVICE_PERIOD, SURVEY_WAVE, SURVEY_ESTIMATE, SURVEY_ESTIMATE_DIMENSION, CAPABILITY, CAPABILITY_REGION,
)  # fmt: skip
EVALUATION_TABLES = (
    MEASURE_DEFINITION, MEASURE_SUBJECT, MEASURE_EQUIVALENT, MEASURE_RESULT, PEER_GROUP, PEER_GROUP_MEMBER,
    REFERENCE_CLASS,
)  # fmt: skip
LATER_TABLES = (*SERVICE_TABLES, *EVALUATION_TABLES)
