"""The words of a comparison, for the terminal, `--json`, the API and pages: nothing else says what a value or a reason is in English."""

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
    """Return the sentence of a note; empty for none."""
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
    """Return a value of a cell in words."""
    if isinstance(value, date):
        return formatting.format_date(value)
    return _FORMATTER_BY_TYPE.get(type(value), str)(value)


def format_source(value: ComparisonValue | None, notices: tuple[str, ...], on: date | None) -> str:
    """Return where a value was published, and when."""
    origin = f"report of {value.year}" if isinstance(value, ProjectRating) else ", ".join(notices)
    return " · ".join(part for part in (origin, formatting.format_date(on)) if part)


def _format_growth(growth: Growth) -> str:
    gained = formatting.format_money(growth.last - growth.first, growth.currency, signed=True)
    return f"{formatting.format_percent(growth.last / growth.first - 1)} ({gained})"


def _format_delay(slip: timedelta) -> str:
    return formatting.format_days(slip.days) if slip.days > 0 else f"{formatting.format_days(-slip.days)} earlier"


def _format_parties(who: Parties) -> str:
    named = [name or "name not published" for name in who.suppliers]
    suppliers = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    buyers = formatting.format_department(who.department) if who.department else ", ".join(who.buyers)
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
    """Return in what things are alike or differ as a sentence."""
    if likeness.trait is Trait.CURRENCY:
        return f"amounts: not comparable: {' against '.join(likeness.values)}"
    if likeness.trait is Trait.BASIS:
        bases = [formatting.format_basis(basis) for basis in likeness.values]
        if likeness.alike:
            return "amounts: the same" + (f" ({bases[0]})" if bases and bases[0] else "")
        clash = likeness.values == ("net", "gross")  # two amounts, or all that clash among more
        clashing = "net against gross" if clash else " / ".join(basis or "no amount" for basis in bases)
        return f"amounts: not comparable: {clashing}"
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
