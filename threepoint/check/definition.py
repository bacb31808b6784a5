"""What a check is: a question put to every subject of one table, and the sentence that says what was found.

A check answers true (it fails), false (it passes) or nothing (it could not be made, because a value it needs is missing).
"""

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

# The first part of each check's id, and what such checks ask.
QUESTION_BY_CHECK_KIND = {
    "date": "is it a day that can be?",
    "money": "is it an amount that can be?",
    "field": "is the field filled as it should be?",
    "coh": "can these values stand together? (coherence)",
    "con": "do these values, which should agree, agree? (consistency)",
    "time": "did things happen in an order that can be?",
    "ref": "is what it refers to there? (reference)",
    "info": "is there something to know before the value is used?",
    "dat": "are the shares in all that a publisher published such as the world gives? (data set)",
}

# What each severity means, worst first.
MEANING_BY_SEVERITY = {
    "critical": "the value cannot be right, so it does not count as filled and caps the coverage grade at C",
    "warn": "the values do not fit each other; one of them is probably wrong",
    "info": "worth knowing before the value is used",
}


@dataclass(frozen=True)
class Check:
    """One check.

    `id` begins with its kind, a key of KINDS; `subject` is the table whose rows it is put to, or `dataset` for all that
    one publisher published. `fails` takes the subject's rows and returns the answer as an Ibis boolean. `says` is the
    detail of a failure, with at most two columns of those rows in braces; `meaning` is the rule in one line; `source`
    says whose rule it is. `fields` are the fields of the subject that a critical failure makes unusable.
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
        """The columns that `says` asks for, in order, each once."""
        found = [name for _, name, _, _ in string.Formatter().parse(self.says) if name]
        return tuple(dict.fromkeys(found))


def check_only_if(condition: Any, failing: Any) -> Any:
    """`failing` where the condition holds; elsewhere the check is not made."""
    return condition.ifelse(failing, ibis.null("boolean"))


def is_true(value: Any) -> Any:
    """A boolean that is false where it is missing."""
    return value.fill_null(ibis.literal(value=False))


def differ_widely(one: Any, other: Any) -> Any:
    """Whether two amounts differ by more than half of the other; not made unless both are above zero."""
    return check_only_if((one > 0) & (other > 0), (one * 2 < other) | (one * 2 > other * 3))


def to_ibis_date(as_of: Any) -> Any:
    """A date, or an Ibis date, as an Ibis date."""
    return as_of if isinstance(as_of, ibis.Value) else ibis.literal(as_of, "date")


def to_epoch_seconds(day: Any) -> Any:
    """Seconds from 1970 to the beginning of a day in UTC."""
    return (day - ibis.date(1970, 1, 1)).cast("int64") * 86_400
