"""Tests of every page: accessibility, screen sizes, weight, and no requests to other sites.

To test a new page, add it to PAGES.
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
WIDTHS = [360, 1280]  # a small phone, a desktop
MAX_PAGE_BYTES = 200_000  # transferred on a first visit

PAGE_WIDTHS = [(path, width) for path in PAGES for width in WIDTHS]


@pytest.fixture(scope="module", params=PAGE_WIDTHS, ids=lambda page_width: f"{page_width[0]} {page_width[1]}")
def seen(request, chromium, site):
    """Each page at each width, opened once for all tests that only read it."""
    path, width = request.param
    with open_page(chromium, site, path, width=width) as page:
        yield page


def test_page_is_small_and_fits_and_loads_nothing_from_other_sites(seen):
    assert (seen.status, seen.elsewhere, seen.console) == (PAGES[seen.path], [], [])
    assert 3_000 < seen.bytes < MAX_PAGE_BYTES
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= seen.width


def test_page_is_accessible(seen):
    for scheme in ("light", "dark") if seen.width > WIDTHS[0] or FULL_SIZE else ("light",):
        seen.page.emulate_media(color_scheme=scheme)
        violations = Axe().run(seen.page).response["violations"]
        serious = [(x["id"], x["nodes"][0]["html"]) for x in violations if x["impact"] in ("serious", "critical")]
        assert serious == [], scheme


def test_page_is_complete_without_script(seen, look):
    page = look(seen.path, width=seen.width, script=False).page
    assert read_main(seen.page) == read_main(page)
    assert page.locator("main h1").count() == 1
    assert all(link.is_visible() for link in page.locator("header a, footer a").all())


def read_main(page) -> str:
    """Return the text of the main part without the id of the request, which differs each time."""
    return re.sub(r"\b[0-9a-f]{12}\b", "", page.locator("main").inner_text())


def test_first_tab_stop_skips_to_the_text(look):
    page = look("/design/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_wide_table_scrolls_by_keyboard_in_its_frame(look):
    page = look("/coverage/", width=360).page
    frame = page.locator(".tp-scroll:has(.tp-heat)")
    frame.focus()
    page.keyboard.press("ArrowRight")
    left = 0
    for _ in range(50):  # no wait_for_function: it evaluates text, which the page's security policy forbids
        left = frame.evaluate("element => element.scrollLeft")
        if left:
            break
        page.wait_for_timeout(100)
    assert left > 0


def test_three_compared_records_fit_on_a_phone_as_a_table(look):
    page = look("/design/", width=360).page
    table = page.get_by_role("table", name="Three invented contracts side by side")
    boxes = [heading.bounding_box() for heading in table.get_by_role("columnheader").all()]
    assert [box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes] == [True] * 3
    assert table.get_by_role("rowheader").count() > 3
    # Screen readers match cells to headings by position, so the empty corner must stay in the table.
    assert table.locator("thead tr > *").count() == 4
    assert table.locator(".tp-sides__corner").evaluate("element => getComputedStyle(element).display") != "none"
    assert table.get_by_role("cell").count() == 10  # nine, and the empty corner


def test_wide_table_on_a_phone_repeats_headings_in_cells(look):
    page = look("/sources/", width=360).page
    row = page.get_by_role("table", name="Notices by publisher").get_by_role("row").nth(1)
    script = "element => [...element.querySelectorAll('td')].map(cell => getComputedStyle(cell, '::before').content)"
    heads = row.evaluate(script)
    assert heads == [f'"{head}" / ""' for head in ("Group", "Notices", "Procurements", "Contracts", "Latest notice")]
    boxes = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert [after["y"] >= before["y"] + before["height"] for before, after in itertools.pairwise(boxes)] == [True] * 4


def test_chart_is_readable_in_dark_mode(look):
    page = look(f"/projects/sdes-gmpp-{GMPP}", dark=True).page
    ink = page.locator(".tp-chart__text").first.evaluate("element => getComputedStyle(element).fill")
    ground = page.locator(".tp-figure__drawing").first.evaluate("element => getComputedStyle(element).backgroundColor")
    assert (ink, ground) == ("rgb(28, 27, 31)", "rgb(255, 255, 255)")


@pytest.mark.parametrize(("width", "shown"), [(360, "show source"), (1280, "Notice 000001-2026")])
def test_source_is_folded_only_on_a_phone(look, width, shown):
    text = look("/design/", width=width).page.locator(".tp-value").first.inner_text()
    assert ("show source" in text, "Notice 000001-2026" in text) == (shown == "show source", shown != "show source")
