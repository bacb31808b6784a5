"""From what a person has at hand – an ocid, a notice number, a GMPP id, a company number – to the thing it names."""

from dataclasses import dataclass

from threepoint.errors import AmbiguousIdError, UserError
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.sdes import SDES_TABLES

# Kinds of things that have an address, and the column that has their title.
TITLE_COLUMN_BY_KIND = {"contracting_process": "title", "contract": "title", "award": "title", "organisation": "name", "scheme": "title",
         "spend": "payee_name", "pipeline_entry": "title", "sale": "supplier_name"}  # fmt: skip
COMPANY_NUMBER_DIGITS = 8  # digits of a company's number, often written without its leading zeros


@dataclass(frozen=True)
class RecordReference:
    """A thing found: its kind (a table of subjects), its address and its title."""

    kind: str
    id: str
    title: str


def resolve_identifier(snapshot: Snapshot, wanted: str) -> RecordReference:
    """The one thing that `wanted` names. Ambiguous lists them where there are several; Problem where there is none."""
    wanted = wanted.strip()
    found = get_by_id(snapshot, wanted)
    if found:
        return found
    names = {wanted, wanted.upper(), f"GB-COH-{wanted.upper():0>{COMPANY_NUMBER_DIGITS}}"}
    told = sorted({pair for name in names for pair in snapshot.records.named(name)})
    for kind in ("organisation", "scheme", "contracting_process"):  # a number is first taken for a body's
        if mine := [thing for name, ident in told if name == kind and (thing := get_by_id(snapshot, ident))]:
            return _require_single_match(wanted, mine)
    raise UserError(
        f"nothing in this snapshot is called {wanted}; give an ocid, contract, notice, GMPP, company or organisation id"
    )


def get_by_id(snapshot: Snapshot, address: str) -> RecordReference | None:
    """The thing that has this very address."""
    for kind, title in TITLE_COLUMN_BY_KIND.items():
        for row in snapshot.records.rows(kind, **{SDES_TABLES[kind].key[0]: address}):
            named = row[title] or (_read_process_title(snapshot, row["ocid"]) if kind == "award" else "")
            return RecordReference(kind, address, named)
    return None


def _read_process_title(snapshot: Snapshot, ocid: str) -> str:
    """Return the title of its process for an award that has none."""
    return next((str(row["title"] or "") for row in snapshot.records.rows("contracting_process", ocid=ocid)), "")


def _require_single_match(wanted: str, found: list[RecordReference]) -> RecordReference:
    if len(found) > 1:
        lines = "\n".join(f"  {thing.id}  {thing.title}" for thing in found)
        raise AmbiguousIdError(f"{wanted} names {len(found)} things; give one of these addresses instead:\n{lines}")
    return found[0]
