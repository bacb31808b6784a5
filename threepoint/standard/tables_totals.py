"""Totals of a record that are calculated from other records' rows. They are in a snapshot's record store, not published."""

from threepoint.standard.definition import TableDefinition, define_table

ORGANISATION_ROLE = define_table(
    "organisation_role",
    "Number of processes in which an organisation has each role.",
    "org_id role",
    """
org_id    | id      | ours | id of the organisation
role      | code    | ours | OCDS party role
processes | integer | ours | number of processes
""",
)
ORGANISATION_PUBLISHER = define_table(
    "organisation_publisher",
    "A publisher of notices that name an organisation.",
    "org_id publisher publisher_group",
    """
org_id          | id   | ours | id of the organisation
publisher       | text | ours | publisher of the notices
publisher_group | code | ours | uk, example, synthetic or other
""",
)
ORGANISATION_TOTAL = define_table(
    "organisation_total",
    "Payments or sales between an organisation and each other party. Lines without an amount are counted, but are in no sum.",
    "org_id list other other_org_id kind currency",
    """
org_id         | id      | ours | id of the organisation
list           | code    | ours | paid, was paid, bought or sold
other          | text    | ours | name of the other party
other_org_id   | id      | ours | organisation of the other party
kind           | code    | ours | feed that the lines are from
currency       | code    | ours | currency of the amounts
since          | date    | ours | day or month of the first line
until          | date    | ours | day or month of the last line
lines          | integer | ours | number of lines
without_amount | integer | ours | number of these without an amount
amount         | money   | ours | sum of the amounts; empty if it is too large for money
duplicates     | integer | ours | number of lines that may be duplicates
amount_once    | money   | ours | sum without the possible duplicates
""",
)
REPEATED_LINE = define_table(
    "repeated_line",
    "Another line of the same list that repeats a line.",
    "line other",
    """
line   | id    | ours | id of the line
other  | id    | ours | id of a line that it repeats, or that repeats it
name   | text  | ours | name of the other party on that line
date   | date  | ours | day of payment, or month reported
amount | money | ours | amount on that line
""",
)
TOTAL_TABLES: dict[str, TableDefinition] = {
    table.name: table for table in (ORGANISATION_ROLE, ORGANISATION_PUBLISHER, ORGANISATION_TOTAL, REPEATED_LINE)
}
