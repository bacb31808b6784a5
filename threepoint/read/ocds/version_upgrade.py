"""OCDS 1.0 to 1.1: bodies named in place become parties, one amendment becomes a list, old payment names become new ones.

The rules are those of the 1.1 changelog (standard.open-contracting.org, "Changelog", 1.1); ocdskit's `upgrade` does the
same and is the second opinion in the tests.
"""

import hashlib
from typing import Any

from threepoint.read.ocds.release_structs import INLINE_ORGANISATION_FIELDS

# Old name, new name and role of the bodies that a 1.0 transaction names.
PAYMENT_PARTY_RENAMES = (("providerOrganization", "payer"), ("receiverOrganization", "payee"))


def upgrade_release(release: dict[str, Any]) -> dict[str, Any]:
    """The release with 1.1's names, changed in place and returned; a 1.1 release comes back as it was."""
    if not release.get("parties"):
        _move_organisations(release)
    _upgrade_contracts(release)
    for holder in _list_amendable_objects(release):
        if isinstance(holder.get("amendment"), dict) and "amendments" not in holder:
            holder["amendments"] = [holder["amendment"]]
    return release


def _move_organisations(release: dict[str, Any]) -> None:
    known: dict[str, dict[str, Any]] = {}
    for body, role in _list_named_organisations(release):
        if any(name in body for name in INLINE_ORGANISATION_FIELDS):
            _add_party(body, role, known)
    if known:
        release["parties"] = list(known.values())


def _list_objects(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [entry for entry in found if isinstance(entry, dict)]


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


def _add_party(body: dict[str, Any], role: str, known: dict[str, dict[str, Any]]) -> None:
    if body.get("id") is None:
        body["id"] = _make_party_id(body)
    party = known.setdefault(str(body["id"]), body | {"roles": []})
    if role not in party["roles"]:
        party["roles"].append(role)


def _make_party_id(body: dict[str, Any]) -> str:
    identifier = body.get("identifier")
    if isinstance(identifier, dict) and identifier.get("id") is not None:
        return "-".join(str(part) for part in (identifier.get("scheme"), identifier["id"]) if part)
    return hashlib.sha256(str(body.get("name")).encode()).hexdigest()[:12]


def _upgrade_contracts(release: dict[str, Any]) -> None:
    for contract in _list_objects(release.get("contracts")):
        for work in _list_objects(contract.get("implementation")):
            for payment in _list_objects(work.get("transactions")):
                _upgrade_payment(payment)


def _upgrade_payment(payment: dict[str, Any]) -> None:
    if "amount" in payment and "value" not in payment:
        payment["value"] = payment["amount"]
    for old, new in PAYMENT_PARTY_RENAMES:
        side = payment.get(old)
        if isinstance(side, dict) and new not in payment:
            payment[new] = {"id": side.get("id"), "name": side.get("name") or side.get("legalName")}
