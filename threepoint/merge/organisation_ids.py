"""Which identifiers are one organisation, and its address. Exact identifiers only; an address once given never changes."""

import hashlib
from collections.abc import Iterable, Mapping

from threepoint.standard.code_lists import ORGANISATION_REGISTERS


def assign_org_ids(
    identifiers: Iterable[str], together: Iterable[tuple[str, str]], frozen: Mapping[str, str]
) -> dict[str, str]:
    """An organisation id for each identifier, keeping every one already `frozen`.

    Identifiers that meet on one party, or that have one frozen id, are one organisation; its id is the frozen one, else its
    best identifier by register (PPON, COH, CHC, GOR), else ORG- and a hash. Two frozen ids that meet become one: the smaller
    in that order stands and the other redirects.
    """
    first: dict[str, str] = {}  # of each frozen id
    known = [(first.setdefault(address, member), member) for member, address in frozen.items()]
    groups = _group_identifiers(set(identifiers) | set(frozen), [*together, *known])
    made: dict[str, str] = {}
    for members in groups:
        taken = sorted({frozen[member] for member in members if member in frozen}, key=_rank_identifier)
        address = taken[0] if taken else _choose_org_id(min(members, key=_rank_identifier))
        made |= dict.fromkeys(members, address)
    return made


def _rank_identifier(identifier: str) -> tuple[int, str]:
    order = [place for place, register in enumerate(ORGANISATION_REGISTERS) if identifier.startswith(f"{register}-")]
    return (order[0] if order else len(ORGANISATION_REGISTERS), identifier)


def _choose_org_id(identifier: str) -> str:
    return identifier if _rank_identifier(identifier)[0] < len(ORGANISATION_REGISTERS) else hash_org_key(identifier)


def hash_org_key(key: str) -> str:
    """ORG- and the first 12 characters of the sha256 of a key."""
    return f"ORG-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _group_identifiers(identifiers: set[str], together: Iterable[tuple[str, str]]) -> list[list[str]]:
    parent = {identifier: identifier for identifier in identifiers}

    def root(member: str) -> str:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in together:
        parent.setdefault(one, one)
        parent.setdefault(other, other)
        parent[root(one)] = root(other)
    found: dict[str, list[str]] = {}
    for member in sorted(parent):
        found.setdefault(root(member), []).append(member)
    return list(found.values())
