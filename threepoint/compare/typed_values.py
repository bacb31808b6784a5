"""Typed values of a comparison, and codes for why a value is missing."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, StrEnum, auto
from typing import Any

from threepoint.standard.amounts import Amount


class Aspect(Enum):
    """A line of a comparison: its group and its label."""

    WHO = ("", "Who")
    FIRST = ("Money", "first published")
    NOW = ("Money", "now")
    GROWTH = ("Money", "growth")
    FINAL_COST = ("Money", "final cost")
    END_FIRST = ("Time", "end date, first published")
    END_NOW = ("Time", "end date, now")
    LATER = ("Time", "end date moved")
    RATING = ("Progress", "published rating")
    KPIS = ("Progress", "KPIs")
    CHANGES = ("Progress", "changes to value or end date")
    STAGE = ("Progress", "stage")
    COVERAGE = ("Quality of the data", "coverage grade")


class NoteReason(Enum):
    """A code with the sentence that `format_note` completes: why there is no value, or a remark on one."""

    NOT_REPORTED = "not reported"
    DOES_NOT_APPLY = "does not apply"
    NO_BASELINE = "not reported: first seen in a change notice"
    NOT_AWARDED = "not yet due: nothing has been awarded"
    CANCELLED = "does not apply: the procurement ended without a contract"
    WITHHELD = "withheld ({detail})"
    PLACEHOLDER = "not reported: the form says {numbers}, which is a placeholder"
    CEILING = "a framework: its ceiling is not spend"
    SEVERAL_CURRENCIES = "not comparable: {kind}s in several currencies"
    NO_CURRENCY = "not comparable: some {kind}s do not state a currency"
    SOME_WITHOUT_VALUE = "not reported: {number} of {of} {kind}s have a value"
    NO_CONTRACT = "no contract notice, so no KPIs"
    NO_FINAL_COST = "the yearly reports give no final cost"
    NO_NOTIFIED_CHANGE = "no notified change: changes under 10% need no notice"
    NO_CHANGE = "no change published"
    CHANGED_AND_BACK = "none: changed {number} time{plural}, now the first value again"
    CURRENCY_CHANGED = "not comparable: the currency changed"
    BASIS_CHANGED = "not comparable: first {bases[0]}, now {bases[1]}"
    NOT_COMPARABLE = "not comparable: {detail}"
    FIRST_IS_PLACEHOLDER = "not comparable: the first value is a placeholder"
    FIRST_BELOW_ZERO = "not comparable: the first value is below 0"
    TOGETHER = "{number} {kind}s"
    KPIS_RATED = "{number} of {of} rated Good by the buyer"
    KPIS_PUBLISHED = "{of} published, {number} results rated"
    IN_REPORTS = "reported from {number} to {of}"
    NO_KPI_DUTY = "none published, and none required"
    RATED_OTHER = "{number} more rated Other, which is counted separately"
    PUBLISHED_NOTE = "{detail}"
    NOMINAL_VALUE = "the published value only fills the form, such as 0.01 or 99,999,999: it is excluded from sums"
    CEILING_VALUE = "the value is a framework's ceiling, which is not spend"
    REPEATED = (
        "a newer notice repeats {number} earlier award{plural} ({exact}) under a new id: first values are from the"
        " earlier award{plural}, and each award is counted once"
    )
    LEFT_OUT = (
        "{number} of {of} {kind}s are excluded from the amounts: the value is a placeholder (such as 0.01) or a"
        " framework's ceiling, or the {kind} was cancelled"
    )


@dataclass(frozen=True)
class Note:
    """A reason with the values of its sentence. `detail` is text from the snapshot, `codes` are codes of the standard."""

    reason: NoteReason
    kind: str = ""  # award or contract
    number: int = 0
    of: int = 0
    detail: str | None = ""
    codes: tuple[str | None, ...] = ()
    amounts: tuple[Amount | None, ...] = ()


@dataclass(frozen=True)
class Parties:
    """Names of buyers and current suppliers (None if not published), or a department."""

    buyers: tuple[str, ...] = ()
    suppliers: tuple[str | None, ...] = ()
    department: str | None = None


@dataclass(frozen=True)
class Classification:
    """A code of the kind of procurement or project, with its text if it has one."""

    code: str
    text: str = ""


@dataclass(frozen=True)
class Growth:
    """First and last amount, in a currency."""

    first: Decimal
    last: Decimal
    currency: str | None


@dataclass(frozen=True)
class ProjectRating:
    """Rating of a project in the report of a year, with its rater and scale."""

    rating: str
    rater: str
    scale: str
    year: int


@dataclass(frozen=True)
class Stage:
    """Stage of a record: a code, and the field that the code is from."""

    field: str
    code: str


@dataclass(frozen=True)
class CoverageGrade:
    """Coverage grade of a record, and why it is capped."""

    grade: str | None
    cap: str | None


ComparisonValue = Amount | date | timedelta | int | Parties | Growth | Note | ProjectRating | Stage | CoverageGrade


class Trait(StrEnum):
    """A trait in which records are alike or differ."""

    TYPE = auto()
    SIZE = auto()
    PHASE = "stage"
    BASIS = auto()
    CURRENCY = auto()


@dataclass(frozen=True)
class Likeness:
    """Likeness of records in one trait. `alike` is None if not known for all; `values` has one for each, or those that clash."""

    trait: Trait
    alike: bool | None
    values: tuple[Any, ...] = ()
