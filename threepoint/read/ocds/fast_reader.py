"""Lays a release flat: one tuple a row of each history table. The code is written out from the tree, since a loop over
columns would cost four times the parse (measured).

`lay_flat(release, key, tag, out)` appends to `out[table]` tuples in the order of the table's columns. Money is in pounds
(a float or a Decimal), dates are days since 1970. `NeedsCare` means: read this release again with the careful reader.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.read.ocds import release_structs
from threepoint.read.ocds.release_structs import Node, Row
from threepoint.read.organisation_identifiers import identify
from threepoint.read.value_parsing import DAYS, NeedsCare, canonical, decoded, whole_pence
from threepoint.standard.definition import Field
from threepoint.standard.history_tables import CORE_LISTS


def text_of(raw: Any) -> str | None:
    """A number or a text as published, from its JSON; None for nothing."""
    if not isinstance(raw, msgspec.Raw):
        return None if raw is None else str(raw)
    data = bytes(raw)
    if not data:
        return None
    if data == b"null":
        raise NeedsCare("an explicit null takes a value back")
    if not _ONE_WAY.fullmatch(data) and canonical(decoded(data)) != data:
        raise NeedsCare("the same value may be written in another way")
    return str(msgspec.json.decode(data)) if data[:1] == b'"' else data.decode()


# JSON that has no other way to be written: whole numbers, and texts without escapes.
_ONE_WAY = re.compile(rb'0|-?[1-9][0-9]*|"[^"\\]*"|true|false')


def local(identifier: Any, tag: str, place: int) -> str:
    """The id of an array's element as text; one without an id gets `#{tag}-{place}`, which nothing else ever gets.

    That keeps it apart from the elements of every other release, as the OCDS merge rules ask.
    """
    return f"#{tag}-{place}" if identifier is None else str(identifier)


CARE = NeedsCare("something that only the careful reader may judge")
WIDEST = 4096  # entries of a nested array that keep their order; more would need wider keys, never lose a row


class _Writer:
    """Collects the lines of the function, with names for the values at hand."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self.count = 0

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def put(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)


# How a value read from its struct becomes the value of a column; `{}` is the value.
CONVERT = {
    "money": "None if {} is None else whole_pence({})",
    "date": "days[{}]",
    "any": "text_of({})",
    "list": "'; '.join({}) if {} else None",
    "id": "{} if {}.__class__ is str or {} is None else str({})",
}


@dataclass(frozen=True)
class _Level:
    """Where the function stands: how deep in its text, the ids so far, the order within the release and its parent's."""

    depth: int
    ids: tuple[str, ...] = ()
    place: str = "0"
    parent: str = "0"


def _walk(writer: _Writer, node: Node, var: str, level: _Level) -> None:
    objects: dict[tuple[str, ...], str] = {(): var}
    _open_objects(writer, node, var, level.depth, (), objects)
    _look_for_signs(writer, node, level.depth, objects, ())
    for row in node.rows:
        writer.put(level.depth, _append(row, objects, level, var))
    _open_arrays(writer, node, level, objects, ())


def _look_for_signs(
    writer: _Writer, node: Node, depth: int, objects: dict[tuple[str, ...], str], path: tuple[str, ...]
) -> None:
    held = objects[path]
    for name in node.signs:
        writer.put(depth, f"if {held}.{name} is not None: raise needs_care")
    for name, kind in node.leaves.items():
        if kind == "list" and name in CORE_LISTS:
            writer.put(depth, f"if {held}.{name} == []: raise needs_care")
    for child in node.children.values():
        if child.kind == "object":
            _look_for_signs(writer, child, depth, objects, (*path, child.name))


def _open_objects(
    writer: _Writer, node: Node, var: str, depth: int, path: tuple[str, ...], objects: dict[tuple[str, ...], str]
) -> None:
    for child in node.children.values():
        if child.kind == "object":
            name, empty = writer.name("o"), writer.name("E")
            writer.names[empty] = child.struct()
            writer.put(depth, f"{name} = {var}.{child.name} or {empty}")
            objects[(*path, child.name)] = name
            _open_objects(writer, child, name, depth, (*path, child.name), objects)


def _append(row: Row, objects: dict[tuple[str, ...], str], level: _Level, var: str) -> str:
    keys = [name for name in row.table.key if name not in ("release_key", "section")]
    padded = ["''"] * (len(keys) - len(level.ids)) + list(level.ids)
    values = ["key", *([repr(row.section)] if row.section else [])]
    read = {column.name: path for column, path in row.columns}
    known = dict(zip(keys, padded, strict=True)) | {"place": level.parent if row.table.whole_list else level.place}
    for column in row.table.fields[len(values) :]:
        if column.name in known:
            values.append(known[column.name])
        elif release_structs.is_identity(column):
            values.append(_identity(column, objects))
        else:
            values.append(_value(column.type, read[column.name], objects, var))
    return f"{row.table.name}(({', '.join(values)},))"


def _identity(column: Field, objects: dict[tuple[str, ...], str]) -> str:
    paths = [tuple(path.split("/")) for path in release_structs.identity_paths(column)]
    held = ["None" if path == ("-",) else f"{objects[path[:-1]]}.{path[-1]}" for path in paths]
    return f"identify({', '.join(held)})"


def _value(kind: str, path: tuple[str, ...], objects: dict[tuple[str, ...], str], var: str) -> str:
    held = var if path == ("*",) else f"{objects[path[:-1]]}.{path[-1]}"
    return CONVERT.get(kind, "{}").replace("{}", held)


def _open_arrays(
    writer: _Writer, node: Node, level: _Level, objects: dict[tuple[str, ...], str], path: tuple[str, ...]
) -> None:
    for child in node.children.values():
        if child.kind == "object":
            _open_arrays(writer, child, level, objects, (*path, child.name))
        else:
            _loop(writer, child, f"{objects[path]}.{child.name}", level)


def _loop(writer: _Writer, child: Node, held: str, level: _Level) -> None:
    number, element, ident, place = (writer.name(stem) for stem in "neip")
    deeper = _Level(level.depth + 2, (*level.ids, ident), place, level.place)
    writer.put(level.depth, f"if {held}:")
    if child.kind == "map":
        writer.put(level.depth + 1, f"for {number}, ({ident}, {element}) in enumerate(sorted({held}.items())):")
    else:
        writer.put(level.depth + 1, f"for {number}, {element} in enumerate({held}):")
        for line in _identify(child, number, element, ident):
            writer.put(deeper.depth, line)
    before = "" if level.place == "0" else f"{level.place} * {WIDEST} + "
    writer.put(deeper.depth, f"{place} = {before}{number}")
    _walk(writer, child, element, deeper)
    if any(row.table.whole_list for row in child.rows):
        writer.put(level.depth, f"elif {held} is not None: raise needs_care")


def _identify(child: Node, number: str, element: str, ident: str) -> list[str]:
    if any(row.table.whole_list for row in child.rows):
        return [f"{ident} = {number}"]
    return [f"{ident} = {element}.id", f"if {ident}.__class__ is not str: {ident} = local({ident}, tag, {number})"]


def source(root: Node) -> tuple[str, dict[str, Any]]:
    """The text of `lay_flat` for this tree, and the names it uses."""
    writer = _Writer()
    _walk(writer, root, "release", _Level(1))
    tables = sorted({row.table.name for node in [*root.below(), root] for row in node.rows})
    head = ["def lay_flat(release, key, tag, out):"]
    head += [f"    {name} = out[{name!r}].append" for name in tables]
    return "\n".join([*head, *writer.lines]), writer.names


def _compile(root: Node) -> Callable[[Any, int, str, dict[str, list[tuple[Any, ...]]]], None]:
    text, names = source(root)
    space: dict[str, Any] = {
        "identify": identify,
        "needs_care": CARE,
        "days": DAYS,
        "whole_pence": whole_pence,
        "text_of": text_of,
        "local": local,
        **names,
    }
    exec(compile(text, "<lay_flat, written from standard.history>", "exec"), space)  # noqa: S102  # our own text
    made: Callable[[Any, int, str, dict[str, list[tuple[Any, ...]]]], None] = space["lay_flat"]
    return made


lay_flat = _compile(release_structs.RELEASE)

__all__ = ["NeedsCare", "lay_flat", "source"]
