"""Find the releases of an OCDS document, whatever its wrapping, and report what else it contains.

`split_document(data)` accepts a release package, a record package, an array of these, or a single release. It yields a
RawRelease for each release, a SkippedItem for a part without a release, and a QuarantinedPart for a damaged part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read.read_result import QuarantinedPart, SkippedItem
from threepoint.read.value_parsing import decode_json, encode_canonical_json

HEAD_BYTES = 64 * 1024  # kept of each quarantined part
MAX_ARRAY_DEPTH = 3  # arrays within arrays
SKIPPED_LINKED_RELEASE = SkippedItem("linked release", "this is only a link to the release; load the release itself")
TOO_DEEP_REASON = "it is nested too deeply to be a release"
SKIPPED_EMPTY_PACKAGE = SkippedItem("empty package or record", "it contains no release")
RELEASE_SECTIONS = ("buyer", "parties", "planning", "tender", "awards", "contracts")


class _DocumentEnvelope(msgspec.Struct):
    """The top level of any OCDS document; its values stay bytes."""

    ocid: msgspec.Raw = msgspec.Raw()
    url: msgspec.Raw = msgspec.Raw()
    releases: msgspec.Raw = msgspec.Raw()
    records: msgspec.Raw = msgspec.Raw()
    compiledRelease: msgspec.Raw = msgspec.Raw()  # noqa: N815  # OCDS name
    versionedRelease: msgspec.Raw = msgspec.Raw()  # noqa: N815  # OCDS name
    publisher: msgspec.Raw = msgspec.Raw()

    def has(self, name: str) -> bool:
        """Return True if the document has a value other than null under this name."""
        return bytes(getattr(self, name)) not in (b"", b"null")


_ENVELOPE_DECODER = msgspec.json.Decoder(_DocumentEnvelope)
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
    if data.lstrip()[:1] == b"[":
        yield from _split_array(data, publisher, depth)
        return
    envelope = _decode_envelope(data)
    if envelope is None:
        yield quarantine_bytes("this is not a release or a package: a JSON object belongs here", data)
    else:
        yield from _split_envelope(envelope, data, read_publisher_name(envelope.publisher) or publisher)


def _split_array(data: bytes, publisher: str | None, depth: int) -> Iterator[DocumentPart]:
    entries = _LIST_DECODER.decode(data)
    if depth >= MAX_ARRAY_DEPTH:
        yield quarantine_bytes(
            f"arrays are nested more than {MAX_ARRAY_DEPTH} deep; put the releases in one array", data
        )
    elif not entries:
        yield SKIPPED_EMPTY_PACKAGE
    else:
        for entry in entries:
            yield from split_document(bytes(entry), publisher, depth + 1)


def _decode_envelope(data: bytes) -> _DocumentEnvelope | None:
    try:
        return _ENVELOPE_DECODER.decode(data)
    except msgspec.ValidationError:
        return None


def quarantine_bytes(why: UnreadableInputError | str, data: bytes, offset: int = 0) -> QuarantinedPart:
    """Return the quarantine entry of these bytes."""
    if isinstance(why, str):
        return QuarantinedPart(why, offset, len(data), data[:HEAD_BYTES])
    byte = None if why.byte is None else offset + why.byte
    return QuarantinedPart(why.reason, offset, len(data), data[:HEAD_BYTES], why.advice, byte)


def _split_envelope(envelope: _DocumentEnvelope, data: bytes, publisher: str | None) -> Iterator[DocumentPart]:
    if envelope.has("records"):
        yield from _split_entries(envelope.records, _split_record, publisher)
    elif envelope.has("releases") and not envelope.has("ocid"):
        yield from _split_entries(envelope.releases, _classify_release, publisher)
    elif any(envelope.has(name) for name in ("releases", "compiledRelease", "versionedRelease")):
        yield from _split_record(data, publisher)
    elif bytes(envelope.releases) or bytes(envelope.records):
        yield SKIPPED_EMPTY_PACKAGE
    else:
        yield from _classify_release(data, publisher)


def split_entry(array: str, data: bytes, publisher: str | None) -> Iterator[DocumentPart]:
    """Yield the parts of one entry of a package's `releases` or `records`."""
    yield from (_split_record if array == "records" else _classify_release)(data, publisher)


def _split_entries(
    raw: msgspec.Raw, split: Callable[[bytes, str | None], Iterator[DocumentPart]], publisher: str | None
) -> Iterator[DocumentPart]:
    """Yield the parts of each entry of an array, or of a map used instead of an array."""
    value = bytes(raw)
    if value[:1] not in (b"[", b"{"):
        yield quarantine_bytes("an array of releases or records belongs here", value)
        return
    entries = _LIST_DECODER.decode(value) if value[:1] == b"[" else list(_MAP_DECODER.decode(value).values())
    if not entries:
        yield SKIPPED_EMPTY_PACKAGE
    for entry in entries:
        yield from split(bytes(entry), publisher)


def _classify_release(data: bytes, publisher: str | None) -> Iterator[DocumentPart]:
    names = _read_names(data)
    if names is None:
        yield quarantine_bytes("this is not a release: a JSON object belongs here", data)
    elif names.isdisjoint(RELEASE_SECTIONS) and ("url" in names or "ocid" not in names):
        yield SKIPPED_LINKED_RELEASE if names else SKIPPED_EMPTY_PACKAGE
    else:
        yield RawRelease(data, "release", publisher)


def _read_names(data: bytes) -> set[str] | None:
    return set(_MAP_DECODER.decode(data)) if data.lstrip()[:1] == b"{" else None


def _split_record(data: bytes, publisher: str | None) -> Iterator[DocumentPart]:
    envelope = _decode_envelope(data)
    if envelope is None:
        yield quarantine_bytes("this is not a record: a JSON object belongs here", data)
        return
    release_count = 0
    for part in _split_entries(envelope.releases, _classify_release, publisher) if envelope.has("releases") else ():
        release_count += isinstance(part, RawRelease)
        if part is not SKIPPED_EMPTY_PACKAGE:
            yield part
    if envelope.has("compiledRelease"):
        yield RawRelease(bytes(envelope.compiledRelease), "compiled", publisher)
        release_count += 1
    if envelope.has("versionedRelease"):
        yield _read_versioned_release(bytes(envelope.versionedRelease), bool(release_count), publisher)
    elif not release_count and not envelope.has("releases"):
        yield SKIPPED_EMPTY_PACKAGE


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
