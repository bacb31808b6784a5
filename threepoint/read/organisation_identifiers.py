"""Identifiers of organisations: padded and judged at the door, so that one body has one identifier (decision 3).

The forms of numbers are those of the registers: Companies House (eight characters), the Charity Commission, the central
digital platform (PPON) and the government organisation register.
"""

import re
from functools import lru_cache

_COMPANY = re.compile(r"\d{8}|[A-Z]{2}\d{6}|R0\d{6}|(IP|SP|RS)\d{5}R")  # the last: registered societies
_FORMS = {
    "GB-COH": _COMPANY,
    "GB-PPON": re.compile(r"[A-Z]{4}-\d{4}-[A-Z]{4}"),
    "GB-CHC": re.compile(r"\d{5,7}(-\d{1,3})?"),
    "GB-GOR": re.compile(r"[A-Z]{1,4}\d{1,6}"),
}
# Numbers of a publisher's own profiles: one firm has many, so they tell no one apart.
PROFILES = ("GB-CFS", "GB-FTS", "GB-SRS")
_IN_PARTY_ID = re.compile(r"(GB-(?:PPON|COH|CHC|GOR))-(.+)")
_EMPTY = re.compile(r"(0+|N/?A|NONE|NULL|TBC|TBD|UNKNOWN|-|\.)?", re.IGNORECASE)
_SHORT_COMPANY = re.compile(r"([A-Z]{0,2})(\d{1,7})")


@lru_cache(maxsize=200_000)
def identify(scheme: str | None, number: str | int | None, party_id: str | int | None = None) -> str | None:
    """`scheme-number` as its register writes it, from the identifier or else from a party id that carries one.

    None where there is none, where it is a publisher's profile number, or where it cannot be a number of that register.
    """
    found = _judge(scheme.strip().upper(), str(number)) if scheme and number is not None else None
    inside = _IN_PARTY_ID.fullmatch(str(party_id)) if found is None and party_id is not None else None
    return _judge(inside[1], inside[2]) if inside else found


def _judge(scheme: str, number: str) -> str | None:
    number = re.sub(r"\s+", "", number).upper().removeprefix(f"{scheme}-")
    if scheme in PROFILES or _EMPTY.fullmatch(number):
        return None
    if scheme == "GB-COH":
        number = pad_company(number)
    form = _FORMS.get(scheme)
    return f"{scheme}-{number}" if form is None or form.fullmatch(number) else None


def pad_company(number: str) -> str:
    """A company number with the leading zeros that spreadsheets take away: 4142000 is 04142000, SC1234 is SC001234."""
    short = _SHORT_COMPANY.fullmatch(number)
    if not short:
        return number
    letters, digits = short.groups()
    return letters + digits.zfill(8 - len(letters))
