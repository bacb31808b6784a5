"""The careful reader: a release of any shape into the structs of `shape`, telling what was taken back or was wrong.

Used where the fast reader refuses: explicit nulls and empty lists, OCDS 1.0, wrong types, odd numbers. The release is
always kept; a value that cannot be what its field asks for is told apart, with its place and the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

import msgspec

from threepoint.read.ocds.fast_reader import local
from threepoint.read.ocds.release_structs import RELEASE, Node, Row
from threepoint.read.value_parsing import FLOAT_SAFE, canonical, has_parts, london_days
from threepoint.standard.amounts import TooLarge, exact_pence
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.history_tables import CORE_LISTS

MOST_SHOWN = 200  # characters of a wrong value
_PADDED = re.compile(r"\s*[-+]?0[0-9]")
UNKNOWN = "\0"  # stands for the release's tag in the key of an element without an id, until the tag is known


class Unfit(Exception):
    """A value that is not what its field asks for; the text is the reason."""


@dataclass
class Findings:
    """What the careful reader found: what was taken back as (table, key, field), what was wrong with path and reason."""

    removed: list[tuple[str, str, str]] = field(default_factory=list)
    invalid: list[tuple[str, str, str, str, str, str]] = field(
        default_factory=list
    )  # table, key, field, path, found, reason


@dataclass(frozen=True)
class Spot:
    """Where the reader stands: the rows whose columns may be here, their ids so far, and the path for messages."""

    rows: tuple[tuple[Row, tuple[str, ...]], ...]
    ids: tuple[str, ...]
    path: str

    def step(self, name: str) -> "Spot":
        """One object down."""
        return Spot(tuple((row, (*below, name)) for row, below in self.rows), self.ids, f"{self.path}/{name}")

    def columns(self, leaf: str) -> Iterator[tuple[str, str, str]]:
        """(table, key, column) of each column that is read from this leaf."""
        for row, below in self.rows:
            for column, path in row.columns:
                if path == (*below, leaf):
                    yield row.table.name, key_of(row, self.ids), column.name


def key_of(row: Row, ids: tuple[str, ...]) -> str:
    """The key of a row as text: section and ids joined by a bar, '' for levels that its place does not have."""
    wanted = len([name for name in row.table.key if name not in ("release_key", "section")])
    section = (row.section,) if row.section else ()
    return "|".join((*section, *[""] * (wanted - len(ids)), *ids))


def read_release(release: dict[str, Any]) -> tuple[Any, Findings]:
    """A struct of the release and the findings. `release` is decoded JSON with floats as Decimal."""
    findings = Findings()
    spot = Spot(tuple((row, ()) for row in RELEASE.rows), (), "")
    return _object(RELEASE, release, spot, findings), findings


def _object(node: Node, value: Any, spot: Spot, findings: Findings) -> Any:
    if not isinstance(value, dict):
        if value:
            _wrong(findings, spot, "", value, "an object belongs here")
        return None
    held = {}
    for name, kind in node.leaves.items():
        if name in value:
            held[name] = _leaf(kind, name, value[name], spot, findings)
    for child in node.children.values():
        if child.name in value:
            held[child.name] = _child(child, value[child.name], spot.step(child.name), findings)
    return node.struct(**{name: kept for name, kept in held.items() if kept is not None})


def _child(node: Node, value: Any, spot: Spot, findings: Findings) -> Any:
    if node.kind == "object":
        return _object(node, value, spot, findings)
    if node.kind == "map":
        return _map(value, spot, findings)
    return _array(node, value, spot, findings)


def _map(value: Any, spot: Spot, findings: Findings) -> dict[str, msgspec.Raw] | None:
    if not isinstance(value, dict):
        if value:
            _wrong(findings, spot, "", value, "an object belongs here")
        return None
    return {name: _raw(entry) for name, entry in value.items() if entry is not None}


def _array(node: Node, value: Any, spot: Spot, findings: Findings) -> list[Any] | None:
    whole = [row for row in node.rows if row.table.whole_list]
    if not value:
        findings.removed += [(row.table.name, _parent_key(row, spot.ids), "*") for row in whole]
        return [] if value == [] and not whole else None
    made: list[Any] = []
    for place, entry in enumerate(_elements(value, spot, findings)):
        path = f"{spot.path}/{place}"
        if isinstance(entry, dict):
            rows = tuple((row, ()) for row in node.rows)
            made.append(
                _object(node, entry, Spot(rows, (*spot.ids, _ident_of(node, entry, len(made))), path), findings)
            )
        elif entry is not None:
            _wrong(findings, Spot(spot.rows, spot.ids, path), "", entry, "an object belongs here")
    return made


def _parent_key(row: Row, ids: tuple[str, ...]) -> str:
    return key_of(row, (*ids, "*"))[:-2]


def _elements(value: Any, spot: Spot, findings: Findings) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):  # Find a Tender has {"1": {…}} where an array belongs
        inner = list(value.values())
        return inner if all(isinstance(entry, dict) for entry in inner) else [value]
    _wrong(findings, spot, "", value, "an array belongs here")
    return []


def _ident_of(node: Node, entry: dict[str, Any], place: int) -> str:
    """The element's part of a key, as `flat.local` gives it."""
    if any(row.table.whole_list for row in node.rows):
        return str(place)
    try:
        given = None if entry.get("id") is None else _ident(entry["id"])
    except Unfit:
        given = None
    return local(given, UNKNOWN, place)


def _leaf(kind: str, name: str, value: Any, spot: Spot, findings: Findings) -> Any:
    if value is None or (value == [] and name in CORE_LISTS):
        findings.removed += list(spot.columns(name))
        return None
    try:
        return FIT[kind](value)
    except Unfit as why:
        _wrong(findings, spot, name, value, str(why))
        return None


def _wrong(findings: Findings, spot: Spot, leaf: str, value: Any, reason: str) -> None:
    found = scrub_text(canonical(value).decode())[:MOST_SHOWN]  # in this order: half an address is one too
    columns = list(spot.columns(leaf)) if leaf else []
    path = f"{spot.path}/{leaf}" if leaf else spot.path
    for table, key, column in columns or [("", "", "")]:
        findings.invalid.append((table, key, column, path, found, reason))


def _raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(canonical(value))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        raise Unfit("a text belongs here")
    return canonical(value).decode()


def _ident(value: Any) -> str | int:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if whole else _text(value)


def _list(value: Any) -> list[str] | None:
    made = [_text(entry) for entry in (value if isinstance(value, list) else [value]) if entry is not None]
    return made if made or value == [] else None


def _number(value: Any) -> Decimal:
    if isinstance(value, (bool, dict, list)):
        raise Unfit("a number belongs here")
    if isinstance(value, str) and _PADDED.match(value):
        raise Unfit("a number belongs here")  # 000 may be the end of a number whose beginning is lost
    try:
        number = Decimal(value.strip().replace(",", "") if isinstance(value, str) else value)
    except InvalidOperation:
        raise Unfit("a number belongs here") from None
    if not isfinite(float(number)):  # also where it is finite but greater than a float can hold
        raise Unfit("the number is not finite")
    return number


def _integer(value: Any) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise Unfit("a whole number belongs here")
    if abs(number) >= 2**63:
        raise Unfit("the number is too large")
    return int(number)


def _money(value: Any) -> Decimal | float:
    number = _number(value)
    try:
        exact_pence(number)
    except TooLarge as why:
        raise Unfit(str(why)) from None
    # As the fast reader has it, so that the same release has the same key whichever reader saw it.
    return float(number) if abs(number) < FLOAT_SAFE and not has_parts(float(number)) else number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise Unfit("true or false belongs here")


def _date(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("a date belongs here")
    try:
        london_days(value)
    except (ValueError, OverflowError):
        raise Unfit("this is not a date") from None
    return value


FIT = {
    "id": _ident,
    "text": _text,
    "code": _text,
    "list": _list,
    "any": _raw,
    "integer": _integer,
    "number": lambda value: float(_number(value)),
    "share": lambda value: float(_number(value)),
    "money": _money,
    "boolean": _boolean,
    "date": _date,
}
