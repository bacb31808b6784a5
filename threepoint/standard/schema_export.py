"""JSON Schema, Frictionless Table Schema and Parquet schema (as text) of a table, from its definition.

Money is text in JSON, such as "1250000.00": most readers turn JSON numbers into binary floats, which cannot hold every
amount of DECIMAL(18,2) and do not add up to the penny. In CSV, where everything is text, it is a number.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from threepoint.standard.code_lists import EVIDENCE_LEVELS, KPI_RATINGS, STAGE_LABELS
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.value_states import STATE_BY_CODE

JSON_SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"
TABLE_SCHEMA_URL = "https://datapackage.org/profiles/2.0/tableschema.json"

_INT64_LIMITS = {"minimum": -(2**63), "maximum": 2**63 - 1}
_MONEY_PATTERN = r"^-?(0|[1-9][0-9]{0,15})\.[0-9]{2}$"  # DECIMAL(18,2)
_DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIMESTAMP_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"

# By type of the standard. Dates have a pattern too, because `format` alone does not bind a validator of this draft.
JSON_TYPES: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "id": {"type": "string"},
        "text": {"type": "string"},
        "code": {"type": "string"},
        "list": {"type": "string"},
        "any": {"type": "string"},
        "integer": {"type": "integer", **_INT64_LIMITS},
        "number": {"type": "number"},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "money": {"type": "string", "pattern": _MONEY_PATTERN},
        "boolean": {"type": "boolean"},
        "date": {"type": "string", "format": "date", "pattern": _DATE_PATTERN},
        "timestamp": {"type": "string", "format": "date-time", "pattern": _TIMESTAMP_PATTERN},
        "key": {"type": "integer", **_INT64_LIMITS},
    }
)
CSV_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("id", "text", "code", "list", "any"), "string"),
        **dict.fromkeys(("integer", "key"), "integer"),
        **dict.fromkeys(("number", "share", "money"), "number"),
        "boolean": "boolean",
        "date": "date",
        "timestamp": "datetime",
    }
)
PARQUET_TYPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("id", "text", "code", "list", "any"), ("binary", "STRING")),
        **dict.fromkeys(("integer", "key"), ("int64", "")),
        **dict.fromkeys(("number", "share"), ("double", "")),
        "money": ("int64", "DECIMAL(18,2)"),
        "boolean": ("boolean", ""),
        "date": ("int32", "DATE"),
        "timestamp": ("int64", "TIMESTAMP(MICROS,true)"),
    }
)

# Columns whose code list is closed: any other code is an error. Publishers may extend all other code lists.
CLOSED_CODE_LISTS: Mapping[str, Iterable[str]] = MappingProxyType(
    {
        "contracting_process.stage": STAGE_LABELS,
        "notice.stage": STAGE_LABELS,
        "observation.rating": KPI_RATINGS,
        "field_state.evidence_level": EVIDENCE_LEVELS,
        "coverage.grade": "ABCDE",
    }
)


def list_closed_codes(table: TableDefinition, field: FieldDefinition) -> list[str]:
    """Return the codes allowed in a column with a closed code list; empty if the list is open."""
    if field.type == "code" and (field.name == "state" or field.name.endswith("_state")):
        return list(STATE_BY_CODE)
    return list(CLOSED_CODE_LISTS.get(f"{table.name}.{field.name}", ()))


def make_json_schema(table: TableDefinition) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a row. Key columns are required; others may be null or absent."""
    return {
        "$schema": JSON_SCHEMA_URL,
        "title": table.name,
        "description": table.meaning,
        "type": "object",
        "properties": {field.name: _make_property(table, field) for field in table.fields},
        "required": list(table.key),
        "additionalProperties": False,
    }


def _make_property(table: TableDefinition, field: FieldDefinition) -> dict[str, Any]:
    schema = {"description": field.meaning, **JSON_TYPES[field.type]}
    codes: list[str | None] = [*list_closed_codes(table, field)]
    if field.name not in table.key:
        schema["type"] = [schema["type"], "null"]
        codes += [None] if codes else []
    if codes:
        schema["enum"] = codes
    if is_sole_text_key(table, field):
        schema["minLength"] = 1
    # A comment, because some validators reject unknown properties.
    return schema | {"$comment": "; ".join(_list_extra_properties(table, field).values())}


def is_sole_text_key(table: TableDefinition, field: FieldDefinition) -> bool:
    """Return True for a text column that is the whole key, and so is never empty. Part of a longer key can be: no lot."""
    return table.key == (field.name,) and JSON_TYPES[field.type]["type"] == "string"


def _list_extra_properties(table: TableDefinition, field: FieldDefinition) -> dict[str, str]:
    """Return the properties of a field that schema languages cannot express."""
    extra = {"type": field.type, "unit": field.unit, "level": get_field_level(table, field), "source": field.source}
    return {name: value for name, value in extra.items() if value}


def get_field_level(table: TableDefinition, field: FieldDefinition) -> str:
    """Return Core, Important or Useful, or Key for a key column, which is never missing."""
    return "Key" if field.name in table.key else field.level


def make_frictionless_schema(table: TableDefinition) -> dict[str, Any]:
    """Return the Frictionless Table Schema (version 2) of the table as CSV. An empty cell is missing, except in a key."""
    return {
        "$schema": TABLE_SCHEMA_URL,
        "name": table.name,
        "description": table.meaning,
        "fields": [_make_column(table, field) for field in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }


def _make_column(table: TableDefinition, field: FieldDefinition) -> dict[str, Any]:
    column: dict[str, Any] = {"name": field.name, "type": CSV_TYPES[field.type], "description": field.meaning}
    if field.name in table.key and column["type"] == "string":
        column["missingValues"] = []  # '' in a key is a value: no lot, no contract
    limits = _make_constraints(table, field)
    extra = {f"x-{name}": value for name, value in _list_extra_properties(table, field).items()}
    return column | ({"constraints": limits} if limits else {}) | extra


def _make_constraints(table: TableDefinition, field: FieldDefinition) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.name in table.key else {}
    if is_sole_text_key(table, field):
        constraints["minLength"] = 1
    if field.type == "share":
        constraints |= {"minimum": 0, "maximum": 1}
    codes = list_closed_codes(table, field)
    return constraints | ({"enum": codes} if codes else {})


def make_parquet_schema(table: TableDefinition) -> str:
    """Return the Parquet schema of the table's files, in Parquet's own notation."""
    lines = [f"  optional {_format_parquet_column(field)};" for field in table.fields]
    return "\n".join([f"message {table.name} {{", *lines, "}"])


def _format_parquet_column(field: FieldDefinition) -> str:
    physical, logical = PARQUET_TYPES[field.type]
    return f"{physical} {field.name} ({logical})" if logical else f"{physical} {field.name}"
