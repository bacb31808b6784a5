"""Tests that links between documentation pages resolve."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")]
LINK_PATTERN = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def find_anchors(text):
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain_headings = [re.sub(r"[^\w -]", "", re.sub(r"\]\([^)]*\)", "]", heading)) for heading in headings]
    return {heading.strip().lower().replace(" ", "-") for heading in plain_headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_page_has_no_broken_links(page):
    text, broken = page.read_text(encoding="utf-8"), []
    for name, anchor in LINK_PATTERN.findall(text):
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            broken.append(name)
        elif anchor and target.suffix == ".md" and anchor not in find_anchors(target.read_text(encoding="utf-8")):
            broken.append(f"{name}#{anchor}")
    assert broken == []


def test_docs_readme_links_every_page_that_is_not_generated():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    names = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    written_names = [name for name in names if not name.startswith("reference/") and name != "README.md"]
    assert [name for name in written_names if f"({name})" not in index] == []
