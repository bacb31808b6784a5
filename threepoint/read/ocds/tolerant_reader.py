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

from threepoint.read.ocds.fast_reader import make_element_id
from threepoint.read.ocds.release_structs import RELEASE_TREE, ReleaseNode, RowMapping
from threepoint.read.value_parsing import FLOAT_SAFE_POUNDS, encode_canonical_json, has_part_pence, parse_london_days
from threepoint.standard.amounts import AmountTooLarge, convert_pounds_to_pence
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.history_tables import WHOLE_LIST_FIELDS

MAX_INVALID_VALUE_CHARS = 200  # characters of a wrong value
_PADDED_NUMBER_PATTERN = re.compile(r"\s*[-+]?0[0-9]")
UNKNOWN_TAG = "\0"  # stands for the release's tag in the key of an element without an id, until the tag is known


class UnfitValue(Exception):
    """A value that is not what its field asks for; the text is the reason."""


@dataclass
class ReleaseFindings:
    """What the careful reader found: what was taken back as (table, key, field), what was wrong with path and reason."""

    removed: list[tuple[str, str, str]] = field(default_factory=list)
    invalid: list[tuple[str, str, str, str, str, str]] = field(
        default_factory=list
    )  # table, key, field, path, found, reason


@dataclass(frozen=True)
class ReaderPosition:
    """Where the reader stands: the rows whose columns may be here, their ids so far, and the path for messages."""

    rows: tuple[tuple[RowMapping, tuple[str, ...]], ...]
    ids: tuple[str, ...]
    path: str

    def step(self, name: str) -> "ReaderPosition":
        """One object down."""
        return ReaderPosition(tuple((row, (*below, name)) for row, below in self.rows), self.ids, f"{self.path}/{name}")

    def columns(self, leaf: str) -> Iterator[tuple[str, str, str]]:
        """(table, key, column) of each column that is read from this leaf."""
        for row, below in self.rows:
            for column, path in row.columns:
                if path == (*below, leaf):
                    yield row.table.name, build_row_key(row, self.ids), column.name


def build_row_key(row: RowMapping, ids: tuple[str, ...]) -> str:
    """The key of a row as text: section and ids joined by a bar, '' for levels that its place does not have."""
    wanted = len([name for name in row.table.key if name not in ("release_key", "section")])
    section = (row.section,) if row.section else ()
    return "|".join((*section, *[""] * (wanted - len(ids)), *ids))


def read_release(release: dict[str, Any]) -> tuple[Any, ReleaseFindings]:
    """A struct of the release and the findings. `release` is decoded JSON with floats as Decimal."""
    findings = ReleaseFindings()
    spot = ReaderPosition(tuple((row, ()) for row in RELEASE_TREE.rows), (), "")
    return _read_object(RELEASE_TREE, release, spot, findings), findings


def _read_object(node: ReleaseNode, value: Any, spot: ReaderPosition, findings: ReleaseFindings) -> Any:
    if not isinstance(value, dict):
        if value:
            _add_invalid_value(findings, spot, "", value, "an object belongs here")
        return None
    held = {}
    for name, kind in node.leaves.items():
        if name in value:
            held[name] = _read_leaf(kind, name, value[name], spot, findings)
    for child in node.children.values():
        if child.name in value:
            held[child.name] = _read_child(child, value[child.name], spot.step(child.name), findings)
    return node.struct(**{name: kept for name, kept in held.items() if kept is not None})


def _read_child(node: ReleaseNode, value: Any, spot: ReaderPosition, findings: ReleaseFindings) -> Any:
    if node.kind == "object":
        return _read_object(node, value, spot, findings)
    if node.kind == "map":
        return _read_map(value, spot, findings)
    return _read_array(node, value, spot, findings)


def _read_map(value: Any, spot: ReaderPosition, findings: ReleaseFindings) -> dict[str, msgspec.Raw] | None:
    if not isinstance(value, dict):
        if value:
            _add_invalid_value(findings, spot, "", value, "an object belongs here")
        return None
    return {name: _encode_raw_json(entry) for name, entry in value.items() if entry is not None}


def _read_array(node: ReleaseNode, value: Any, spot: ReaderPosition, findings: ReleaseFindings) -> list[Any] | None:
    whole = [row for row in node.rows if row.table.whole_list]
    if not value:
        findings.removed += [(row.table.name, _build_parent_key(row, spot.ids), "*") for row in whole]
        return [] if value == [] and not whole else None
    made: list[Any] = []
    for place, entry in enumerate(_list_elements(value, spot, findings)):
        path = f"{spot.path}/{place}"
        if isinstance(entry, dict):
            rows = tuple((row, ()) for row in node.rows)
            made.append(
                _read_object(
                    node,
                    entry,
                    ReaderPosition(rows, (*spot.ids, _read_element_id(node, entry, len(made))), path),
                    findings,
                )
            )
        elif entry is not None:
            _add_invalid_value(findings, ReaderPosition(spot.rows, spot.ids, path), "", entry, "an object belongs here")
    return made


def _build_parent_key(row: RowMapping, ids: tuple[str, ...]) -> str:
    return build_row_key(row, (*ids, "*"))[:-2]


def _list_elements(value: Any, spot: ReaderPosition, findings: ReleaseFindings) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):  # Find a Tender has {"1": {…}} where an array belongs
        inner = list(value.values())
        return inner if all(isinstance(entry, dict) for entry in inner) else [value]
    _add_invalid_value(findings, spot, "", value, "an array belongs here")
    return []


def _read_element_id(node: ReleaseNode, entry: dict[str, Any], place: int) -> str:
    """The element's part of a key, as `flat.local` gives it."""
    if any(row.table.whole_list for row in node.rows):
        return str(place)
    try:
        given = None if entry.get("id") is None else _convert_id(entry["id"])
    except UnfitValue:
        given = None
    return make_element_id(given, UNKNOWN_TAG, place)


def _read_leaf(kind: str, name: str, value: Any, spot: ReaderPosition, findings: ReleaseFindings) -> Any:
    if value is None or (value == [] and name in WHOLE_LIST_FIELDS):
        findings.removed += list(spot.columns(name))
        return None
    try:
        return CONVERTER_BY_TYPE[kind](value)
    except UnfitValue as why:
        _add_invalid_value(findings, spot, name, value, str(why))
        return None


def _add_invalid_value(findings: ReleaseFindings, spot: ReaderPosition, leaf: str, value: Any, reason: str) -> None:
    found = scrub_text(encode_canonical_json(value).decode())[
        :MAX_INVALID_VALUE_CHARS
    ]  # in this order: half an address is one too
    columns = list(spot.columns(leaf)) if leaf else []
    path = f"{spot.path}/{leaf}" if leaf else spot.path
    for table, key, column in columns or [("", "", "")]:
        findings.invalid.append((table, key, column, path, found, reason))


def _encode_raw_json(value: Any) -> msgspec.Raw:
    return msgspec.Raw(encode_canonical_json(value))


def _convert_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        raise UnfitValue("a text belongs here")
    return encode_canonical_json(value).decode()


def _convert_id(value: Any) -> str | int:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if whole else _convert_text(value)


def _convert_list(value: Any) -> list[str] | None:
    made = [_convert_text(entry) for entry in (value if isinstance(value, list) else [value]) if entry is not None]
    return made if made or value == [] else None


def _convert_number(value: Any) -> Decimal:
    if isinstance(value, (bool, dict, list)):
        raise UnfitValue("a number belongs here")
    if isinstance(value, str) and _PADDED_NUMBER_PATTERN.match(value):
        raise UnfitValue("a number belongs here")  # 000 may be the end of a number whose beginning is lost
    try:
        number = Decimal(value.strip().replace(",", "") if isinstance(value, str) else value)
    except InvalidOperation:
        raise UnfitValue("a number belongs here") from None
    if not isfinite(float(number)):  # also where it is finite but greater than a float can hold
        raise UnfitValue("the number is not finite")
    return number


def _convert_integer(value: Any) -> int:
    number = _convert_number(value)
    if number != number.to_integral_value():
        raise UnfitValue("a whole number belongs here")
    if abs(number) >= 2**63:
        raise UnfitValue("the number is too large")
    return int(number)


def _convert_money(value: Any) -> Decimal | float:
    number = _convert_number(value)
    try:
        convert_pounds_to_pence(number)
    except AmountTooLarge as why:
        raise UnfitValue(str(why)) from None
    # As the fast reader has it, so that the same release has the same key whichever reader saw it.
    return float(number) if abs(number) < FLOAT_SAFE_POUNDS and not has_part_pence(float(number)) else number


def _convert_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise UnfitValue("true or false belongs here")


def _check_date(value: Any) -> str:
    if not isinstance(value, str):
        raise UnfitValue("a date belongs here")
    try:
        parse_london_days(value)
    except (ValueError, OverflowError):
        raise UnfitValue("this is not a date") from None
    return value


CONVERTER_BY_TYPE = {
    "id": _convert_id,
    "text": _convert_text,
    "code": _convert_text,
    "list": _convert_list,
    "any": _encode_raw_json,
    "integer": _convert_integer,
    "number": lambda value: float(_convert_number(value)),
    "share": lambda value: float(_convert_number(value)),
    "money": _convert_money,
    "boolean": _convert_boolean,
    "date": _check_date,
}
