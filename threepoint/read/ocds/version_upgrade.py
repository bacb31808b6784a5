"""Upgrade OCDS 1.0 to 1.1: move inline organisations to parties, one amendment to a list, and rename payment fields.

The rules are those of the 1.1 changelog (standard.open-contracting.org, "Changelog", 1.1). The tests compare the result with
ocdskit's `upgrade`.
"""

import hashlib
from typing import Any

from threepoint.read.ocds.release_structs import INLINE_ORGANISATION_FIELDS

# Old and new names of the organisations in a transaction.
PAYMENT_PARTY_RENAMES = (("providerOrganization", "payer"), ("receiverOrganization", "payee"))


def upgrade_release(release: dict[str, Any]) -> dict[str, Any]:
    """Rename fields to those of 1.1, in place, and return the release; a 1.1 release is unchanged."""
    if not release.get("parties"):
        _move_organisations(release)
    _upgrade_contracts(release)
    for holder in _list_amendable_objects(release):
        if isinstance(holder.get("amendment"), dict) and "amendments" not in holder:
            holder["amendments"] = [holder["amendment"]]
    return release


def _move_organisations(release: dict[str, Any]) -> None:
    party_by_id: dict[str, dict[str, Any]] = {}
    for body, role in _list_named_organisations(release):
        if any(name in body for name in INLINE_ORGANISATION_FIELDS):
            _add_party(body, role, party_by_id)
    if party_by_id:
        release["parties"] = list(party_by_id.values())


def _list_objects(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _list_amendable_objects(release: dict[str, Any]) -> list[dict[str, Any]]:
    return (
        _list_objects(release.get("tender"))
        + _list_objects(release.get("awards"))
        + _list_objects(release.get("contracts"))
    )


def _list_named_organisations(release: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    bodies = [(body, "buyer") for body in _list_objects(release.get("buyer"))]
    for tender in _list_objects(release.get("tender")):
        bodies += [(body, "procuringEntity") for body in _list_objects(tender.get("procuringEntity"))]
        bodies += [(body, "tenderer") for body in _list_objects(tender.get("tenderers"))]
    for award in _list_objects(release.get("awards")):
        bodies += [(body, "supplier") for body in _list_objects(award.get("suppliers"))]
    return bodies


def _add_party(body: dict[str, Any], role: str, party_by_id: dict[str, dict[str, Any]]) -> None:
    if body.get("id") is None:
        body["id"] = _make_party_id(body)
    party = party_by_id.setdefault(str(body["id"]), body | {"roles": []})
    if role not in party["roles"]:
        party["roles"].append(role)


def _make_party_id(body: dict[str, Any]) -> str:
    identifier = body.get("identifier")
    if isinstance(identifier, dict) and identifier.get("id") is not None:
        return "-".join(str(part) for part in (identifier.get("scheme"), identifier["id"]) if part)
    return hashlib.sha256(str(body.get("name")).encode()).hexdigest()[:12]


def _upgrade_contracts(release: dict[str, Any]) -> None:
    for contract in _list_objects(release.get("contracts")):
        for implementation in _list_objects(contract.get("implementation")):
            for payment in _list_objects(implementation.get("transactions")):
                _upgrade_payment(payment)


def _upgrade_payment(payment: dict[str, Any]) -> None:
    if "amount" in payment and "value" not in payment:
        payment["value"] = payment["amount"]
    for old, new in PAYMENT_PARTY_RENAMES:
        organisation = payment.get(old)
        if isinstance(organisation, dict) and new not in payment:
            payment[new] = {
                "id": organisation.get("id"),
                "name": organisation.get("name") or organisation.get("legalName"),
            }
