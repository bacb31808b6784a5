"""Validate and pad the identifiers of organisations on input, so that one organisation has one identifier.

The number formats are those of the registers: Companies House (eight characters), the Charity Commission, the central
digital platform (PPON) and the government organisation register.
"""

import re
from functools import lru_cache

# The last form is that of registered societies.
_COMPANY_NUMBER_PATTERN = re.compile(r"\d{8}|[A-Z]{2}\d{6}|R0\d{6}|(IP|SP|RS)\d{5}R")
_NUMBER_PATTERN_BY_SCHEME = {
    "GB-COH": _COMPANY_NUMBER_PATTERN,
    "GB-PPON": re.compile(r"[A-Z]{4}-\d{4}-[A-Z]{4}"),
    "GB-CHC": re.compile(r"\d{5,7}(-\d{1,3})?"),
    "GB-GOR": re.compile(r"[A-Z]{1,4}\d{1,6}"),
}
# A publisher's own profile numbers: one company has many, so they do not identify it.
PROFILE_SCHEMES = ("GB-CFS", "GB-FTS", "GB-SRS")
_PARTY_ID_PATTERN = re.compile(r"(GB-(?:PPON|COH|CHC|GOR))-(.+)")
_PUNCTUATION = "-–—_.,:;/\\#*?!\"'()[]"
# Texts that fill a form that asks for a number.
_EMPTY_NUMBER_PATTERN = re.compile(
    r"0*|9{5,}|X{2,}|N/?[AK]|NAN|NIL|NONE|NULL|TB[ACD]|TEST|PENDING|UN(KNOWN|REGISTERED)|VARIOUS|WITHHELD|REDACTED"
    r"|NO(T|NUMBER)(APPLICABLE|AVAILABLE|DISCLOSED|FOUND|GIVEN|KNOWN|PROVIDED|REGISTERED|STATED)?"
)
# Company numbers that fill a form: one digit repeated, 12345678, or one or two digits, with which hardly any company exists.
_PLACEHOLDER_COMPANY_PATTERN = re.compile(r"([A-Z]{2})?(?P<digit>\d)(?P=digit)+|12345678|0{6}\d\d")
_SHORT_COMPANY_PATTERN = re.compile(r"([A-Z]{0,2})(\d{1,7})")


@lru_cache(maxsize=200_000)
def normalise_identifier(scheme: str | None, number: str | int | None, party_id: str | int | None = None) -> str | None:
    """Return `scheme-number` as its register writes it, from the identifier or otherwise from a party id that contains one.

    Return None if there is none, if it is a publisher's profile number, or if it cannot be a number of that register.
    """
    identifier = _validate_identifier(scheme.strip().upper(), str(number)) if scheme and number is not None else None
    match = _PARTY_ID_PATTERN.fullmatch(str(party_id)) if identifier is None and party_id is not None else None
    return _validate_identifier(match[1], match[2]) if match else identifier


def _validate_identifier(scheme: str, number: str) -> str | None:
    number = re.sub(r"\s+", "", number).upper().removeprefix(f"{scheme}-")
    if scheme in PROFILE_SCHEMES or _EMPTY_NUMBER_PATTERN.fullmatch(number.strip(_PUNCTUATION)):
        return None
    if scheme == "GB-COH":
        number = pad_company_number(number)
        if _PLACEHOLDER_COMPANY_PATTERN.fullmatch(number):
            return None
    number_pattern = _NUMBER_PATTERN_BY_SCHEME.get(scheme)
    return f"{scheme}-{number}" if number_pattern is None or number_pattern.fullmatch(number) else None


def pad_company_number(number: str) -> str:
    """Restore the leading zeros that spreadsheets remove: 4142000 becomes 04142000, SC1234 becomes SC001234."""
    match = _SHORT_COMPANY_PATTERN.fullmatch(number)
    if not match:
        return number
    letters, digits = match.groups()
    return letters + digits.zfill(8 - len(letters))
