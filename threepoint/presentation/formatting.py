"""Values as a page says them: money short in text and exact in tables, dates as 3 September 2026, shares in per cent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from threepoint.standard.amounts import Amount
from threepoint.standard.code_lists import CODE_LABELS, DEPARTMENT_BY_ABBREVIATION
from threepoint.standard.field_states import STATE_BY_CODE

# Parts of the names of fields that a page writes otherwise.
_LABEL_BY_NAME_PART = {"kpi": "KPI", "kpis": "KPIs", "vat": "VAT", "cpv": "CPV", "sme": "SME", "vcse": "VCSE", "gmpp": "GMPP",
          "org": "organisation", "wlc": "whole-life cost", "fy": "financial year"}  # fmt: skip
_LABEL_BY_FIELD = {"buyer_org_id": "buyer", "procuring_org_id": "run by", "is_call_off": "call-off", "is_framework": "framework",
          "cpv_main": "main CPV code", "end_change_days": "end changed by days", "method_details": "method in words",
          "final_stage_bids": "bids at final stage", "bid_count_basis": "bids counted",
          "end_mid": "end", "end_low": "end, earliest", "end_high": "end, latest", "benefits_mid": "benefits",
          "wlc_mid": "whole-life cost", "wlc_low": "whole-life cost, lowest", "wlc_high": "whole-life cost, highest",
          "fy": "financial year", "fy_baseline": "baseline for the financial year",
          "fy_forecast": "forecast for the financial year", "fy_variance": "forecast against the year's baseline"}  # fmt: skip
CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_MONEY_SCALES = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))


def capitalise_text(text: str) -> str:
    """The text as a heading or a sentence begins: its first letter is a capital, the others stay as they are."""
    return text[:1].upper() + text[1:]


def format_money(amount: Decimal, currency: str | None = "GBP", *, signed: bool = False) -> str:
    """Money in short: £14.2m, £188k, £0.01; three figures, and the currency's code where it has no sign.

    `signed` puts a plus before a gain.
    """
    sign = CURRENCY_SIGNS.get(currency or "", f"{currency or 'currency not stated'} ")
    minus, size = ("-" if amount < 0 else "+" if signed else ""), abs(amount)
    for step, letter in _MONEY_SCALES:
        if size >= step:
            return f"{minus}{sign}{_format_three_figures(size / step)}{letter}"
    return f"{minus}{sign}{size:.2f}" if size % 1 else f"{minus}{sign}{size:.0f}"


def _format_three_figures(number: Decimal) -> str:
    places = 2 if number < 10 else 1 if number < 100 else 0  # figures before the point
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_exact_money(amount: Decimal, currency: str | None = "GBP") -> str:
    """Money in full: £14,200,000.00, or without pence where there are none."""
    sign = CURRENCY_SIGNS.get(currency or "", f"{currency or 'currency not stated'} ")
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'-' if amount < 0 else ''}{sign}{text}"


def format_amount(one: Amount) -> str:
    """Money in short, with what it is in: £14.2m net of VAT."""
    return f"{format_money(one.value, one.currency)} {format_basis(one.basis)}".strip()


def format_basis(code: str | None) -> str:
    """What an amount includes: net of VAT; or whose prices it is in: in 2024/25 real prices."""
    known = {**CODE_LABELS["vat_basis"], "mixed": "mixed", "nominal": "nominal prices"}
    return known.get(code or "", f"in {code} prices" if code else "")


def format_date(day: date | datetime | None) -> str:
    """A date as 3 September 2026; empty for none."""
    return f"{day.day} {day:%B %Y}" if day else ""


def format_short_date(day: date | datetime | None) -> str:
    """A date as 3 Sep 2026, for tables; empty for none."""
    return f"{day.day} {day:%b %Y}" if day else ""


def format_percent(share: Decimal | float) -> str:
    """A share as +29%, with one decimal below 10%; what would be rounded to nothing is less than 0.1%."""
    number = float(share) * 100
    if number and not round(number, 1):
        return "less than 0.1%"
    return f"{number:+.1f}%" if abs(number) < 10 and round(number, 1) % 1 else f"{number:+,.0f}%"


def format_days(number: int) -> str:
    """A time in days, or in months from two months on."""
    if abs(number) < 61:  # two months
        return f"{number} day{'' if abs(number) == 1 else 's'}"
    months = round(number / 30.4375)
    return f"{months} months"


def format_field_value(value: Any, kind: str, currency: str | None = "GBP", unit: str = "") -> str:
    """Any value of the standard in words, by its type and unit: counts and money have commas, years and ids have none."""
    if value is None:
        return ""
    if kind == "money":
        return format_exact_money(value, currency)
    if isinstance(value, (date, datetime)):
        return format_date(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "share":
        return f"{value:.0%}"
    counted = kind in ("integer", "number") and unit != "year" and not isinstance(value, str)
    return f"{value:,.15g}" if counted and isinstance(value, float) else f"{value:,}" if counted else str(value)


def format_reason(state: str, detail: str, due_on: date | None) -> str:
    """Why there is no value, without the state: the detail, until when it is not due, or since when it is."""
    when = {"not_yet_due": "until", "not_reported": "due since"}.get(state) if due_on else None
    return ": ".join(part for part in (f"{when} {format_date(due_on)}" if when else "", detail) if part)


def format_state(state: str, detail: str, due_on: date | None) -> str:
    """The state in words, with the reason: what stands where a value cannot."""
    told, why = STATE_BY_CODE[state].words, format_reason(state, detail, due_on)
    if not why:
        return told
    if state == "not_yet_due" and due_on:
        return f"{told} {why}"
    bracketed = state.startswith("withheld") or (state == "not_reported" and due_on)
    return f"{told} ({why})" if bracketed else f"{told}: {why}"


def format_code(field: str, value: str) -> str:
    """A code of a field in words, where it has any; else as published."""
    return CODE_LABELS.get(field, {}).get(value, value)


def format_department(said: str) -> str:
    """A department in full, with the abbreviation that a report gives it; any other words as they are."""
    name = DEPARTMENT_BY_ABBREVIATION.get(said.upper())
    return f"{name} ({said})" if name else said


def format_field_name(name: str) -> str:
    """The name of a field on a page: KPI duty for kpi_duty."""
    return _LABEL_BY_FIELD.get(name) or " ".join(_LABEL_BY_NAME_PART.get(part, part) for part in name.split("_"))
