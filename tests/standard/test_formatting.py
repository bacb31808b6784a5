"""Tables, states and types of notices are explained in the glossary or in the reference pages."""

import re
from pathlib import Path

from scripts.reference_pages import REFERENCE_FOLDER
from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.sdes import SDES_TABLES

ROOT = Path(__file__).resolve().parents[2]


def read_sections():
    """The glossary's headings, and of each the words that it explains."""
    parts = re.split(r"^#+ (.*)$", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    bodies = zip(parts[1::2], parts[2::2], strict=True)
    return {head: re.findall(r"^- \*\*(.+?)\*\*: ", body, re.MULTILINE) for head, body in bodies}


def test_every_notice_type_is_explained_by_its_name():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    assert read_sections()["Notice types"] == list(NOTICE_TYPES)
    assert [code for code, (words, _) in NOTICE_TYPES.items() if f"- **{code}**: {words}.\n" not in text] == []


def test_every_state_is_explained():
    assert read_sections()["States of a value"] == sorted(STATE_BY_CODE)


def test_every_table_and_state_is_explained_somewhere():
    glossary = {word for words in read_sections().values() for word in words}
    heads = {path.read_text(encoding="utf-8").splitlines()[2] for path in REFERENCE_FOLDER.glob("*.md")}
    assert {name for name in SDES_TABLES if name not in glossary and f"# {name}" not in heads} == set()
    states = (REFERENCE_FOLDER / "states.md").read_text(encoding="utf-8")
    assert {code for code in STATE_BY_CODE if code not in glossary and f"`{code}`" not in states} == set()
