"""Wide tables in which a snapshot stores the states of fields: one row per subject, four columns per field.

The published table FIELD_STATE has one row per subject and field. At 100,000 releases that is more than half of all rows, so a
snapshot stores these wide tables instead, and `threepoint.store.state_tables` converts them to the long form on reading.
"""

from collections.abc import Iterator

from threepoint.standard.definition import TableDefinition, define_table
from threepoint.standard.sdes import SDES_TABLES

# Useful fields that hold money. Each has a state if it has a value, so that every amount has a source.
TRACED_AMOUNTS = {
    "award": ("value_gross", "value_net_first", "value_gross_first"),
    "contract": ("value_gross", "value_gross_first"),
}
SUBJECT_TABLE_NAMES = ("award", "contract", "contracting_process", "kpi", "milestone", "organisation", "scheme")
DERIVED_STATES = ("derived", "below_notice_floor")
# Subjects of yearly reports. Their evidence is the report, also for values derived from it.
YEARLY_REPORT_SUBJECTS = ("scheme",)

# Suffixes of the four columns of a field's state, added to the field's name.
STATE_SUFFIX, DETAIL_SUFFIX, DUE_ON_SUFFIX, SOURCE_SUFFIX = "", "__detail", "__due_on", "__source"


def list_traced_fields(subject: str) -> tuple[str, ...]:
    """Return the fields of a subject's table that have a state: Core and Important fields, and further amounts."""
    return (*[field.name for field in SDES_TABLES[subject].judged], *TRACED_AMOUNTS.get(subject, ()))


def describe_evidence(subject: str, state: str) -> str:
    """Return the evidence level of a field in this state."""
    return "derived" if state in DERIVED_STATES and subject not in YEARLY_REPORT_SUBJECTS else "published_notice"


def _make_field_lines(subject: str) -> Iterator[str]:
    key = SDES_TABLES[subject].key[0]
    yield f"{key} | id | ours | id of the subject"
    for field in list_traced_fields(subject):
        yield f"{field}{STATE_SUFFIX} | code | ours | code of the state; empty if the subject does not have this field"
        yield f"{field}{DETAIL_SUFFIX} | text | ours | ground, section, rule or reason for the state"
        yield f"{field}{DUE_ON_SUFFIX} | date | ours | day on which the value is or was due"
        yield f"{field}{SOURCE_SUFFIX} | integer | ours | number of the source in state_source"


# By subject.
STATE_TABLES: dict[str, TableDefinition] = {
    subject: define_table(
        f"{subject}_state",
        f"State of each field of each {subject}.",
        SDES_TABLES[subject].key[0],
        "\n".join(_make_field_lines(subject)),
    )
    for subject in SUBJECT_TABLE_NAMES
}

# Releases are numbered from 0 in the order in which they are merged. Numbers of yearly reports are below 0, by their year.
STATE_SOURCE = define_table(
    "state_source",
    "The notices and reports that states come from.",
    "number",
    """
number       | integer   | ours | number of the source in this snapshot
notice_id    | id        | ours | number of the notice or report
release_id   | id        | ours | release of the notice
release_date | timestamp | ours | when the notice or report was published
""",
)

# Tables that a snapshot stores: those of the standard, with wide states instead of FIELD_STATE.
STORED_TABLES: dict[str, TableDefinition] = {
    **{name: table for name, table in SDES_TABLES.items() if name != "field_state"},
    **{table.name: table for table in (*STATE_TABLES.values(), STATE_SOURCE)},
}
