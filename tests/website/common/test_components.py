"""Tests of the components of pages and their text."""

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


def read_words(component) -> str:
    """Return a component's text, without tags and with single spaces."""
    text = re.sub(r"<[^>]+>", " ", component.html)
    return " ".join(text.split())


@pytest.mark.parametrize(
    "component", component_gallery.COMPONENT_EXAMPLES.values(), ids=component_gallery.COMPONENT_EXAMPLES
)
def test_component_renders(component):
    assert read_words(component)


def test_gallery_has_every_component():
    with_template = {
        name for name, kind in vars(components).items() if isinstance(kind, type) and hasattr(kind, "template")
    }
    shown = {type(component).__name__ for component in component_gallery.COMPONENT_EXAMPLES.values()}
    assert with_template - shown == {"FactValue", "TableEntry"}  # the examples of lists and tables contain these


def test_fact_value_shows_state_exact_figure_and_source():
    value = FactValue("£12.4m", "observed", "£12,400,000", source="Notice 1", href="/n/1", date=dt.date(2026, 9, 3))
    assert read_words(value) == (
        "£12.4m , exactly £12,400,000 observed Notice 1 · 3 Sep 2026 show source Notice 1 · 3 Sep 2026"
    )


def test_fact_value_missing_shows_state_and_reason():
    assert (
        read_words(FactValue(state="not reported", why="due since 30 June 2026"))
        == "not reported due since 30 June 2026"
    )


def test_fact_value_escapes_markup():
    page = FactValue("<b>bold</b>", "observed", exact='"><script>').html
    assert "<b>bold" not in page
    assert "<script" not in page


def test_table_empty_shows_message():
    table = components.PageTable("Changes", (TableColumn("Date"),), (), empty="None was notified.")
    assert read_words(table) == "Changes None was notified."


def test_side_by_side_says_differences_in_words():
    rows = (components.SideBySideRow("Money", (SideBySideCell("£1m"), SideBySideCell("£2m", differs=True))),)
    sides = (components.SideBySideHeading("A", "One"), components.SideBySideHeading("B", "Two"))
    text = read_words(components.SideBySide("Two", sides, (components.SideBySideGroup("Money", rows),)))
    assert "£2m , differs from A" in text
    assert "£1m , differs" not in text


def test_timeline_sorts_undated_events_last():
    late, early, undated = (
        TimelineEvent("late", dt.date(2026, 1, 1)),
        TimelineEvent("early", dt.date(2020, 1, 1)),
        TimelineEvent("undated", None),
    )
    assert components.Timeline("All", (undated, late, early)).in_order == [early, late, undated]


def test_timeline_says_changes_in_words():
    timeline = components.Timeline(
        "All", (TimelineEvent("+£2m", dt.date(2026, 1, 1), kind="change"), TimelineEvent("signed", None))
    )
    assert read_words(timeline).count("Changed: +£2m") == 2  # along the line, and in the table
    assert "Changed: signed" not in read_words(timeline)


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [(1, 1, [1]), (1, 3, [1, 2, 3]), (5, 9, [1, 0, 4, 5, 6, 0, 9]), (9, 9, [1, 0, 8, 9])],
)
def test_pagination_shows_ends_and_neighbours(number, last, shown):
    pagination = components.make_pagination(number, last, lambda page: f"?page={page}")
    assert [turn.number for turn in pagination.turns] == shown
    assert PageLink(number, f"?page={number}", current=True) in pagination.turns


def test_facet_chosen_says_it_can_be_removed():
    facet = components.FacetSection(
        "Stage", (FacetLink("ended", "/?", 3, selected=True), FacetLink("planned", "/?s", 1)), note="Too low."
    )
    assert "Stage Too low. Chosen. Remove: ✕ ended 3 planned 1" in read_words(components.FacetList((facet,)))


@pytest.mark.parametrize(
    "svg",
    [
        "<p>not a drawing</p>", "<svg><script>1</script></svg>", '<svg><rect style="fill:red"/></svg>',
        '<svg onload="x()"/>', '<svg><a href="/x"/></svg>',
    ],
)  # fmt: skip
def test_mark_svg_safe_refuses_active_content(svg):
    with pytest.raises(ValueError, match="plain drawing"):
        svg_markup.mark_svg_safe(svg)


def test_chart_not_marked_safe_is_escaped():
    table = components.PageTable("T", (TableColumn("A"),), ((TableEntry("1"),),))
    figure = components.ChartFigure("Title", "One sentence.", "<svg></svg>", table)
    assert "&lt;svg&gt;" in figure.html
