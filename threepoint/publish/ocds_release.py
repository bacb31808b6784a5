"""Rebuild an OCDS 1.1 release from its rows of history. This reverses `threepoint.read`, with the same source paths.

A release has only the values that the history has. Values that could not be read are left out; values that the release
removed are written as nulls, so that they are removed again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from threepoint.publish.ocds_values import WRITER_BY_TYPE
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.history_tables import RELEASE_CONTENT_TABLES

# The position of an entry of a nested array is its parent's position times this number, plus its own.
MAX_ARRAY_ENTRIES = 4096
# Columns that distinguish organisations and are never shown (docs/explanation/privacy.md).
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
    """A column with its index in the row, its path within its element, and the function that writes its value."""

    column: str
    index: int
    path: FieldPath
    write: Callable[[Any], Any]


@dataclass(frozen=True)
class ArrayMapping:
    """One array of OCDS (or the release itself) whose elements are rows of `table`.

    `parent` is the surrounding array ('' for the release), `below` the path from an element of it to this array. `ids` are
    the indexes of the columns with the ids of all levels, outermost first.
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
        """True for named values: their entries are values, not objects."""
        return self.name.endswith("{}")


def iterate_array_mappings() -> Iterator[ArrayMapping]:
    """Yield all arrays of all tables, parents before children."""
    places = [(name, table) for table in RELEASE_CONTENT_TABLES for name in table.places]
    for name, table in sorted(places, key=lambda place: _count_levels(place[0])):
        yield _build_array_mapping(name, table)


def _count_levels(name: str) -> int:
    return name.count("[]") + name.count("{}")


def _build_array_mapping(name: str, table: TableDefinition) -> ArrayMapping:
    steps = [] if name == "." else name.split("/")
    arrays = [number for number, step in enumerate(steps[:-1]) if step[-2:] == "[]"]
    parent_length = arrays[-1] + 1 if arrays else 0
    keys = [column for column in table.key if column not in ("release_key", "section")]
    ids = tuple(table.names.index(column) for column in keys[len(keys) - _count_levels(name) :])
    section = name.replace("[]", "").replace("{}", "") if len(table.places) > 1 else None
    leaves = tuple(_build_field_mapping(table, column) for column in table.fields if _is_mapped_column(table, column))
    order = table.names.index("place") if "place" in table.names else None
    below = tuple(step.rstrip("[]{}") for step in steps[parent_length:])
    return ArrayMapping(name, section, table, "/".join(steps[:parent_length]), below, leaves, ids, order)


def _is_mapped_column(table: TableDefinition, column: FieldDefinition) -> bool:
    is_ours = column.source == "ours" or column.source.startswith("identify(")
    return not is_ours and (table.name, column.name) not in PRIVATE_COLUMNS


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
    """A written object and its order within its release."""

    order: int
    content: JsonObject


class _PartialRelease:
    """The written part of a release: the elements of each array by their ids."""

    def __init__(self, release: JsonObject, tag: str) -> None:
        self.derived_id_prefix = f"#{tag}-"  # the history gives such ids to elements of this release that have none
        self.elements: dict[str, dict[FieldPath, list[_Element]]] = {"": {(): [_Element(0, release)]}}

    def parent(self, place: ArrayMapping, ids: FieldPath, order: int) -> JsonObject:
        """Return the element that a row belongs to, found by its ids, or by its position if several elements share them."""
        parents = self.elements[place.parent][ids[:-1]]
        if len(parents) > 1:
            parent_order = order if place.table.whole_list else order // MAX_ARRAY_ENTRIES
            return next((element for element in parents if element.order == parent_order), parents[0]).content
        return parents[0].content

    def add(self, place: ArrayMapping, ids: FieldPath, order: int, content: JsonObject) -> None:
        """Store an element, so that its children can find it."""
        self.elements.setdefault(place.name, {}).setdefault(ids, []).append(_Element(order, content))


def build_release(head: dict[str, Any], rows: RowsByTable) -> JsonObject:
    """Return the release for a row of `release` (name → value) and its rows of the other tables, by table."""
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
    partial = _PartialRelease(release, head["sha256"][:12])
    rows_by_section = _group_by_section(rows)
    for place in ARRAY_MAPPINGS:
        for row in rows_by_section.get((place.table.name, place.section), ()):
            _add_row(place, row, partial)
    _write_removals(rows.get("removed", []), partial)
    return {name: release[name] for name in RELEASE_FIELD_ORDER if name in release}


def _group_by_section(rows: RowsByTable) -> dict[tuple[str, str | None], list[tuple[Any, ...]]]:
    groups: dict[tuple[str, str | None], list[tuple[Any, ...]]] = {}
    for name, table_rows in rows.items():
        section_index = _SECTION_INDEX_BY_TABLE.get(name)
        if section_index is None:
            groups[name, None] = table_rows
        else:
            for row in table_rows:
                groups.setdefault((name, row[section_index]), []).append(row)
    return groups


def _add_row(place: ArrayMapping, row: tuple[Any, ...], partial: _PartialRelease) -> None:
    ids = tuple(str(row[index]) for index in place.ids)
    order = 0 if place.order is None else row[place.order]
    if place.name == ".":
        _fill_element(place, row, partial.elements[""][()][0].content, partial)
        return
    *steps, last = place.below
    target = partial.parent(place, ids, order)
    for step in steps:
        target = target.setdefault(step, {})
    if place.is_map:
        target.setdefault(last, {})[ids[-1]] = place.leaves[0].write(row[place.leaves[0].index])
        return
    element: JsonObject = {}
    _fill_element(place, row, element, partial)
    target.setdefault(last, []).append(element)
    partial.add(place, ids, order, element)


def _fill_element(place: ArrayMapping, row: tuple[Any, ...], element: JsonObject, partial: _PartialRelease) -> None:
    for leaf in place.leaves:
        value = row[leaf.index]
        if value is not None and not (leaf.path == ("id",) and str(value).startswith(partial.derived_id_prefix)):
            _set_value(element, leaf.path, leaf.write(value))


def _set_value(element: JsonObject, path: FieldPath, value: Any) -> None:
    for step in path[:-1]:
        element = element.setdefault(step, {})
    element[path[-1]] = value


def _write_removals(removed: list[tuple[Any, ...]], partial: _PartialRelease) -> None:
    """Write the removals of the release: a null for a value, an empty list for a list that is replaced as a whole."""
    for _, name, key, field in removed:
        for place in _ARRAY_MAPPINGS_BY_TABLE[name]:
            if field == "*":
                if _write_empty_list(place, key, partial):
                    break
            elif _write_null(place, key, field, partial):
                break


def _write_empty_list(place: ArrayMapping, key: str, partial: _PartialRelease) -> bool:
    for ids, elements in partial.elements.get(place.parent, {}).items():
        if _format_row_key(place, (*ids, "*"))[:-2] == key:
            return _set_first_free([element.content for element in elements], place.below, [])
    return False


def _write_null(place: ArrayMapping, key: str, field: str, partial: _PartialRelease) -> bool:
    leaf = next((leaf for leaf in place.leaves if leaf.column == field), None)
    if leaf is None:  # a column that is never shown
        return True
    for ids, elements in partial.elements.get("" if place.name == "." else place.name, {}).items():
        if _format_row_key(place, ids) == key:
            return _set_first_free([element.content for element in elements], leaf.path, None)
    return False


def _set_first_free(elements: list[JsonObject], path: FieldPath, value: Any) -> bool:
    """Set the value in the first element that has none at this path: several elements can share their ids."""
    for element in elements:
        if _is_path_free(element, path):
            _set_value(element, path, value)
            return True
    return False


def _is_path_free(element: JsonObject, path: FieldPath) -> bool:
    value: Any = element
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return True
        value = value[step]
    return False


def _format_row_key(place: ArrayMapping, ids: FieldPath) -> str:
    """Return a row's key as the table `removed` writes it: section and ids joined by |, '' for levels without an id."""
    levels = len([name for name in place.table.key if name not in ("release_key", "section")])
    section = (place.section,) if place.section else ()
    return "|".join((*section, *[""] * (levels - len(ids)), *ids))
