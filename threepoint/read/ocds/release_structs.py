"""Tree of everything the standard reads from a release: objects, arrays and leaves, from `threepoint/standard/history_tables.py`.

The structs that parse a release, the code that flattens it and the tolerant reader all use this tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from threepoint.read.value_parsing import FLOAT_SAFE_POUNDS
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.history_tables import RELEASE_CONTENT_TABLES

INT64_TYPE = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]  # the range of a 64-bit column
# JSON types of leaves. An explicit null is not allowed: it removes a value, which only the tolerant reader handles.
# Money is a float as long as its shortest text is the published text; longer amounts need their text.
LEAF_TYPES: dict[str, Any] = {
    "id": str | INT64_TYPE,
    "text": str,
    "code": str,
    "list": list[str],
    "any": msgspec.Raw,
    "integer": INT64_TYPE,
    "number": float,
    "share": float,
    "money": Annotated[float, msgspec.Meta(gt=-FLOAT_SAFE_POUNDS, lt=FLOAT_SAFE_POUNDS)],
    "boolean": bool,
    "date": str,
    "timestamp": str,
}

# Signs of OCDS 1.0, which the tolerant reader upgrades: old names, and organisations described where they are named.
OCDS_1_0_PATHS = (
    "tender/amendment", "awards[]/amendment", "contracts[]/amendment",
    "contracts[]/implementation/transactions[]/providerOrganization",
    "contracts[]/implementation/transactions[]/receiverOrganization",
)  # fmt: skip
ORGANISATION_PATHS = ("buyer", "tender/procuringEntity", "tender/tenderers[]", "awards[]/suppliers[]")
INLINE_ORGANISATION_FIELDS = ("identifier", "address", "additionalIdentifiers")


@dataclass
class RowMapping:
    """A row made from a node: its table, the `section` constant if the table has one, and its columns."""

    table: TableDefinition
    section: str | None
    # (column, path below the node)
    columns: list[tuple[FieldDefinition, tuple[str, ...]]] = field(default_factory=list)


@dataclass
class ReleaseNode:
    """An object (or each element of an array, or each entry of a map) and its children."""

    name: str
    kind: str = "object"  # object, array or map
    children: dict[str, "ReleaseNode"] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)  # JSON name -> type of the standard
    rows: list[RowMapping] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)  # JSON names that require the tolerant reader
    struct: Any = None

    def child(self, step: str) -> "ReleaseNode":
        """Return the child node for a step, and create it if missing; `[]` marks an array and `{}` a map."""
        name, kind = step.rstrip("[]{}"), {"[]": "array", "{}": "map"}.get(step[-2:], "object")
        return self.children.setdefault(name, ReleaseNode(name, kind))

    def below(self) -> Iterator["ReleaseNode"]:
        """Yield all descendants, children before parents."""
        for child in self.children.values():
            yield from child.below()
            yield child


def _add_row(root: ReleaseNode, table: TableDefinition, place: str) -> None:
    node = root
    for step in [] if place == "." else place.split("/"):
        node = node.child(step)
    section = place.replace("[]", "").replace("{}", "") if len(table.places) > 1 else None
    row = RowMapping(table, section)
    for column in table.fields:
        if is_identifier_column(column):
            for path, kind in zip(parse_identifier_paths(column), ("code", "id", "id"), strict=False):
                _add_leaf(node, path, kind)
        elif column.source != "ours":
            row.columns.append((column, tuple(column.source.split("/"))))
            _add_leaf(node, column.source, column.type)
    node.rows.append(row)


def is_identifier_column(column: FieldDefinition) -> bool:
    """Return True for a column with an organisation's identifier, calculated from several paths."""
    return column.source.startswith("identify(")


def parse_identifier_paths(column: FieldDefinition) -> list[str]:
    """Return the paths of scheme, number and party id in `identify(…)`; '-' if the row has none."""
    return [path.strip() for path in column.source.removeprefix("identify(").rstrip(")").split(",")]


def _add_leaf(node: ReleaseNode, path: str, kind: str) -> None:
    *steps, leaf = path.split("/")
    for step in steps:
        node = node.child(step)
    if leaf not in ("*", "-"):  # the value of a map's entry is the node itself
        node.leaves.setdefault(leaf, kind)


def build_release_tree() -> ReleaseNode:
    """Return the tree of everything the standard reads from a release, without structs."""
    root = ReleaseNode("release")
    root.leaves |= {"ocid": "text", "id": "id", "date": "text", "tag": "list"}
    root.leaves |= {"initiationType": "text", "language": "text"}
    for table in RELEASE_CONTENT_TABLES:
        for place in table.places:
            _add_row(root, table, place)
    for path in (
        *OCDS_1_0_PATHS,
        *(f"{body}/{name}" for body in ORGANISATION_PATHS for name in INLINE_ORGANISATION_FIELDS),
    ):
        *steps, leaf = path.split("/")
        node = root
        for step in steps:
            node = node.child(step)
        node.signs.add(leaf)
    return root


def _get_field_type(node: ReleaseNode) -> Any:
    if node.kind == "map":
        return dict[str, msgspec.Raw]
    return list[node.struct] if node.kind == "array" else node.struct  # type: ignore[name-defined]  # created at run time


def _add_struct(node: ReleaseNode) -> ReleaseNode:
    if node.kind == "array":
        node.leaves.setdefault("id", "id")
    fields: list[tuple[str, Any, Any]] = [(name, LEAF_TYPES[kind], None) for name, kind in node.leaves.items()]
    fields += [(name, Any, None) for name in sorted(node.signs)]
    fields += [(child.name, _get_field_type(child), None) for child in node.children.values()]
    fields = [(n, t, msgspec.Raw()) if t is msgspec.Raw else (n, t, d) for n, t, d in fields]
    node.struct = msgspec.defstruct(f"Ocds_{node.name}", fields, omit_defaults=True, gc=False)
    return node


def add_structs(root: ReleaseNode) -> ReleaseNode:
    """Add a msgspec struct to each node that is not a map, and return the tree."""
    for node in [*root.below(), root]:
        if node.kind != "map":
            _add_struct(node)
    return root


RELEASE_TREE = add_structs(build_release_tree())
