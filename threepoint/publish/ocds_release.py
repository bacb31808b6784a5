"""Rows of history → the release they were read from, in OCDS 1.1. The way back of `read`, by the same source paths.

What comes out is what the history holds: nothing else is known of a release, and nothing is made up to fill it. Values
that could not be read are not repeated; values that a release takes back are taken back again, as nulls.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from threepoint.publish.ocds_values import WRITE
from threepoint.standard.definition import Field, Table
from threepoint.standard.history_tables import GATHERED

WIDEST = 4096  # entries of a nested array: the place of an entry is its parent's place times this, plus its own
# Columns that tell bodies apart and are never shown (docs/explanation/privacy.md).
NEVER_SHOWN = frozenset({("party", "street")})
ORDER = (
    "ocid", "id", "date", "tag", "initiationType", "language", "title", "description", "parties", "buyer", "planning",
    "tender", "bids", "awards", "contracts", "relatedProcesses", "withheldInformation",
)  # fmt: skip

Path = tuple[str, ...]
Object = dict[str, Any]
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Leaf:
    """A column and where it stands below its element: its index in the row, its path, and how its value is written."""

    column: str
    index: int
    path: Path
    write: Callable[[Any], Any]


@dataclass(frozen=True)
class Place:
    """One array of OCDS (or the release itself) whose elements are rows of `table`.

    `parent` is the array around it ('' for the release), `below` the path from an element of that to this array. `ids`
    are the indexes of the row's columns that hold the ids of all levels, outermost first.
    """

    name: str
    section: str | None
    table: Table
    parent: str
    below: Path
    leaves: tuple[Leaf, ...]
    ids: tuple[int, ...]
    order: int | None

    @property
    def is_map(self) -> bool:
        """True for named values, whose entries are values and no objects."""
        return self.name.endswith("{}")


def places() -> Iterator[Place]:
    """Every place of every table, parents before children."""
    found = [(name, table) for table in GATHERED for name in table.places]
    for name, table in sorted(found, key=lambda pair: _depth(pair[0])):
        yield _place(name, table)


def _depth(name: str) -> int:
    return name.count("[]") + name.count("{}")


def _place(name: str, table: Table) -> Place:
    steps = [] if name == "." else name.split("/")
    arrays = [number for number, step in enumerate(steps[:-1]) if step[-2:] == "[]"]
    cut = arrays[-1] + 1 if arrays else 0
    keys = [column for column in table.key if column not in ("release_key", "section")]
    ids = tuple(table.names.index(column) for column in keys[len(keys) - _depth(name) :])
    section = name.replace("[]", "").replace("{}", "") if len(table.places) > 1 else None
    leaves = tuple(_leaf(table, column) for column in table.fields if _is_leaf(table, column))
    order = table.names.index("place") if "place" in table.names else None
    below = tuple(step.rstrip("[]{}") for step in steps[cut:])
    return Place(name, section, table, "/".join(steps[:cut]), below, leaves, ids, order)


def _is_leaf(table: Table, column: Field) -> bool:
    ours = column.source == "ours" or column.source.startswith("identify(")
    return not ours and (table.name, column.name) not in NEVER_SHOWN


def _leaf(table: Table, column: Field) -> Leaf:
    path = () if column.source == "*" else tuple(column.source.split("/"))
    return Leaf(column.name, table.names.index(column.name), path, WRITE[column.type](path))


PLACES = tuple(places())
_BY_TABLE: dict[str, list[Place]] = {
    table.name: [place for place in PLACES if place.table.name == table.name] for table in GATHERED
}
_SECTION_AT = {table.name: table.names.index("section") for table in GATHERED if len(table.places) > 1}


@dataclass
class _Element:
    """An object that was made: its order within its release, and itself."""

    order: int
    held: Object


class _Made:
    """What was made of one release so far: the elements of each place by their ids."""

    def __init__(self, release: Object, tag: str) -> None:
        self.without_id = f"#{tag}-"  # how the history names the elements of this release that have no id
        self.elements: dict[str, dict[Path, list[_Element]]] = {"": {(): [_Element(0, release)]}}

    def parent(self, place: Place, ids: Path, order: int) -> Object:
        """The element that a row hangs below. Ids tell it; where two elements share them, its place does."""
        found = self.elements[place.parent][ids[:-1]]
        if len(found) > 1:
            wanted = order if place.table.whole_list else order // WIDEST
            return next((element for element in found if element.order == wanted), found[0]).held
        return found[0].held

    def add(self, place: Place, ids: Path, order: int, held: Object) -> None:
        """Keeps an element for its children to find."""
        self.elements.setdefault(place.name, {}).setdefault(ids, []).append(_Element(order, held))


def release_of(head: dict[str, Any], rows: Rows) -> Object:
    """The release of a row of `release` (name → value) and its rows of the other tables, by table."""
    release: Object = {
        "ocid": head["ocid"],
        "id": head["release_id"],
        "date": WRITE["timestamp"](())(head["date"]),
    }
    if head["tag"] is not None:
        release["tag"] = head["tag"].split("; ")
    for name, column in (("initiationType", "initiation_type"), ("language", "language")):
        if head[column] is not None:
            release[name] = head[column]
    made = _Made(release, head["sha256"][:12])
    at = _by_place(rows)
    for place in PLACES:
        for row in at.get((place.table.name, place.section), ()):
            _put(place, row, made)
    _take_back(rows.get("removed", []), made)
    return {name: release[name] for name in ORDER if name in release}


def _by_place(rows: Rows) -> dict[tuple[str, str | None], list[tuple[Any, ...]]]:
    """The rows by table and section, in the order they came."""
    found: dict[tuple[str, str | None], list[tuple[Any, ...]]] = {}
    for name, given in rows.items():
        section = _SECTION_AT.get(name)
        if section is None:
            found[name, None] = given
        else:
            for row in given:
                found.setdefault((name, row[section]), []).append(row)
    return found


def _put(place: Place, row: tuple[Any, ...], made: _Made) -> None:
    ids = tuple(str(row[index]) for index in place.ids)
    order = 0 if place.order is None else row[place.order]
    if place.name == ".":
        _fill(place, row, made.elements[""][()][0].held, made)
        return
    *steps, last = place.below
    home = made.parent(place, ids, order)
    for step in steps:
        home = home.setdefault(step, {})
    if place.is_map:
        home.setdefault(last, {})[ids[-1]] = place.leaves[0].write(row[place.leaves[0].index])
        return
    element: Object = {}
    _fill(place, row, element, made)
    home.setdefault(last, []).append(element)
    made.add(place, ids, order, element)


def _fill(place: Place, row: tuple[Any, ...], element: Object, made: _Made) -> None:
    for leaf in place.leaves:
        value = row[leaf.index]
        if value is not None and not (leaf.path == ("id",) and str(value).startswith(made.without_id)):
            _set(element, leaf.path, leaf.write(value))


def _set(element: Object, path: Path, value: Any) -> None:
    for step in path[:-1]:
        element = element.setdefault(step, {})
    element[path[-1]] = value


def _take_back(removed: list[tuple[Any, ...]], made: _Made) -> None:
    """Says again what the release takes back: a null for a value, an empty list for a list that is replaced as one."""
    for _, name, key, field in removed:
        for place in _BY_TABLE[name]:
            if field == "*":
                if _empty_list(place, key, made):
                    break
            elif _null(place, key, field, made):
                break


def _empty_list(place: Place, key: str, made: _Made) -> bool:
    for ids, elements in made.elements.get(place.parent, {}).items():
        if _key(place, (*ids, "*"))[:-2] == key:
            return _set_free([element.held for element in elements], place.below, [])
    return False


def _null(place: Place, key: str, field: str, made: _Made) -> bool:
    leaf = next((leaf for leaf in place.leaves if leaf.column == field), None)
    if leaf is None:  # a column that is never shown
        return True
    for ids, elements in made.elements.get("" if place.name == "." else place.name, {}).items():
        if _key(place, ids) == key:
            return _set_free([element.held for element in elements], leaf.path, None)
    return False


def _set_free(elements: list[Object], path: Path, value: Any) -> bool:
    """Sets the value where nothing stands yet, in the first element that has room: two can share their ids."""
    for element in elements:
        if _free(element, path):
            _set(element, path, value)
            return True
    return False


def _free(element: Object, path: Path) -> bool:
    held: Any = element
    for step in path:
        if not isinstance(held, dict) or step not in held:
            return True
        held = held[step]
    return False


def _key(place: Place, ids: Path) -> str:
    """The key of a row as `removed` names it: section and ids joined by a bar, '' for levels that the place has not."""
    levels = len([name for name in place.table.key if name not in ("release_key", "section")])
    section = (place.section,) if place.section else ()
    return "|".join((*section, *[""] * (levels - len(ids)), *ids))
