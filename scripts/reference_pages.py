"""Writes docs/reference/sdes/ from the definitions: `python -m scripts.reference_pages`, or `make docs`.

`--check` writes nothing and ends with 1 where a page is missing, differs from its definition, or has none.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from threepoint.standard import code_lists
from threepoint.standard.definition import TYPES, Field, Table
from threepoint.standard.field_states import STATES
from threepoint.standard.history_tables import HISTORY
from threepoint.standard.schema_export import CSV, JSON, PARQUET, closed, frictionless, json_schema, level, parquet
from threepoint.standard.sdes import ATTRIBUTION, CONFORMANCE, GROUPS, LEVEL_WEIGHTS, VERSION, Group
from threepoint.standard.tables_projects import FOI_SECTIONS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "sdes"
Row = tuple[str, ...]

SUBJECT = (
    "A subject: each Core and Important field of each row has a row in [field_state](field_state.md), which says "
    "what is known of it."
)
NO_SUBJECT = "Not a subject: its fields have no rows in [field_state](field_state.md)."
INTRODUCTION = (
    f"SDES is the standardised data and evaluation scheme; this is version {VERSION}. Below are its tables. Beside "
    "them stand the [states of a value](states.md) and the [code lists](code-lists.md). What publishers said, "
    "before anything is made of it, stands in the [history tables](history.md)."
)
SOURCES = (
    "A source is a path in OCDS 1.1 with the UK extension, another table and its field, or words that say where the "
    "value comes from. “Worked out here” means that no one publishes it: this software works it out, by a rule "
    "given in the meaning or on a page of its own."
)
EMPTY = (
    "Every column but those of the key may be empty. For a subject, a Core or Important field that is empty always "
    "has a [state](states.md) that says why."
)
WRITTEN = (
    'Money is a text in JSON, such as `"1250000.00"`, because most readers of JSON numbers lose pennies. No column '
    "holds a list: where several values belong to a row, they are rows of a table of their own, or words as "
    "published in one text."
)
STATED = (
    "Every Core and Important field of every subject has one of these states. An empty field is never zero, and "
    "never good or bad: its state says why it is empty."
)
COUNTED = (
    "“Due” says whether the field counts in what should be there; “filled” whether it counts as there. The "
    "[coverage](coverage.md) grade is the weight of what is filled over the weight of what is due."
)
SAID = (
    "What publishers said, as they said it: one row for each thing in each release, only ever added to. The source "
    "of a field is its path in OCDS 1.1, within the place that the table is read from. `[]` marks a list and `{}` a "
    "set of named values. `identify(…)` is the identifier that the paths within give. A field that is not here is "
    "not read. The tables `gmpp_year`, `spend_line`, `sale`, `pipeline_entry`, "
    "`pipeline_value` and `register_entry` are read from other files: their sources are the headings or the numbers of the columns."
)

PROCUREMENT_ACT = "The notices of the Procurement Act 2023 and the stage each puts a process in."
FIVE_RATINGS = "The five ratings of SI 2024/692, regulation 39, and their codes in the UK extension of OCDS."
CODE_WORDS = (
    "Words on a page for codes of fields that are no plain words. A code that stands in no list is shown as published."
)
SECTION_94 = (
    "Grounds that a publisher gives and the state that each gives a field. The first two are those of section 94 of "
    "the Procurement Act 2023; the others are codes of SDES."
)
EXEMPT = "Sections of the Act of 2000 under which figures of major projects are withheld."
TECHNOLOGY = "CPV groups that make up technology. Source: CPV 2008, Regulation (EC) 213/2008."
BY_CPV = "Used where no buyer has stated the type; the longest beginning counts."
REGISTERS = "In the order in which the id of an organisation is chosen from its identifiers."


def main(arguments: list[str]) -> None:
    """Writes the pages, or with `--check` says which are not as they should be."""
    if arguments not in ([], ["--check"]):
        sys.exit("usage: python -m scripts.reference_pages [--check]")
    expected = pages()
    wrong = drift(FOLDER, expected)
    if not arguments:
        write(FOLDER, expected)
    elif wrong:
        sys.exit("\n".join([*wrong, "The reference pages do not follow the code. Run `make docs`."]))


def pages() -> dict[str, str]:
    """Every generated file: its path below docs/reference/sdes, and its text."""
    made = {"index.md": index(), "states.md": states(), "history.md": history(), "code-lists.md": write_code_lists()}
    for group in GROUPS:
        for table in group.tables:
            made[f"{table.name}.md"] = table_page(group, table)
            said = f"SDES {VERSION}. {_generated(f'the table {table.name}', group.module).strip('*')}"
            made[f"schemas/{table.name}.schema.json"] = _json({"$comment": said} | json_schema(table))
            made[f"schemas/{table.name}.frictionless.json"] = _json({"x-comment": said} | frictionless(table))
    return made


def drift(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """What is wrong in `folder`, one line a file: missing, drifted from its definition, or stray."""
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    words = dict.fromkeys(expected.keys() - held, "missing") | dict.fromkeys(held - expected.keys(), "stray")
    both = held & expected.keys()
    words |= {name: "drifted" for name in both if (folder / name).read_text(encoding="utf-8") != expected[name]}
    return [f"{words[name]}: docs/reference/sdes/{name}" for name in sorted(words)]


def write(folder: Path, expected: Mapping[str, str]) -> None:
    """Makes `folder` hold exactly the expected files. The folder is ours alone: nothing in it is written by hand."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in expected:
            path.unlink()
    for name, text in expected.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def table_page(group: Group, table: Table) -> str:
    """The page of one table of the standard."""
    rows = [(f"`{f.name}`", _type(table, f), level(table, f), _source(f.source), f.meaning) for f in table.fields]
    schemas = f"[JSON Schema](schemas/{table.name}.schema.json), [Table Schema](schemas/{table.name}.frictionless.json)"
    facts = [
        f"Key: {_names(table.key)}.",
        SUBJECT if table.subject else NO_SUBJECT,
        f"For machines: {schemas}.",
    ]
    body = [_generated(f"the table `{table.name}`", group.module), f"# {table.name}", table.meaning]
    body += ["\n".join(f"- {fact}" for fact in facts), "## Fields"]
    body += [_table(("field", "type", "level", "source", "meaning"), rows)]
    body += ["How to read this page: [the index](index.md#how-to-read-a-table-page)."]
    return _page([*body, "## As Parquet", f"```\n{parquet(table)}\n```"])


def index() -> str:
    """The first page: all tables with one line each, and how to read them."""
    body = [_generated("all tables", "sdes"), "# SDES: the tables", INTRODUCTION]
    for group in GROUPS:
        rows = [(f"[{t.name}]({t.name}.md)", "yes" if t.subject else "", t.meaning) for t in group.tables]
        body += [f"## {group.title}", _table(("table", "subject", "what a row is"), rows)]
    return _page([*body, *_how_to_read(), *_claims()])


def _how_to_read() -> list[str]:
    types = [(f"`{name}`", words, _json_words(name), CSV[name], _stored(name)) for name, words in TYPES.items()]
    weights = [(name, str(weight)) for name, weight in LEVEL_WEIGHTS.items()]
    return [
        "## How to read a table page",
        SOURCES,
        "A field is Core, Important or Useful. The coverage grade weighs them so:",
        _table(("level", "weight"), weights),
        EMPTY,
        "The types, and how a value is written down:",
        _table(("type", "what it is", "JSON", "CSV", "Parquet"), types),
        WRITTEN,
    ]


def _json_words(name: str) -> str:
    shown = {"date": "2026-01-31", "timestamp": "2026-01-31T09:30:00Z", "money": "1250000.00"}
    made = str(JSON[name]["type"])
    return f"{made}, `{shown[name]}`" if name in shown else made


def _stored(name: str) -> str:
    physical, logical = PARQUET[name]
    return logical or physical


def _claims() -> list[str]:
    return [
        "## What a publisher may claim",
        _table(("level", "what is there"), _pairs(CONFORMANCE)),
        "A claim is proved or denied by checking the data.",
        "## Licences",
        "\n".join(f"- {text}" for text in ATTRIBUTION.values()),
    ]


def states() -> str:
    """The page of the states of a value."""
    rows = [(f"`{s.code}`", s.words, s.meaning, _yes(s.due), _yes(s.filled)) for s in STATES.values()]
    heads = ("state", "words on a page", "meaning", "due", "filled")
    return _page([_generated("`STATES`", "states"), "# States of a value", STATED, _table(heads, rows), COUNTED])


def history() -> str:
    """The page of the history tables: what publishers said."""
    body = [
        _generated("the history tables", "history", "history_delivery", "projects", "payments"),
        "# History tables",
        SAID,
    ]
    body += [_table(("table", "what a row is"), [(f"[{t.name}](#{t.name})", t.meaning) for t in HISTORY.values()])]
    for table in HISTORY.values():
        body += _history_table(table)
    return _page(body)


def _history_table(table: Table) -> list[str]:
    places = [f"`{place}`" for place in table.places if place != "."]
    told = [f"Read from {', '.join(places)}."] if places else []
    told += ["OCDS replaces this list as one: its last statement stands alone."] if table.whole_list else []
    rows = [(f"`{f.name}`", _type(table, f), _source(f.source), f.meaning) for f in table.fields]
    facts = " ".join([table.meaning, *told, f"Key: {_names(table.key)}."])
    return [f"## {table.name}", facts, _table(("field", "type", "source", "meaning"), rows)]


DEPARTMENTS = (
    "As the yearly reports on major projects abbreviate them. Names as on the government's list of organisations "
    "(gov.uk/government/organisations); of those that are no more, as they were last called."
)


def write_code_lists() -> str:
    """The page of the code lists that rules need."""
    body = [
        _generated("the code lists", "codes", "projects"),
        "# Code lists",
        "Short lists that rules need. A code of a publisher's own list is kept as published.",
    ]
    for title, text, heads, rows in _lists():
        body += [f"## {title}", text, _table(heads, [(f"`{row[0]}`", *row[1:]) for row in rows])]
    return _page(body)


def _lists() -> list[tuple[str, str, Row, list[Row]]]:
    """Of each code list: its title, where it is from, its headings and its rows."""
    notices: list[Row] = [(code, words, stage) for code, (words, stage) in code_lists.NOTICES.items()]
    grounds: list[Row] = [(code, words, f"`{state}`") for code, (state, words) in code_lists.GROUNDS.items()]
    evidence: list[Row] = [(level_,) for level_ in code_lists.EVIDENCE]
    cpv = "CPV begins with"
    return [
        ("Notices", PROCUREMENT_ACT, ("notice", "name", "stage"), notices),
        ("Stages", "Stages of a process and their words on a page.", ("stage", "words"), _pairs(code_lists.STAGES)),
        ("Stages by release tag", "Where the notice has no type.", ("tag", "stage"), _pairs(code_lists.STAGE_BY_TAG)),
        ("Ratings of a KPI", FIVE_RATINGS, ("code", "rating"), _pairs(code_lists.RATINGS)),
        ("Words of codes", CODE_WORDS, ("field", "code", "words"), _code_words()),
        ("Grounds for withholding", SECTION_94, ("ground", "words", "state"), grounds),
        ("Sections of the Freedom of Information Act", EXEMPT, ("section", "about"), _pairs(FOI_SECTIONS)),
        ("Technology", TECHNOLOGY, (cpv, "what it is"), _pairs(code_lists.TECHNOLOGY_CPV)),
        ("Type of scheme by CPV", BY_CPV, (cpv, "type of scheme"), _pairs(code_lists.SCHEME_TYPE_BY_CPV)),
        ("Registers of organisations", REGISTERS, ("register", "whose"), _pairs(code_lists.REGISTERS)),
        ("Departments", DEPARTMENTS, ("abbreviation", "name"), _pairs(code_lists.DEPARTMENTS)),
        ("Evidence", "What stands behind a value, strongest first.", ("evidence level",), evidence),
    ]


def _code_words() -> list[Row]:
    return [(name, f"`{code}`", said) for name, words in code_lists.WORDS.items() for code, said in words.items()]


def _pairs(words: Mapping[str, str]) -> list[Row]:
    return list(words.items())


def _generated(what: str, *modules: str) -> str:
    files = ", ".join(f"`threepoint/standard/{module}.py`" for module in modules)
    return f"*Generated from {what} in {files}: change it there and run `make docs`.*"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _type(table: Table, field: Field) -> str:
    words = closed(table, field)
    if words == list(STATES):
        return "code: a [state](states.md)"
    if words:
        return "code: " + ", ".join(words)
    return f"{field.type}, {field.unit}" if field.unit else field.type


def _source(source: str) -> str:
    """The source for reading: paths as code, our own values in words."""
    if source == "ours":
        return "worked out here"
    if source.startswith("identify("):
        return f"`{source}`"
    return ", ".join(part if " " in part else f"`{part}`" for part in source.split(", "))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(heads: Row, rows: Iterable[Row]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _json(made: Mapping[str, Any]) -> str:
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
