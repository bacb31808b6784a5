"""Components of pages: frozen dataclasses that render their own template.

    {{ page.timeline.html }}

Callers pass text as people should read it; a component adds only text that is the same on every page. `/design/` shows them all.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Component:
    """Base class of components with a template in common/parts/."""

    template: ClassVar[str]

    def __init_subclass__(cls, template: str) -> None:
        cls.template = f"common/parts/{template}.html"

    @property
    def html(self) -> SafeString:
        return render_to_string(self.template, {"part": self})


Words = str | Promise  # plain text, or text that is translated when the page is rendered


@dataclass(frozen=True)
class Link:
    """A link and its text."""

    words: Words
    href: str


# ---------------------------------------------------------------------------------------------- a value and its state


@dataclass(frozen=True)
class FactValue(Component, template="value"):
    """A value with its state and source. Without `text` there is no value: the page shows `state` instead, then `why`.

    `text` is short (£12.4m), `exact` the full figure. `detail` follows the value or the reason.
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
    """One fact: its label, its value, its meaning, and the URL that cites it."""

    label: Words
    value: FactValue
    meaning: Words = ""
    cite: str = ""


@dataclass(frozen=True)
class FactList(Component, template="facts"):
    """A list of facts, most important first."""

    lines: tuple[FactLine, ...]


@dataclass(frozen=True)
class GradeBadge(Component, template="grade"):
    """A coverage grade. `cap` says what limits the grade; without a letter the record was not graded."""

    letter: str
    words: Words
    cap: Words = ""


# ---------------------------------------------------------------------------------------------- tables and charts


@dataclass(frozen=True)
class TableColumn:
    """A column's heading; numbers are aligned right, under their unit."""

    title: Words
    unit: Words = ""
    numeric: bool = False


@dataclass(frozen=True)
class TableEntry(Component, template="entry"):
    """One cell of a table. `exact` is the full figure of a short `text`; `state` follows the text, or replaces it.

    `rest` is the remainder of a long text, shown when the reader unfolds it.
    """

    text: Words = ""
    exact: Words = ""
    href: str = ""
    state: Words = ""
    rest: Words = ""


MIN_STACKED_COLUMNS = 3


@dataclass(frozen=True)
class PageTable(Component, template="table"):
    """A table. `note` says what it leaves out; `empty` what to do if there is no row. The first cell of a row is its heading."""

    caption: Words
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableEntry, ...], ...]
    note: Words = ""
    empty: Words = ""
    hide_caption: bool = False

    @property
    def stacks(self) -> bool:
        """True if the table is too wide for a phone, which then stacks each row's cells, each with its heading."""
        return len(self.columns) >= MIN_STACKED_COLUMNS

    @property
    def laid_out(self) -> list[list[tuple[TableColumn, TableEntry]]]:
        """Rows as pairs of column and entry."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class ChartFigure(Component, template="figure"):
    """A chart from the server (`svg`) with a title, a summary in one sentence, and the same data as a table."""

    title: Words
    summary: Words
    svg: SafeString
    table: PageTable
    note: Words = ""


# ---------------------------------------------------------------------------------------------- a story in order


@dataclass(frozen=True)
class TimelineEvent:
    """One event. `kind`: event, change, first-end (the end as first agreed) or due (the current end)."""

    words: Words
    date: dt.date | None
    href: str = ""
    kind: str = "event"

    @property
    def changed(self) -> bool:
        """True for a change, which has the accent colour and the word “Changed”."""
        return self.kind == "change"


@dataclass(frozen=True)
class Timeline(Component, template="timeline"):
    """Events, oldest first; undated ones come last.

    The events are a list in order, along a line if there is room. Distances mean nothing, so dates are written out.
    """

    title: Words
    marks: tuple[TimelineEvent, ...]

    @property
    def in_order(self) -> list[TimelineEvent]:
        """Events by date; events of one day keep their order."""
        return sorted(self.marks, key=lambda mark: mark.date or dt.date.max)


# ---------------------------------------------------------------------------------------------- side by side


@dataclass(frozen=True)
class SideBySideHeading:
    """One compared record: its letter, title and URL, and the URLs of the page without it or with it moved."""

    letter: str
    title: Words
    href: str = ""
    remove: str = ""
    left: str = ""
    right: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class SideBySideCell:
    """One cell of a comparison. `differs` from the first side is shown by a bar and by words."""

    text: Words
    state: Words = ""
    note: Words = ""
    source: Words = ""
    href: str = ""
    differs: bool = False


@dataclass(frozen=True)
class SideBySideRow:
    """One compared fact, with a cell for each side."""

    label: Words
    cells: tuple[SideBySideCell, ...]


@dataclass(frozen=True)
class SideBySideGroup:
    """Rows that belong together, such as money or time."""

    title: Words
    rows: tuple[SideBySideRow, ...]


@dataclass(frozen=True)
class SideBySide(Component, template="side_by_side"):
    """Two to six records side by side."""

    caption: Words
    sides: tuple[SideBySideHeading, ...]
    groups: tuple[SideBySideGroup, ...]

    @property
    def wide(self) -> int:
        """Number of columns: one for the labels, and one for each side."""
        return len(self.sides) + 1


# ---------------------------------------------------------------------------------------------- navigation


@dataclass(frozen=True)
class FacetLink:
    """One way to narrow a list: how many results are left, and the URL that selects it (or removes it if selected)."""

    words: Words
    href: str
    count: int | None = None
    selected: bool = False

    @property
    def shown_count(self) -> str:
        """The count with separators, such as 12,345."""
        return "" if self.count is None else f"{self.count:,}"


@dataclass(frozen=True)
class FacetSection:
    """Choices of one facet. `all` is the URL that shows every choice if only the first are listed; `note` is about the counts."""

    title: Words
    choices: tuple[FacetLink, ...]
    all: str = ""
    note: Words = ""


@dataclass(frozen=True)
class FacetList(Component, template="facets"):
    """All ways to narrow a list, as links."""

    facets: tuple[FacetSection, ...]
    clear: str = ""  # the URL without any choice


@dataclass(frozen=True)
class PageLink:
    """A page number in the pagination; 0 is a gap between numbers."""

    number: int
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pagination(Component, template="pagination"):
    """Links to the pages of a long list."""

    turns: tuple[PageLink, ...]
    previous: str = ""
    next: str = ""


def make_pagination(number: int, last: int, address: Callable[[int], str]) -> Pagination:
    """Return the pagination of page `number` of `last`: the first and last page, this one and its neighbours."""
    pages = sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1)))
    turns: list[PageLink] = []
    for previous, page in zip([0, *pages], pages, strict=False):
        turns += [PageLink(0)] * (page - previous > 1)
        turns.append(PageLink(page, address(page), page == number))
    return Pagination(
        tuple(turns),
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
    )


@dataclass(frozen=True)
class EmptyState(Component, template="empty"):
    """A message for an empty list: what it means, and what to do next."""

    title: Words
    means: Words
    next: tuple[Link, ...] = ()


@dataclass(frozen=True)
class CompareBasket(Component, template="basket"):
    """The records chosen for a comparison. `enough` is True from two records on."""

    chosen: tuple[Link, ...]
    href: str
    clear: str = ""
    most: int = 6

    @property
    def enough(self) -> bool:
        return len(self.chosen) >= 2


@dataclass(frozen=True)
class SyntheticBanner(Component, template="synthetic"):
    """The banner of synthetic data."""

    partly: bool = False  # True if the page has real data too
