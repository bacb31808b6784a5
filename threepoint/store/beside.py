"""What is counted of an organisation or a payment over rows that are not its own, and kept beside its dossier (`shelf`)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from threepoint.standard.model import Table, table
from threepoint.standard.sdes import SDES

ROLES = table("roles", "In how many processes an organisation has each role.", "org_id role", """
org_id    | id      | ours | the organisation
role      | code    | ours | OCDS party role
processes | integer | ours | number of processes
""")  # fmt: skip
TOLD_BY = table("told_by", "Who publishes the notices that name an organisation.", "org_id publisher", """
org_id          | id   | ours | the organisation
publisher       | text | ours | publisher
publisher_group | code | ours | uk, example, synthetic or other
""")  # fmt: skip
# By the other side: all lines, those without an amount (in no sum), and what a repeat would take away.
SUMS = table("sums", "Payments or sales of an organisation with each other side.", "org_id list kind", """
org_id         | id      | ours | the organisation
list           | code    | ours | paid, was paid, bought or sold
other          | text    | ours | the other side
other_org_id   | id      | ours | the same as an organisation
kind           | code    | ours | feed of the lines
currency       | code    | ours | currency
since          | date    | ours | day or month of the first line
until          | date    | ours | day or month of the last line
lines          | integer | ours | lines
without_amount | integer | ours | of these without an amount, which stand in no sum
amount         | money   | ours | sum
duplicates     | integer | ours | lines that may be duplicates
amount_once    | money   | ours | sum without these
""")  # fmt: skip
ALIKE = table("alike", "Lines of a list that say the same as a line.", "line other", """
line   | id    | ours | the line
other  | id    | ours | a line that it repeats, or that repeats it
name   | text  | ours | the other side, as named there
date   | date  | ours | paid, or the month reported
amount | money | ours | amount
""")  # fmt: skip
PLANS = replace(SDES["pipeline_entry"], name="plans", meaning="What an organisation plans to buy.")
TABLES = {made.name: made for made in (ROLES, TOLD_BY, SUMS, ALIKE, PLANS)}
# The tables that this is counted over, each open as a view of its own.
READ = ("contracting_process", "party_role", "spend", "sale", "pipeline_entry")

_LISTS = (
    ("paid", "spend", "payer", "payee", "feed", "date"),
    ("was paid", "spend", "payee", "payer", "feed", "date"),
    ("bought", "sale", "customer", "supplier", "'sale'", "month"),
    ("sold", "sale", "supplier", "customer", "'sale'", "month"),
)


def view(name: str) -> str:
    """The name of the view of a table."""
    return f"beside_{name}"


def queries(held: Sequence[str]) -> Iterator[tuple[Table, str]]:
    """(what is counted, SQL of its rows) over the views of the tables that the snapshot has."""
    if "party_role" in held:
        yield ROLES, f"SELECT org_id, role, count(*) AS processes FROM {view('party_role')} GROUP BY ALL"
        told = "SELECT DISTINCT org_id, publisher, publisher_group"
        yield TOLD_BY, f"{told} FROM {view('party_role')} JOIN {view('contracting_process')} USING (ocid)"
    if lists := [_summed(*one) for one in _LISTS if one[1] in held]:
        yield SUMS, " UNION ALL ".join(lists)
    if "pipeline_entry" in held:
        yield PLANS, f"SELECT * FROM {view('pipeline_entry')} WHERE body_org_id IS NOT NULL"
    lines = [("spend", "payee_name", "date"), ("sale", "supplier_name", "month")]
    if alike := [_alike(*one) for one in lines if one[0] in held]:
        yield ALIKE, " UNION ALL ".join(alike)


# A sum that DECIMAL(18,2) does not hold is left empty.
def _summed(name: str, of: str, whose: str, other: str, kind: str, day: str) -> str:
    return (
        f"SELECT {whose}_org_id AS org_id, '{name}' AS list, {other}_name AS other, {other}_org_id AS other_org_id, {kind} AS kind,"
        f" currency, min({day}) AS since, max({day}) AS until, count(*) AS lines,"
        " count(*) - count(amount) AS without_amount, TRY_CAST(sum(amount) AS DECIMAL(18,2)) AS amount,"
        " count(*) FILTER (WHERE possible_duplicate) AS duplicates,"
        " TRY_CAST(sum(amount) FILTER (WHERE NOT possible_duplicate) AS DECIMAL(18,2)) AS amount_once"
        f" FROM {view(of)} WHERE {whose}_org_id IS NOT NULL GROUP BY ALL"
    )


def _alike(of: str, name: str, day: str) -> str:
    lines = f"SELECT *, coalesce(duplicate_of, {of}_id) AS first FROM {view(of)}"
    return (
        f"SELECT a.{of}_id AS line, b.{of}_id AS other, b.{name} AS name, b.{day} AS date, b.amount"
        f" FROM ({lines}) a JOIN ({lines}) b ON a.first = b.first AND a.{of}_id <> b.{of}_id"
        f" WHERE a.first IN (SELECT duplicate_of FROM {view(of)})"
    )
