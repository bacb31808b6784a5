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


class Component:
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
class FactValue(Component, template="value"):
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
class FactLine:
    """One fact: what it is called, what is said of it, (in a fold) what it means, and where it can be cited."""

    label: Words
    said: FactValue
    meaning: Words = ""
    cite: str = ""


@dataclass(frozen=True)
class FactList(Component, template="facts"):
    """A list of facts, most important first."""

    lines: tuple[FactLine, ...]


@dataclass(frozen=True)
class GradeBadge(Component, template="grade"):
    """How much of what should be there is there. `cap` says what holds the grade down; no letter: it was not graded."""

    letter: str
    words: Words
    cap: Words = ""


# ---------------------------------------------------------------------------------------------- tables and charts


@dataclass(frozen=True)
class TableColumn:
    """A column's heading; numbers stand to the right, under their unit."""

    title: Words
    unit: Words = ""
    numeric: bool = False


@dataclass(frozen=True)
class TableEntry(Component, template="entry"):
    """What stands in one place of a table. `exact` is the full figure where `text` is short; `state` stands for no text.

    `rest` is what follows a long text's beginning: it unfolds.
    """

    text: Words = ""
    exact: Words = ""
    href: str = ""
    state: Words = ""
    rest: Words = ""


MIN_STACKED_COLUMNS = 3  # columns


@dataclass(frozen=True)
class PageTable(Component, template="table"):
    """A table. `note` says what it leaves out; `empty` what to do when there is no row. The first cell names its row."""

    caption: Words
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableEntry, ...], ...]
    note: Words = ""
    empty: Words = ""
    hide_caption: bool = False

    @property
    def stacks(self) -> bool:
        """Whether it is too wide for a phone: there each row's cells stand one under the other, each with its heading."""
        return len(self.columns) >= MIN_STACKED_COLUMNS

    @property
    def laid_out(self) -> list[list[tuple[TableColumn, TableEntry]]]:
        """Each row as pairs of column and entry."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class ChartFigure(Component, template="figure"):
    """A chart made on the server (`drawn`), its title, one sentence of what it shows, and the same as a table."""

    title: Words
    summary: Words
    svg: SafeString
    table: PageTable
    note: Words = ""


# ---------------------------------------------------------------------------------------------- a story in order


@dataclass(frozen=True)
class TimelineEvent:
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
class Timeline(Component, template="timeline"):
    """What happened, oldest first; undated marks come last, and ends take their place by date.

    The marks are a list in order, laid along a line where there is room. Distances say nothing, so dates are written out.
    """

    title: Words
    marks: tuple[TimelineEvent, ...]

    @property
    def in_order(self) -> list[TimelineEvent]:
        """The marks by date; two of one day stay as they were given."""
        return sorted(self.marks, key=lambda mark: mark.date or dt.date.max)


# ---------------------------------------------------------------------------------------------- side by side


@dataclass(frozen=True)
class SideBySideHeading:
    """One of the things compared: its letter, title and address, and the address of the page without it."""

    letter: str
    title: Words
    href: str = ""
    remove: str = ""
    left: str = ""  # the address with this one moved one place to the left
    right: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class SideBySideCell:
    """What is said of one side. `differs` from the first side is shown by a bar and said in words."""

    text: Words
    state: Words = ""
    note: Words = ""
    source: Words = ""
    href: str = ""
    differs: bool = False


@dataclass(frozen=True)
class SideBySideRow:
    """One thing compared, with a cell for each side."""

    label: Words
    cells: tuple[SideBySideCell, ...]


@dataclass(frozen=True)
class SideBySideGroup:
    """Rows that belong together: money, time, how sure we are."""

    title: Words
    rows: tuple[SideBySideRow, ...]


@dataclass(frozen=True)
class SideBySide(Component, template="side_by_side"):
    """Two to six things side by side."""

    caption: Words
    sides: tuple[SideBySideHeading, ...]
    groups: tuple[SideBySideGroup, ...]

    @property
    def wide(self) -> int:
        """Columns in all: one for the labels, one a side."""
        return len(self.sides) + 1


# ---------------------------------------------------------------------------------------------- finding one's way


@dataclass(frozen=True)
class FacetLink:
    """One way to narrow a list: how many are left, and the address that does it (or undoes it, when selected)."""

    words: Words
    href: str
    count: int | None = None
    selected: bool = False


@dataclass(frozen=True)
class FacetSection:
    """Choices of one kind. `all` is the address that shows every choice, where only the first are here; `note` is about the numbers."""

    title: Words
    choices: tuple[FacetLink, ...]
    all: str = ""
    note: Words = ""


@dataclass(frozen=True)
class FacetList(Component, template="facets"):
    """All ways to narrow a list, as links."""

    facets: tuple[FacetSection, ...]
    clear: str = ""  # the address without any choice


@dataclass(frozen=True)
class PageLink:
    """A page's number in the pagination; 0 stands for the gap between numbers."""

    number: int
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pagination(Component, template="pagination"):
    """Where one is in a long list, and the way on."""

    turns: tuple[PageLink, ...]
    previous: str = ""
    next: str = ""


def make_pagination(number: int, last: int, address: Callable[[int], str]) -> Pagination:
    """The pagination of page `number` of `last`: the first, the last, and those beside this one."""
    shown = sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1)))
    turns: list[PageLink] = []
    for before, page in zip([0, *shown], shown, strict=False):
        turns += [PageLink(0)] * (page - before > 1)
        turns.append(PageLink(page, address(page), page == number))
    return Pagination(
        tuple(turns),
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
    )


@dataclass(frozen=True)
class EmptyState(Component, template="empty"):
    """What stands where there is nothing: what that means, and what to do next."""

    title: Words
    means: Words
    next: tuple[Link, ...] = ()


@dataclass(frozen=True)
class CompareBasket(Component, template="basket"):
    """What is chosen for comparing. `enough` when it can be compared as it is."""

    chosen: tuple[Link, ...]
    href: str
    clear: str = ""
    most: int = 6

    @property
    def enough(self) -> bool:
        return len(self.chosen) >= 2


@dataclass(frozen=True)
class SyntheticBanner(Component, template="synthetic"):
    """The banner of made-up data."""

    partly: bool = False  # whether real data stands beside it
