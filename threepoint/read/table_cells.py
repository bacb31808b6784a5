"""What a cell of a table says: an amount or a date, or why there is none. A row is kept whatever its cells hold.

Missing is never zero: an empty cell, or a word for nothing, is `not_reported`. What ought to be a value and is none is
`invalid`: its text stays beside it, with the reason.
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
CELL_CACHE_SIZE = (
    50_000  # cells already read: lists repeat few dates, kinds and names, and each look costs a microsecond
)
MAX_INVALID_TEXT_CHARS = 200  # characters of a text that could not be read

# The pound sign arrives as Ł, as Â£ or as the replacement character in copies saved in another encoding.
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
    """What a cell says: `value`, its `state`, and where it is no value its `text` as published and the `reason`."""

    value: int | None
    state: str
    text: str | None = None
    reason: str | None = None

    def columns(self, name: str) -> dict[str, Any]:
        """The four columns of a history table that hold it."""
        return {name: self.value, f"{name}_state": self.state, f"{name}_text": self.text, f"{name}_reason": self.reason}


def collapse_spaces(cell: str) -> str:
    """The cell on one line, without the traces that spreadsheets leave."""
    if not cell.isascii() or "_x" in cell:
        cell = cell.replace("\u200b", "").replace("_x000D_", " ")
    return " ".join(cell.split())


@lru_cache(maxsize=CELL_CACHE_SIZE)
def read_text_cell(cell: str | None) -> str | None:
    """A text on one line, without e-mail addresses; None for an empty cell or a word for nothing."""
    if not cell:
        return None
    text = collapse_spaces(cell)
    return None if text.lower() in EMPTY_CELL_TEXTS else scrub_text(text)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def read_amount_cell(cell: str) -> ParsedCell:
    """Pounds to whole pence, half to even: `£1,234.50`, `(1,234.50)`, `-12`, `12-`; a bare `-` says nothing."""
    return _read_cell(cell, parse_pence)


@lru_cache(maxsize=CELL_CACHE_SIZE)
def read_date_cell(cell: str, order: str = "day_first") -> ParsedCell:
    """A date in days since 1970. `order` is that of the file's numeric dates, as `order_of` tells it."""
    found = _read_cell(cell, lambda text: parse_days(text, order))
    return _mark_derived_date(found, cell) if order in ("unsaid", "month_first") else found


def _mark_derived_date(found: ParsedCell, cell: str) -> ParsedCell:
    """A date that may be read either way was worked out with the help of others, or of custom."""
    return (
        ParsedCell(found.value, "derived")
        if found.value is not None and _classify_date_order(collapse_spaces(cell)) == "either"
        else found
    )


def _read_cell(cell: str, read: Callable[[str], int]) -> ParsedCell:
    text = collapse_spaces(cell)
    if text.lower() in EMPTY_CELL_TEXTS:
        return ParsedCell(None, "not_reported", text or None)
    try:
        return ParsedCell(read(text), "observed")
    except ValueError as why:
        return ParsedCell(
            None, "invalid", scrub_text(text)[:MAX_INVALID_TEXT_CHARS], scrub_text(str(why))[:MAX_INVALID_TEXT_CHARS]
        )


def parse_pence(text: str) -> int:
    """An amount as published to whole pence. ValueError says why it is none."""
    bare = _CURRENCY_PATTERN.sub("", text).strip()
    found = _SIGNED_NUMBER_PATTERN.fullmatch(bare)
    opened, before, digits, after, closed = found.groups() if found else ("", "", "", "", "")
    if not digits:
        raise ValueError("a sign and no number")
    if bool(opened) != bool(closed) or [opened, before, after].count("") < 2:
        raise ValueError("brackets or signs that do not belong together")
    if not _NUMBER_PATTERN.fullmatch(digits):
        raise ValueError(_explain_bad_number(digits))
    try:
        whole = convert_pounds_to_pence(Decimal(re.sub("[, ]", "", digits)))
    except AmountTooLarge as why:
        raise ValueError(str(why)) from None
    return -whole if opened or before or after else whole


def _explain_bad_number(digits: str) -> str:
    if re.fullmatch(r"[\d,.]+", digits):
        return "digits, commas and points that make no number"
    return "written in powers of ten" if re.fullmatch(r"[\d.]+e[+-]?\d+", digits, re.IGNORECASE) else "not a number"


def parse_days(text: str, order: str = "day_first") -> int:
    """A date as published in days since 1970. ValueError says why it is none."""
    if found := _ISO_DATE_PATTERN.fullmatch(text):
        return _count_days(int(found[1]), int(found[2]), int(found[3]))
    if found := _NAMED_MONTH_PATTERN.fullmatch(text):
        return _count_days(_parse_year(found[3]), _parse_month(found[2]), int(found[1]))
    if not (found := _NUMERIC_DATE_PATTERN.fullmatch(text)):
        raise ValueError("not a date")
    one, other, year = int(found[1]), int(found[3]), _parse_year(found[4])
    ways = _classify_date_order(text)
    if ways == "either" and order == "both":
        raise ValueError("day and month cannot be told apart: the file writes dates both ways")
    month_first = ways == "month_first" or (ways == "either" and order == "month_first")
    return _count_days(year, one, other) if month_first else _count_days(year, other, one)


def _count_days(year: int, month: int, day_: int) -> int:
    try:
        return date(year, month, day_).toordinal() - EPOCH_ORDINAL
    except ValueError:
        raise ValueError(f"there is no day {day_} in month {month} of {year}") from None


def _parse_year(text: str) -> int:
    """Two digits are 1970 to 2069."""
    return int(text) if len(text) == 4 else int(text) + (1900 if text >= "70" else 2000)


def _parse_month(text: str) -> int:
    word = text.lower()
    if word not in _MONTH_BY_ABBREVIATION and word not in _MONTH_NAMES and word != "sept":
        raise ValueError(f"{text} is not a month")
    return _MONTH_BY_ABBREVIATION[word[:3]]


def _classify_date_order(text: str) -> str:
    """How a numeric date may be read: day_first, month_first, either; same where both ways give one day; '' for others."""
    found = _NUMERIC_DATE_PATTERN.fullmatch(text)
    if not found:
        return ""
    one, other = int(found[1]), int(found[3])
    if one == other:
        return "same"
    if one > 12 or other > 12:
        return "day_first" if one > 12 else "month_first"
    return "either"


def detect_date_order(texts: Iterable[str]) -> str:
    """How one file writes numeric dates: day_first, month_first, both, or unsaid where none of them tells.

    American and British dates stand in files of one publisher, so each file speaks for itself (QUIRKS, GMPP 10).
    """
    told = {_classify_date_order(collapse_spaces(text)) for text in texts} & {"day_first", "month_first"}
    return "both" if len(told) > 1 else next(iter(told), "unsaid")
