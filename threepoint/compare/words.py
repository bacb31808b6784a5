"""The words of a comparison, for the terminal, `--json`, the API and pages: nothing else says what a value or a reason is in English."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from threepoint.compare.values import Coverage, Growth, Likeness, Note, Rating, Stage, Trait, Type, Value, Who
from threepoint.standard import words
from threepoint.standard.amounts import Amount

SCALES = {"3pt": "three-point scale", "5pt": "five-point scale"}


def say_note(note: Note | None) -> str:
    """Return the sentence of a note; empty for none."""
    if note is None:
        return ""
    amounts = [one and words.exact_money(one.value, one.currency) for one in note.amounts]
    numbers = {f"{one.value:f}".rstrip("0").rstrip(".") for one in note.amounts if one}
    said = {"exact": ", ".join(one or "no value" for one in amounts), "numbers": ", ".join(sorted(numbers))}
    return note.reason.value.format(**vars(note), **said, plural="s" if note.number > 1 else "")


def say_value(value: Value) -> str:
    """Return a value of a cell in words."""
    return _VALUES.get(type(value), str)(value)


def _growth(one: Growth) -> str:
    return f"{words.percent(one.last / one.first - 1)} ({words.money(one.last - one.first, one.currency, signed=True)})"


def _later(one: timedelta) -> str:
    return words.days(one.days) if one.days > 0 else f"{words.days(-one.days)} earlier"


def _who(who: Who) -> str:
    named = [name or "name not published" for name in who.suppliers]
    suppliers = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    buyers = words.department(who.department) if who.department else ", ".join(who.buyers)
    return " with ".join(part for part in (buyers, suppliers) if part) or "not reported"


_VALUES: dict[type, Callable[[Any], str]] = {
    Amount: words.amount,
    date: words.in_words,
    Growth: _growth,
    timedelta: _later,
    Who: _who,
    Note: say_note,
    Rating: lambda one: f"{one.rating} ({one.rater.upper()}, {SCALES.get(one.scale, '')})",
    Stage: lambda one: words.code(one.field, one.code).replace("_", " "),
    Coverage: lambda one: (one.grade or "not graded") + (f" ({one.cap})" if one.cap else ""),
}


def say_likeness(one: Likeness) -> str:
    """Return in what things are alike or differ as a sentence."""
    if one.trait is Trait.CURRENCY:
        return f"amounts: not comparable: {' against '.join(one.values)}"
    if one.trait is Trait.BASIS:
        bases = [words.basis(basis) for basis in one.values]
        if one.alike:
            return "amounts: the same" + (f" ({bases[0]})" if bases and bases[0] else "")
        clash = one.values == ("net", "gross")  # two amounts, or all that clash among more
        told = "net against gross" if clash else " / ".join(basis or "no amount" for basis in bases)
        return f"amounts: not comparable: {told}"
    if one.alike is None:
        return f"{one.trait}: not known for all"
    said = [_trait(value).replace("_", " ") for value in one.values]
    if one.alike:
        return f"{one.trait}: the same ({said[0]})"
    consequence = "; outturn is not compared across phases" if one.trait is Trait.PHASE else ""
    return f"{one.trait}: differs ({' / '.join(said)}){consequence}"


def _trait(value: Type | Stage | Note | str) -> str:
    if isinstance(value, Type):
        return f"{value.code} {value.text}".strip()
    return value if isinstance(value, str) else say_value(value)
