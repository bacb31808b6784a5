"""The standard's tables about its own data: the state of each field, and the checks."""

from threepoint.standard.definition import define_table

FIELD_STATE = define_table(
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

DQ_RESULT = define_table(
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

CHECK_SUMMARY = define_table(
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

COVERAGE = define_table(
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

COVERAGE_REPORT = define_table(
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

NOTICE_REVISION = define_table(
    "notice_revision",
    "A silent edit: the publisher gave a release other content under the same id. Both are held; one row for each step from one"
    " content to the next.",
    "ocid release_id revision",
    """
ocid            | id        | ocid | the process
release_id      | id        | id   | the release, under the id that both contents have
revision        | integer   | ours | 1 for the step from the first content to the second
notice_id       | id        | ours | number of the notice
old_sha256      | id        | ours | what it said before
new_sha256      | id        | ours | what it says after
old_date        | timestamp | date | when it says that it was published, before
new_date        | timestamp | date | the same, after
old_source_id   | id        | ours | sha256 of the file from which the earlier content was read
new_source_id   | id        | ours | sha256 of the file from which the later content was read
publisher       | text      | ours | publisher
publisher_group | code      | ours | uk, example, synthetic or other
""",
)

REVISED_FIELD = define_table(
    "revised_field",
    "A field that a silent edit changed, with what stood there before and after. Streets and postcodes are left out.",
    "ocid release_id revision table thing field",
    """
ocid       | id      | ocid | the process
release_id | id      | id   | the release
revision   | integer | ours | the step, as in notice_revision
table      | code    | ours | history table
thing      | id      | ours | key of the row without release_key, joined by a bar; '' for the process itself
field      | code    | ours | the column
old_value  | text    | ours | what stood there before; empty for nothing
new_value  | text    | ours | what stands there after; empty for nothing
""",
)

VANISHED_NOTICE = define_table(
    "vanished_notice",
    "A notice that stood in an earlier version of a file and no longer stands in the newest. It may have been taken down, or have"
    " moved to another file; it is kept, and counted like any other.",
    "ocid release_id sha256 newest_source_id",
    """
ocid             | id        | ocid | the process
release_id       | id        | id   | the release
sha256           | id        | ours | of what it says
kind             | code      | ours | release; or compiled, where the whole process is gone from the file
date             | timestamp | date | published
publisher        | text      | ours | publisher
publisher_group  | code      | ours | uk, example, synthetic or other
last_source_id   | id        | ours | sha256 of the last version of the file that held it
newest_source_id | id        | ours | sha256 of the newest version of the file, which does not
""",
)

QUALITY_TABLES = (
    FIELD_STATE, DQ_RESULT, CHECK_SUMMARY, COVERAGE, COVERAGE_REPORT, NOTICE_REVISION, REVISED_FIELD, VANISHED_NOTICE,
)  # fmt: skip
