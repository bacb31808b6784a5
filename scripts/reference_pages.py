"""Write docs/reference/sdes/ from the definitions: `python -m scripts.reference_pages`, or `make docs`.

`--check` writes nothing, and exits with 1 if a page is missing, differs from its definition, or has no definition.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from threepoint.standard import code_lists
from threepoint.standard.definition import FIELD_TYPES, FieldDefinition, TableDefinition
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
from threepoint.standard.value_states import STATE_BY_CODE

REFERENCE_FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "sdes"
Row = tuple[str, ...]

SUBJECT_TEXT = (
    "This table is a subject: each Core and Important field of each row has a row in [field_state](field_state.md) "
    "with its state."
)
NO_SUBJECT_TEXT = "This table is not a subject: its fields have no rows in [field_state](field_state.md)."
INTRODUCTION_TEXT = (
    f"SDES is the standardised data and evaluation scheme. This page lists the tables of version {SDES_VERSION}. See also "
    "the [states of a value](states.md), the [code lists](code-lists.md), and the [history tables](history.md), which "
    "hold the data as published."
)
SOURCES_TEXT = (
    "A source is a path in OCDS 1.1 with the UK extension, a field of another table, or a description of where the "
    "value comes from. “Calculated here” means that nobody publishes the value: this software calculates it, by a "
    "rule given in the meaning or on a separate page."
)
EMPTY_FIELDS_TEXT = (
    "Every column may be empty, except key columns. In a subject, an empty Core or Important field always has a "
    "[state](states.md) that says why."
)
NOTATION_TEXT = (
    'Money is text in JSON, such as `"1250000.00"`, because most readers of JSON numbers lose pennies. No column '
    "holds a list. If several values belong to a row, they are rows of a separate table, or one text with the values "
    "as published."
)
STATES_TEXT = (
    "Every Core and Important field of every subject has one of these states. An empty field does not mean zero, "
    "and is neither good nor bad. Its state says why it is empty."
)
DUE_AND_FILLED_TEXT = (
    "A field that is “due” should be published. A field that is “filled” counts as published. The "
    "[coverage](coverage.md) grade is the weight of the filled fields divided by the weight of the due fields."
)
HISTORY_TEXT = (
    "The history tables hold the data as published, with one row for each record in each release. Rows are added and "
    "never changed. The source of a field is its path in OCDS 1.1, within the place that the table is read from. `[]` "
    "marks a list and `{}` a set of named values. `identify(…)` is the identifier that the values at these paths give. "
    "A field that is not here is not read. The tables `gmpp_year`, `spend_line`, `sale`, `pipeline_entry`, `pipeline_value` "
    "and `register_entry` are read from other files: their sources are the headings or the numbers of the columns."
)

NOTICE_TYPES_TEXT = "The notices of the Procurement Act 2023, and the stage that each puts a process in."
KPI_RATINGS_TEXT = "The five ratings of SI 2024/692, regulation 39, and their codes in the UK extension of OCDS."
CODE_LABELS_TEXT = "Labels on pages for codes that are not plain words. A code without a label is shown as published."
WITHHOLDING_GROUNDS_TEXT = (
    "Grounds that a publisher gives, and the state of the field that follows. The first two are grounds in section 94 "
    "of the Procurement Act 2023; the others are codes of SDES."
)
FOI_SECTIONS_TEXT = "Sections of the Act (2000) under which figures of major projects are withheld."
TECHNOLOGY_CPV_TEXT = "CPV groups that count as technology. Source: CPV 2008, Regulation (EC) 213/2008."
SCHEME_TYPE_TEXT = "Used if no buyer states the type. The longest matching prefix counts."
REGISTERS_TEXT = "The order in which the id of an organisation is chosen from its identifiers."


def main(arguments: list[str]) -> None:
    """Write the pages, or with `--check` exit with a list of pages that differ from the definitions."""
    if arguments not in ([], ["--check"]):
        sys.exit("usage: python -m scripts.reference_pages [--check]")
    expected = build_pages()
    differences = find_page_drift(REFERENCE_FOLDER, expected)
    if not arguments:
        write_pages(REFERENCE_FOLDER, expected)
    elif differences:
        sys.exit("\n".join([*differences, "The reference pages differ from the definitions. Run `make docs`."]))


def build_pages() -> dict[str, str]:
    """Return the text of every generated file, by its path in docs/reference/sdes."""
    pages = {
        "index.md": render_index_page(),
        "states.md": render_states_page(),
        "history.md": render_history_page(),
        "code-lists.md": render_code_lists_page(),
    }
    for group in TABLE_GROUPS:
        for table in group.tables:
            pages[f"{table.name}.md"] = render_table_page(group, table)
            comment = (
                f"SDES {SDES_VERSION}. {_render_generated_note(f'the table {table.name}', group.module).strip('*')}"
            )
            pages[f"schemas/{table.name}.schema.json"] = _format_json({"$comment": comment} | make_json_schema(table))
            pages[f"schemas/{table.name}.frictionless.json"] = _format_json(
                {"x-comment": comment} | make_frictionless_schema(table)
            )
    return pages


def find_page_drift(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """Return a line for each file in `folder` that is missing, drifted from its definition, or stray."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    problems = dict.fromkeys(expected.keys() - names, "missing") | dict.fromkeys(names - expected.keys(), "stray")
    shared = names & expected.keys()
    problems |= {name: "drifted" for name in shared if (folder / name).read_text(encoding="utf-8") != expected[name]}
    return [f"{problems[name]}: docs/reference/sdes/{name}" for name in sorted(problems)]


def write_pages(folder: Path, expected: Mapping[str, str]) -> None:
    """Write the expected files to `folder` and delete all others. Nothing in it is written by hand."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in expected:
            path.unlink()
    for name, text in expected.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def render_table_page(group: TableGroup, table: TableDefinition) -> str:
    """Return the page of a table of the standard."""
    rows = [
        (
            f"`{field.name}`",
            _describe_type(table, field),
            get_field_level(table, field),
            _format_source(field.source),
            field.meaning,
        )
        for field in table.fields
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
    """Return the first page: all tables, and how to read their pages."""
    body = [_render_generated_note("all tables", "sdes"), "# SDES: the tables", INTRODUCTION_TEXT]
    for group in TABLE_GROUPS:
        rows = [(f"[{t.name}]({t.name}.md)", "yes" if t.subject else "", t.meaning) for t in group.tables]
        body += [f"## {group.title}", _render_table(("table", "subject", "content of a row"), rows)]
    return _join_page([*body, *_render_reading_guide(), *_render_claims()])


def _render_reading_guide() -> list[str]:
    types = [
        (f"`{name}`", meaning, _describe_json_type(name), CSV_TYPES[name], _describe_parquet_type(name))
        for name, meaning in FIELD_TYPES.items()
    ]
    weights = [(name, str(weight)) for name, weight in LEVEL_WEIGHTS.items()]
    return [
        "## How to read a table page",
        SOURCES_TEXT,
        "A field is Core, Important or Useful. Its level is its weight in the coverage grade:",
        _render_table(("level", "weight"), weights),
        EMPTY_FIELDS_TEXT,
        "Types of fields, and the format of their values:",
        _render_table(("type", "meaning", "JSON", "CSV", "Parquet"), types),
        NOTATION_TEXT,
    ]


def _describe_json_type(name: str) -> str:
    examples = {"date": "2026-01-31", "timestamp": "2026-01-31T09:30:00Z", "money": "1250000.00"}
    json_type = str(JSON_TYPES[name]["type"])
    return f"{json_type}, `{examples[name]}`" if name in examples else json_type


def _describe_parquet_type(name: str) -> str:
    physical, logical = PARQUET_TYPES[name]
    return logical or physical


def _render_claims() -> list[str]:
    return [
        "## What a publisher may claim",
        _render_table(("level", "content"), _list_pairs(CONFORMANCE_LEVELS)),
        "Checks of the data prove or disprove a claim.",
        "## Licences",
        "\n".join(f"- {text}" for text in ATTRIBUTION_TEXTS.values()),
    ]


def render_states_page() -> str:
    """Return the page of the states of a value."""
    rows = [
        (f"`{state.code}`", state.words, state.meaning, _format_yes_no(state.due), _format_yes_no(state.filled))
        for state in STATE_BY_CODE.values()
    ]
    headings = ("state", "label on pages", "meaning", "due", "filled")
    return _join_page(
        [
            _render_generated_note("`STATE_BY_CODE`", "value_states"),
            "# States of a value",
            STATES_TEXT,
            _render_table(headings, rows),
            DUE_AND_FILLED_TEXT,
        ]
    )


def render_history_page() -> str:
    """Return the page of the history tables."""
    body = [
        _render_generated_note(
            "the history tables",
            "history_tables",
            "history_tables_contracts",
            "history_tables_notes",
            "tables_projects",
            "tables_payments",
        ),
        "# History tables",
        HISTORY_TEXT,
    ]
    body += [
        _render_table(
            ("table", "content of a row"), [(f"[{t.name}](#{t.name})", t.meaning) for t in HISTORY_TABLES.values()]
        )
    ]
    for table in HISTORY_TABLES.values():
        body += _render_history_table(table)
    return _join_page(body)


def _render_history_table(table: TableDefinition) -> list[str]:
    places = [f"`{place}`" for place in table.places if place != "."]
    notes = [f"Read from {', '.join(places)}."] if places else []
    notes += ["OCDS replaces this list as a whole: only the last published list counts."] if table.whole_list else []
    rows = [
        (f"`{field.name}`", _describe_type(table, field), _format_source(field.source), field.meaning)
        for field in table.fields
    ]
    facts = " ".join([table.meaning, *notes, f"Key: {_join_names(table.key)}."])
    return [f"## {table.name}", facts, _render_table(("field", "type", "source", "meaning"), rows)]


DEPARTMENTS_TEXT = (
    "Abbreviations in the yearly reports on major projects. The names are from the government's list of organisations "
    "(gov.uk/government/organisations); a closed department has its last name."
)


def render_code_lists_page() -> str:
    """Return the page of the code lists that rules use."""
    body = [
        _render_generated_note("the code lists", "code_lists", "tables_projects"),
        "# Code lists",
        "These are short lists that rules use. A code from a publisher's own list is kept as published.",
    ]
    for title, text, headings, rows in _list_code_lists():
        body += [f"## {title}", text, _render_table(headings, [(f"`{row[0]}`", *row[1:]) for row in rows])]
    return _join_page(body)


def _list_code_lists() -> list[tuple[str, str, Row, list[Row]]]:
    """Return the title, introduction, headings and rows of each code list."""
    notices: list[Row] = [(code, name, stage) for code, (name, stage) in code_lists.NOTICE_TYPES.items()]
    grounds: list[Row] = [
        (code, label, f"`{state}`") for code, (state, label) in code_lists.WITHHOLDING_GROUNDS.items()
    ]
    evidence: list[Row] = [(level,) for level in code_lists.EVIDENCE_LEVELS]
    prefix = "CPV prefix"
    return [
        ("Notices", NOTICE_TYPES_TEXT, ("notice", "name", "stage"), notices),
        (
            "Stages",
            "Stages of a process, and their labels on pages.",
            ("stage", "label"),
            _list_pairs(code_lists.STAGE_LABELS),
        ),
        (
            "Stages by release tag",
            "Used if the notice has no type.",
            ("tag", "stage"),
            _list_pairs(code_lists.STAGE_BY_TAG),
        ),
        ("Ratings of a KPI", KPI_RATINGS_TEXT, ("code", "rating"), _list_pairs(code_lists.KPI_RATINGS)),
        ("Labels of codes", CODE_LABELS_TEXT, ("field", "code", "label"), _list_code_labels()),
        ("Grounds for withholding", WITHHOLDING_GROUNDS_TEXT, ("ground", "label", "state"), grounds),
        (
            "Sections of the Freedom of Information Act",
            FOI_SECTIONS_TEXT,
            ("section", "about"),
            _list_pairs(FOI_SECTIONS),
        ),
        ("Technology", TECHNOLOGY_CPV_TEXT, (prefix, "name"), _list_pairs(code_lists.TECHNOLOGY_CPV_PREFIXES)),
        (
            "Type of scheme by CPV",
            SCHEME_TYPE_TEXT,
            (prefix, "type of scheme"),
            _list_pairs(code_lists.SCHEME_TYPE_BY_CPV),
        ),
        (
            "Registers of organisations",
            REGISTERS_TEXT,
            ("register", "owner"),
            _list_pairs(code_lists.ORGANISATION_REGISTERS),
        ),
        ("Departments", DEPARTMENTS_TEXT, ("abbreviation", "name"), _list_pairs(code_lists.DEPARTMENT_BY_ABBREVIATION)),
        ("Evidence", "Levels of evidence for a value, strongest first.", ("evidence level",), evidence),
    ]


def _list_code_labels() -> list[Row]:
    return [
        (name, f"`{code}`", text) for name, labels in code_lists.CODE_LABELS.items() for code, text in labels.items()
    ]


def _list_pairs(labels: Mapping[str, str]) -> list[Row]:
    return list(labels.items())


def _render_generated_note(content: str, *modules: str) -> str:
    files = ", ".join(f"`threepoint/standard/{module}.py`" for module in modules)
    return f"*Generated from {content} in {files}: change it there and run `make docs`.*"


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _describe_type(table: TableDefinition, field: FieldDefinition) -> str:
    codes = list_closed_codes(table, field)
    if codes == list(STATE_BY_CODE):
        return "code: a [state](states.md)"
    if codes:
        return "code: " + ", ".join(codes)
    return f"{field.type}, {field.unit}" if field.unit else field.type


def _format_source(source: str) -> str:
    """Return a source as Markdown, with paths as code."""
    if source == "ours":
        return "calculated here"
    if source.startswith("identify("):
        return f"`{source}`"
    return ", ".join(part if " " in part else f"`{part}`" for part in source.split(", "))


def _format_yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _render_table(headings: Row, rows: Iterable[Row]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _join_page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _format_json(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
