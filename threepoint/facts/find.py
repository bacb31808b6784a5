"""From what a person has at hand – an ocid, a notice number, a GMPP id, a company number – to the thing it names."""

from dataclasses import dataclass

from threepoint.errors import Ambiguous, Problem
from threepoint.facts.snapshot import Snapshot

# A number as its register writes it, without the register: of a company, often without its leading zeros.
BARE_NUMBER = (
    "SELECT org_id AS id, name AS title FROM organisation JOIN organisation_identifier USING (org_id)"
    " WHERE identifier IN (scheme || '-' || upper($1), 'GB-COH-' || lpad(upper($1), greatest(8, length($1))::INTEGER, '0'))"
    " GROUP BY ALL ORDER BY ALL"
)

# Where each kind of id is looked up: (kind of thing, query giving its address and title for the id).
LOOKUPS = (
    ("contracting_process", "SELECT ocid AS id, title FROM contracting_process WHERE ocid = $1"),
    ("contract", "SELECT contract_id AS id, title FROM contract WHERE contract_id = $1"),
    (
        "award",
        (
            "SELECT award_id AS id, coalesce(a.title, p.title) AS title FROM award a"
            " LEFT JOIN contracting_process p USING (ocid) WHERE award_id = $1"
        ),
    ),
    ("organisation", "SELECT org_id AS id, name AS title FROM organisation WHERE org_id = $1"),
    ("scheme", "SELECT scheme_id AS id, title FROM scheme WHERE scheme_id = $1"),
    ("spend", "SELECT spend_id AS id, payee_name AS title FROM spend WHERE spend_id = $1"),
    ("pipeline_entry", "SELECT entry_id AS id, title FROM pipeline_entry WHERE entry_id = $1"),
    ("sale", "SELECT sale_id AS id, supplier_name AS title FROM sale WHERE sale_id = $1"),
    (
        "organisation",
        (
            "SELECT org_id AS id, name AS title FROM organisation JOIN organisation_identifier USING (org_id)"
            " WHERE identifier = $1"
        ),
    ),
    (
        "scheme",
        (
            "SELECT DISTINCT scheme_id AS id, title FROM scheme JOIN scheme_identifier USING (scheme_id)"
            " WHERE identifier = $1"
        ),
    ),
    (
        "contracting_process",
        (
            "SELECT DISTINCT ocid AS id, p.title FROM notice n JOIN contracting_process p USING (ocid)"
            " WHERE n.notice_id = $1 OR n.release_id = $1"
        ),
    ),
    ("organisation", BARE_NUMBER),
)


@dataclass(frozen=True)
class Thing:
    """A thing found: its kind (a table of subjects), its address and its title."""

    kind: str
    id: str
    title: str


def find(snapshot: Snapshot, wanted: str) -> Thing:
    """The one thing that `wanted` names. Ambiguous lists them where there are several; Problem where there is none."""
    wanted = wanted.strip()
    for kind, query in LOOKUPS:
        found = [Thing(kind, row["id"], row["title"] or "") for row in snapshot.rows(query, [wanted])]
        if len(found) > 1:
            lines = "\n".join(f"  {thing.id}  {thing.title}" for thing in found)
            raise Ambiguous(f"{wanted} names {len(found)} things; give one of these addresses instead:\n{lines}")
        if found:
            return found[0]
    raise Problem(
        f"nothing in this snapshot is called {wanted}; give an ocid, contract, notice, GMPP, company or organisation id"
    )
