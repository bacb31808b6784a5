"""Writes docs/reference/sdes/ from the definitions: `python -m scripts.reference_pages`, or `make docs`.

`--check` writes nothing and ends with 1 where a page is missing, differs from its definition, or has none.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from threepoint.standard import code_lists
from threepoint.standard.definition import FIELD_TYPES, FieldDefinition, TableDefinition
from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.schema_export import (
    CSV_TYPES,
    JSON_TYPES,
    PARQUET_TYPES,
    get_field_level,
    list_closed_codes,
    make_frictionless_schema,
    make_json_schema,
    make_parquet_schema,
)
from threepoint.standard.sdes import (
    ATTRIBUTION_TEXTS,
    CONFORMANCE_LEVELS,
    LEVEL_WEIGHTS,
    SDES_VERSION,
    TABLE_GROUPS,
    TableGroup,
)
from threepoint.standard.tables_projects import FOI_SECTIONS

REFERENCE_FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "sdes"
Row = tuple[str, ...]

SUBJECT_TEXT = (
    "A subject: each Core and Important field of each row has a row in [field_state](field_state.md), which says "
    "what is known of it."
)
NO_SUBJECT_TEXT = "Not a subject: its fields have no rows in [field_state](field_state.md)."
INTRODUCTION_TEXT = (
    f"SDES is the standardised data and evaluation scheme; this is version {SDES_VERSION}. Below are its tables. Beside "
    "them stand the [states of a value](states.md) and the [code lists](code-lists.md). What publishers said, "
    "before anything is made of it, stands in the [history tables](history.md)."
)
SOURCES_TEXT = (
    "A source is a path in OCDS 1.1 with the UK extension, another table and its field, or words that say where the "
    "value comes from. “Worked out here” means that no one publishes it: this software works it out, by a rule "
    "given in the meaning or on a page of its own."
)
EMPTY_FIELDS_TEXT = (
    "Every column but those of the key may be empty. For a subject, a Core or Important field that is empty always "
    "has a [state](states.md) that says why."
)
NOTATION_TEXT = (
    'Money is a text in JSON, such as `"1250000.00"`, because most readers of JSON numbers lose pennies. No column '
    "holds a list: where several values belong to a row, they are rows of a table of their own, or words as "
    "published in one text."
)
STATES_TEXT = (
    "Every Core and Important field of every subject has one of these states. An empty field is never zero, and "
    "never good or bad: its state says why it is empty."
)
DUE_AND_FILLED_TEXT = (
    "“Due” says whether the field counts in what should be there; “filled” whether it counts as there. The "
    "[coverage](coverage.md) grade is the weight of what is filled over the weight of what is due."
)
HISTORY_TEXT = (
    "What publishers said, as they said it: one row for each thing in each release, only ever added to. The source "
    "of a field is its path in OCDS 1.1, within the place that the table is read from. `[]` marks a list and `{}` a "
    "set of named values. `identify(…)` is the identifier that the paths within give. A field that is not here is "
    "not read. The tables `gmpp_year`, `spend_line`, `sale`, `pipeline_entry`, "
    "`pipeline_value` and `register_entry` are read from other files: their sources are the headings or the numbers of the columns."
)

NOTICE_TYPES_TEXT = "The notices of the Procurement Act 2023 and the stage each puts a process in."
KPI_RATINGS_TEXT = "The five ratings of SI 2024/692, regulation 39, and their codes in the UK extension of OCDS."
CODE_LABELS_TEXT = (
    "Words on a page for codes of fields that are no plain words. A code that stands in no list is shown as published."
)
WITHHOLDING_GROUNDS_TEXT = (
    "Grounds that a publisher gives and the state that each gives a field. The first two are those of section 94 of "
    "the Procurement Act 2023; the others are codes of SDES."
)
FOI_SECTIONS_TEXT = "Sections of the Act of 2000 under which figures of major projects are withheld."
TECHNOLOGY_CPV_TEXT = "CPV groups that make up technology. Source: CPV 2008, Regulation (EC) 213/2008."
SCHEME_TYPE_TEXT = "Used where no buyer has stated the type; the longest beginning counts."
REGISTERS_TEXT = "In the order in which the id of an organisation is chosen from its identifiers."


def main(arguments: list[str]) -> None:
    """Writes the pages, or with `--check` says which are not as they should be."""
    if arguments not in ([], ["--check"]):
        sys.exit("usage: python -m scripts.reference_pages [--check]")
    expected = build_pages()
    wrong = find_page_drift(REFERENCE_FOLDER, expected)
    if not arguments:
        write_pages(REFERENCE_FOLDER, expected)
    elif wrong:
        sys.exit("\n".join([*wrong, "The reference pages do not follow the code. Run `make docs`."]))


def build_pages() -> dict[str, str]:
    """Every generated file: its path below docs/reference/sdes, and its text."""
    made = {
        "index.md": render_index_page(),
        "states.md": render_states_page(),
        "history.md": render_history_page(),
        "code-lists.md": render_code_lists_page(),
    }
    for group in TABLE_GROUPS:
        for table in group.tables:
            made[f"{table.name}.md"] = render_table_page(group, table)
            said = f"SDES {SDES_VERSION}. {_render_generated_note(f'the table {table.name}', group.module).strip('*')}"
            made[f"schemas/{table.name}.schema.json"] = _format_json({"$comment": said} | make_json_schema(table))
            made[f"schemas/{table.name}.frictionless.json"] = _format_json(
                {"x-comment": said} | make_frictionless_schema(table)
            )
    return made


def find_page_drift(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """What is wrong in `folder`, one line a file: missing, drifted from its definition, or stray."""
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    words = dict.fromkeys(expected.keys() - held, "missing") | dict.fromkeys(held - expected.keys(), "stray")
    both = held & expected.keys()
    words |= {name: "drifted" for name in both if (folder / name).read_text(encoding="utf-8") != expected[name]}
    return [f"{words[name]}: docs/reference/sdes/{name}" for name in sorted(words)]


def write_pages(folder: Path, expected: Mapping[str, str]) -> None:
    """Makes `folder` hold exactly the expected files. The folder is ours alone: nothing in it is written by hand."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in expected:
            path.unlink()
    for name, text in expected.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def render_table_page(group: TableGroup, table: TableDefinition) -> str:
    """The page of one table of the standard."""
    rows = [
        (f"`{f.name}`", _describe_type(table, f), get_field_level(table, f), _format_source(f.source), f.meaning)
        for f in table.fields
    ]
    schemas = f"[JSON Schema](schemas/{table.name}.schema.json), [Table Schema](schemas/{table.name}.frictionless.json)"
    facts = [
        f"Key: {_join_names(table.key)}.",
        SUBJECT_TEXT if table.subject else NO_SUBJECT_TEXT,
        f"For machines: {schemas}.",
    ]
    body = [_render_generated_note(f"the table `{table.name}`", group.module), f"# {table.name}", table.meaning]
    body += ["\n".join(f"- {fact}" for fact in facts), "## Fields"]
    body += [_render_table(("field", "type", "level", "source", "meaning"), rows)]
    body += ["How to read this page: [the index](index.md#how-to-read-a-table-page)."]
    return _join_page([*body, "## As Parquet", f"```\n{make_parquet_schema(table)}\n```"])


def render_index_page() -> str:
    """The first page: all tables with one line each, and how to read them."""
    body = [_render_generated_note("all tables", "sdes"), "# SDES: the tables", INTRODUCTION_TEXT]
    for group in TABLE_GROUPS:
        rows = [(f"[{t.name}]({t.name}.md)", "yes" if t.subject else "", t.meaning) for t in group.tables]
        body += [f"## {group.title}", _render_table(("table", "subject", "what a row is"), rows)]
    return _join_page([*body, *_render_reading_guide(), *_render_claims()])


def _render_reading_guide() -> list[str]:
    types = [
        (f"`{name}`", words, _describe_json_type(name), CSV_TYPES[name], _describe_parquet_type(name))
        for name, words in FIELD_TYPES.items()
    ]
    weights = [(name, str(weight)) for name, weight in LEVEL_WEIGHTS.items()]
    return [
        "## How to read a table page",
        SOURCES_TEXT,
        "A field is Core, Important or Useful. The coverage grade weighs them so:",
        _render_table(("level", "weight"), weights),
        EMPTY_FIELDS_TEXT,
        "The types, and how a value is written down:",
        _render_table(("type", "what it is", "JSON", "CSV", "Parquet"), types),
        NOTATION_TEXT,
    ]


def _describe_json_type(name: str) -> str:
    shown = {"date": "2026-01-31", "timestamp": "2026-01-31T09:30:00Z", "money": "1250000.00"}
    made = str(JSON_TYPES[name]["type"])
    return f"{made}, `{shown[name]}`" if name in shown else made


def _describe_parquet_type(name: str) -> str:
    physical, logical = PARQUET_TYPES[name]
    return logical or physical


def _render_claims() -> list[str]:
    return [
        "## What a publisher may claim",
        _render_table(("level", "what is there"), _list_pairs(CONFORMANCE_LEVELS)),
        "A claim is proved or denied by checking the data.",
        "## Licences",
        "\n".join(f"- {text}" for text in ATTRIBUTION_TEXTS.values()),
    ]


def render_states_page() -> str:
    """The page of the states of a value."""
    rows = [
        (f"`{s.code}`", s.words, s.meaning, _format_yes_no(s.due), _format_yes_no(s.filled))
        for s in STATE_BY_CODE.values()
    ]
    heads = ("state", "words on a page", "meaning", "due", "filled")
    return _join_page(
        [
            _render_generated_note("`STATE_BY_CODE`", "field_states"),
            "# States of a value",
            STATES_TEXT,
            _render_table(heads, rows),
            DUE_AND_FILLED_TEXT,
        ]
    )


def render_history_page() -> str:
    """The page of the history tables: what publishers said."""
    body = [
        _render_generated_note(
            "the history tables", "history_tables", "history_tables_delivery", "tables_projects", "tables_payments"
        ),
        "# History tables",
        HISTORY_TEXT,
    ]
    body += [
        _render_table(
            ("table", "what a row is"), [(f"[{t.name}](#{t.name})", t.meaning) for t in HISTORY_TABLES.values()]
        )
    ]
    for table in HISTORY_TABLES.values():
        body += _render_history_table(table)
    return _join_page(body)


def _render_history_table(table: TableDefinition) -> list[str]:
    places = [f"`{place}`" for place in table.places if place != "."]
    told = [f"Read from {', '.join(places)}."] if places else []
    told += ["OCDS replaces this list as one: its last statement stands alone."] if table.whole_list else []
    rows = [(f"`{f.name}`", _describe_type(table, f), _format_source(f.source), f.meaning) for f in table.fields]
    facts = " ".join([table.meaning, *told, f"Key: {_join_names(table.key)}."])
    return [f"## {table.name}", facts, _render_table(("field", "type", "source", "meaning"), rows)]


DEPARTMENTS_TEXT = (
    "As the yearly reports on major projects abbreviate them. Names as on the government's list of organisations "
    "(gov.uk/government/organisations); of those that are no more, as they were last called."
)


def render_code_lists_page() -> str:
    """The page of the code lists that rules need."""
    body = [
        _render_generated_note("the code lists", "code_lists", "tables_projects"),
        "# Code lists",
        "Short lists that rules need. A code of a publisher's own list is kept as published.",
    ]
    for title, text, heads, rows in _list_code_lists():
        body += [f"## {title}", text, _render_table(heads, [(f"`{row[0]}`", *row[1:]) for row in rows])]
    return _join_page(body)


def _list_code_lists() -> list[tuple[str, str, Row, list[Row]]]:
    """Of each code list: its title, where it is from, its headings and its rows."""
    notices: list[Row] = [(code, words, stage) for code, (words, stage) in code_lists.NOTICE_TYPES.items()]
    grounds: list[Row] = [
        (code, words, f"`{state}`") for code, (state, words) in code_lists.WITHHOLDING_GROUNDS.items()
    ]
    evidence: list[Row] = [(level_,) for level_ in code_lists.EVIDENCE_LEVELS]
    cpv = "CPV begins with"
    return [
        ("Notices", NOTICE_TYPES_TEXT, ("notice", "name", "stage"), notices),
        (
            "Stages",
            "Stages of a process and their words on a page.",
            ("stage", "words"),
            _list_pairs(code_lists.STAGE_LABELS),
        ),
        (
            "Stages by release tag",
            "Where the notice has no type.",
            ("tag", "stage"),
            _list_pairs(code_lists.STAGE_BY_TAG),
        ),
        ("Ratings of a KPI", KPI_RATINGS_TEXT, ("code", "rating"), _list_pairs(code_lists.KPI_RATINGS)),
        ("Words of codes", CODE_LABELS_TEXT, ("field", "code", "words"), _list_code_labels()),
        ("Grounds for withholding", WITHHOLDING_GROUNDS_TEXT, ("ground", "words", "state"), grounds),
        (
            "Sections of the Freedom of Information Act",
            FOI_SECTIONS_TEXT,
            ("section", "about"),
            _list_pairs(FOI_SECTIONS),
        ),
        ("Technology", TECHNOLOGY_CPV_TEXT, (cpv, "what it is"), _list_pairs(code_lists.TECHNOLOGY_CPV_PREFIXES)),
        (
            "Type of scheme by CPV",
            SCHEME_TYPE_TEXT,
            (cpv, "type of scheme"),
            _list_pairs(code_lists.SCHEME_TYPE_BY_CPV),
        ),
        (
            "Registers of organisations",
            REGISTERS_TEXT,
            ("register", "whose"),
            _list_pairs(code_lists.ORGANISATION_REGISTERS),
        ),
        ("Departments", DEPARTMENTS_TEXT, ("abbreviation", "name"), _list_pairs(code_lists.DEPARTMENT_BY_ABBREVIATION)),
        ("Evidence", "What stands behind a value, strongest first.", ("evidence level",), evidence),
    ]


def _list_code_labels() -> list[Row]:
    return [(name, f"`{code}`", said) for name, words in code_lists.CODE_LABELS.items() for code, said in words.items()]


def _list_pairs(words: Mapping[str, str]) -> list[Row]:
    return list(words.items())


def _render_generated_note(what: str, *modules: str) -> str:
    files = ", ".join(f"`threepoint/standard/{module}.py`" for module in modules)
    return f"*Generated from {what} in {files}: change it there and run `make docs`.*"


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _describe_type(table: TableDefinition, field: FieldDefinition) -> str:
    words = list_closed_codes(table, field)
    if words == list(STATE_BY_CODE):
        return "code: a [state](states.md)"
    if words:
        return "code: " + ", ".join(words)
    return f"{field.type}, {field.unit}" if field.unit else field.type


def _format_source(source: str) -> str:
    """The source for reading: paths as code, our own values in words."""
    if source == "ours":
        return "worked out here"
    if source.startswith("identify("):
        return f"`{source}`"
    return ", ".join(part if " " in part else f"`{part}`" for part in source.split(", "))


def _format_yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _render_table(heads: Row, rows: Iterable[Row]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _join_page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _format_json(made: Mapping[str, Any]) -> str:
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
