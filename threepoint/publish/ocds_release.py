"""Rows of history → the release they were read from, in OCDS 1.1. The way back of `read`, by the same source paths.

What comes out is what the history holds: nothing else is known of a release, and nothing is made up to fill it. Values
that could not be read are not repeated; values that a release takes back are taken back again, as nulls.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from threepoint.publish.ocds_values import WRITER_BY_TYPE
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.history_tables import RELEASE_CONTENT_TABLES

MAX_ARRAY_ENTRIES = (
    4096  # entries of a nested array: the place of an entry is its parent's place times this, plus its own
)
# Columns that tell bodies apart and are never shown (docs/explanation/privacy.md).
PRIVATE_COLUMNS = frozenset({("party", "street")})
RELEASE_FIELD_ORDER = (
    "ocid", "id", "date", "tag", "initiationType", "language", "title", "description", "parties", "buyer", "planning",
    "tender", "bids", "awards", "contracts", "relatedProcesses", "withheldInformation",
)  # fmt: skip

FieldPath = tuple[str, ...]
JsonObject = dict[str, Any]
RowsByTable = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class FieldMapping:
    """A column and where it stands below its element: its index in the row, its path, and how its value is written."""

    column: str
    index: int
    path: FieldPath
    write: Callable[[Any], Any]


@dataclass(frozen=True)
class ArrayMapping:
    """One array of OCDS (or the release itself) whose elements are rows of `table`.

    `parent` is the array around it ('' for the release), `below` the path from an element of that to this array. `ids`
    are the indexes of the row's columns that hold the ids of all levels, outermost first.
    """

    name: str
    section: str | None
    table: TableDefinition
    parent: str
    below: FieldPath
    leaves: tuple[FieldMapping, ...]
    ids: tuple[int, ...]
    order: int | None

    @property
    def is_map(self) -> bool:
        """True for named values, whose entries are values and no objects."""
        return self.name.endswith("{}")


def iterate_array_mappings() -> Iterator[ArrayMapping]:
    """Every place of every table, parents before children."""
    found = [(name, table) for table in RELEASE_CONTENT_TABLES for name in table.places]
    for name, table in sorted(found, key=lambda pair: _count_levels(pair[0])):
        yield _build_array_mapping(name, table)


def _count_levels(name: str) -> int:
    return name.count("[]") + name.count("{}")


def _build_array_mapping(name: str, table: TableDefinition) -> ArrayMapping:
    steps = [] if name == "." else name.split("/")
    arrays = [number for number, step in enumerate(steps[:-1]) if step[-2:] == "[]"]
    cut = arrays[-1] + 1 if arrays else 0
    keys = [column for column in table.key if column not in ("release_key", "section")]
    ids = tuple(table.names.index(column) for column in keys[len(keys) - _count_levels(name) :])
    section = name.replace("[]", "").replace("{}", "") if len(table.places) > 1 else None
    leaves = tuple(_build_field_mapping(table, column) for column in table.fields if _is_mapped_column(table, column))
    order = table.names.index("place") if "place" in table.names else None
    below = tuple(step.rstrip("[]{}") for step in steps[cut:])
    return ArrayMapping(name, section, table, "/".join(steps[:cut]), below, leaves, ids, order)


def _is_mapped_column(table: TableDefinition, column: FieldDefinition) -> bool:
    ours = column.source == "ours" or column.source.startswith("identify(")
    return not ours and (table.name, column.name) not in PRIVATE_COLUMNS


def _build_field_mapping(table: TableDefinition, column: FieldDefinition) -> FieldMapping:
    path = () if column.source == "*" else tuple(column.source.split("/"))
    return FieldMapping(column.name, table.names.index(column.name), path, WRITER_BY_TYPE[column.type](path))


ARRAY_MAPPINGS = tuple(iterate_array_mappings())
_ARRAY_MAPPINGS_BY_TABLE: dict[str, list[ArrayMapping]] = {
    table.name: [place for place in ARRAY_MAPPINGS if place.table.name == table.name]
    for table in RELEASE_CONTENT_TABLES
}
_SECTION_INDEX_BY_TABLE = {
    table.name: table.names.index("section") for table in RELEASE_CONTENT_TABLES if len(table.places) > 1
}


@dataclass
class _Element:
    """An object that was made: its order within its release, and itself."""

    order: int
    held: JsonObject


class _PartialRelease:
    """What was made of one release so far: the elements of each place by their ids."""

    def __init__(self, release: JsonObject, tag: str) -> None:
        self.without_id = f"#{tag}-"  # how the history names the elements of this release that have no id
        self.elements: dict[str, dict[FieldPath, list[_Element]]] = {"": {(): [_Element(0, release)]}}

    def parent(self, place: ArrayMapping, ids: FieldPath, order: int) -> JsonObject:
        """The element that a row hangs below. Ids tell it; where two elements share them, its place does."""
        found = self.elements[place.parent][ids[:-1]]
        if len(found) > 1:
            wanted = order if place.table.whole_list else order // MAX_ARRAY_ENTRIES
            return next((element for element in found if element.order == wanted), found[0]).held
        return found[0].held

    def add(self, place: ArrayMapping, ids: FieldPath, order: int, held: JsonObject) -> None:
        """Keeps an element for its children to find."""
        self.elements.setdefault(place.name, {}).setdefault(ids, []).append(_Element(order, held))


def build_release(head: dict[str, Any], rows: RowsByTable) -> JsonObject:
    """The release of a row of `release` (name → value) and its rows of the other tables, by table."""
    release: JsonObject = {
        "ocid": head["ocid"],
        "id": head["release_id"],
        "date": WRITER_BY_TYPE["timestamp"](())(head["date"]),
    }
    if head["tag"] is not None:
        release["tag"] = head["tag"].split("; ")
    for name, column in (("initiationType", "initiation_type"), ("language", "language")):
        if head[column] is not None:
            release[name] = head[column]
    made = _PartialRelease(release, head["sha256"][:12])
    at = _group_by_section(rows)
    for place in ARRAY_MAPPINGS:
        for row in at.get((place.table.name, place.section), ()):
            _add_row(place, row, made)
    _write_removals(rows.get("removed", []), made)
    return {name: release[name] for name in RELEASE_FIELD_ORDER if name in release}


def _group_by_section(rows: RowsByTable) -> dict[tuple[str, str | None], list[tuple[Any, ...]]]:
    """The rows by table and section, in the order they came."""
    found: dict[tuple[str, str | None], list[tuple[Any, ...]]] = {}
    for name, given in rows.items():
        section = _SECTION_INDEX_BY_TABLE.get(name)
        if section is None:
            found[name, None] = given
        else:
            for row in given:
                found.setdefault((name, row[section]), []).append(row)
    return found


def _add_row(place: ArrayMapping, row: tuple[Any, ...], made: _PartialRelease) -> None:
    ids = tuple(str(row[index]) for index in place.ids)
    order = 0 if place.order is None else row[place.order]
    if place.name == ".":
        _fill_element(place, row, made.elements[""][()][0].held, made)
        return
    *steps, last = place.below
    home = made.parent(place, ids, order)
    for step in steps:
        home = home.setdefault(step, {})
    if place.is_map:
        home.setdefault(last, {})[ids[-1]] = place.leaves[0].write(row[place.leaves[0].index])
        return
    element: JsonObject = {}
    _fill_element(place, row, element, made)
    home.setdefault(last, []).append(element)
    made.add(place, ids, order, element)


def _fill_element(place: ArrayMapping, row: tuple[Any, ...], element: JsonObject, made: _PartialRelease) -> None:
    for leaf in place.leaves:
        value = row[leaf.index]
        if value is not None and not (leaf.path == ("id",) and str(value).startswith(made.without_id)):
            _set_value(element, leaf.path, leaf.write(value))


def _set_value(element: JsonObject, path: FieldPath, value: Any) -> None:
    for step in path[:-1]:
        element = element.setdefault(step, {})
    element[path[-1]] = value


def _write_removals(removed: list[tuple[Any, ...]], made: _PartialRelease) -> None:
    """Says again what the release takes back: a null for a value, an empty list for a list that is replaced as one."""
    for _, name, key, field in removed:
        for place in _ARRAY_MAPPINGS_BY_TABLE[name]:
            if field == "*":
                if _write_empty_list(place, key, made):
                    break
            elif _write_null(place, key, field, made):
                break


def _write_empty_list(place: ArrayMapping, key: str, made: _PartialRelease) -> bool:
    for ids, elements in made.elements.get(place.parent, {}).items():
        if _format_row_key(place, (*ids, "*"))[:-2] == key:
            return _set_first_free([element.held for element in elements], place.below, [])
    return False


def _write_null(place: ArrayMapping, key: str, field: str, made: _PartialRelease) -> bool:
    leaf = next((leaf for leaf in place.leaves if leaf.column == field), None)
    if leaf is None:  # a column that is never shown
        return True
    for ids, elements in made.elements.get("" if place.name == "." else place.name, {}).items():
        if _format_row_key(place, ids) == key:
            return _set_first_free([element.held for element in elements], leaf.path, None)
    return False


def _set_first_free(elements: list[JsonObject], path: FieldPath, value: Any) -> bool:
    """Sets the value where nothing stands yet, in the first element that has room: two can share their ids."""
    for element in elements:
        if _is_path_free(element, path):
            _set_value(element, path, value)
            return True
    return False


def _is_path_free(element: JsonObject, path: FieldPath) -> bool:
    held: Any = element
    for step in path:
        if not isinstance(held, dict) or step not in held:
            return True
        held = held[step]
    return False


def _format_row_key(place: ArrayMapping, ids: FieldPath) -> str:
    """The key of a row as `removed` names it: section and ids joined by a bar, '' for levels that the place has not."""
    levels = len([name for name in place.table.key if name not in ("release_key", "section")])
    section = (place.section,) if place.section else ()
    return "|".join((*section, *[""] * (levels - len(ids)), *ids))
