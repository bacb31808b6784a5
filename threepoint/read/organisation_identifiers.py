"""Identifiers of organisations: padded and judged at the door, so that one body has one identifier (decision 3).

The forms of numbers are those of the registers: Companies House (eight characters), the Charity Commission, the central
digital platform (PPON) and the government organisation register.
"""

import re
from functools import lru_cache

_COMPANY_NUMBER_PATTERN = re.compile(r"\d{8}|[A-Z]{2}\d{6}|R0\d{6}|(IP|SP|RS)\d{5}R")  # the last: registered societies
_NUMBER_PATTERN_BY_SCHEME = {
    "GB-COH": _COMPANY_NUMBER_PATTERN,
    "GB-PPON": re.compile(r"[A-Z]{4}-\d{4}-[A-Z]{4}"),
    "GB-CHC": re.compile(r"\d{5,7}(-\d{1,3})?"),
    "GB-GOR": re.compile(r"[A-Z]{1,4}\d{1,6}"),
}
# Numbers of a publisher's own profiles: one firm has many, so they tell no one apart.
PROFILE_SCHEMES = ("GB-CFS", "GB-FTS", "GB-SRS")
_PARTY_ID_PATTERN = re.compile(r"(GB-(?:PPON|COH|CHC|GOR))-(.+)")
_EMPTY_NUMBER_PATTERN = re.compile(r"(0+|N/?A|NONE|NULL|TBC|TBD|UNKNOWN|-|\.)?", re.IGNORECASE)
_SHORT_COMPANY_PATTERN = re.compile(r"([A-Z]{0,2})(\d{1,7})")


@lru_cache(maxsize=200_000)
def normalise_identifier(scheme: str | None, number: str | int | None, party_id: str | int | None = None) -> str | None:
    """`scheme-number` as its register writes it, from the identifier or else from a party id that carries one.

    None where there is none, where it is a publisher's profile number, or where it cannot be a number of that register.
    """
    found = _validate_identifier(scheme.strip().upper(), str(number)) if scheme and number is not None else None
    inside = _PARTY_ID_PATTERN.fullmatch(str(party_id)) if found is None and party_id is not None else None
    return _validate_identifier(inside[1], inside[2]) if inside else found


def _validate_identifier(scheme: str, number: str) -> str | None:
    number = re.sub(r"\s+", "", number).upper().removeprefix(f"{scheme}-")
    if scheme in PROFILE_SCHEMES or _EMPTY_NUMBER_PATTERN.fullmatch(number):
        return None
    if scheme == "GB-COH":
        number = pad_company_number(number)
    form = _NUMBER_PATTERN_BY_SCHEME.get(scheme)
    return f"{scheme}-{number}" if form is None or form.fullmatch(number) else None


def pad_company_number(number: str) -> str:
    """A company number with the leading zeros that spreadsheets take away: 4142000 is 04142000, SC1234 is SC001234."""
    short = _SHORT_COMPANY_PATTERN.fullmatch(number)
    if not short:
        return number
    letters, digits = short.groups()
    return letters + digits.zfill(8 - len(letters))
