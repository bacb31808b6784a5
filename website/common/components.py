"""The parts that pages are made of. Each is a frozen noun that knows its template:

    {{ page.timeline.html }}

Words are handed in as a person should read them; a part adds only what is the same on every page. `/design/` shows all.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Part:
    """What has a template in common/parts/."""

    template: ClassVar[str]

    def __init_subclass__(cls, template: str) -> None:
        cls.template = f"common/parts/{template}.html"

    @property
    def html(self) -> SafeString:
        """The part as HTML."""
        return render_to_string(self.template, {"part": self})


Words = str | Promise  # text, or text that is translated when the page is made


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    words: Words
    href: str


# ---------------------------------------------------------------------------------------------- a value and its state


@dataclass(frozen=True)
class Said(Part, template="value"):
    """A value with its state and source. Without `text` there is no value: `state` stands in its place, then `why`.

    `text` is short (£12.4m), `exact` the full figure. `detail` follows either.
    """

    text: Words = ""
    state: Words = ""
    exact: Words = ""
    why: Words = ""
    detail: Words = ""
    source: Words = ""
    href: str = ""
    date: dt.date | None = None


@dataclass(frozen=True)
class Line:
    """One fact: what it is called, what is said of it, (in a fold) what it means, and where it can be cited."""

    label: Words
    said: Said
    meaning: Words = ""
    cite: str = ""


@dataclass(frozen=True)
class Facts(Part, template="facts"):
    """A list of facts, most important first."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Grade(Part, template="grade"):
    """How much of what should be there is there. `cap` says what holds the grade down; no letter: it was not graded."""

    letter: str
    words: Words
    cap: Words = ""


# ---------------------------------------------------------------------------------------------- tables and charts


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers stand to the right, under their unit."""

    title: Words
    unit: Words = ""
    numeric: bool = False


@dataclass(frozen=True)
class Entry(Part, template="entry"):
    """What stands in one place of a table. `exact` is the full figure where `text` is short; `state` stands for no text.

    `rest` is what follows a long text's beginning: it unfolds.
    """

    text: Words = ""
    exact: Words = ""
    href: str = ""
    state: Words = ""
    rest: Words = ""


STACKS = 3  # columns


@dataclass(frozen=True)
class Table(Part, template="table"):
    """A table. `note` says what it leaves out; `empty` what to do when there is no row. The first cell names its row."""

    caption: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    note: Words = ""
    empty: Words = ""
    hide_caption: bool = False

    @property
    def stacks(self) -> bool:
        """Whether it is too wide for a phone: there each row's cells stand one under the other, each with its heading."""
        return len(self.columns) >= STACKS

    @property
    def laid_out(self) -> list[list[tuple[Column, Entry]]]:
        """Each row as pairs of column and entry."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Figure(Part, template="figure"):
    """A chart made on the server (`drawn`), its title, one sentence of what it shows, and the same as a table."""

    title: Words
    summary: Words
    svg: SafeString
    table: Table
    note: Words = ""


# ---------------------------------------------------------------------------------------------- a story in order


@dataclass(frozen=True)
class Mark:
    """One event. `kind`: event, change, first-end (as first agreed) or due (as it stands now)."""

    words: Words
    date: dt.date | None
    href: str = ""
    kind: str = "event"

    @property
    def changed(self) -> bool:
        """True for what was changed: it has the accent, and says so in words."""
        return self.kind == "change"


@dataclass(frozen=True)
class Timeline(Part, template="timeline"):
    """What happened, oldest first; undated marks come last, and ends take their place by date.

    The marks are a list in order, laid along a line where there is room. Distances say nothing, so dates are written out.
    """

    title: Words
    marks: tuple[Mark, ...]

    @property
    def in_order(self) -> list[Mark]:
        """The marks by date; two of one day stay as they were given."""
        return sorted(self.marks, key=lambda mark: mark.date or dt.date.max)


# ---------------------------------------------------------------------------------------------- side by side


@dataclass(frozen=True)
class Side:
    """One of the things compared: its letter, title and address, and the address of the page without it."""

    letter: str
    title: Words
    href: str = ""
    remove: str = ""
    left: str = ""  # the address with this one moved one place to the left
    right: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Cell:
    """What is said of one side. `differs` from the first side is shown by a bar and said in words."""

    text: Words
    state: Words = ""
    note: Words = ""
    source: Words = ""
    href: str = ""
    differs: bool = False


@dataclass(frozen=True)
class Row:
    """One thing compared, with a cell for each side."""

    label: Words
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows that belong together: money, time, how sure we are."""

    title: Words
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SideBySide(Part, template="side_by_side"):
    """Two to six things side by side."""

    caption: Words
    sides: tuple[Side, ...]
    groups: tuple[Group, ...]

    @property
    def wide(self) -> int:
        """Columns in all: one for the labels, one a side."""
        return len(self.sides) + 1


# ---------------------------------------------------------------------------------------------- finding one's way


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list: how many are left, and the address that does it (or undoes it, when selected)."""

    words: Words
    href: str
    count: int | None = None
    selected: bool = False


@dataclass(frozen=True)
class Facet:
    """Choices of one kind. `all` is the address that shows every choice, where only the first are here; `note` is about the numbers."""

    title: Words
    choices: tuple[Choice, ...]
    all: str = ""
    note: Words = ""


@dataclass(frozen=True)
class Facets(Part, template="facets"):
    """All ways to narrow a list, as links."""

    facets: tuple[Facet, ...]
    clear: str = ""  # the address without any choice


@dataclass(frozen=True)
class Turn:
    """A page's number in the pagination; 0 stands for the gap between numbers."""

    number: int
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pagination(Part, template="pagination"):
    """Where one is in a long list, and the way on."""

    turns: tuple[Turn, ...]
    previous: str = ""
    next: str = ""


def pagination(number: int, last: int, address: Callable[[int], str]) -> Pagination:
    """The pagination of page `number` of `last`: the first, the last, and those beside this one."""
    shown = sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1)))
    turns: list[Turn] = []
    for before, page in zip([0, *shown], shown, strict=False):
        turns += [Turn(0)] * (page - before > 1)
        turns.append(Turn(page, address(page), page == number))
    return Pagination(
        tuple(turns),
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
    )


@dataclass(frozen=True)
class Empty(Part, template="empty"):
    """What stands where there is nothing: what that means, and what to do next."""

    title: Words
    means: Words
    next: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Basket(Part, template="basket"):
    """What is chosen for comparing. `enough` when it can be compared as it is."""

    chosen: tuple[Link, ...]
    href: str
    clear: str = ""
    most: int = 6

    @property
    def enough(self) -> bool:
        return len(self.chosen) >= 2


@dataclass(frozen=True)
class Synthetic(Part, template="synthetic"):
    """The banner of made-up data."""

    partly: bool = False  # whether real data stands beside it
