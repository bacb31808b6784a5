"""Flatten a release: one tuple per row of each history table. The code is generated from the release tree, because a loop over
columns takes four times as long as parsing the JSON (measured).

`flatten_release(release, key, tag, out)` appends tuples to `out[table]` in the order of the table's columns. Money is in
pounds (a float or a Decimal), dates are days since 1970. `NeedsTolerantReader` means: read this release with the tolerant
reader instead.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.read.ocds import release_structs
from threepoint.read.ocds.release_structs import ReleaseNode, RowMapping
from threepoint.read.organisation_identifiers import normalise_identifier
from threepoint.read.value_parsing import (
    DAYS_BY_TEXT,
    NeedsTolerantReader,
    check_whole_pence,
    decode_json,
    encode_canonical_json,
)
from threepoint.standard.definition import FieldDefinition
from threepoint.standard.history_tables import WHOLE_LIST_FIELDS


def decode_raw_text(raw: Any) -> str | None:
    """Return a number or text as published, from its JSON; None if there is none."""
    if not isinstance(raw, msgspec.Raw):
        return None if raw is None else str(raw)
    data = bytes(raw)
    if not data:
        return None
    if data == b"null":
        raise NeedsTolerantReader("an explicit null removes a value")
    if not _UNAMBIGUOUS_JSON_PATTERN.fullmatch(data) and encode_canonical_json(decode_json(data)) != data:
        raise NeedsTolerantReader("the same value can be written in another way")
    return str(msgspec.json.decode(data)) if data[:1] == b'"' else data.decode()


# JSON that can be written in only one way: whole numbers, and texts without escapes.
_UNAMBIGUOUS_JSON_PATTERN = re.compile(rb'0|-?[1-9][0-9]*|"[^"\\]*"|true|false')


def make_element_id(identifier: Any, tag: str, place: int) -> str:
    """Return the id of an array element as text; an element without an id gets the unique id `#{tag}-{place}`.

    It differs from the ids of all other releases' elements, as the OCDS merge rules require.
    """
    return f"#{tag}-{place}" if identifier is None else str(identifier)


NEEDS_TOLERANT_READER = NeedsTolerantReader("something that only the tolerant reader can judge")
MAX_ORDERED_ENTRIES = 4096  # a longer nested array may lose its order, but never a row


class _CodeWriter:
    """Collects the lines of the generated function and the values that it refers to by name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self.count = 0

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def put(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)


# Code that converts a struct's value to a column's value; `{}` is the value.
CONVERSION_CODE_BY_TYPE = {
    "money": "None if {} is None else check_whole_pence({})",
    "date": "days[{}]",
    "any": "decode_raw_text({})",
    "list": "'; '.join({}) if {} else None",
    "id": "{} if {}.__class__ is str or {} is None else str({})",
}


@dataclass(frozen=True)
class _NestingLevel:
    """A position in the generated function: indentation, the ids so far, the order in the release and that of the parent."""

    depth: int
    ids: tuple[str, ...] = ()
    place: str = "0"
    parent: str = "0"


def _write_node(writer: _CodeWriter, node: ReleaseNode, var: str, level: _NestingLevel) -> None:
    objects: dict[tuple[str, ...], str] = {(): var}
    _write_objects(writer, node, var, level.depth, (), objects)
    _write_sign_checks(writer, node, level.depth, objects, ())
    for row in node.rows:
        writer.put(level.depth, _build_append_call(row, objects, level, var))
    _write_arrays(writer, node, level, objects, ())


def _write_sign_checks(
    writer: _CodeWriter, node: ReleaseNode, depth: int, objects: dict[tuple[str, ...], str], path: tuple[str, ...]
) -> None:
    variable = objects[path]
    for name in node.signs:
        writer.put(depth, f"if {variable}.{name} is not None: raise needs_tolerant_reader")
    for name, kind in node.leaves.items():
        if kind == "list" and name in WHOLE_LIST_FIELDS:
            writer.put(depth, f"if {variable}.{name} == []: raise needs_tolerant_reader")
    for child in node.children.values():
        if child.kind == "object":
            _write_sign_checks(writer, child, depth, objects, (*path, child.name))


def _write_objects(
    writer: _CodeWriter,
    node: ReleaseNode,
    var: str,
    depth: int,
    path: tuple[str, ...],
    objects: dict[tuple[str, ...], str],
) -> None:
    for child in node.children.values():
        if child.kind == "object":
            name, empty = writer.name("o"), writer.name("E")
            writer.names[empty] = child.struct()
            writer.put(depth, f"{name} = {var}.{child.name} or {empty}")
            objects[(*path, child.name)] = name
            _write_objects(writer, child, name, depth, (*path, child.name), objects)


def _build_append_call(row: RowMapping, objects: dict[tuple[str, ...], str], level: _NestingLevel, var: str) -> str:
    keys = [name for name in row.table.key if name not in ("release_key", "section")]
    padded = ["''"] * (len(keys) - len(level.ids)) + list(level.ids)
    values = ["key", *([repr(row.section)] if row.section else [])]
    path_by_column = {column.name: path for column, path in row.columns}
    key_values = dict(zip(keys, padded, strict=True)) | {"place": level.parent if row.table.whole_list else level.place}
    for column in row.table.fields[len(values) :]:
        if column.name in key_values:
            values.append(key_values[column.name])
        elif release_structs.is_identifier_column(column):
            values.append(_build_identifier_call(column, objects))
        else:
            values.append(_build_value_code(column.type, path_by_column[column.name], objects, var))
    return f"{row.table.name}(({', '.join(values)},))"


def _build_identifier_call(column: FieldDefinition, objects: dict[tuple[str, ...], str]) -> str:
    paths = [tuple(path.split("/")) for path in release_structs.parse_identifier_paths(column)]
    values = ["None" if path == ("-",) else f"{objects[path[:-1]]}.{path[-1]}" for path in paths]
    return f"identify({', '.join(values)})"


def _build_value_code(kind: str, path: tuple[str, ...], objects: dict[tuple[str, ...], str], var: str) -> str:
    value = var if path == ("*",) else f"{objects[path[:-1]]}.{path[-1]}"
    return CONVERSION_CODE_BY_TYPE.get(kind, "{}").replace("{}", value)


def _write_arrays(
    writer: _CodeWriter,
    node: ReleaseNode,
    level: _NestingLevel,
    objects: dict[tuple[str, ...], str],
    path: tuple[str, ...],
) -> None:
    for child in node.children.values():
        if child.kind == "object":
            _write_arrays(writer, child, level, objects, (*path, child.name))
        else:
            _write_loop(writer, child, f"{objects[path]}.{child.name}", level)


def _write_loop(writer: _CodeWriter, child: ReleaseNode, array: str, level: _NestingLevel) -> None:
    number, element, ident, place = (writer.name(stem) for stem in "neip")
    inner = _NestingLevel(level.depth + 2, (*level.ids, ident), place, level.place)
    writer.put(level.depth, f"if {array}:")
    if child.kind == "map":
        writer.put(level.depth + 1, f"for {number}, ({ident}, {element}) in enumerate(sorted({array}.items())):")
    else:
        writer.put(level.depth + 1, f"for {number}, {element} in enumerate({array}):")
        for line in _build_id_lines(child, number, element, ident):
            writer.put(inner.depth, line)
    parent_order = "" if level.place == "0" else f"{level.place} * {MAX_ORDERED_ENTRIES} + "
    writer.put(inner.depth, f"{place} = {parent_order}{number}")
    _write_node(writer, child, element, inner)
    if any(row.table.whole_list for row in child.rows):
        writer.put(level.depth, f"elif {array} is not None: raise needs_tolerant_reader")


def _build_id_lines(child: ReleaseNode, number: str, element: str, ident: str) -> list[str]:
    if any(row.table.whole_list for row in child.rows):
        return [f"{ident} = {number}"]
    return [
        f"{ident} = {element}.id",
        f"if {ident}.__class__ is not str: {ident} = make_element_id({ident}, tag, {number})",
    ]


def generate_source(root: ReleaseNode) -> tuple[str, dict[str, Any]]:
    """Return the source of `flatten_release` for this tree, and the names it uses."""
    writer = _CodeWriter()
    _write_node(writer, root, "release", _NestingLevel(1))
    tables = sorted({row.table.name for node in [*root.below(), root] for row in node.rows})
    head = ["def flatten_release(release, key, tag, out):"]
    head += [f"    {name} = out[{name!r}].append" for name in tables]
    return "\n".join([*head, *writer.lines]), writer.names


def _compile_source(root: ReleaseNode) -> Callable[[Any, int, str, dict[str, list[tuple[Any, ...]]]], None]:
    text, names = generate_source(root)
    namespace: dict[str, Any] = {
        "identify": normalise_identifier,
        "needs_tolerant_reader": NEEDS_TOLERANT_READER,
        "days": DAYS_BY_TEXT,
        "check_whole_pence": check_whole_pence,
        "decode_raw_text": decode_raw_text,
        "make_element_id": make_element_id,
        **names,
    }
    exec(compile(text, "<flatten_release, generated from threepoint/standard/history_tables.py>", "exec"), namespace)  # noqa: S102  # generated here
    flatten: Callable[[Any, int, str, dict[str, list[tuple[Any, ...]]]], None] = namespace["flatten_release"]
    return flatten


flatten_release = _compile_source(release_structs.RELEASE_TREE)

__all__ = ["NeedsTolerantReader", "flatten_release", "generate_source"]
