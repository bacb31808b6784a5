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
    texts = {"exact": ", ".join(exact), "numbers": ", ".join(sorted(numbers)), "plural": "s" if note.number > 1 else ""}
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
    return formatting.format_days(delay.days) if delay.days > 0 else f"{formatting.format_days(-delay.days)} earlier"


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
    ProjectRating: lambda value: f"{value.rating} ({value.rater.upper()}, {RATING_SCALE_LABELS.get(value.scale, '')})",
    Stage: lambda value: formatting.format_code(value.field, value.code).replace("_", " "),
    CoverageGrade: lambda value: (value.grade or "not graded") + (f" ({value.cap})" if value.cap else ""),
}


def format_likeness(likeness: Likeness) -> str:
    """Return a likeness as a sentence."""
    if likeness.trait is Trait.CURRENCY:
        return f"amounts: not comparable: {' against '.join(likeness.values)}"
    if likeness.trait is Trait.BASIS:
        bases = [formatting.format_basis(basis) for basis in likeness.values]
        if likeness.alike:
            return "amounts: the same" + (f" ({bases[0]})" if bases and bases[0] else "")
        net_against_gross = likeness.values == ("net", "gross")  # perhaps among other records
        clash = "net against gross" if net_against_gross else " / ".join(basis or "no amount" for basis in bases)
        return f"amounts: not comparable: {clash}"
    if likeness.alike is None:
        return f"{likeness.trait}: not known for all"
    shown = [_format_trait_value(value).replace("_", " ") for value in likeness.values]
    if likeness.alike:
        return f"{likeness.trait}: the same ({shown[0]})"
    consequence = "; outturn is not compared across phases" if likeness.trait is Trait.PHASE else ""
    return f"{likeness.trait}: differs ({' / '.join(shown)}){consequence}"


def _format_trait_value(value: Classification | Stage | Note | str) -> str:
    if isinstance(value, Classification):
        return f"{value.code} {value.text}".strip()
    return value if isinstance(value, str) else format_cell_value(value)
