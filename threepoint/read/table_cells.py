"""Parse table cells: an amount or a date, or the reason why there is none. A row is kept whatever its cells hold.

Missing is never zero: an empty cell, or a word for nothing, is `not_reported`. A text that should be a value but cannot be
read is `invalid`; it is kept with the reason.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from threepoint.standard.amounts import AmountTooLarge, convert_pounds_to_pence
from threepoint.standard.email_redaction import scrub_text

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
EMPTY_CELL_TEXTS = {
    "", "-", "–", "none", "null", "nan", "n/a", "#n/a", "na", "nil return", "not available", "not applicable",
    "not provided", "tbc", "tbd", "unknown",
}  # fmt: skip
# Lists repeat few dates, kinds and names, and parsing a cell takes a microsecond.
CELL_CACHE_SIZE = 50_000
MAX_INVALID_TEXT_CHARS = 200

# Copies saved in another encoding have Ł, Â£ or the replacement character instead of the pound sign.
_CURRENCY_PATTERN = re.compile(r"(?:gbp|[£ŁÂ\ufffd]+)", re.IGNORECASE)
_NUMBER_PATTERN = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+", re.ASCII)
_SIGNED_NUMBER_PATTERN = re.compile(r"(\(?) *(-?) *(.*?) *(-?) *(\)?)")

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_BY_ABBREVIATION = {name[:3]: at for at, name in enumerate(_MONTH_NAMES, 1)}
_ISO_DATE_PATTERN = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?", re.ASCII)
_NUMERIC_DATE_PATTERN = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?: \d\d:\d\d(?::\d\d)?)?", re.ASCII)
_NAMED_MONTH_PATTERN = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -](\d{4}|\d\d)(?: \d\d:\d\d)?", re.ASCII
)


@dataclass(frozen=True)
class ParsedCell:
    """A parsed cell: `value`, its `state`, and if it is not a value its published `text` and the `reason`."""

    value: int | None
    state: str
    text: str | None = None
    reason: str | None = None

    def columns(self, name: str) -> dict[str, Any]:
        """Return the four columns of a history table for this cell."""
        return {name: self.value, f"{name}_state": self.state, f"{name}_text": self.text, f"{name}_reason": self.reason}


def collapse_spaces(cell: str) -> str:
    """Return the cell on one line, without the artefacts that spreadsheets leave."""
    if not cell.isascii() or "_x" in cell:
        cell = cell.replace("\u200b", "").replace("_x000D_", " ")
    return " ".join(cell.split())


@lru_cache(maxsize=CELL_CACHE_SIZE)
def read_text_cell(cell: str | None) -> str | None:
    """Return the text on one line, without email addresses; None for an empty cell or a word for nothing."""
    if not cell:
        return None
    text = collapse_spaces(cell)
    return None if text.lower() in EMPTY_CELL_TEXTS else scrub_text(text)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def read_amount_cell(cell: str) -> ParsedCell:
    """Parse pounds to whole pence, half to even: `£1,234.50`, `(1,234.50)`, `-12`, `12-`; a bare `-` is not reported."""
    return _read_cell(cell, parse_pence)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def read_date_cell(cell: str, order: str = "day_first") -> ParsedCell:
    """Parse a date to days since 1970. `order` is the file's date order, from `detect_date_order`."""
    parsed = _read_cell(cell, lambda text: parse_days(text, order))
    return _mark_derived_date(parsed, cell) if order in ("unknown", "month_first") else parsed


def _mark_derived_date(parsed: ParsedCell, cell: str) -> ParsedCell:
    """Mark an ambiguous date as derived: other dates of the file, or custom, decide how it is read."""
    return (
        ParsedCell(parsed.value, "derived")
        if parsed.value is not None and _classify_date_order(collapse_spaces(cell)) == "either"
        else parsed
    )


def _read_cell(cell: str, parse: Callable[[str], int]) -> ParsedCell:
    text = collapse_spaces(cell)
    if text.lower() in EMPTY_CELL_TEXTS:
        return ParsedCell(None, "not_reported", text or None)
    try:
        return ParsedCell(parse(text), "observed")
    except ValueError as why:
        return ParsedCell(
            None, "invalid", scrub_text(text)[:MAX_INVALID_TEXT_CHARS], scrub_text(str(why))[:MAX_INVALID_TEXT_CHARS]
        )


def parse_pence(text: str) -> int:
    """Parse a published amount to whole pence. Raises ValueError with the reason if it is not an amount."""
    number = _CURRENCY_PATTERN.sub("", text).strip()
    match = _SIGNED_NUMBER_PATTERN.fullmatch(number)
    opening, leading_sign, digits, trailing_sign, closing = match.groups() if match else ("", "", "", "", "")
    if not digits:
        raise ValueError("a sign without a number")
    if bool(opening) != bool(closing) or [opening, leading_sign, trailing_sign].count("") < 2:
        raise ValueError("mismatched brackets or signs")
    if not _NUMBER_PATTERN.fullmatch(digits):
        raise ValueError(_explain_bad_number(digits))
    try:
        pence = convert_pounds_to_pence(Decimal(re.sub("[, ]", "", digits)))
    except AmountTooLarge as why:
        raise ValueError(str(why)) from None
    return -pence if opening or leading_sign or trailing_sign else pence


def _explain_bad_number(digits: str) -> str:
    if re.fullmatch(r"[\d,.]+", digits):
        return "digits, commas and points that are not a number"
    return "written in powers of ten" if re.fullmatch(r"[\d.]+e[+-]?\d+", digits, re.IGNORECASE) else "not a number"


def parse_days(text: str, order: str = "day_first") -> int:
    """Parse a published date to days since 1970. Raises ValueError with the reason if it is not a date."""
    if match := _ISO_DATE_PATTERN.fullmatch(text):
        return _count_days(int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED_MONTH_PATTERN.fullmatch(text):
        return _count_days(_parse_year(match[3]), _parse_month(match[2]), int(match[1]))
    if not (match := _NUMERIC_DATE_PATTERN.fullmatch(text)):
        raise ValueError("not a date")
    first, second, year = int(match[1]), int(match[3]), _parse_year(match[4])
    possible_order = _classify_date_order(text)
    if possible_order == "either" and order == "both":
        raise ValueError("the day and month are ambiguous: the file writes dates both ways")
    month_first = possible_order == "month_first" or (possible_order == "either" and order == "month_first")
    return _count_days(year, first, second) if month_first else _count_days(year, second, first)


def _count_days(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal() - EPOCH_ORDINAL
    except ValueError:
        raise ValueError(f"there is no day {day} in month {month} of {year}") from None


def _parse_year(text: str) -> int:
    """Parse a year; two digits are 1970 to 2069."""
    return int(text) if len(text) == 4 else int(text) + (1900 if text >= "70" else 2000)


def _parse_month(text: str) -> int:
    word = text.lower()
    if word not in _MONTH_BY_ABBREVIATION and word not in _MONTH_NAMES and word != "sept":
        raise ValueError(f"{text} is not a month")
    return _MONTH_BY_ABBREVIATION[word[:3]]


def _classify_date_order(text: str) -> str:
    """Return how a numeric date can be read: day_first, month_first, either, same (both give one day), or '' for other texts."""
    match = _NUMERIC_DATE_PATTERN.fullmatch(text)
    if not match:
        return ""
    first, second = int(match[1]), int(match[3])
    if first == second:
        return "same"
    if first > 12 or second > 12:
        return "day_first" if first > 12 else "month_first"
    return "either"


def detect_date_order(texts: Iterable[str]) -> str:
    """Return how one file writes numeric dates: day_first, month_first, both, or unknown if none of them shows it.

    One publisher's files can have both American and British dates, so the order is detected for each file.
    """
    orders = {_classify_date_order(collapse_spaces(text)) for text in texts} & {"day_first", "month_first"}
    return "both" if len(orders) > 1 else next(iter(orders), "unknown")
