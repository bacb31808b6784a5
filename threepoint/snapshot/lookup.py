"""From what a person has at hand – an ocid, a notice number, a GMPP id, a company number – to the thing it names."""

from dataclasses import dataclass

from threepoint.errors import Ambiguous, Problem
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.sdes import SDES

# Kinds of things that have an address, and the column that has their title.
KINDS = {"contracting_process": "title", "contract": "title", "award": "title", "organisation": "name", "scheme": "title",
         "spend": "payee_name", "pipeline_entry": "title", "sale": "supplier_name"}  # fmt: skip
COMPANY = 8  # digits of a company's number, often written without its leading zeros


@dataclass(frozen=True)
class Thing:
    """A thing found: its kind (a table of subjects), its address and its title."""

    kind: str
    id: str
    title: str


def find(snapshot: Snapshot, wanted: str) -> Thing:
    """The one thing that `wanted` names. Ambiguous lists them where there are several; Problem where there is none."""
    wanted = wanted.strip()
    found = at(snapshot, wanted)
    if found:
        return found
    names = {wanted, wanted.upper(), f"GB-COH-{wanted.upper():0>{COMPANY}}"}
    told = sorted({pair for name in names for pair in snapshot.records.named(name)})
    for kind in ("organisation", "scheme", "contracting_process"):  # a number is first taken for a body's
        if mine := [thing for name, ident in told if name == kind and (thing := at(snapshot, ident))]:
            return _one(wanted, mine)
    raise Problem(
        f"nothing in this snapshot is called {wanted}; give an ocid, contract, notice, GMPP, company or organisation id"
    )


def at(snapshot: Snapshot, address: str) -> Thing | None:
    """The thing that has this very address."""
    for kind, title in KINDS.items():
        for row in snapshot.records.rows(kind, **{SDES[kind].key[0]: address}):
            named = row[title] or (_name_as_process(snapshot, row["ocid"]) if kind == "award" else "")
            return Thing(kind, address, named)
    return None


def _name_as_process(snapshot: Snapshot, ocid: str) -> str:
    """Return the title of its process for an award that has none."""
    return next((str(row["title"] or "") for row in snapshot.records.rows("contracting_process", ocid=ocid)), "")


def _one(wanted: str, found: list[Thing]) -> Thing:
    if len(found) > 1:
        lines = "\n".join(f"  {thing.id}  {thing.title}" for thing in found)
        raise Ambiguous(f"{wanted} names {len(found)} things; give one of these addresses instead:\n{lines}")
    return found[0]
