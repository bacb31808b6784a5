"""Find the releases of an OCDS document, whatever its wrapping, and report what else it contains.

`split_document(data)` accepts a release package, a record package, a single release, an array of these, or an object that
has these under other names, such as `results` or `0`, `1`, `2`. It yields a RawRelease for each release, a SkippedItem for a
part without a release, and a QuarantinedPart for a damaged part.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read.ocds.other_documents import EXTENSION_LIST, OTHER_JSON, find_kind
from threepoint.read.read_result import QuarantinedPart, SkippedItem
from threepoint.read.value_parsing import decode_json, encode_canonical_json

HEAD_BYTES = 64 * 1024  # kept of each quarantined part
MAX_DEPTH = 6  # arrays, packages and envelopes within each other
SKIPPED_LINKED_RELEASE = SkippedItem("linked release", "this is only a link to the release; load the release itself")
TOO_DEEP_REASON = "it is nested too deeply to be a release"
SKIPPED_EMPTY_PACKAGE = SkippedItem("empty package or record", "it contains no release")
RELEASE_SECTIONS = ("buyer", "parties", "planning", "tender", "awards", "contracts")
ENTRY_ARRAYS = ("releases", "records")
WRAPPER_NAMES = (*ENTRY_ARRAYS, "compiledRelease", "versionedRelease")
OCDS_NAMES = {"ocid", *WRAPPER_NAMES, *RELEASE_SECTIONS}
LINK_NAMES = {"url", "id", "date", "tag"}  # Find a Tender's records name their releases without a URL

_OCID_PATTERN = re.compile(rb'"ocid"\s*:\s*"')  # in every document that has a release
_LIST_DECODER = msgspec.json.Decoder(list[msgspec.Raw])
_MAP_DECODER = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class RawRelease:
    """One release: its JSON text, its kind (release, compiled or versioned) and the publisher named by its package."""

    raw: bytes
    kind: str
    publisher: str | None


DocumentPart = RawRelease | SkippedItem | QuarantinedPart


def split_document(data: bytes, publisher: str | None = None, depth: int = 0) -> Iterator[DocumentPart]:
    """Yield every release of the document, and its other parts. `data` must be one complete JSON value in UTF-8."""
    data = data.strip()
    if depth > MAX_DEPTH:
        yield _quarantine_deep_document(data)
    elif data[:1] == b"[":
        yield from _split_array(data, publisher, depth)
    elif data[:1] == b"{":
        yield from _split_object(data, publisher, depth)
    else:
        yield quarantine_bytes("this is not a release or a package: a JSON object belongs here", data)


def _split_array(data: bytes, publisher: str | None, depth: int) -> Iterator[DocumentPart]:
    entries = [bytes(entry) for entry in _LIST_DECODER.decode(data)]
    if contains_ocds(data):
        for entry in entries:
            yield from split_document(entry, publisher, depth + 1)
    else:
        objects = (_MAP_DECODER.decode(entry) for entry in entries if entry[:1] == b"{")
        yield from [kind for values in objects if (kind := find_kind(values))] or [OTHER_JSON]


def split_entry(array: str, data: bytes, publisher: str | None, depth: int = 1) -> Iterator[DocumentPart]:
    """Yield the parts of one entry of a package's `releases` or `records`."""
    data = data.strip()
    if data[:1] != b"{":
        yield quarantine_bytes(f"this is not a {array[:-1]}: a JSON object belongs here", data)
    elif depth > MAX_DEPTH:
        yield _quarantine_deep_document(data)
    else:
        yield from _split_object(data, publisher, depth, array)


def contains_ocds(data: bytes, depth: int = 0) -> bool:
    """Return True if a complete JSON value may contain OCDS: an object has names of OCDS, or other names for such objects."""
    if data[:1] == b"[" and depth > MAX_DEPTH:
        return _OCID_PATTERN.search(data) is not None
    if data[:1] == b"[":
        return any(contains_ocds(bytes(entry), depth + 1) for entry in _LIST_DECODER.decode(data))
    if data[:1] != b"{":
        return False
    values = _MAP_DECODER.decode(data)
    return not OCDS_NAMES.isdisjoint(values) or any(is_wrapped_document(bytes(value)) for value in values.values())


def is_wrapped_document(data: bytes, depth: int = 0) -> bool:
    """Return True if a value under a name that is not OCDS has a release in it: with an ocid, and content or a date."""
    if data[:1] not in (b"[", b"{") or not _OCID_PATTERN.search(data):
        return False
    if depth > MAX_DEPTH:
        return True  # so that it is quarantined
    if data[:1] == b"[":
        return any(is_wrapped_document(bytes(entry), depth + 1) for entry in _LIST_DECODER.decode(data))
    values = _MAP_DECODER.decode(data)
    is_release = bytes(values.get("ocid", b""))[:1] == b'"' and not values.keys().isdisjoint(
        (*RELEASE_SECTIONS, "date")
    )
    return (
        is_release
        or not values.keys().isdisjoint(WRAPPER_NAMES)
        or any(is_wrapped_document(bytes(value), depth + 1) for value in values.values())
    )


def quarantine_bytes(why: UnreadableInputError | str, data: bytes, offset: int = 0) -> QuarantinedPart:
    """Return the quarantine entry of these bytes."""
    if isinstance(why, str):
        return QuarantinedPart(why, offset, len(data), data[:HEAD_BYTES])
    byte = None if why.byte is None else offset + why.byte
    return QuarantinedPart(why.reason, offset, len(data), data[:HEAD_BYTES], why.advice, byte)


def _quarantine_deep_document(data: bytes) -> QuarantinedPart:
    return quarantine_bytes(
        f"arrays and packages are nested more than {MAX_DEPTH} deep; put the releases in one array", data
    )


def _split_object(data: bytes, publisher: str | None, depth: int, array: str | None = None) -> Iterator[DocumentPart]:
    """Yield the parts of a package, record, release or envelope; `array` names the array that it is an entry of."""
    every_value = _MAP_DECODER.decode(data)
    values = {name: bytes(value) for name, value in every_value.items() if bytes(value) != b"null"}
    publisher = read_publisher_name(values.get("publisher", b"")) or publisher
    if values.keys().isdisjoint(("ocid", *WRAPPER_NAMES)) and (kind := find_kind(every_value)):
        yield kind
        return
    part_count = release_count = 0
    for part in _split_wrapped_values(values, publisher, depth):
        part_count += 1
        release_count += isinstance(part, RawRelease)
        yield part
    if "versionedRelease" in values:
        part_count += 1
        yield _read_versioned_release(values["versionedRelease"], bool(release_count), publisher)
    if not values.keys().isdisjoint(RELEASE_SECTIONS) and ("ocid" in values or not part_count):
        yield _make_raw_release(data, values, publisher)
    elif not part_count:
        yield _classify_object_without_content(data, every_value, publisher, array)


def _split_wrapped_values(values: Mapping[str, bytes], publisher: str | None, depth: int) -> Iterator[DocumentPart]:
    """Yield the parts of the releases and records in an object, in its order; in an envelope they may have any name."""
    is_envelope = values.keys().isdisjoint(("ocid", *RELEASE_SECTIONS))
    for name, value in values.items():
        if name in ENTRY_ARRAYS:
            yield from _split_entries(name, value, publisher, depth)
        elif name == "compiledRelease":
            yield RawRelease(value, "compiled", publisher)
        elif is_envelope and name != "versionedRelease" and is_wrapped_document(value):
            yield from split_document(value, publisher, depth + 1)


def _split_entries(array: str, value: bytes, publisher: str | None, depth: int) -> Iterator[DocumentPart]:
    """Yield the parts of each entry of an array, or of a map or a single entry used instead of an array."""
    if value[:1] == b"[":
        entries = _LIST_DECODER.decode(value)
    elif value[:1] == b"{":
        entry_by_name = _MAP_DECODER.decode(value)
        is_map = OCDS_NAMES.isdisjoint(entry_by_name)
        entries = list(entry_by_name.values()) if is_map else [msgspec.Raw(value)]
    else:
        yield quarantine_bytes("an array of releases or records belongs here", value)
        return
    for entry in entries:
        yield from split_entry(array, bytes(entry), publisher, depth + 1)


def _make_raw_release(data: bytes, values: Mapping[str, bytes], publisher: str | None) -> DocumentPart:
    """Return a release; a versioned one has no date of its own, or a date for each version."""
    if values.get("date", b"[")[:1] == b"[" and b'"releaseDate"' in data:
        return _read_versioned_release(data, False, publisher)
    return RawRelease(data, "release", publisher)


def _classify_object_without_content(
    data: bytes, values: Mapping[str, msgspec.Raw], publisher: str | None, array: str | None
) -> DocumentPart:
    is_ocds = not OCDS_NAMES.isdisjoint(values)
    if ("url" in values and (is_ocds or array)) or (array == "releases" and values and LINK_NAMES.issuperset(values)):
        return SKIPPED_LINKED_RELEASE
    if (array and not values) or (array == "records" and is_ocds) or not values.keys().isdisjoint(WRAPPER_NAMES):
        return SKIPPED_EMPTY_PACKAGE
    if is_ocds or array == "releases":
        return RawRelease(data, "release", publisher)
    return EXTENSION_LIST if "extensions" in values else OTHER_JSON


def _read_versioned_release(data: bytes, is_redundant: bool, publisher: str | None) -> DocumentPart:
    if is_redundant:
        return SkippedItem("versioned release", "the same record holds its releases or their compiled release")
    try:
        return RawRelease(encode_canonical_json(select_last_values(decode_json(data))), "versioned", publisher)
    except (msgspec.DecodeError, RecursionError):
        return quarantine_bytes(
            f"this versioned release cannot be read: {TOO_DEEP_REASON}, or it holds a number out of range", data
        )


def select_last_values(value: Any) -> Any:
    """Return a versioned release's last value of each field, with the date and id of its newest version."""
    dates: list[tuple[str, str]] = []
    release = _select_last_value(value, dates)
    if isinstance(release, dict) and dates:
        newest = max(dates)
        release |= {"date": newest[0], "id": f"{release.get('ocid')}-{newest[0]}"}
    return release


_VERSION_FIELDS = {"releaseID", "releaseDate", "releaseTag", "value"}


def _is_version(entry: Any) -> bool:
    return isinstance(entry, dict) and "releaseDate" in entry and _VERSION_FIELDS.issuperset(entry)


def _select_last_value(value: Any, dates: list[tuple[str, str]]) -> Any:
    if isinstance(value, dict):
        return {name: _select_last_value(entry, dates) for name, entry in value.items()}
    if isinstance(value, list) and value and all(_is_version(entry) for entry in value):
        newest = max(value, key=lambda entry: str(entry["releaseDate"]))
        dates.append((str(newest["releaseDate"]), str(newest.get("releaseID"))))
        return newest.get("value")
    return [_select_last_value(entry, dates) for entry in value] if isinstance(value, list) else value


def read_publisher_name(publisher: bytes | msgspec.Raw) -> str | None:
    """Return the name from the JSON of a package's publisher, if it has one."""
    value = msgspec.json.decode(bytes(publisher)) if bytes(publisher) else None
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None
