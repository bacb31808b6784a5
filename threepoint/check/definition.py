"""Checks: a rule for every subject of one table, and the message for subjects that break it.

A check returns true (it fails), false (it passes) or null (it could not be made, because a value it needs is missing).
"""

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

# The first part of each check's id, and the question that such checks answer.
QUESTION_BY_CHECK_KIND = {
    "date": "is the date plausible?",
    "money": "is the amount plausible?",
    "field": "is the field filled in correctly?",
    "coh": "can these values all be true? (coherence)",
    "con": "do these values agree, as they should? (consistency)",
    "time": "did these events happen in a possible order?",
    "ref": "does the record that it refers to exist? (reference)",
    "info": "is there something to know before you use the value?",
    "dat": "are the shares in all of a publisher's data plausible? (data set)",
}

# Meaning of each severity, worst first.
MEANING_BY_SEVERITY = {
    "critical": "the value cannot be right, so it does not count as filled and caps the coverage grade at C",
    "warn": "the values do not fit together; one of them is probably wrong",
    "info": "worth knowing before you use the value",
}


@dataclass(frozen=True)
class Check:
    """One check.

    `id` begins with its kind, a key of QUESTION_BY_CHECK_KIND. `subject` is the table whose rows it checks, or `dataset`
    for everything that one publisher published. `fails` takes the subject's rows and returns the answer as an Ibis
    boolean. `says` is the message of a failure, with at most two columns of those rows in braces; `meaning` is the rule
    in one line; `source` names the origin of the rule. `fields` are the fields of the subject that a failure
    makes unusable; if it is critical, they do not count as filled.
    """

    id: str
    severity: str
    subject: str
    meaning: str
    says: str
    source: str
    fails: Callable[[Any], Any]
    fields: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The distinct columns named in `says`, in order."""
        columns = [name for _, name, _, _ in string.Formatter().parse(self.says) if name]
        return tuple(dict.fromkeys(columns))


def check_only_if(condition: Any, failing: Any) -> Any:
    """Return `failing` if the condition holds, and null otherwise: the check is not made."""
    return condition.ifelse(failing, ibis.null("boolean"))


def is_true(value: Any) -> Any:
    """Return a boolean with nulls replaced by false."""
    return value.fill_null(ibis.literal(value=False))


def differ_widely(amount: Any, reference: Any) -> Any:
    """Return true if an amount differs from `reference` by more than half of it; null unless both are above zero."""
    return check_only_if((amount > 0) & (reference > 0), (amount * 2 < reference) | (amount * 2 > reference * 3))


def to_ibis_date(as_of: Any) -> Any:
    """Return a date, or an Ibis date, as an Ibis date."""
    return as_of if isinstance(as_of, ibis.Value) else ibis.literal(as_of, "date")


def to_epoch_seconds(day: Any) -> Any:
    """Return the seconds from 1970 to the start of a day in UTC."""
    return (day - ibis.date(1970, 1, 1)).cast("int64") * 86_400
