"""Sentences with values in them, in SQL that DuckDB and Spark share: dates as people write them, thousands parted."""

import string
from typing import Any

import ibis

from threepoint.check.definition import Check

# Where the first and the second value of a sentence stand, by kind: a date, a number (s: the sign before it) or a text.
TYPE_BY_SLOT = {
    "d1": "date",
    "n1": "decimal(18,2)",
    "s1": "string",
    "t1": "string",
    "d2": "date",
    "n2": "decimal(18,2)",
    "s2": "string",
    "t2": "string",
}


def map_slot_values(check: Check, rows: Any) -> dict[str, Any]:
    """What each slot that the sentence fills holds: {"d1": rows.end_date}. Money brings the sign of its currency."""
    filled: dict[str, Any] = {}
    for place, name in enumerate(check.names, start=1):
        value = rows[name]
        kind = _choose_slot_kind(value.type())
        filled[f"{kind}{place}"] = value.cast(TYPE_BY_SLOT[f"{kind}{place}"])
        if value.type().is_decimal():
            filled[f"s{place}"] = _format_currency_sign(rows.currency)
    return filled


def _choose_slot_kind(type_: Any) -> str:
    if type_.is_temporal():
        return "d"
    return "n" if type_.is_numeric() else "t"


def _format_currency_sign(currency: Any) -> Any:
    return ibis.cases((currency == "GBP", "£"), (currency.isnull(), ""), else_=currency + " ")


def split_message_texts(check: Check) -> list[str]:
    """The texts before, between and after the two values of the sentence."""
    found = [text for text, _, _, _ in string.Formatter().parse(check.says)]
    return [*found, "", "", ""][:3]


def build_message(rows: Any) -> Any:
    """The sentence of text0, text1, text2 and the values of the slots between them; a missing value leaves a gap."""
    first, second = (
        ibis.coalesce(
            format_day(rows[f"d{place}"]),
            format_number(rows[f"n{place}"], rows[f"s{place}"].fill_null("")),
            rows[f"t{place}"],
            "",
        )
        for place in (1, 2)
    )
    return rows.text0 + first + rows.text1 + second + rows.text2


def format_day(value: Any) -> Any:
    """3 May 2024."""
    return value.strftime("%-d %B %Y")


def format_number(value: Any, sign: Any) -> Any:
    """1,234,567 or -£0.01: commas between thousands, pence only where there are any."""
    whole = value.abs().floor().cast("int64")
    pence = value.cast("string").right(3)
    sized = [(whole < 1000 ** (commas + 1), _insert_commas(whole, commas)) for commas in range(5)]
    digits = ibis.cases(*sized, else_=_insert_commas(whole, 5)) + (pence == ".00").ifelse("", pence)
    return (value < 0).ifelse("-", "") + sign + digits


def _insert_commas(whole: Any, commas: int) -> Any:
    text = _divide_by_thousands(whole, commas).cast("string")
    for power in reversed(range(commas)):
        text = text + "," + (_divide_by_thousands(whole, power) % 1000 + 1000).cast("string").right(3)
    return text


def _divide_by_thousands(whole: Any, power: int) -> Any:
    """The number of thousands, millions … in a number. Engines divide in floating point, so what is left over goes first."""
    return (whole - whole % 1000**power) // 1000**power if power else whole
