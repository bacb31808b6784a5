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
    """What has a template."""

    template: ClassVar[str]

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
class Said(Part):
    """A value with its state and source. Without `text` there is no value: `state` stands in its place, then `why`.

    `text` is short (£12.4m), `exact` the full figure. `detail` follows either. `help` leads to what the state means.
    """

    template: ClassVar[str] = "common/parts/value.html"

    text: Words = ""
    state: Words = ""
    exact: Words = ""
    why: Words = ""
    detail: Words = ""
    source: Words = ""
    href: str = ""
    date: dt.date | None = None
    help: str = ""


@dataclass(frozen=True)
class Line:
    """One fact: what it is called, what is said of it, (in a fold) what it means, and where it can be cited."""

    label: Words
    said: Said
    meaning: Words = ""
    cite: str = ""


@dataclass(frozen=True)
class Facts(Part):
    """A list of facts, most important first."""

    template: ClassVar[str] = "common/parts/facts.html"

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Grade(Part):
    """How much of what should be there is there. `cap` says what holds the grade down; no letter: it was not graded."""

    template: ClassVar[str] = "common/parts/grade.html"

    letter: str
    words: Words
    cap: Words = ""
    href: str = ""


@dataclass(frozen=True)
class Tag(Part):
    """A word set apart, always in neutral grey."""

    template: ClassVar[str] = "common/parts/tag.html"

    words: Words


# ---------------------------------------------------------------------------------------------- tables and charts


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers stand to the right, under their unit."""

    title: Words
    unit: Words = ""
    numeric: bool = False


@dataclass(frozen=True)
class Entry(Part):
    """What stands in one place of a table. `exact` is the full figure where `text` is short; `state` stands for no text.

    `rest` is what follows a long text's beginning: it unfolds.
    """

    template: ClassVar[str] = "common/parts/entry.html"

    text: Words = ""
    exact: Words = ""
    href: str = ""
    state: Words = ""
    rest: Words = ""


STACKS = 3  # columns


@dataclass(frozen=True)
class Table(Part):
    """A table. `note` says what it leaves out; `empty` what to do when there is no row. The first cell names its row."""

    template: ClassVar[str] = "common/parts/table.html"

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
class Figure(Part):
    """A chart made on the server (`drawn`), its title, one sentence of what it shows, and the same as a table."""

    template: ClassVar[str] = "common/parts/figure.html"

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
class Timeline(Part):
    """What happened, oldest first; undated marks come last, and ends take their place by date.

    The marks are a list in order, laid along a line where there is room. Distances say nothing, so dates are written out.
    """

    template: ClassVar[str] = "common/parts/timeline.html"

    title: Words
    marks: tuple[Mark, ...]
    note: Words = ""

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
    exact: Words = ""
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
class SideBySide(Part):
    """Two to six things side by side."""

    template: ClassVar[str] = "common/parts/side_by_side.html"

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
class Facets(Part):
    """All ways to narrow a list, as links."""

    template: ClassVar[str] = "common/parts/facets.html"

    facets: tuple[Facet, ...]
    clear: str = ""  # the address without any choice


@dataclass(frozen=True)
class Turn:
    """A page's number in the pagination; 0 stands for the gap between numbers."""

    number: int
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pagination(Part):
    """Where one is in a long list, and the way on."""

    template: ClassVar[str] = "common/parts/pagination.html"

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
class Breadcrumbs(Part):
    """The way here from home; the page itself is not among them."""

    template: ClassVar[str] = "common/parts/breadcrumbs.html"

    crumbs: tuple[Link, ...]


@dataclass(frozen=True)
class Empty(Part):
    """What stands where there is nothing: what that means, and what to do next."""

    template: ClassVar[str] = "common/parts/empty.html"

    title: Words
    means: Words
    next: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Basket(Part):
    """What is chosen for comparing. `enough` when it can be compared as it is."""

    template: ClassVar[str] = "common/parts/basket.html"

    chosen: tuple[Link, ...]
    href: str
    clear: str = ""
    most: int = 6

    @property
    def enough(self) -> bool:
        return len(self.chosen) >= 2


@dataclass(frozen=True)
class Download:
    """A file: what is in it, its form (CSV), its size in bytes, and its checksum."""

    words: Words
    href: str
    form: str
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Downloads(Part):
    """Files to take away."""

    template: ClassVar[str] = "common/parts/downloads.html"

    files: tuple[Download, ...]


@dataclass(frozen=True)
class Synthetic(Part):
    """The banner of made-up data."""

    template: ClassVar[str] = "common/parts/synthetic.html"

    partly: bool = False  # whether real data stands beside it
