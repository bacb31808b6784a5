"""Tables about the quality of the data: states of fields, checks, coverage and silent edits."""

from threepoint.standard.definition import define_table

FIELD_STATE = define_table(
    "field_state",
    "State, source and date of each Core and Important field of each subject. Further published amounts, such as those with"
    " VAT, have a row too, which does not count in a grade.",
    "table key field",
    """
table          | code      | ours | name of the subject's table
key            | id        | ours | id of the subject
field          | code      | ours | name of the field
state          | code      | ours | code of the state
detail         | text      | ours | ground, section, rule or reason for the state
due_on         | date      | ours | day on which the value is or was due
evidence_level | code      | ours | level of the evidence, such as published_notice or derived
notice_id      | id        | ours | number of the notice that published it
release_id     | id        | ours | id of the release of that notice
release_date   | timestamp | ours | when that notice was published
""",
)

DQ_RESULT = define_table(
    "dq_result",
    "One check that failed for one subject. check_summary counts the checks that passed.",
    "check_id subject_type subject_id",
    """
check_id     | id      | ours | id of the check
subject_type | code    | ours | name of the subject's table, or dataset
subject_id   | id      | ours | id of the subject
severity     | code    | ours | severity of the check: critical, warn or info
passed       | boolean | ours | always false, because only failed checks have rows
detail       | text    | ours | message that explains the failure
fields       | list    | ours | fields of the subject that cannot be used because of the failure
""",
)

CHECK_SUMMARY = define_table(
    "check_summary",
    "Number of subjects checked and failed, by check and publisher.",
    "check_id publisher",
    """
check_id  | id      | ours | id of the check
publisher | text    | ours | name of the publisher
severity  | code    | ours | severity of the check: critical, warn or info
made      | integer | ours | number of subjects checked
failed    | integer | ours | number of subjects that failed
""",
)

COVERAGE = define_table(
    "coverage",
    "Share of the due fields that are filled, and the coverage grade. It grades the data, never the scheme.",
    "table key",
    """
table   | code    | ours | name of the subject's table
key     | id      | ours | id of the subject
due     | integer | ours | weight of the fields that are due
filled  | integer | ours | weight of the due fields that are observed or derived and pass their critical checks
share   | share   | ours | filled / due; empty if nothing is due
grade   | code    | ours | grade from A to E; empty if nothing is due
cap     | text    | ours | why the grade was capped, if it was
""",
)

COVERAGE_REPORT = define_table(
    "coverage_report",
    "Number of rows in which a field is filled, by publisher and notice type.",
    "publisher notice_type table field",
    """
publisher   | text    | ours | name of the publisher
notice_type | code    | ours | notice type, UK1 to UK17, otherwise the release tags
table       | code    | ours | name of the history table
field       | code    | ours | name of the field
rows        | integer | ours | number of rows that could have the field
filled      | integer | ours | number of rows that have the field
""",
)

NOTICE_REVISION = define_table(
    "notice_revision",
    "A silent edit: the publisher changed the content of a release and kept its id. All contents are kept, with one row for each step"
    " from one content to the next.",
    "ocid release_id revision",
    """
ocid            | id        | ocid | ocid of the process
release_id      | id        | id   | id of the release, the same before and after
revision        | integer   | ours | 1 for the step from the first content to the second
notice_id       | id        | ours | number of the notice
old_sha256      | id        | ours | sha256 of the earlier content
new_sha256      | id        | ours | sha256 of the later content
old_date        | timestamp | date | date of publication stated in the earlier content
new_date        | timestamp | date | date of publication stated in the later content
old_source_id   | id        | ours | sha256 of the file that the earlier content was read from
new_source_id   | id        | ours | sha256 of the file that the later content was read from
publisher       | text      | ours | name of the publisher
publisher_group | code      | ours | group of the publisher: UK, worked example, synthetic or other
""",
)

REVISED_FIELD = define_table(
    "revised_field",
    "A field that a silent edit changed, with the values before and after. Streets and postcodes are excluded.",
    "ocid release_id revision table object_id field",
    """
ocid       | id      | ocid | ocid of the process
release_id | id      | id   | id of the release
revision   | integer | ours | number of the step, as in notice_revision
table      | code    | ours | name of the history table
object_id  | id      | ours | key of the row without release_key, joined by vertical bars; '' for the process itself
field      | code    | ours | name of the column
old_value  | text    | ours | value before the edit; empty if there was none
new_value  | text    | ours | value after the edit; empty if there is none
""",
)

VANISHED_NOTICE = define_table(
    "vanished_notice",
    "A notice that is in an earlier version of a file, but not in the newest. It may have been withdrawn, or moved to another file."
    " It is kept, and counted like any other notice.",
    "ocid release_id sha256 newest_source_id",
    """
ocid             | id        | ocid | ocid of the process
release_id       | id        | id   | id of the release
sha256           | id        | ours | sha256 of the content
kind             | code      | ours | release; or compiled, if the whole process is gone from the file
date             | timestamp | date | when it was published
publisher        | text      | ours | name of the publisher
publisher_group  | code      | ours | group of the publisher: UK, worked example, synthetic or other
last_source_id   | id        | ours | sha256 of the last version of the file with the notice
newest_source_id | id        | ours | sha256 of the newest version of the file, which does not have the notice
""",
)

QUALITY_TABLES = (
    FIELD_STATE, DQ_RESULT, CHECK_SUMMARY, COVERAGE, COVERAGE_REPORT, NOTICE_REVISION, REVISED_FIELD, VANISHED_NOTICE,
)  # fmt: skip
