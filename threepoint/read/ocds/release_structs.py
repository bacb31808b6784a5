"""What the standard reads of a release, as a tree: objects, arrays and leaves. Made from the sources in `standard.history`.

The structs that parse a release, the code that lays it flat and the careful reader all walk this one tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from threepoint.read.value_parsing import FLOAT_SAFE
from threepoint.standard.definition import Field, Table
from threepoint.standard.history_tables import GATHERED

WHOLE = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]  # what a 64-bit column holds
# What a leaf may be in JSON; an explicit null is not among it, since it takes a value back and needs the careful reader.
# Money is a float here while its shortest text is the published one; longer amounts need their text.
LEAF_TYPES: dict[str, Any] = {
    "id": str | WHOLE,
    "text": str,
    "code": str,
    "list": list[str],
    "any": msgspec.Raw,
    "integer": WHOLE,
    "number": float,
    "share": float,
    "money": Annotated[float, msgspec.Meta(gt=-FLOAT_SAFE, lt=FLOAT_SAFE)],
    "boolean": bool,
    "date": str,
    "timestamp": str,
}

# Signs of OCDS 1.0, which the careful reader upgrades: old names, and bodies described where they are named.
SIGNS = (
    "tender/amendment", "awards[]/amendment", "contracts[]/amendment",
    "contracts[]/implementation/transactions[]/providerOrganization",
    "contracts[]/implementation/transactions[]/receiverOrganization",
)  # fmt: skip
BODIES = ("buyer", "tender/procuringEntity", "tender/tenderers[]", "awards[]/suppliers[]")
INLINE = ("identifier", "address", "additionalIdentifiers")


@dataclass
class Row:
    """A row that a node gives: its table, the `section` constant if the table has one, and its key columns."""

    table: Table
    section: str | None
    columns: list[tuple[Field, tuple[str, ...]]] = field(default_factory=list)  # (column, path below the node)


@dataclass
class Node:
    """An object (also: each element of an array, each entry of a map) and what hangs below it."""

    name: str
    kind: str = "object"  # object, array or map
    children: dict[str, "Node"] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)  # JSON name -> type of the standard
    rows: list[Row] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)  # JSON names that send the release to the careful reader
    struct: Any = None

    def child(self, step: str) -> "Node":
        """The node one step below, made where missing; `[]` marks an array and `{}` a map."""
        name, kind = step.rstrip("[]{}"), {"[]": "array", "{}": "map"}.get(step[-2:], "object")
        return self.children.setdefault(name, Node(name, kind))

    def below(self) -> Iterator["Node"]:
        """Every node below, children first."""
        for child in self.children.values():
            yield from child.below()
            yield child


def _add_row(root: Node, table: Table, place: str) -> None:
    node = root
    for step in [] if place == "." else place.split("/"):
        node = node.child(step)
    section = place.replace("[]", "").replace("{}", "") if len(table.places) > 1 else None
    row = Row(table, section)
    for column in table.fields:
        if is_identity(column):
            for path, kind in zip(identity_paths(column), ("code", "id", "id"), strict=False):
                _add_leaf(node, path, kind)
        elif column.source != "ours":
            row.columns.append((column, tuple(column.source.split("/"))))
            _add_leaf(node, column.source, column.type)
    node.rows.append(row)


def is_identity(column: Field) -> bool:
    """True for a column that holds the identifier of an organisation, worked out from the paths in its source."""
    return column.source.startswith("identify(")


def identity_paths(column: Field) -> list[str]:
    """The paths of scheme, number and party id in `identify(…)`; '-' where the row has none."""
    return [path.strip() for path in column.source.removeprefix("identify(").rstrip(")").split(",")]


def _add_leaf(node: Node, path: str, kind: str) -> None:
    *steps, leaf = path.split("/")
    for step in steps:
        node = node.child(step)
    if leaf not in ("*", "-"):  # the value of a map's entry is the node itself
        node.leaves.setdefault(leaf, kind)


def tree() -> Node:
    """The tree of everything the standard reads of a release, without its structs."""
    root = Node("release")
    root.leaves |= {"ocid": "text", "id": "id", "date": "text", "tag": "list"}
    root.leaves |= {"initiationType": "text", "language": "text"}
    for table in GATHERED:
        for place in table.places:
            _add_row(root, table, place)
    for path in (*SIGNS, *(f"{body}/{name}" for body in BODIES for name in INLINE)):
        *steps, leaf = path.split("/")
        node = root
        for step in steps:
            node = node.child(step)
        node.signs.add(leaf)
    return root


def _struct_field(node: Node) -> Any:
    if node.kind == "map":
        return dict[str, msgspec.Raw]
    return list[node.struct] if node.kind == "array" else node.struct  # type: ignore[name-defined]  # made here


def _ready(node: Node) -> Node:
    if node.kind == "array":
        node.leaves.setdefault("id", "id")
    fields: list[tuple[str, Any, Any]] = [(name, LEAF_TYPES[kind], None) for name, kind in node.leaves.items()]
    fields += [(name, Any, None) for name in sorted(node.signs)]
    fields += [(child.name, _struct_field(child), None) for child in node.children.values()]
    fields = [(n, t, msgspec.Raw()) if t is msgspec.Raw else (n, t, d) for n, t, d in fields]
    node.struct = msgspec.defstruct(f"Ocds_{node.name}", fields, omit_defaults=True, gc=False)
    return node


def with_structs(root: Node) -> Node:
    """The same tree, each node but a map given the msgspec struct that holds what we read of it."""
    for node in [*root.below(), root]:
        if node.kind != "map":
            _ready(node)
    return root


RELEASE = with_structs(tree())
