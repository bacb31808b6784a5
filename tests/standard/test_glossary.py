"""Explanations of tables, states and notice types in the glossary and the reference pages."""

import re
from pathlib import Path

from scripts.reference_pages import REFERENCE_FOLDER
from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.value_states import STATE_BY_CODE

ROOT = Path(__file__).resolve().parents[2]


def read_sections():
    """Return the terms that each section of the glossary explains, by heading."""
    parts = re.split(r"^#+ (.*)$", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    bodies = zip(parts[1::2], parts[2::2], strict=True)
    return {heading: re.findall(r"^- \*\*(.+?)\*\*: ", body, re.MULTILINE) for heading, body in bodies}


def test_glossary_lists_every_notice_type_with_its_name():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    assert read_sections()["Notice types"] == list(NOTICE_TYPES)
    assert [code for code, (name, _) in NOTICE_TYPES.items() if f"- **{code}**: {name}.\n" not in text] == []


def test_glossary_explains_every_state():
    assert read_sections()["States of a value"] == sorted(STATE_BY_CODE)


def test_glossary_or_reference_explains_every_table_and_state():
    glossary = {term for terms in read_sections().values() for term in terms}
    headings = {path.read_text(encoding="utf-8").splitlines()[2] for path in REFERENCE_FOLDER.glob("*.md")}
    assert {name for name in SDES_TABLES if name not in glossary and f"# {name}" not in headings} == set()
    states = (REFERENCE_FOLDER / "states.md").read_text(encoding="utf-8")
    assert {code for code in STATE_BY_CODE if code not in glossary and f"`{code}`" not in states} == set()
