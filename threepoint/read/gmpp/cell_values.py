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

_EPOCH = date(1970, 1, 1).toordinal()
_MOST_PENCE = 10**18 - 1  # DECIMAL(18,2)

# The pound sign arrives as Ł or the replacement character in copies saved in another encoding.
_AMOUNT = re.compile(r"(-?) ?[£ŁÂ\ufffd]*(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)? ?(?:m|million)?", re.IGNORECASE)
_PERCENT = re.compile(r"(-?\d{1,9}(?:\.\d+)?) ?(%?)")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?")
_PART = re.compile(r"(Low|Mid|High): *(.+?)(?=, *(?:Low|Mid|High):|$)")

# FOI exemptions are sections 21 to 44; the Act's year is not one of them.
_SECTION = re.compile(r"(?<![\d(])(2[1-9]|3\d|4[0-4])(?!\d)(?: ?\((\d)\))?")
_WITHHELD = re.compile(r"\bexempt|\bsections?\b", re.IGNORECASE)
_ALL_WITHHELD = re.compile(r"(data )?exempt|section \d", re.IGNORECASE)
_SECURITY, _COMMERCE = {"23", "24", "26"}, {"43"}

_PLANNING = re.compile(r"planning stage|early planning|not yet in a position|pre-soc|not yet passed soc", re.IGNORECASE)
_NOT_SAID = {
    "", "-", "na", "n/a", "#n/a", "tbd", "tbc", "reset", "no dca", "no end date", "not provided", "not available",
    "data not provided", "data not provided by department",
}  # fmt: skip
_RATINGS = {"green": "Green", "amber/green": "Amber/Green", "amber": "Amber", "amber/red": "Amber/Red", "red": "Red"}


@dataclass(frozen=True)
class Figure(Generic[Value]):
    """A cell: its values (a single one is `mid`), its state, its text where it is no value, and FOI sections."""

    low: Value | None
    mid: Value | None
    high: Value | None
    state: str
    text: str | None
    section: str | None


def squash(cell: str) -> str:
    """The cell on one line, without the traces that spreadsheets leave (zero-width spaces, _x000D_)."""
    return " ".join(cell.replace("\u200b", "").replace("_x000D_", " ").split())


def figure(cell: str, value: Callable[[str], Value]) -> Figure[Value]:
    """What a cell says; `value` reads one value from its text and raises ValueError where there is none."""
    text = squash(cell)
    try:
        parts = _parts(text, value)
    except ValueError:
        state, section = missing(text)
        return Figure(None, None, None, state, text or None, section)
    return Figure(parts.get("Low"), parts.get("Mid"), parts.get("High"), "observed", None, None)


def _parts(text: str, value: Callable[[str], Value]) -> dict[str, Value]:
    if not text.startswith(("Low:", "Mid:", "High:")):
        return {"Mid": value(text)}
    parts = _PART.findall(text)
    if len({name for name, _ in parts}) < len(parts):
        raise ValueError(f"{text!r} gives a value twice")
    return {name: value(part) for name, part in parts}


def missing(text: str) -> tuple[str, str | None]:
    """(state, FOI sections) of a text that is no value."""
    if _WITHHELD.search(text):
        return _withheld(text)
    words = text.lower().rstrip(".")
    if words == "not applicable":
        return "not_applicable", None
    if _PLANNING.search(text):
        return "not_yet_due", None
    if words in _NOT_SAID or len(words.split()) > 5:  # a sentence says why there is no value
        return "not_reported", None
    return "invalid", None


def said(text: str) -> tuple[str, str | None]:
    """(state, FOI sections) of a text: observed, unless all it says is that there is none."""
    if not text or text.lower().rstrip(".") in _NOT_SAID:
        return "not_reported", None
    return missing(text) if _ALL_WITHHELD.match(text) else ("observed", None)


def _withheld(text: str) -> tuple[str, str | None]:
    found = list(dict.fromkeys(_SECTION.findall(text)))
    sections = {section for section, _ in found}
    state = "security" if sections & _SECURITY else "commercial" if sections & _COMMERCE else "other"
    return f"withheld_{state}", "; ".join(f"{a}({b})" if b else a for a, b in found) or None


def pence_of_millions(text: str) -> int:
    """Pounds in millions, as published, to pence, half to even. ValueError when the text is no amount."""
    found = _AMOUNT.fullmatch(text)
    if not found or (found[1] and found[2]):
        raise ValueError(f"{text!r} is no amount")
    pence = round(Fraction(found[3].replace(",", "") + (found[4] or "")) * 10**8)
    if pence > _MOST_PENCE:
        raise ValueError(f"{text!r} does not fit DECIMAL(18,2)")
    return -pence if found[1] or found[2] else pence


def days(text: str) -> int:
    """A date to days since 1970-01-01: day first, or ISO. ValueError when the text is no date.

    Two-digit years (the report of 2018 has them) are 1970 to 2069: starts go back to 1987, ends forward to 2060.
    """
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    elif found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    else:
        raise ValueError(f"{text!r} is no date")
    century = 0 if len(year) == 4 else 1900 if year >= "70" else 2000
    return date(century + int(year), int(month), int(day)).toordinal() - _EPOCH


def rating(text: str) -> str:
    """A delivery confidence rating in one spelling. ValueError when the text is none."""
    word = text.lower().replace("-", "/").replace(" ", "")
    if word not in _RATINGS:
        raise ValueError(f"{text!r} is no rating")
    return _RATINGS[word]


def share(text: str, *, bare_is_percent: bool) -> float:
    """A published percentage as a share; without a % sign it is one or the other, as the column has it. ValueError."""
    found = _PERCENT.fullmatch(text.replace(",", ""))
    if not found:
        raise ValueError(f"{text!r} is no percentage")
    number = Fraction(found[1])
    return float(number / 100 if found[2] or bare_is_percent else number)
