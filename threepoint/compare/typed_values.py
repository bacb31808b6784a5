"""What a comparison can say: typed values, and codes for why there is none."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, StrEnum, auto
from typing import Any

from threepoint.standard.amounts import Amount


class Aspect(Enum):
    """One line of a comparison: the group that it is in, and its label."""

    WHO = ("", "What it is")
    FIRST = ("Money", "first published")
    NOW = ("Money", "now")
    GROWTH = ("Money", "growth")
    OUTTURN = ("Money", "outturn")
    END_FIRST = ("Time", "end, first published")
    END_NOW = ("Time", "end, now")
    LATER = ("Time", "later by")
    RATING = ("Course", "publisher's rating")
    KPIS = ("Course", "KPIs")
    CHANGES = ("Course", "changes published")
    STAGE = ("Course", "where it stands")
    COVERAGE = ("How sure are we", "coverage of the record")


class NoteReason(Enum):
    """What a note says: a code, and the words that `format_note` fills in. Why there is no value, what to know of one, or what is known."""

    NOT_REPORTED = "not reported"
    DOES_NOT_APPLY = "does not apply"
    NO_BASELINE = "not reported: first seen in a change notice"
    NOT_AWARDED = "not yet due: nothing has been awarded"
    CANCELLED = "does not apply: cancelled before award"
    WITHHELD = "withheld ({detail})"
    FILLS_FORM = "not reported: the form says {numbers}, which only fills it"
    CEILING = "a framework: its ceiling is no one's spend"
    SEVERAL_CURRENCIES = "not comparable: {kind}s in several currencies"
    NO_CURRENCY = "not comparable: {kind}s for some of which no currency is stated"
    SOME_WITHOUT_VALUE = "not reported: {number} of {of} {kind}s give a value"
    NO_CONTRACT = "no contract notice, so no KPIs"
    NO_OUTTURN = "the portfolio has no outturn"
    NO_NOTIFIED_CHANGE = "no notified change: under 10% needs no notice"
    NO_CHANGE = "no change published"
    CURRENCY_CHANGED = "not comparable: the currency changed"
    BASIS_CHANGED = "not comparable: {codes[0]} against {codes[1]}"
    NOT_COMPARABLE = "not comparable: {detail}"
    FIRST_FILLS_FORM = "not comparable: the first value only fills the form"
    FIRST_BELOW_ZERO = "not comparable: the first value is below 0"
    TOGETHER = "{number} {kind}s"
    KPIS_RATED = "{number} of {of} rated Good by the buyer"
    KPIS_PUBLISHED = "{of} published, {number} results rated"
    IN_REPORTS = "in reports {number} to {of}"
    NO_KPI_DUTY = "none published; no duty to publish any"
    RATED_OTHER = "{number} more rated Other, which is counted apart"
    PUBLISHED_NOTE = "{detail}"
    NOMINAL_VALUE = "the published value is 0, 0.01 or 1, which only fills the form: it stands in no sum"
    CEILING_VALUE = "the value is a framework's ceiling, never spend"
    REPEATED = (
        "{number} earlier award{plural} ({exact}) repeated by a newer notice under a new id: first published there,"
        " counted once"
    )
    LEFT_OUT = (
        "{number} of {of} {kind}s left out of the amounts: the value only fills the form (0, 0.01, 1), is a"
        " framework's ceiling, or the award was cancelled"
    )


@dataclass(frozen=True)
class Note:
    """A reason with what its sentence names. `detail` is text from the snapshot, `codes` are codes of the standard."""

    reason: NoteReason
    kind: str = ""  # award or contract
    number: int = 0
    of: int = 0
    detail: str | None = ""
    codes: tuple[str | None, ...] = ()
    amounts: tuple[Amount | None, ...] = ()


@dataclass(frozen=True)
class Parties:
    """Buyers and current suppliers by name (None where a name was not published), or a department."""

    buyers: tuple[str, ...] = ()
    suppliers: tuple[str | None, ...] = ()
    department: str | None = None


@dataclass(frozen=True)
class Classification:
    """What kind of thing it is: a code, with its words where it has any."""

    code: str
    text: str = ""


@dataclass(frozen=True)
class Growth:
    """From the first to the last amount."""

    first: Decimal
    last: Decimal
    currency: str | None


@dataclass(frozen=True)
class ProjectRating:
    """The rating of a project in the report of a year, with who gave it, on which scale."""

    rating: str
    rater: str
    scale: str
    year: int


@dataclass(frozen=True)
class Stage:
    """Where a thing stands: a code, and the field whose code it is."""

    field: str
    code: str


@dataclass(frozen=True)
class CoverageGrade:
    """The coverage grade of a record, and what holds it down."""

    grade: str | None
    cap: str | None


ComparisonValue = (
    Amount | date | timedelta | int | Parties | Growth | Note | ProjectRating | Stage | CoverageGrade
)  # of a cell


class Trait(StrEnum):
    """In what things are alike or differ."""

    TYPE = auto()
    SIZE = auto()
    PHASE = auto()
    BASIS = auto()
    CURRENCY = auto()


@dataclass(frozen=True)
class Likeness:
    """Whether things are alike in one trait; None where it is not known for all. `values` has one for each, or those that clash."""

    trait: Trait
    alike: bool | None
    values: tuple[Any, ...] = ()
