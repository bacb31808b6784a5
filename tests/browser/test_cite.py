"""Citing a figure in a browser, with and without JavaScript, and the accessibility of its page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.website.sample_records import DEAL


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, True), (1280, False)])
def test_cite_a_figure(look, width, script):
    page = look(f"/contracts/{DEAL}/contracts/1", width=width, script=script).page
    page.get_by_role("link", name="Cite a figure").click()
    page.get_by_label("Net value", exact=True).check()
    page.get_by_role("button", name="Make a permanent address").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Net value"
    assert "£14,200,000 net of VAT" in page.locator("main").inner_text()
    assert page.url in page.get_by_label("Plain text, with the address and the hash").input_value()
    assert page.evaluate("document.documentElement.scrollWidth") <= width if script else True


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_citation_page_is_accessible(look, width, scheme):
    page = look(f"/cite/?id={DEAL}/contracts/1&fact=end_current", width=width, dark=scheme == "dark").page
    page.get_by_role("button", name="Make a permanent address").click()
    page.get_by_text("Check the hash yourself").click()
    violations = Axe().run(page).response["violations"]
    assert [(x["id"], x["nodes"][0]["html"]) for x in violations if x["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_cite_form_without_choice_shows_error(look):
    page = look(f"/cite/?id={DEAL}/contracts/1").page
    page.get_by_role("button", name="Make a permanent address").click()
    assert page.get_by_role("alert").inner_text() == "There is a problem\nChoose a figure from the list."
    page.get_by_role("link", name="Choose a figure from the list.").click()
    assert page.evaluate("document.activeElement.id") == "fact-1"
