"""The standard's tables about its own data: the state of each field, and the checks."""

from threepoint.standard.model import table

FIELD_STATE = table(
    "field_state",
    "What is known of each Core and Important field of each subject: its state, its source and its date. Further amounts"
    " that were published, such as those with VAT, have a row too, which counts in no grade.",
    "table key field",
    """
table          | code      | ours | table of the subject
key            | id        | ours | the subject
field          | code      | ours | the field
state          | code      | ours | a code of the states
detail         | text      | ours | ground, section, rule or reason
due_on         | date      | ours | when it is or was due
evidence_level | code      | ours | published_notice, derived …
notice_id      | id        | ours | notice that says so
release_id     | id        | ours | its release
release_date   | timestamp | ours | when it was published
""",
)

DQ_RESULT = table(
    "dq_result",
    "One check that did not pass for one subject. Those that passed are counted in check_summary.",
    "check_id subject_type subject_id",
    """
check_id     | id      | ours | the check
subject_type | code    | ours | table of the subject, or dataset
subject_id   | id      | ours | the subject
severity     | code    | ours | critical, warn or info
passed       | boolean | ours | always false: only failures have rows
detail       | text    | ours | what was found, in words
""",
)

CHECK_SUMMARY = table(
    "check_summary",
    "How often each check was made and passed, by publisher.",
    "check_id publisher",
    """
check_id  | id      | ours | the check
publisher | text    | ours | publisher
severity  | code    | ours | critical, warn or info
made      | integer | ours | subjects checked
failed    | integer | ours | of these failed
""",
)

COVERAGE = table(
    "coverage",
    "How much of what should be there is there, and the grade that follows. About the data, never about the scheme.",
    "table key",
    """
table   | code    | ours | table of the subject
key     | id      | ours | the subject
due     | integer | ours | weight of the fields due
filled  | integer | ours | weight of those observed or derived and passing their checks
share   | share   | ours | filled / due; empty where nothing is due
grade   | code    | ours | A to E; empty where nothing is due
cap     | text    | ours | why the grade was capped, where it was
""",
)

COVERAGE_REPORT = table(
    "coverage_report",
    "Which fields are filled, by publisher and notice type.",
    "publisher notice_type table field",
    """
publisher   | text    | ours | publisher
notice_type | code    | ours | UK1 to UK17, else the release tags
table       | code    | ours | history table
field       | code    | ours | field
rows        | integer | ours | rows that could hold it
filled      | integer | ours | rows that do
""",
)

QUALITY_TABLES = (FIELD_STATE, DQ_RESULT, CHECK_SUMMARY, COVERAGE, COVERAGE_REPORT)
