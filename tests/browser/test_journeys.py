"""Readers' journeys through the site: by mouse or keyboard, on a phone or a desktop, with and without JavaScript."""

import pytest

from tests.website.sample_records import CORRECTED, DEAL, OPEN

SIZES = pytest.mark.parametrize(("width", "script"), [(360, True), (1280, True), (1280, False)])


def search(page, words):
    box = page.get_by_label("Search contracts, projects, sales, plans and organisations, or describe what you need")
    box.fill(words)
    page.get_by_role("button", name="Search").first.click()


@SIZES
def test_reader_sees_how_an_award_was_corrected(look, width, script):
    page = look("/", width=width, script=script).page
    search(page, "licences")
    page.get_by_role("link", name="Licences", exact=True).first.click()  # a sale with the same title comes second
    assert page.url.endswith(f"/processes/{CORRECTED}")
    assert "Value now: £188k (net of VAT). First published: £18.8m (net of VAT)" in page.locator("main").inner_text()
    page.get_by_role("link", name="Changes", exact=True).click()
    row = page.locator("#changes tbody tr").first.inner_text()
    assert ("£18,848,731" in row, "£188,487" in row) == (True, True)


def compare(page, title):
    page.locator(".tp-result").filter(has_text=title).first.get_by_role("link", name="Compare").click()


@SIZES
def test_reader_compares_three_procurements(look, width, script):
    page = look("/search/?q=casework", width=width, script=script).page
    compare(page, "Case management system")
    for words, title in (("licences", "Licences"), ("quotes", "alert")):
        page.get_by_label("Find another record to compare").fill(words)
        page.get_by_role("button", name="Search").last.click()
        compare(page, title)
    assert page.url.split("?")[1].replace("%2F", "/") == f"id={DEAL}/contracts/1&id={CORRECTED}&id={OPEN}"
    assert page.locator("table.tp-sides thead th").count() == 3
    assert page.get_by_role("heading", name="How alike these records are").is_visible()


@SIZES
def test_reader_finds_supplier_of_a_department(look, width, script):
    page = look("/", width=width, script=script).page
    search(page, "hosting home office")  # the notice says cloud
    result = page.locator(".tp-result").filter(has_text="Case management system").first.inner_text()
    assert "Alpha Hosting Ltd" in result


def test_reader_finds_a_procurement_by_keyboard(look):
    page = look("/").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the text
    page.keyboard.press("Tab")
    page.keyboard.type("licences")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Licences":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/processes/{CORRECTED}")


def test_search_box_keeps_the_words(look):
    page = look("/search/?q=%22case+management%22+zzqqy").page
    assert (
        page.get_by_label(
            "Search contracts, projects, sales, plans and organisations, or describe what you need"
        ).input_value()
        == '"case management" zzqqy'
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_reader_sees_changes_without_a_notice(look, width):
    page = look("/sources/", width=width).page
    page.get_by_role("link", name="See what publishers changed without a notice").click()
    text = page.locator("main").inner_text()
    assert "We found 1 silent edit and 1 vanished notice, none of them from UK publishers." in text
    assert "(corrected)" in text
    assert page.evaluate("document.documentElement.scrollWidth") <= width
