"""From one definition of a table: its JSON Schema, its Frictionless Table Schema and its Parquet schema as text.

Money is a text in JSON, such as "1250000.00", not a number: most readers make binary floats of JSON numbers, and those
neither hold every amount of DECIMAL(18,2) nor add up to the penny. In CSV, where everything is text, it is a number.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from threepoint.standard.code_lists import EVIDENCE, RATINGS, STAGES
from threepoint.standard.definition import Field, Table
from threepoint.standard.field_states import STATES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"

_INT64 = {"minimum": -(2**63), "maximum": 2**63 - 1}
_MONEY = r"^-?(0|[1-9][0-9]{0,15})\.[0-9]{2}$"  # DECIMAL(18,2)
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"

# By type of the standard. Dates have a pattern too, since `format` alone does not bind a validator of this draft.
JSON: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "id": {"type": "string"},
        "text": {"type": "string"},
        "code": {"type": "string"},
        "list": {"type": "string"},
        "any": {"type": "string"},
        "integer": {"type": "integer", **_INT64},
        "number": {"type": "number"},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "money": {"type": "string", "pattern": _MONEY},
        "boolean": {"type": "boolean"},
        "date": {"type": "string", "format": "date", "pattern": _DATE},
        "timestamp": {"type": "string", "format": "date-time", "pattern": _TIME},
        "key": {"type": "integer", **_INT64},
    }
)
CSV: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("id", "text", "code", "list", "any"), "string"),
        **dict.fromkeys(("integer", "key"), "integer"),
        **dict.fromkeys(("number", "share", "money"), "number"),
        "boolean": "boolean",
        "date": "date",
        "timestamp": "datetime",
    }
)
PARQUET: Mapping[str, tuple[str, str]] = MappingProxyType(
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

# Columns whose code list is closed: another word is an error. All other code lists may grow at their publishers' hands.
CLOSED: Mapping[str, Iterable[str]] = MappingProxyType(
    {
        "contracting_process.stage": STAGES,
        "notice.stage": STAGES,
        "observation.rating": RATINGS,
        "field_state.evidence_level": EVIDENCE,
        "coverage.grade": "ABCDE",
    }
)


def closed(table: Table, field: Field) -> list[str]:
    """The words that may stand in a column whose code list is closed; none where it is open."""
    if field.type == "code" and (field.name == "state" or field.name.endswith("_state")):
        return list(STATES)
    return list(CLOSED.get(f"{table.name}.{field.name}", ()))


def json_schema(table: Table) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one row. Columns of the key must be there; any other may be null or left out."""
    return {
        "$schema": DRAFT,
        "title": table.name,
        "description": table.meaning,
        "type": "object",
        "properties": {field.name: _property(table, field) for field in table.fields},
        "required": list(table.key),
        "additionalProperties": False,
    }


def _property(table: Table, field: Field) -> dict[str, Any]:
    made = {"description": field.meaning, **JSON[field.type]}
    words: list[str | None] = [*closed(table, field)]
    if field.name not in table.key:
        made["type"] = [made["type"], "null"]
        words += [None] if words else []
    if words:
        made["enum"] = words
    if stands_alone(table, field):
        made["minLength"] = 1
    told = _told(table, field).values()  # as a comment: some validators refuse properties they do not know
    return made | {"$comment": "; ".join(told)}


def stands_alone(table: Table, field: Field) -> bool:
    """True for a text that alone tells a row, so that it cannot be empty. A part of a longer key can: no lot, say."""
    return table.key == (field.name,) and JSON[field.type]["type"] == "string"


def _told(table: Table, field: Field) -> dict[str, str]:
    """What a schema language has no word for."""
    told = {"type": field.type, "unit": field.unit, "level": level(table, field), "source": field.source}
    return {name: value for name, value in told.items() if value}


def level(table: Table, field: Field) -> str:
    """Core, Important or Useful; Key for a column that tells the row, which is never missing."""
    return "Key" if field.name in table.key else field.level


def frictionless(table: Table) -> dict[str, Any]:
    """Frictionless Table Schema (version 2) of the table as CSV: an empty cell is a missing value, but not in a key."""
    return {
        "$schema": TABLE_SCHEMA,
        "name": table.name,
        "description": table.meaning,
        "fields": [_column(table, field) for field in table.fields],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }


def _column(table: Table, field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"name": field.name, "type": CSV[field.type], "description": field.meaning}
    if field.name in table.key and made["type"] == "string":
        made["missingValues"] = []  # '' in a key is a value of its own: no lot, no contract
    limits = _limits(table, field)
    told = {f"x-{name}": value for name, value in _told(table, field).items()}
    return made | ({"constraints": limits} if limits else {}) | told


def _limits(table: Table, field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"required": True} if field.name in table.key else {}
    if stands_alone(table, field):
        found["minLength"] = 1
    if field.type == "share":
        found |= {"minimum": 0, "maximum": 1}
    words = closed(table, field)
    return found | ({"enum": words} if words else {})


def parquet(table: Table) -> str:
    """The Parquet schema of the table's files, in Parquet's own words."""
    lines = [f"  optional {_stored(field)};" for field in table.fields]
    return "\n".join([f"message {table.name} {{", *lines, "}"])


def _stored(field: Field) -> str:
    physical, logical = PARQUET[field.type]
    return f"{physical} {field.name} ({logical})" if logical else f"{physical} {field.name}"
