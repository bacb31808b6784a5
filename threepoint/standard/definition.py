"""How a table of the standard is written down: one drawn line a field, read once into frozen nouns.

A line is ``name | type | source | meaning``. After the name, ``*`` marks a Core field and ``+`` an Important one (all
others are Useful); these are the levels that the coverage grade weighs 3, 2 and 1. After the type may stand a unit.
"""

from dataclasses import dataclass
from functools import cached_property

LEVEL_BY_MARK = {"*": "Core", "+": "Important", "": "Useful"}

# What each type is in the files we write. Money is exact; shares run from 0 to 1; dates are Europe/London dates.
FIELD_TYPES = {
    "id": "text that identifies",
    "text": "text",
    "code": "a word from a code list",
    "list": "words as published, in order, joined by '; '",
    "any": "a number or a text, as published",
    "integer": "whole number",
    "number": "number",
    "share": "number from 0 to 1",
    "money": "DECIMAL(18,2)",
    "boolean": "true or false",
    "date": "Europe/London date",
    "timestamp": "UTC time",
    "key": "64-bit key of a release",
}

_KIND_KEY_COLUMNS = ("table", "check_id", "subject_type")  # keys that name a kind of thing, not the thing


@dataclass(frozen=True)
class FieldDefinition:
    """One column: `name`, `type` (a key of TYPES), `unit`, `level`, `source` (an OCDS path or how it is derived), `meaning`."""

    name: str
    type: str
    unit: str
    level: str
    source: str
    meaning: str


@dataclass(frozen=True)
class TableDefinition:
    """One table of the standard.

    `key` names the columns that identify a row. `subject` is true where each Core and Important field of each row has a
    row of its own in field_state. `places` are the OCDS arrays that a history table is read from (empty elsewhere);
    `whole_list` is true where OCDS replaces the array as one, so that its last statement stands alone.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    fields: tuple[FieldDefinition, ...]
    subject: bool = False
    places: tuple[str, ...] = ()
    whole_list: bool = False

    def field(self, name: str) -> FieldDefinition:
        """The field called `name`; KeyError when there is none."""
        return next(iter(f for f in self.fields if f.name == name), None) or _raise_no_field(self.name, name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All column names, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def address(self) -> str:
        """The column that names the process a row belongs to, or begins with its ocid."""
        return "ocid" if "ocid" in self.names else next(name for name in self.key if name not in _KIND_KEY_COLUMNS)

    @cached_property
    def judged(self) -> tuple[FieldDefinition, ...]:
        """The Core and Important fields: those that must have a state."""
        return tuple(field for field in self.fields if field.level != "Useful" and field.name not in self.key)


def _raise_no_field(table: str, name: str) -> FieldDefinition:
    raise KeyError(f"table {table} has no field {name}")


def parse_field(line: str) -> FieldDefinition:
    """One field from its drawn line; ValueError when the line is not drawn right."""
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 4 or not all(cells):  # name, type, source, meaning
        raise ValueError(f"a line is `name | type | source | meaning`, none of them empty: {line}")
    name, kind, source, meaning = cells
    type_, _, unit = kind.partition(" ")
    if type_ not in FIELD_TYPES:
        raise ValueError(f"{type_!r} is not a type: {line}")
    mark = name[-1] if name[-1] in "*+" else ""
    return FieldDefinition(name.rstrip("*+"), type_, unit.strip(), LEVEL_BY_MARK[mark], source, meaning)


def define_table(name: str, meaning: str, key: str, lines: str, *, subject: bool = False) -> TableDefinition:
    """A table of the standard from its drawn lines; `key` names its key columns, parted by spaces."""
    fields = tuple(parse_field(line) for line in lines.strip().splitlines())
    return TableDefinition(name, meaning, tuple(key.split()), fields, subject=subject)


def define_history_table(
    name: str, meaning: str, places: str, key: str, lines: str, *, whole_list: bool = False
) -> TableDefinition:
    """A history table: one row a release and element of the OCDS arrays `places`, nothing merged.

    `key` names what tells elements apart within a release, outermost first. `release_key` comes before it; where there
    are several places, so does `section`, the array the row was read from. Each level of a place that has no counterpart
    in `key` is filled with '' from the left, so that `tender/documents[]` and `awards[]/documents[]` share one table.
    """
    homes = tuple(places.split())
    ids = tuple(key.split())
    head = ["release_key | key | ours | the release this row was read from"]
    if len(homes) > 1:
        head.append("section | code | ours | the OCDS array that the row was read from")
        ids = ("section", *ids)
    drawn = [*head, *lines.strip().splitlines()]
    if homes != (".",):
        drawn.append(
            "place | integer | ours | order within the release; of the whole list where lists are replaced as one"
        )
    fields = tuple(parse_field(line) for line in drawn)
    return TableDefinition(name, meaning, ("release_key", *ids), fields, places=homes, whole_list=whole_list)
