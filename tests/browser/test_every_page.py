"""What holds of every page: read by anyone, on any screen, with nothing from elsewhere.

A new page is one line in PAGES.
"""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import open_page
from tests.size import FULL_SIZE
from tests.website.sample_records import CORRECTED, DEAL, GMPP, OFFICE, find_line

PAGES = {
    "/": 200, "/design/": 200, "/nothing-here": 404, "/fails": 500, "/refused": 403, "/suspect": 400,
    "/search/?q=hosting": 200, "/search/?q=zzqqy": 200, "/compare/": 200, f"/compare/?id={DEAL}&id={CORRECTED}": 200,
    f"/processes/{CORRECTED}": 200, f"/contracts/{DEAL}/contracts/1": 200, f"/awards/{CORRECTED}/awards/1": 200,
    f"/organisations/{OFFICE}": 200, f"/projects/sdes-gmpp-{GMPP}": 200, f"/payments/{find_line('pay')}": 200,
    f"/sales/{find_line('sale')}": 200, f"/plans/{find_line('plan')}": 200,
    f"/cite/?id={DEAL}/contracts/1": 200, f"/cite/?id={DEAL}/contracts/1&fact=value_net": 200, "/cite/": 200, "/cite/x/y/": 404,
    "/changes/": 200,
    "/sources/": 200, "/coverage/": 200, "/coverage/?notice=UK6": 200, "/coverage/Find%20a%20Tender/": 200, "/check/": 200,
    "/api/": 200, "/downloads/": 200,
    "/method/": 200, "/accessibility/": 200, "/privacy/": 200,
}  # fmt: skip
WIDTHS = [360, 1280]  # a small phone, a desk
MOST_BYTES = 200_000  # over the wire, for a first visit

EACH = [(path, width) for path in PAGES for width in WIDTHS]


@pytest.fixture(scope="module", params=EACH, ids=lambda each: f"{each[0]} {each[1]}")
def seen(request, chromium, site):
    """Each page at each width; opened once for all tests that only look at it."""
    path, width = request.param
    with open_page(chromium, site, path, width=width) as page:
        yield page


def test_the_page_is_light_and_fits_and_nothing_comes_from_elsewhere(seen):
    assert (seen.status, seen.elsewhere, seen.console) == (PAGES[seen.path], [], [])
    assert 3_000 < seen.bytes < MOST_BYTES
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= seen.width


def test_anyone_can_use_the_page(seen):
    for scheme in ("light", "dark") if seen.width > WIDTHS[0] or FULL_SIZE else ("light",):
        seen.page.emulate_media(color_scheme=scheme)
        found = Axe().run(seen.page).response["violations"]
        serious = [(x["id"], x["nodes"][0]["html"]) for x in found if x["impact"] in ("serious", "critical")]
        assert serious == [], scheme


def test_the_page_is_whole_without_script(seen, look):
    without = look(seen.path, width=seen.width, script=False).page
    assert read_main(seen.page) == read_main(without)
    assert without.locator("main h1").count() == 1
    assert all(link.is_visible() for link in without.locator("header a, footer a").all())


def read_main(page) -> str:
    """What can be read, but for the id of the request, which is another each time."""
    return re.sub(r"\b[0-9a-f]{12}\b", "", page.locator("main").inner_text())


def test_the_keyboard_comes_to_the_text_first(look):
    page = look("/design/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_wide_table_scrolls_by_keyboard_inside_its_own_frame(look):
    page = look("/coverage/", width=360).page
    frame = page.locator(".tp-scroll:has(.tp-heat)")
    frame.focus()
    page.keyboard.press("ArrowRight")
    left = 0
    for _ in range(50):  # asked from here: a page that is told to wait would evaluate text, which its policy forbids
        left = frame.evaluate("one => one.scrollLeft")
        if left:
            break
        page.wait_for_timeout(100)
    assert left > 0


def test_three_sides_are_seen_at_once_on_a_phone_and_are_still_a_table(look):
    page = look("/design/", width=360).page
    table = page.get_by_role("table", name="Three invented contracts side by side")
    ends = [side.bounding_box() for side in table.get_by_role("columnheader").all()]
    assert [box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in ends] == [True] * 3
    assert table.get_by_role("rowheader").count() > 3
    # What reads the table by position counts the empty corner too, or each cell would take its neighbour's heading.
    assert table.locator("thead tr > *").count() == 4
    assert table.locator(".tp-sides__corner").evaluate("one => getComputedStyle(one).display") != "none"
    assert table.get_by_role("cell").count() == 10  # nine, and the empty corner


def test_on_a_phone_each_cell_of_a_wide_table_has_its_heading(look):
    page = look("/sources/", width=360).page
    row = page.get_by_role("table", name="Notices by publisher").get_by_role("row").nth(1)
    told = "[...arguments[0].querySelectorAll('td')].map(cell => getComputedStyle(cell, '::before').content)"
    heads = row.evaluate(f"(...arguments) => {told}")
    assert heads == [f'"{head}" / ""' for head in ("Group", "Notices", "Processes", "Contracts", "Newest notice")]
    boxes = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert [after["y"] >= before["y"] + before["height"] for before, after in itertools.pairwise(boxes)] == [True] * 4


def test_a_chart_can_be_read_in_the_dark(look):
    page = look(f"/projects/sdes-gmpp-{GMPP}", dark=True).page
    ink = page.locator(".tp-chart__text").first.evaluate("one => getComputedStyle(one).fill")
    ground = page.locator(".tp-figure__drawing").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert (ink, ground) == ("rgb(28, 27, 31)", "rgb(255, 255, 255)")


@pytest.mark.parametrize(("width", "shown"), [(360, "where from"), (1280, "Notice 000001-2026")])
def test_the_source_stands_in_the_line_or_in_a_fold(look, width, shown):
    said = look("/design/", width=width).page.locator(".tp-said").first.inner_text()
    assert ("where from" in said, "Notice 000001-2026" in said) == (shown == "where from", shown != "where from")
