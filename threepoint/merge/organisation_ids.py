"""Organisation ids: group exact identifiers that belong together and give each group an id that never changes."""

import hashlib
from collections.abc import Iterable, Mapping

from threepoint.standard.code_lists import ORGANISATION_REGISTERS


def assign_org_ids(
    identifiers: Iterable[str], pairs: Iterable[tuple[str, str]], frozen: Mapping[str, str]
) -> dict[str, str]:
    """Return the organisation id of each identifier, keeping every id in `frozen`.

    Identifiers in one pair (they occur on one party), or with one frozen id, are one organisation. Its id is the frozen
    one, otherwise its best identifier by register (PPON, COH, CHC, GOR), otherwise ORG- and a hash. If two frozen ids meet,
    the one that ranks first in that order wins and the other redirects to it.
    """
    first_members: dict[str, str] = {}  # by frozen id
    frozen_pairs = [(first_members.setdefault(address, member), member) for member, address in frozen.items()]
    groups = _group_identifiers(set(identifiers) | set(frozen), [*pairs, *frozen_pairs])
    ids: dict[str, str] = {}
    for members in groups:
        given_ids = sorted({frozen[member] for member in members if member in frozen}, key=_rank_identifier)
        address = given_ids[0] if given_ids else _choose_org_id(min(members, key=_rank_identifier))
        ids |= dict.fromkeys(members, address)
    return ids


def _rank_identifier(identifier: str) -> tuple[int, str]:
    order = [place for place, register in enumerate(ORGANISATION_REGISTERS) if identifier.startswith(f"{register}-")]
    return (order[0] if order else len(ORGANISATION_REGISTERS), identifier)


def _choose_org_id(identifier: str) -> str:
    return identifier if _rank_identifier(identifier)[0] < len(ORGANISATION_REGISTERS) else hash_org_key(identifier)


def hash_org_key(key: str) -> str:
    """Return ORG- and the first 12 characters of the sha256 of a key."""
    return f"ORG-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _group_identifiers(identifiers: set[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    parents = {identifier: identifier for identifier in identifiers}

    def find_root(member: str) -> str:
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    for first, second in pairs:
        parents.setdefault(first, first)
        parents.setdefault(second, second)
        parents[find_root(first)] = find_root(second)
    groups: dict[str, list[str]] = {}
    for member in sorted(parents):
        groups.setdefault(find_root(member), []).append(member)
    return list(groups.values())
