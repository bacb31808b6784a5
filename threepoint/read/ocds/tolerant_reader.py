"""Read a release of any shape into the structs of `release_structs`, and report removed and invalid values.

Used if the fast reader cannot read a release: explicit nulls and empty lists, OCDS 1.0, wrong types, unusual numbers. The
release is always kept. A value that does not fit its field is recorded separately, with its path and the reason.
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
from threepoint.read.value_parsing import FLOAT_SAFE_POUNDS, encode_canonical_json, has_part_pence, parse_days
from threepoint.standard.amounts import AmountTooLarge, convert_pounds_to_pence
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.history_tables import WHOLE_LIST_FIELDS

MAX_INVALID_VALUE_CHARS = 200
_PADDED_NUMBER_PATTERN = re.compile(r"\s*[-+]?0[0-9]")
UNKNOWN_TAG = "\0"  # replaces the release's tag in the key of an element without an id, until the tag is known


class UnfitValue(Exception):
    """A value that does not fit its field; the text is the reason. The release's key depends on it (`_hash_release`)."""


@dataclass
class ReleaseFindings:
    """Findings of the tolerant reader: removed values, and invalid values with path and reason."""

    removed: list[tuple[str, str, str]] = field(default_factory=list)  # table, key, field
    # table, key, field, path, published value, reason
    invalid: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ReaderPosition:
    """A position in a release: the rows that can have columns here, the ids so far, and the path for messages."""

    rows: tuple[tuple[RowMapping, tuple[str, ...]], ...]
    ids: tuple[str, ...]
    path: str

    def step(self, name: str) -> "ReaderPosition":
        """Return the position of a child object."""
        return ReaderPosition(
            tuple((row, (*row_path, name)) for row, row_path in self.rows), self.ids, f"{self.path}/{name}"
        )

    def columns(self, leaf: str) -> Iterator[tuple[str, str, str]]:
        """Yield (table, key, column) for each column read from this leaf."""
        for row, row_path in self.rows:
            for column, path in row.columns:
                if path == (*row_path, leaf):
                    yield row.table.name, build_row_key(row, self.ids), column.name


def build_row_key(row: RowMapping, ids: tuple[str, ...]) -> str:
    """Return a row's key as text: section and ids separated by a bar, '' for missing levels."""
    id_count = len([name for name in row.table.key if name not in ("release_key", "section")])
    section = (row.section,) if row.section else ()
    return "|".join((*section, *[""] * (id_count - len(ids)), *ids))


def read_release(release: dict[str, Any]) -> tuple[Any, ReleaseFindings]:
    """Read decoded JSON, with floats as Decimal, into a struct, and return it with the findings."""
    findings = ReleaseFindings()
    position = ReaderPosition(tuple((row, ()) for row in RELEASE_TREE.rows), (), "")
    return _read_object(RELEASE_TREE, release, position, findings), findings


def _read_object(node: ReleaseNode, value: Any, position: ReaderPosition, findings: ReleaseFindings) -> Any:
    if not isinstance(value, dict):
        if value:
            _add_invalid_value(findings, position, "", value, "an object belongs here")
        return None
    values = {}
    for name, kind in node.leaves.items():
        if name in value:
            values[name] = _read_leaf(kind, name, value[name], position, findings)
    for child in node.children.values():
        if child.name in value:
            values[child.name] = _read_child(child, value[child.name], position.step(child.name), findings)
    return node.struct(**{name: content for name, content in values.items() if content is not None})


def _read_child(node: ReleaseNode, value: Any, position: ReaderPosition, findings: ReleaseFindings) -> Any:
    if node.kind == "object":
        return _read_object(node, value, position, findings)
    if node.kind == "map":
        return _read_map(value, position, findings)
    return _read_array(node, value, position, findings)


def _read_map(value: Any, position: ReaderPosition, findings: ReleaseFindings) -> dict[str, msgspec.Raw] | None:
    if not isinstance(value, dict):
        if value:
            _add_invalid_value(findings, position, "", value, "an object belongs here")
        return None
    return {name: _encode_raw_json(entry) for name, entry in value.items() if entry is not None}


def _read_array(node: ReleaseNode, value: Any, position: ReaderPosition, findings: ReleaseFindings) -> list[Any] | None:
    whole_list_rows = [row for row in node.rows if row.table.whole_list]
    if not value:
        findings.removed += [(row.table.name, _build_parent_key(row, position.ids), "*") for row in whole_list_rows]
        return [] if value == [] and not whole_list_rows else None
    elements: list[Any] = []
    for place, entry in enumerate(_list_elements(value, position, findings)):
        path = f"{position.path}/{place}"
        if isinstance(entry, dict):
            rows = tuple((row, ()) for row in node.rows)
            elements.append(
                _read_object(
                    node,
                    entry,
                    ReaderPosition(rows, (*position.ids, _read_element_id(node, entry, len(elements))), path),
                    findings,
                )
            )
        elif entry is not None:
            _add_invalid_value(
                findings, ReaderPosition(position.rows, position.ids, path), "", entry, "an object belongs here"
            )
    return elements


def _build_parent_key(row: RowMapping, ids: tuple[str, ...]) -> str:
    return build_row_key(row, (*ids, "*"))[:-2]


def _list_elements(value: Any, position: ReaderPosition, findings: ReleaseFindings) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):  # Find a Tender publishes {"1": {…}} instead of some arrays
        entries = list(value.values())
        return entries if all(isinstance(entry, dict) for entry in entries) else [value]
    _add_invalid_value(findings, position, "", value, "an array belongs here")
    return []


def _read_element_id(node: ReleaseNode, entry: dict[str, Any], place: int) -> str:
    """Return the element's part of a key, like `fast_reader.make_element_id`."""
    if any(row.table.whole_list for row in node.rows):
        return str(place)
    try:
        element_id = None if entry.get("id") is None else _convert_id(entry["id"])
    except UnfitValue:
        element_id = None
    return make_element_id(element_id, UNKNOWN_TAG, place)


def _read_leaf(kind: str, name: str, value: Any, position: ReaderPosition, findings: ReleaseFindings) -> Any:
    if value is None or (value == [] and name in WHOLE_LIST_FIELDS):
        findings.removed += list(position.columns(name))
        return None
    try:
        return CONVERTER_BY_TYPE[kind](value)
    except UnfitValue as why:
        _add_invalid_value(findings, position, name, value, str(why))
        return None


def _add_invalid_value(findings: ReleaseFindings, position: ReaderPosition, leaf: str, value: Any, reason: str) -> None:
    # Email addresses are removed before the text is cut, because scrub_text does not recognise half an address.
    published = scrub_text(encode_canonical_json(value).decode())[:MAX_INVALID_VALUE_CHARS]
    columns = list(position.columns(leaf)) if leaf else []
    path = f"{position.path}/{leaf}" if leaf else position.path
    for table, key, column in columns or [("", "", "")]:
        findings.invalid.append((table, key, column, path, published, reason))


def _encode_raw_json(value: Any) -> msgspec.Raw:
    return msgspec.Raw(encode_canonical_json(value))


def _convert_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        raise UnfitValue("a text belongs here")
    return encode_canonical_json(value).decode()


def _convert_id(value: Any) -> str | int:
    is_whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if is_whole else _convert_text(value)


def _convert_list(value: Any) -> list[str] | None:
    texts = [_convert_text(entry) for entry in (value if isinstance(value, list) else [value]) if entry is not None]
    return texts if texts or value == [] else None


def _convert_number(value: Any) -> Decimal:
    if isinstance(value, (bool, dict, list)):
        raise UnfitValue("a number belongs here")
    if isinstance(value, str) and _PADDED_NUMBER_PATTERN.match(value):
        raise UnfitValue("a number belongs here")  # 000 may be the end of a longer number
    try:
        number = Decimal(value.strip().replace(",", "") if isinstance(value, str) else value)
    except InvalidOperation:
        raise UnfitValue("a number belongs here") from None
    if not isfinite(float(number)):  # also if it is finite but too large for a float
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
    # The same type as in the fast reader, so that the release's key does not depend on the reader.
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
        parse_days(value)
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
