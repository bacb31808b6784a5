"""Finds the releases of an OCDS document, whatever its wrapping, and says what else was in it.

`parts(data)` yields, for a release package, a record package, an array of these, or a single release: (bytes, kind,
publisher) for each release, PassedOver for what holds none, Quarantined for what is broken.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.errors import Unreadable
from threepoint.read.read_result import PassedOver, Quarantined
from threepoint.read.value_parsing import canonical, decoded

HEAD = 64 * 1024  # bytes of a quarantined part that are kept
DEEPEST = 3  # arrays within arrays
LINKED = PassedOver("linked release", "only a link to the release stands here; load the release itself")
TOO_DEEP = "it is nested too deeply to be a release"
EMPTY = PassedOver("empty package or record", "there is no release in it")
SECTIONS = ("buyer", "parties", "planning", "tender", "awards", "contracts")


class _Shell(msgspec.Struct):
    """The outside of any OCDS document; what it holds stays bytes."""

    ocid: msgspec.Raw = msgspec.Raw()
    url: msgspec.Raw = msgspec.Raw()
    releases: msgspec.Raw = msgspec.Raw()
    records: msgspec.Raw = msgspec.Raw()
    compiledRelease: msgspec.Raw = msgspec.Raw()  # noqa: N815  # names of the standard
    versionedRelease: msgspec.Raw = msgspec.Raw()  # noqa: N815  # names of the standard
    publisher: msgspec.Raw = msgspec.Raw()

    def has(self, name: str) -> bool:
        """True where the document says something under this name; null says nothing."""
        return bytes(getattr(self, name)) not in (b"", b"null")


_SHELL = msgspec.json.Decoder(_Shell)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_MAP = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class Found:
    """One release: its JSON text, its kind (release, compiled or versioned) and the publisher its package names."""

    raw: bytes
    kind: str
    publisher: str | None


Part = Found | PassedOver | Quarantined


def parts(data: bytes, publisher: str | None = None, depth: int = 0) -> Iterator[Part]:
    """Every release of the document, and what else there is. `data` is UTF-8 JSON known to be one whole value."""
    if data.lstrip()[:1] == b"[":
        yield from _array(data, publisher, depth)
        return
    shell = _shell(data)
    if shell is None:
        yield quarantined("this is not a release or a package: a JSON object belongs here", data)
    else:
        yield from _parts_of(shell, data, publisher_of(shell.publisher) or publisher)


def _array(data: bytes, publisher: str | None, depth: int) -> Iterator[Part]:
    entries = _LIST.decode(data)
    if depth >= DEEPEST:
        yield quarantined(f"arrays are nested more than {DEEPEST} deep here; releases belong in one", data)
    elif not entries:
        yield EMPTY
    else:
        for entry in entries:
            yield from parts(bytes(entry), publisher, depth + 1)


def _shell(data: bytes) -> _Shell | None:
    try:
        return _SHELL.decode(data)
    except msgspec.ValidationError:
        return None


def quarantined(why: Unreadable | str, data: bytes, offset: int = 0) -> Quarantined:
    """Return the quarantine entry of these bytes."""
    if isinstance(why, str):
        return Quarantined(why, offset, len(data), data[:HEAD])
    byte = None if why.byte is None else offset + why.byte
    return Quarantined(why.reason, offset, len(data), data[:HEAD], why.advice, byte)


def _parts_of(shell: _Shell, data: bytes, publisher: str | None) -> Iterator[Part]:
    if shell.has("records"):
        yield from _each(shell.records, _of_record, publisher)
    elif shell.has("releases") and not shell.has("ocid"):
        yield from _each(shell.releases, _of_release, publisher)
    elif any(shell.has(name) for name in ("releases", "compiledRelease", "versionedRelease")):
        yield from _of_record(data, publisher)
    elif bytes(shell.releases) or bytes(shell.records):
        yield EMPTY
    else:
        yield from _of_release(data, publisher)


def of_entry(array: str, data: bytes, publisher: str | None) -> Iterator[Part]:
    """The parts of one entry of a package's `releases` or `records`."""
    yield from (_of_record if array == "records" else _of_release)(data, publisher)


def _each(raw: msgspec.Raw, of: Callable[[bytes, str | None], Iterator[Part]], publisher: str | None) -> Iterator[Part]:
    """The parts of each entry of an array, or of a map that stands where an array belongs."""
    value = bytes(raw)
    if value[:1] not in (b"[", b"{"):
        yield quarantined("an array of releases or records belongs here", value)
        return
    entries = _LIST.decode(value) if value[:1] == b"[" else list(_MAP.decode(value).values())
    if not entries:
        yield EMPTY
    for entry in entries:
        yield from of(bytes(entry), publisher)


def _of_release(data: bytes, publisher: str | None) -> Iterator[Part]:
    names = _names(data)
    if names is None:
        yield quarantined("this is not a release: a JSON object belongs here", data)
    elif names.isdisjoint(SECTIONS) and ("url" in names or "ocid" not in names):
        yield LINKED if names else EMPTY
    else:
        yield Found(data, "release", publisher)


def _names(data: bytes) -> set[str] | None:
    return set(_MAP.decode(data)) if data.lstrip()[:1] == b"{" else None


def _of_record(data: bytes, publisher: str | None) -> Iterator[Part]:
    shell = _shell(data)
    if shell is None:
        yield quarantined("this is not a record: a JSON object belongs here", data)
        return
    embedded = 0
    for part in _each(shell.releases, _of_release, publisher) if shell.has("releases") else ():
        embedded += isinstance(part, Found)
        if part is not EMPTY:
            yield part
    if shell.has("compiledRelease"):
        yield Found(bytes(shell.compiledRelease), "compiled", publisher)
        embedded += 1
    if shell.has("versionedRelease"):
        yield _of_versioned(bytes(shell.versionedRelease), bool(embedded), publisher)
    elif not embedded and not shell.has("releases"):
        yield EMPTY


def _of_versioned(data: bytes, told_elsewhere: bool, publisher: str | None) -> Part:
    if told_elsewhere:
        return PassedOver("versioned release", "the same record holds its releases or their compiled release")
    try:
        return Found(canonical(last_values(decoded(data))), "versioned", publisher)
    except (msgspec.DecodeError, RecursionError):
        return quarantined(
            f"this versioned release cannot be read: {TOO_DEEP}, or it holds a number out of range", data
        )


def last_values(value: Any) -> Any:
    """A versioned release's last value of each field; its date and id are those of the newest version in it."""
    dates: list[tuple[str, str]] = []
    last = _last(value, dates)
    if isinstance(last, dict) and dates:
        newest = max(dates)
        last |= {"date": newest[0], "id": f"{last.get('ocid')}-{newest[0]}"}
    return last


_VERSION = {"releaseID", "releaseDate", "releaseTag", "value"}


def _is_version(entry: Any) -> bool:
    return isinstance(entry, dict) and "releaseDate" in entry and _VERSION.issuperset(entry)


def _last(value: Any, dates: list[tuple[str, str]]) -> Any:
    if isinstance(value, dict):
        return {name: _last(entry, dates) for name, entry in value.items()}
    if isinstance(value, list) and value and all(_is_version(entry) for entry in value):
        newest = max(value, key=lambda entry: str(entry["releaseDate"]))
        dates.append((str(newest["releaseDate"]), str(newest.get("releaseID"))))
        return newest.get("value")
    return [_last(entry, dates) for entry in value] if isinstance(value, list) else value


def publisher_of(publisher: bytes | msgspec.Raw) -> str | None:
    """The name of a package's publisher, from the JSON of what stands there."""
    value = msgspec.json.decode(bytes(publisher)) if bytes(publisher) else None
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None
