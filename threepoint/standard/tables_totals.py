"""Totals of a record that are calculated from other records' rows. They are in a snapshot's record store, not published."""

from threepoint.standard.definition import TableDefinition, define_table

ORGANISATION_ROLE = define_table(
    "organisation_role",
    "In how many processes an organisation has each role.",
    "org_id role",
    """
org_id    | id      | ours | the organisation
role      | code    | ours | OCDS party role
processes | integer | ours | number of processes
""",
)
ORGANISATION_PUBLISHER = define_table(
    "organisation_publisher",
    "Who publishes the notices that name an organisation.",
    "org_id publisher publisher_group",
    """
org_id          | id   | ours | the organisation
publisher       | text | ours | publisher
publisher_group | code | ours | uk, example, synthetic or other
""",
)
ORGANISATION_TOTAL = define_table(
    "organisation_total",
    "Payments or sales of an organisation with each other side. Lines without an amount are counted and in no sum.",
    "org_id list other other_org_id kind currency",
    """
org_id         | id      | ours | the organisation
list           | code    | ours | paid, was paid, bought or sold
other          | text    | ours | the other side
other_org_id   | id      | ours | the other side's organisation
kind           | code    | ours | feed of the lines
currency       | code    | ours | currency
since          | date    | ours | day or month of the first line
until          | date    | ours | day or month of the last line
lines          | integer | ours | lines
without_amount | integer | ours | of these without an amount
amount         | money   | ours | sum; empty where it is too large for money
duplicates     | integer | ours | lines that may be duplicates
amount_once    | money   | ours | sum without these
""",
)
REPEATED_LINE = define_table(
    "repeated_line",
    "The other lines of a list that are the same as a line.",
    "line other",
    """
line   | id    | ours | the line
other  | id    | ours | a line that it repeats, or that repeats it
name   | text  | ours | the other side, as named there
date   | date  | ours | paid, or the month reported
amount | money | ours | amount
""",
)
TOTAL_TABLES: dict[str, TableDefinition] = {
    made.name: made for made in (ORGANISATION_ROLE, ORGANISATION_PUBLISHER, ORGANISATION_TOTAL, REPEATED_LINE)
}
