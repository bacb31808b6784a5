"""Parse cells: an amount, date or rating (one, or a low, a mid and a high), or the reason why there is none.

Missing is never zero. A reason becomes a state: withheld under a section of the Freedom of Information Act (security before
commerce before other grounds), not yet due (still being planned), not applicable, not reported, or invalid.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

Value = TypeVar("Value")

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MAX_PENCE = 10**18 - 1  # DECIMAL(18,2)

# Copies saved in another encoding have Ł or the replacement character instead of the pound sign.
_AMOUNT_PATTERN = re.compile(r"(-?) ?[£ŁÂ\ufffd]*(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)? ?(?:m|million)?", re.IGNORECASE)
_PERCENTAGE_PATTERN = re.compile(r"(-?\d{1,9}(?:\.\d+)?) ?(%?)")
_DAY_FIRST_DATE_PATTERN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)")
_ISO_DATE_PATTERN = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?")
_RANGE_PART_PATTERN = re.compile(r"(Low|Mid|High): *(.+?)(?=, *(?:Low|Mid|High):|$)")

# FOI exemptions are sections 21 to 44; the Act's year is not one of them.
_FOI_SECTION_PATTERN = re.compile(r"(?<![\d(])(2[1-9]|3\d|4[0-4])(?!\d)(?: ?\((\d)\))?")
_WITHHELD_PATTERN = re.compile(r"\bexempt|\bsections?\b", re.IGNORECASE)
_WHOLLY_WITHHELD_PATTERN = re.compile(r"(data )?exempt|section \d", re.IGNORECASE)
_SECURITY_SECTIONS, _COMMERCIAL_SECTIONS = {"23", "24", "26"}, {"43"}

_PLANNING_PATTERN = re.compile(
    r"planning stage|early planning|not yet in a position|pre-soc|not yet passed soc", re.IGNORECASE
)
_NOT_REPORTED_TEXTS = {
    "", "-", "na", "n/a", "#n/a", "tbd", "tbc", "reset", "no dca", "no end date", "not provided", "not available",
    "data not provided", "data not provided by department",
}  # fmt: skip
_RATING_BY_SPELLING = {
    "green": "Green",
    "amber/green": "Amber/Green",
    "amber": "Amber",
    "amber/red": "Amber/Red",
    "red": "Red",
}


@dataclass(frozen=True)
class GmppCell(Generic[Value]):
    """A parsed cell: its values (a single one is `mid`), its state, its text if it is not a value, and FOI sections."""

    low: Value | None
    mid: Value | None
    high: Value | None
    state: str
    text: str | None
    section: str | None


def collapse_spaces(cell: str) -> str:
    """Return the cell on one line, without artefacts of spreadsheets (zero-width spaces, _x000D_)."""
    return " ".join(cell.replace("\u200b", "").replace("_x000D_", " ").split())


def parse_cell(cell: str, parse: Callable[[str], Value]) -> GmppCell[Value]:
    """Parse a cell; `parse` parses a single value and raises ValueError if the text is not one."""
    text = collapse_spaces(cell)
    try:
        parts = _parse_range(text, parse)
    except ValueError:
        state, section = classify_missing_value(text)
        return GmppCell(None, None, None, state, text or None, section)
    return GmppCell(parts.get("Low"), parts.get("Mid"), parts.get("High"), "observed", None, None)


def _parse_range(text: str, parse: Callable[[str], Value]) -> dict[str, Value]:
    if not text.startswith(("Low:", "Mid:", "High:")):
        return {"Mid": parse(text)}
    parts = _RANGE_PART_PATTERN.findall(text)
    if len({name for name, _ in parts}) < len(parts):
        raise ValueError(f"{text!r} gives a value twice")
    return {name: parse(part) for name, part in parts}


def classify_missing_value(text: str) -> tuple[str, str | None]:
    """Return (state, FOI sections) of a text that is not a value."""
    if _WITHHELD_PATTERN.search(text):
        return _classify_withheld_value(text)
    reason = text.lower().rstrip(".")
    if reason == "not applicable":
        return "not_applicable", None
    if _PLANNING_PATTERN.search(text):
        return "not_yet_due", None
    if reason in _NOT_REPORTED_TEXTS or len(reason.split()) > 5:  # a sentence explains why there is no value
        return "not_reported", None
    return "invalid", None


def classify_text(text: str) -> tuple[str, str | None]:
    """Return (state, FOI sections) of a text: observed, unless it only says that there is no text."""
    if not text or text.lower().rstrip(".") in _NOT_REPORTED_TEXTS:
        return "not_reported", None
    return classify_missing_value(text) if _WHOLLY_WITHHELD_PATTERN.match(text) else ("observed", None)


def _classify_withheld_value(text: str) -> tuple[str, str | None]:
    matches = list(dict.fromkeys(_FOI_SECTION_PATTERN.findall(text)))
    sections = {section for section, _ in matches}
    state = (
        "security" if sections & _SECURITY_SECTIONS else "commercial" if sections & _COMMERCIAL_SECTIONS else "other"
    )
    listed = "; ".join(f"{section}({part})" if part else section for section, part in matches)
    return f"withheld_{state}", listed or None


def parse_millions_to_pence(text: str) -> int:
    """Convert published pounds in millions to pence, half to even. Raises ValueError if the text is not an amount."""
    match = _AMOUNT_PATTERN.fullmatch(text)
    if not match or (match[1] and match[2]):
        raise ValueError(f"{text!r} is not an amount")
    pence = round(Fraction(match[3].replace(",", "") + (match[4] or "")) * 10**8)
    if pence > _MAX_PENCE:
        raise ValueError(f"{text!r} does not fit DECIMAL(18,2)")
    return -pence if match[1] or match[2] else pence


def parse_days(text: str) -> int:
    """Convert a date, day first or ISO, to days since 1970-01-01. Raises ValueError if the text is not a date.

    Two-digit years (in the report of 2018) are 1970 to 2069: projects start from 1987 and end by 2060.
    """
    if match := _DAY_FIRST_DATE_PATTERN.fullmatch(text):
        day, month, year = match.groups()
    elif match := _ISO_DATE_PATTERN.fullmatch(text):
        year, month, day = match.groups()
    else:
        raise ValueError(f"{text!r} is not a date")
    century = 0 if len(year) == 4 else 1900 if year >= "70" else 2000
    return date(century + int(year), int(month), int(day)).toordinal() - _EPOCH_ORDINAL


def parse_rating(text: str) -> str:
    """Return a delivery confidence rating in its standard spelling. Raises ValueError if the text is not a rating."""
    spelling = text.lower().replace("-", "/").replace(" ", "")
    if spelling not in _RATING_BY_SPELLING:
        raise ValueError(f"{text!r} is not a rating")
    return _RATING_BY_SPELLING[spelling]


def parse_share(text: str, *, bare_is_percent: bool) -> float:
    """Convert a published percentage to a share; `bare_is_percent` decides for numbers without a % sign. Raises ValueError."""
    match = _PERCENTAGE_PATTERN.fullmatch(text.replace(",", ""))
    if not match:
        raise ValueError(f"{text!r} is not a percentage")
    number = Fraction(match[1])
    return float(number / 100 if match[2] or bare_is_percent else number)
