"""Parts of pages: what they say, in words, whoever reads or hears it."""

import datetime as dt
import re

import pytest

from website.common import component_gallery, components, svg_markup
from website.common.components import (
    FacetLink,
    FactValue,
    PageLink,
    SideBySideCell,
    TableColumn,
    TableEntry,
    TimelineEvent,
)


def read_words(part) -> str:
    """The part as text, without tags and with single spaces."""
    text = re.sub(r"<[^>]+>", " ", part.html)
    return " ".join(text.split())


@pytest.mark.parametrize(
    "part", component_gallery.COMPONENT_EXAMPLES.values(), ids=component_gallery.COMPONENT_EXAMPLES
)
def test_every_part_is_drawn_from_its_template(part):
    assert read_words(part)


def test_every_part_is_on_the_page_of_parts():
    with_template = {
        name for name, kind in vars(components).items() if isinstance(kind, type) and hasattr(kind, "template")
    }
    shown = {type(part).__name__ for part in component_gallery.COMPONENT_EXAMPLES.values()}
    assert with_template - shown == {"FactValue", "TableEntry"}  # they stand in the lists of facts and in tables


def test_a_value_says_its_state_its_full_figure_and_its_source():
    said = FactValue("£12.4m", "observed", "£12,400,000", source="Notice 1", href="/n/1", date=dt.date(2026, 9, 3))
    assert read_words(said) == (
        "£12.4m , exactly £12,400,000 observed Notice 1 · 3 Sep 2026 where from Notice 1 · 3 Sep 2026"
    )


def test_a_gap_says_its_state_and_why():
    assert (
        read_words(FactValue(state="not reported", why="due since 30 June 2026"))
        == "not reported due since 30 June 2026"
    )


def test_what_is_published_is_never_taken_for_our_own_markup():
    page = FactValue("<b>bold</b>", "observed", exact='"><script>').html
    assert "<b>bold" not in page
    assert "<script" not in page


def test_a_table_without_rows_says_what_to_do():
    table = components.PageTable("Changes", (TableColumn("Date"),), (), empty="None was notified.")
    assert read_words(table) == "Changes None was notified."


def test_a_difference_is_said_in_words():
    rows = (components.SideBySideRow("Money", (SideBySideCell("£1m"), SideBySideCell("£2m", differs=True))),)
    sides = (components.SideBySideHeading("A", "One"), components.SideBySideHeading("B", "Two"))
    said = read_words(components.SideBySide("Two", sides, (components.SideBySideGroup("Money", rows),)))
    assert "£2m , differs from A" in said
    assert "£1m , differs" not in said


def test_marks_stand_by_date_and_undated_ones_last():
    late, early, undated = (
        TimelineEvent("late", dt.date(2026, 1, 1)),
        TimelineEvent("early", dt.date(2020, 1, 1)),
        TimelineEvent("undated", None),
    )
    assert components.Timeline("All", (undated, late, early)).in_order == [early, late, undated]


def test_a_change_is_said_in_words_not_by_colour_alone():
    timeline = components.Timeline(
        "All", (TimelineEvent("+£2m", dt.date(2026, 1, 1), kind="change"), TimelineEvent("signed", None))
    )
    assert read_words(timeline).count("Changed: +£2m") == 2  # along the line, and in the table
    assert "Changed: signed" not in read_words(timeline)


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [(1, 1, [1]), (1, 3, [1, 2, 3]), (5, 9, [1, 0, 4, 5, 6, 0, 9]), (9, 9, [1, 0, 8, 9])],
)
def test_pagination_shows_the_ends_and_what_is_near(number, last, shown):
    made = components.make_pagination(number, last, lambda page: f"?page={page}")
    assert [turn.number for turn in made.turns] == shown
    assert PageLink(number, f"?page={number}", current=True) in made.turns


def test_a_chosen_narrowing_says_that_it_can_be_removed():
    facet = components.FacetSection(
        "Stage", (FacetLink("ended", "/?", 3, selected=True), FacetLink("planned", "/?s", 1)), note="Too low."
    )
    assert "Stage Too low. Chosen, remove: ✕ ended 3 planned 1" in read_words(components.FacetList((facet,)))


@pytest.mark.parametrize(
    "svg",
    [
        "<p>not a drawing</p>", "<svg><script>1</script></svg>", '<svg><rect style="fill:red"/></svg>',
        '<svg onload="x()"/>', '<svg><a href="/x"/></svg>',
    ],
)  # fmt: skip
def test_a_drawing_with_more_than_lines_is_refused(svg):
    with pytest.raises(ValueError, match="plain drawing"):
        svg_markup.mark_svg_safe(svg)


def test_a_chart_not_marked_by_us_is_shown_as_text():
    table = components.PageTable("T", (TableColumn("A"),), ((TableEntry("1"),),))
    figure = components.ChartFigure("Title", "One sentence.", "<svg></svg>", table)
    assert "&lt;svg&gt;" in figure.html
