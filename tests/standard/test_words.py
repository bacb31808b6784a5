"""The words: one meaning each, in order; tables and states explained; every link of our pages leads somewhere."""

import re
from pathlib import Path

import pytest

from threepoint.standard.codes import NOTICES
from threepoint.standard.pages import FOLDER
from threepoint.standard.sdes import SDES
from threepoint.standard.states import STATES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "ARCHITECTURE.md", ROOT / "GLOSSARY.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")


def sections():
    """The glossary's headings, and of each the words that it explains."""
    parts = re.split(r"^#+ (.*)$", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    bodies = zip(parts[1::2], parts[2::2], strict=True)
    return {head: re.findall(r"^- \*\*(.+?)\*\*: ", body, re.MULTILINE) for head, body in bodies}


def test_the_words_stand_in_order_and_once_each():
    words = sections()["Glossary"]
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len({word.casefold() for word in words})


def test_every_notice_type_is_explained_by_its_name():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    assert sections()["Notice types"] == list(NOTICES)
    assert [code for code, (words, _) in NOTICES.items() if f"- **{code}**: {words}.\n" not in text] == []


def test_every_state_is_explained():
    assert sections()["States of a value"] == sorted(STATES)


def test_every_table_and_state_is_explained_somewhere():
    glossary = {word for words in sections().values() for word in words}
    heads = {path.read_text(encoding="utf-8").splitlines()[2] for path in FOLDER.glob("*.md")}
    assert {name for name in SDES if name not in glossary and f"# {name}" not in heads} == set()
    states = (FOLDER / "states.md").read_text(encoding="utf-8")
    assert {code for code in STATES if code not in glossary and f"`{code}`" not in states} == set()


def anchor(heading):
    """The anchor that a heading has on a code host."""
    return "#" + re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path):
    return {anchor(head) for head in re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)}


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_every_link_leads_somewhere(page):
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    links = [(target, place) for target, place in LINK.findall(text) if not target.startswith(("http", "mailto"))]
    homes = {target: (page.parent / target).resolve() if target else page for target, _ in links}
    assert [target for target, home in homes.items() if not home.exists()] == []
    assert [t + place for t, place in links if place and place not in anchors(homes[t])] == []


def test_every_folder_of_the_documentation_is_named_in_its_map():
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in (ROOT / "docs").iterdir() if path.is_dir()}
    assert {name for name in folders if f"({name}/" not in text} == set()
