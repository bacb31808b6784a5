"""All English text of a comparison, for the terminal, `--json`, the API and pages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from threepoint.compare.typed_values import (
    Classification,
    ComparisonValue,
    CoverageGrade,
    Growth,
    Likeness,
    Note,
    Parties,
    ProjectRating,
    Stage,
    Trait,
)
from threepoint.presentation import formatting
from threepoint.standard.amounts import Amount

RATING_SCALE_LABELS = {"3pt": "three-point scale", "5pt": "five-point scale"}


def format_note(note: Note | None) -> str:
    """Return a note as text, or empty text for None."""
    if note is None:
        return ""
    exact = [
        formatting.format_exact_money(amount.value, amount.currency) if amount else "no value"
        for amount in note.amounts
    ]
    numbers = {f"{amount.value:f}".rstrip("0").rstrip(".") for amount in note.amounts if amount}
    texts = {"exact": ", ".join(exact), "numbers": ", ".join(sorted(numbers)), "plural": "s" if note.number > 1 else "",
             "bases": [formatting.format_basis(code) or "not stated" for code in note.codes]}  # fmt: skip
    return note.reason.value.format(**vars(note), **texts)


def format_cell_value(value: ComparisonValue) -> str:
    """Return the value of a cell as text."""
    if isinstance(value, date):
        return formatting.format_date(value)
    return _FORMATTER_BY_TYPE.get(type(value), str)(value)


def format_source(value: ComparisonValue | None, notices: tuple[str, ...], on: date | None) -> str:
    """Return the source of a value and its date as text."""
    origin = f"report of {value.year}" if isinstance(value, ProjectRating) else ", ".join(notices)
    return " · ".join(part for part in (origin, formatting.format_date(on)) if part)


def _format_growth(growth: Growth) -> str:
    increase = formatting.format_money(growth.last - growth.first, growth.currency, signed=True)
    return f"{formatting.format_percent(growth.last / growth.first - 1)} ({increase})"


def _format_delay(delay: timedelta) -> str:
    return f"{formatting.format_days(abs(delay.days))} {'later' if delay.days > 0 else 'earlier'}"


def _format_parties(parties: Parties) -> str:
    names = [name or "name not published" for name in parties.suppliers]
    suppliers = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    buyers = formatting.format_department(parties.department) if parties.department else ", ".join(parties.buyers)
    return " with ".join(part for part in (buyers, suppliers) if part) or "not reported"


_FORMATTER_BY_TYPE: dict[type, Callable[[Any], str]] = {
    Amount: formatting.format_amount,
    Growth: _format_growth,
    timedelta: _format_delay,
    Parties: _format_parties,
    Note: format_note,
    ProjectRating: lambda value: (
        f"{value.rating} ({formatting.format_code('rater', value.rater)}, {RATING_SCALE_LABELS.get(value.scale, '')})"
    ),
    Stage: lambda value: formatting.format_code(value.field, value.code).replace("_", " "),
    CoverageGrade: lambda value: (value.grade or "not graded") + (f" ({value.cap})" if value.cap else ""),
}


def format_likeness(likeness: Likeness) -> str:
    """Return a likeness as a sentence."""
    if likeness.trait is Trait.CURRENCY:
        return f"currency: different ({'; '.join(likeness.values)}), so amounts are not comparable"
    if likeness.trait is Trait.BASIS:
        bases = [formatting.format_basis(basis) for basis in likeness.values]
        if likeness.alike:
            return (
                f"basis of amounts now: the same ({bases[0]})"
                if bases and bases[0]
                else "basis of amounts now: not known"
            )
        clash = "; ".join(basis or "no amount" for basis in bases)
        return f"basis of amounts now: different ({clash}), so amounts are not comparable"
    if likeness.alike is None:
        return f"{likeness.trait}: not known for all"
    shown = [_format_trait_value(value).replace("_", " ") for value in likeness.values]
    if likeness.alike:
        return f"{likeness.trait}: the same ({shown[0]})"
    have_final_costs = any(isinstance(value, Stage) for value in likeness.values)  # major projects have none
    consequence = ", so final costs are not comparable" if have_final_costs else ""
    return f"{likeness.trait}: different ({'; '.join(shown)}){consequence}"


def _format_trait_value(value: Classification | Stage | Note | str) -> str:
    if isinstance(value, Classification):
        return f"{formatting.format_code('gmpp_category', value.code)} {value.text}".strip()
    return value if isinstance(value, str) else format_cell_value(value)
