"""Messages with values, in SQL that works in DuckDB and Spark: dates as people write them, thousands separated by commas."""

import string
from typing import Any

import ibis

from threepoint.check.definition import Check

# Type of the slots for the first and the second value of a message: d a date, n a number, s the sign before it, t a text.
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
    """Return the value of each slot that the message uses: {"d1": rows.end_date}. Money adds the sign of its currency."""
    slots: dict[str, Any] = {}
    for place, name in enumerate(check.names, start=1):
        value = rows[name]
        kind = _choose_slot_kind(value.type())
        slots[f"{kind}{place}"] = value.cast(TYPE_BY_SLOT[f"{kind}{place}"])
        if value.type().is_decimal():
            slots[f"s{place}"] = _format_currency_sign(rows.currency)
    return slots


def _choose_slot_kind(type_: Any) -> str:
    if type_.is_temporal():
        return "d"
    return "n" if type_.is_numeric() else "t"


def _format_currency_sign(currency: Any) -> Any:
    return ibis.cases((currency == "GBP", "£"), (currency.isnull(), ""), else_=currency + " ")


def split_message_texts(check: Check) -> list[str]:
    """Return the texts before, between and after the two values of the message."""
    texts = [text for text, _, _, _ in string.Formatter().parse(check.says)]
    return [*texts, "", "", ""][:3]


def build_message(rows: Any) -> Any:
    """Return the message: text0, text1 and text2 with the values of the slots between them; a null value leaves a gap."""
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
    """Format a date like 3 May 2024."""
    return value.strftime("%-d %B %Y")


def format_number(value: Any, sign: Any) -> Any:
    """Format a number like 1,234,567 or -£0.01: commas between thousands, and pence only if there are any."""
    units = value.abs().floor().cast("int64")
    pence = value.cast("string").right(3)
    cases = [(units < 1000 ** (commas + 1), _insert_commas(units, commas)) for commas in range(5)]
    digits = ibis.cases(*cases, else_=_insert_commas(units, 5)) + (pence == ".00").ifelse("", pence)
    return (value < 0).ifelse("-", "") + sign + digits


def _insert_commas(number: Any, commas: int) -> Any:
    text = _divide_by_thousands(number, commas).cast("string")
    for power in reversed(range(commas)):
        text = text + "," + (_divide_by_thousands(number, power) % 1000 + 1000).cast("string").right(3)
    return text


def _divide_by_thousands(number: Any, power: int) -> Any:
    # Engines divide in floating point, so subtract the remainder first.
    return (number - number % 1000**power) // 1000**power if power else number
