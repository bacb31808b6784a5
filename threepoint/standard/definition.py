"""Definitions of tables and fields. Each field is one line of text, parsed into a dataclass.

A line is ``name | type | source | meaning``. After the name, ``*`` marks a Core field and ``+`` an Important one (all
others are Useful). The coverage grade weighs these levels 3, 2 and 1. A unit may follow the type.
"""

from dataclasses import dataclass
from functools import cached_property

LEVEL_BY_MARK = {"*": "Core", "+": "Important", "": "Useful"}

# Types of values, as published files write them.
FIELD_TYPES = {
    "id": "text that identifies a record",
    "text": "text",
    "code": "a code from a code list",
    "list": "texts as published, in order, separated by '; '",
    "any": "number or text, as published",
    "integer": "whole number",
    "number": "number",
    "share": "number from 0 to 1",
    "money": "DECIMAL(18,2)",
    "boolean": "true or false",
    "date": "calendar day",
    "timestamp": "UTC time",
    "key": "64-bit key of a release",
}

_KIND_KEY_COLUMNS = ("table", "check_id", "subject_type")  # key columns that name a kind of record, not a record


@dataclass(frozen=True)
class FieldDefinition:
    """A column. `type` is a key of FIELD_TYPES; `source` is an OCDS path, or says how the value is calculated."""

    name: str
    type: str
    unit: str
    level: str
    source: str
    meaning: str


@dataclass(frozen=True)
class TableDefinition:
    """A table of the standard or of the history.

    `key` names the columns that identify a row. If `subject` is true, each Core and Important field of each row has its
    own row in field_state. `places` are the OCDS arrays that a history table is read from (empty for other tables). If
    `whole_list` is true, OCDS replaces the array as a whole: only its last statement counts.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    fields: tuple[FieldDefinition, ...]
    subject: bool = False
    places: tuple[str, ...] = ()
    whole_list: bool = False

    def field(self, name: str) -> FieldDefinition:
        """Return the field called `name`; raise KeyError if there is none."""
        return next((field for field in self.fields if field.name == name), None) or _raise_no_field(self.name, name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def address(self) -> str:
        """Name of the column that holds the ocid of the row's process, or an id that begins with it."""
        return "ocid" if "ocid" in self.names else next(name for name in self.key if name not in _KIND_KEY_COLUMNS)

    @cached_property
    def judged(self) -> tuple[FieldDefinition, ...]:
        """Core and Important fields, each of which must have a state."""
        return tuple(field for field in self.fields if field.level != "Useful" and field.name not in self.key)


def _raise_no_field(table: str, name: str) -> FieldDefinition:
    raise KeyError(f"table {table} has no field {name}")


def parse_field(line: str) -> FieldDefinition:
    """Parse the line of a field; raise ValueError if it is malformed."""
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 4 or not all(cells):  # name, type, source, meaning
        raise ValueError(f"write a line as `name | type | source | meaning`, with none of them empty: {line}")
    name, kind, source, meaning = cells
    type_, _, unit = kind.partition(" ")
    if type_ not in FIELD_TYPES:
        raise ValueError(f"{type_!r} is not a field type: {line}")
    mark = name[-1] if name[-1] in "*+" else ""
    return FieldDefinition(name.rstrip("*+"), type_, unit.strip(), LEVEL_BY_MARK[mark], source, meaning)


def define_table(name: str, meaning: str, key: str, lines: str, *, subject: bool = False) -> TableDefinition:
    """Return a table with a field for each of `lines`; `key` names its key columns, separated by spaces."""
    fields = tuple(parse_field(line) for line in lines.strip().splitlines())
    return TableDefinition(name, meaning, tuple(key.split()), fields, subject=subject)


def define_history_table(
    name: str, meaning: str, places: str, key: str, lines: str, *, whole_list: bool = False
) -> TableDefinition:
    """Return a history table: one row for each release and element of the OCDS arrays `places`, without merging.

    `key` names the columns that identify an element within a release, outermost first. `release_key` is added before it,
    and with several places also `section`, the array that the row was read from. A place with fewer levels than `key`
    has '' in the leftmost columns, so that `tender/documents[]` and `awards[]/documents[]` share one table.
    """
    paths = tuple(places.split())
    key_names = tuple(key.split())
    first_lines = ["release_key | key | ours | release that the row was read from"]
    if len(paths) > 1:
        first_lines.append("section | code | ours | OCDS array that the row was read from")
        key_names = ("section", *key_names)
    all_lines = [*first_lines, *lines.strip().splitlines()]
    if paths != (".",):
        all_lines.append(
            "place | integer | ours | position in the release; position of the whole list if OCDS replaces it as a whole"
        )
    fields = tuple(parse_field(line) for line in all_lines)
    return TableDefinition(name, meaning, ("release_key", *key_names), fields, places=paths, whole_list=whole_list)
