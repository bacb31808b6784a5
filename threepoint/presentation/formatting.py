"""Formatting of values for pages and the terminal."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from threepoint.standard.amounts import Amount
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.code_lists import CODE_LABELS, DEPARTMENT_BY_ABBREVIATION
from threepoint.standard.value_states import STATE_BY_CODE

# Labels for parts of field names.
_LABEL_BY_NAME_PART = {"kpi": "KPI", "kpis": "KPIs", "vat": "VAT", "cpv": "CPV", "sme": "SME", "vcse": "VCSE", "gmpp": "GMPP",
          "org": "organisation", "wlc": "whole-life cost", "fy": "financial year"}  # fmt: skip
_LABEL_BY_FIELD = {"buyer_org_id": "buyer", "procuring_org_id": "run by", "is_call_off": "call-off", "is_framework": "framework",
          "cpv_main": "main CPV code", "end_change_days": "days the end date moved",
          "end_first": "first end date", "end_current": "current end date", "end_actual": "actual end date",
          "end_date_first": "first end date", "value_final": "final cost", "value_net": "net value", "value_gross": "gross value",
          "value_net_first": "first net value", "value_gross_first": "first gross value",
          "baseline_dev_cost": "baseline development cost", "baseline_run_cost_pa": "baseline running cost a year",
          "method_details": "method in words", "scale": "size", "match_method": "identified by",
          "match_confidence": "confidence of identification",
          "award_id": "award", "scheme_id": "scheme", "lead_org_id": "lead organisation", "is_technology": "technology",
          "value_final_gross": "final gross cost", "is_ceiling": "ceiling", "spend_net": "net spend",
          "transaction_no": "transaction number", "currency_first": "first currency",
          "min_value": "lowest estimate", "max_value": "highest estimate", "framework_reference": "framework not held here",
          "max_end": "latest possible end", "contract_max_end": "latest possible end of the contract",
          "duration_days": "duration in days", "duration_months": "longest duration in months",
          "contract_days": "duration of the contract in days", "contract_months": "longest duration of the contract in months",
          "estimate_net": "net estimate", "estimate_gross": "gross estimate", "estimate_net_first": "first net estimate",
          "rebaselines": "new baselines",
          "baseline_wlc_on": "date of baseline cost", "baseline_end_on": "date of baseline end",
          "forecast_wlc": "latest whole-life cost", "forecast_end": "latest end", "forecast_end_low": "latest end, earliest",
          "forecast_end_high": "latest end, latest", "forecast_wlc_low": "latest whole-life cost, lowest",
          "forecast_wlc_high": "latest whole-life cost, highest", "forecast_price_base": "latest price base",
          "forecast_benefits": "latest benefits",
          "forecast_wlc_on": "date of latest cost", "forecast_end_on": "date of latest end",
          "comparable_wlc_on": "date of comparable cost",
          "comparable_state": "state of comparable cost",
          "comparable_note": "note on comparable cost",
          "final_stage_bids": "bids", "bid_count_basis": "bids counted",
          "end_mid": "end", "end_low": "end, earliest", "end_high": "end, latest", "benefits_mid": "benefits",
          "wlc_mid": "whole-life cost", "wlc_low": "whole-life cost, lowest", "wlc_high": "whole-life cost, highest",
          "fy": "financial year", "fy_baseline": "baseline for the financial year",
          "fy_forecast": "forecast for the financial year", "fy_variance": "forecast against the year's baseline"}  # fmt: skip
CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_MONEY_SCALES = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))


def capitalise_text(text: str) -> str:
    """Return the text with a capital first letter and the rest unchanged."""
    return text[:1].upper() + text[1:]


def format_money(amount: Decimal, currency: str | None = "GBP", *, signed: bool = False) -> str:
    """Return an amount with three significant figures: £14.2m, £188k, £0.01. A currency without a sign has its code.

    `signed` adds a plus to amounts above zero.
    """
    sign = CURRENCY_SIGNS.get(currency or "", f"{currency or 'currency not stated'} ")
    prefix, size = ("-" if amount < 0 else "+" if signed else ""), abs(amount)
    for scale, letter in _MONEY_SCALES:
        if size >= scale:
            return f"{prefix}{sign}{_format_three_figures(size / scale)}{letter}"
    return f"{prefix}{sign}{size:.2f}" if size % 1 else f"{prefix}{sign}{size:.0f}"


def _format_three_figures(number: Decimal) -> str:
    places = 2 if number < 10 else 1 if number < 100 else 0
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_exact_money(amount: Decimal, currency: str | None = "GBP") -> str:
    """Return an exact amount: £14,200,000.50, or without pence if there are none."""
    sign = CURRENCY_SIGNS.get(currency or "", f"{currency or 'currency not stated'} ")
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'-' if amount < 0 else ''}{sign}{text}"


def format_amount(amount: Amount) -> str:
    """Return an amount with three significant figures and its basis: £14.2m net of VAT."""
    return f"{format_money(amount.value, amount.currency)} {format_basis(amount.basis)}".strip()


def format_basis(code: str | None) -> str:
    """Return the basis of an amount in words: net of VAT, or in 2024/25 real prices."""
    labels = {**CODE_LABELS["vat_basis"], "mixed": "VAT basis varies", "nominal": "in nominal prices"}
    return labels.get(code or "", f"in {code} prices" if code else "")


def format_date(day: date | datetime | None) -> str:
    """Return a date as 3 September 2026, or empty text for None."""
    return _format_day(day, "%B %Y")


def format_short_date(day: date | datetime | None) -> str:
    """Return a date as 3 Sep 2026, or empty text for None."""
    return _format_day(day, "%b %Y")


def _format_day(day: date | datetime | None, month_format: str) -> str:
    day = find_publication_day(day) if isinstance(day, datetime) else day
    return f"{day.day} {day:{month_format}}" if day else ""


def format_percent(share: Decimal | float) -> str:
    """Return a share as +29%, with one decimal below 10%, or as "up by less than 0.1%" if it would be rounded to 0."""
    number = float(share) * 100
    if number and not round(number, 1):
        return f"{'up' if number > 0 else 'down'} by less than 0.1%"
    return f"{number:+.1f}%" if abs(number) < 10 and round(number, 1) % 1 else f"{number:+,.0f}%"


def format_days(number: int) -> str:
    """Return a time in days, or in months if it is two months or more."""
    if abs(number) < 61:  # two months
        return f"{number} day{'' if abs(number) == 1 else 's'}"
    months = round(number / 30.4375)
    return f"{months} months"


def format_field_value(value: Any, kind: str, currency: str | None = "GBP", unit: str = "") -> str:
    """Return a value as text, by its type and unit: counts and money have commas, years and ids do not."""
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
    """Return why there is no value, without the state: the due date and the detail."""
    when = {"not_yet_due": "until", "not_reported": "due since"}.get(state) if due_on else None
    return ": ".join(part for part in (f"{when} {format_date(due_on)}" if when else "", detail) if part)


def format_state(state: str, detail: str, due_on: date | None) -> str:
    """Return the state in words with the reason, to show in place of a value."""
    words, reason = STATE_BY_CODE[state].words, format_reason(state, detail, due_on)
    if not reason:
        return words
    if state == "not_yet_due" and due_on:
        return f"{words} {reason}"
    bracketed = state.startswith("withheld") or (state == "not_reported" and due_on)
    return f"{words} ({reason})" if bracketed else f"{words}: {reason}"


def format_code(field: str, value: str) -> str:
    """Return the label of a code, or the code as published if it has none."""
    return CODE_LABELS.get(field, {}).get(value, value)


def format_department(text: str) -> str:
    """Return a department's full name with its published abbreviation; any other text unchanged."""
    name = DEPARTMENT_BY_ABBREVIATION.get(text.upper())
    return f"{name} ({text})" if name else text


def format_field_name(name: str) -> str:
    """Return the label of a field: KPI duty for kpi_duty."""
    return _LABEL_BY_FIELD.get(name) or " ".join(_LABEL_BY_NAME_PART.get(part, part) for part in name.split("_"))
