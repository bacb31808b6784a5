"""Resolve an identifier that a user gives – an ocid, notice number, GMPP id or company number – to a record."""

from dataclasses import dataclass

from threepoint.errors import AmbiguousIdError, UserError
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.sdes import SDES_TABLES

# Kinds of records that have an address, and the column with their title.
TITLE_COLUMN_BY_KIND = {"contracting_process": "title", "contract": "title", "award": "title", "organisation": "name", "scheme": "title",
         "spend": "payee_name", "pipeline_entry": "title", "sale": "supplier_name"}  # fmt: skip
COMPANY_NUMBER_DIGITS = 8  # often written without leading zeros


@dataclass(frozen=True)
class RecordReference:
    """A record: its kind (the name of its table), its address and its title."""

    kind: str
    id: str
    title: str


def resolve_identifier(snapshot: Snapshot, identifier: str) -> RecordReference:
    """Return the only record that `identifier` names. Raise AmbiguousIdError if it names several, UserError if none."""
    identifier = identifier.strip()
    reference = get_by_id(snapshot, identifier)
    if reference:
        return reference
    names = {identifier, identifier.upper(), f"GB-COH-{identifier.upper():0>{COMPANY_NUMBER_DIGITS}}"}
    matches = sorted({match for name in names for match in snapshot.records.named(name)})
    for kind in ("organisation", "scheme", "contracting_process"):  # an organisation's number takes precedence
        if references := [
            reference
            for matched_kind, record_id in matches
            if matched_kind == kind and (reference := get_by_id(snapshot, record_id))
        ]:
            return _require_single_match(identifier, references)
    raise UserError(
        f"nothing in this snapshot is called {identifier};"
        " give an ocid, contract, notice, GMPP, company or organisation id"
    )


def get_by_id(snapshot: Snapshot, address: str) -> RecordReference | None:
    """Return the record with exactly this address."""
    for kind, title_column in TITLE_COLUMN_BY_KIND.items():
        for row in snapshot.records.rows(kind, **{SDES_TABLES[kind].key[0]: address}):
            title = row[title_column] or (_read_process_title(snapshot, row["ocid"]) if kind == "award" else "")
            return RecordReference(kind, address, title)
    return None


def _read_process_title(snapshot: Snapshot, ocid: str) -> str:
    return next((str(row["title"] or "") for row in snapshot.records.rows("contracting_process", ocid=ocid)), "")


def _require_single_match(identifier: str, references: list[RecordReference]) -> RecordReference:
    if len(references) > 1:
        lines = "\n".join(f"  {reference.id}  {reference.title}" for reference in references)
        raise AmbiguousIdError(
            f"{identifier} names {len(references)} records; give one of these addresses instead:\n{lines}"
        )
    return references[0]
