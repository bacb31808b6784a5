"""What a cell says: an amount, a date, a rating – one or a low, a mid and a high – or why there is none.

Missing is never zero. A reason becomes a state: withheld under a section of the Freedom of Information Act (security
before commerce before other grounds), not yet due (still being planned), not applicable, not reported, or invalid.
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

# The pound sign arrives as Ł or the replacement character in copies saved in another encoding.
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
    """A cell: its values (a single one is `mid`), its state, its text where it is no value, and FOI sections."""

    low: Value | None
    mid: Value | None
    high: Value | None
    state: str
    text: str | None
    section: str | None


def collapse_spaces(cell: str) -> str:
    """The cell on one line, without the traces that spreadsheets leave (zero-width spaces, _x000D_)."""
    return " ".join(cell.replace("\u200b", "").replace("_x000D_", " ").split())


def parse_cell(cell: str, value: Callable[[str], Value]) -> GmppCell[Value]:
    """What a cell says; `value` reads one value from its text and raises ValueError where there is none."""
    text = collapse_spaces(cell)
    try:
        parts = _parse_range(text, value)
    except ValueError:
        state, section = classify_missing_value(text)
        return GmppCell(None, None, None, state, text or None, section)
    return GmppCell(parts.get("Low"), parts.get("Mid"), parts.get("High"), "observed", None, None)


def _parse_range(text: str, value: Callable[[str], Value]) -> dict[str, Value]:
    if not text.startswith(("Low:", "Mid:", "High:")):
        return {"Mid": value(text)}
    parts = _RANGE_PART_PATTERN.findall(text)
    if len({name for name, _ in parts}) < len(parts):
        raise ValueError(f"{text!r} gives a value twice")
    return {name: value(part) for name, part in parts}


def classify_missing_value(text: str) -> tuple[str, str | None]:
    """(state, FOI sections) of a text that is no value."""
    if _WITHHELD_PATTERN.search(text):
        return _classify_withheld_value(text)
    words = text.lower().rstrip(".")
    if words == "not applicable":
        return "not_applicable", None
    if _PLANNING_PATTERN.search(text):
        return "not_yet_due", None
    if words in _NOT_REPORTED_TEXTS or len(words.split()) > 5:  # a sentence says why there is no value
        return "not_reported", None
    return "invalid", None


def classify_text(text: str) -> tuple[str, str | None]:
    """(state, FOI sections) of a text: observed, unless all it says is that there is none."""
    if not text or text.lower().rstrip(".") in _NOT_REPORTED_TEXTS:
        return "not_reported", None
    return classify_missing_value(text) if _WHOLLY_WITHHELD_PATTERN.match(text) else ("observed", None)


def _classify_withheld_value(text: str) -> tuple[str, str | None]:
    found = list(dict.fromkeys(_FOI_SECTION_PATTERN.findall(text)))
    sections = {section for section, _ in found}
    state = (
        "security" if sections & _SECURITY_SECTIONS else "commercial" if sections & _COMMERCIAL_SECTIONS else "other"
    )
    return f"withheld_{state}", "; ".join(f"{a}({b})" if b else a for a, b in found) or None


def parse_millions_to_pence(text: str) -> int:
    """Pounds in millions, as published, to pence, half to even. ValueError when the text is no amount."""
    found = _AMOUNT_PATTERN.fullmatch(text)
    if not found or (found[1] and found[2]):
        raise ValueError(f"{text!r} is no amount")
    pence = round(Fraction(found[3].replace(",", "") + (found[4] or "")) * 10**8)
    if pence > _MAX_PENCE:
        raise ValueError(f"{text!r} does not fit DECIMAL(18,2)")
    return -pence if found[1] or found[2] else pence


def parse_days(text: str) -> int:
    """A date to days since 1970-01-01: day first, or ISO. ValueError when the text is no date.

    Two-digit years (the report of 2018 has them) are 1970 to 2069: starts go back to 1987, ends forward to 2060.
    """
    if found := _DAY_FIRST_DATE_PATTERN.fullmatch(text):
        day, month, year = found.groups()
    elif found := _ISO_DATE_PATTERN.fullmatch(text):
        year, month, day = found.groups()
    else:
        raise ValueError(f"{text!r} is no date")
    century = 0 if len(year) == 4 else 1900 if year >= "70" else 2000
    return date(century + int(year), int(month), int(day)).toordinal() - _EPOCH_ORDINAL


def parse_rating(text: str) -> str:
    """A delivery confidence rating in one spelling. ValueError when the text is none."""
    word = text.lower().replace("-", "/").replace(" ", "")
    if word not in _RATING_BY_SPELLING:
        raise ValueError(f"{text!r} is no rating")
    return _RATING_BY_SPELLING[word]


def parse_share(text: str, *, bare_is_percent: bool) -> float:
    """A published percentage as a share; without a % sign it is one or the other, as the column has it. ValueError."""
    found = _PERCENTAGE_PATTERN.fullmatch(text.replace(",", ""))
    if not found:
        raise ValueError(f"{text!r} is no percentage")
    number = Fraction(found[1])
    return float(number / 100 if found[2] or bare_is_percent else number)
