"""Finds the releases of an OCDS document, whatever its wrapping, and says what else was in it.

`parts(data)` yields, for a release package, a record package, an array of these, or a single release: (bytes, kind,
publisher) for each release, PassedOver for what holds none, Quarantined for what is broken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from threepoint.read.findings import PassedOver, Quarantined

HEAD = 64 * 1024  # bytes of a quarantined part that are kept
LINKED = PassedOver("linked release", "only a link to the release stands here; load the release itself")


class _Shell(msgspec.Struct):
    """The outside of any OCDS document; what it holds stays bytes."""

    ocid: msgspec.Raw = msgspec.Raw()
    date: msgspec.Raw = msgspec.Raw()
    tag: msgspec.Raw = msgspec.Raw()
    url: msgspec.Raw = msgspec.Raw()
    releases: msgspec.Raw = msgspec.Raw()
    records: msgspec.Raw = msgspec.Raw()
    release: msgspec.Raw = msgspec.Raw()
    compiledRelease: msgspec.Raw = msgspec.Raw()  # noqa: N815  # names of the standard
    versionedRelease: msgspec.Raw = msgspec.Raw()  # noqa: N815  # names of the standard
    publisher: msgspec.Raw = msgspec.Raw()
    extensions: msgspec.Raw = msgspec.Raw()
    buyer: msgspec.Raw = msgspec.Raw()
    parties: msgspec.Raw = msgspec.Raw()
    planning: msgspec.Raw = msgspec.Raw()
    tender: msgspec.Raw = msgspec.Raw()
    awards: msgspec.Raw = msgspec.Raw()
    contracts: msgspec.Raw = msgspec.Raw()


_SHELL = msgspec.json.Decoder(_Shell)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_SECTIONS = ("buyer", "parties", "planning", "tender", "awards", "contracts")


@dataclass(frozen=True)
class Found:
    """One release: its JSON text, its kind (release, compiled or versioned) and the publisher its package names."""

    raw: bytes
    kind: str
    publisher: str | None


Part = Found | PassedOver | Quarantined


def parts(data: bytes, publisher: str | None = None) -> Iterator[Part]:
    """Every release of the document, and what else there is. `data` is UTF-8 JSON known to be one whole value."""
    if data.lstrip()[:1] == b"[":
        for entry in _LIST.decode(data):
            yield from parts(bytes(entry), publisher)
        return
    try:
        shell = _SHELL.decode(data)
    except msgspec.ValidationError:
        yield quarantined("this is not a release or a package: a JSON object belongs here", data)
        return
    yield from _parts_of(shell, data, _name(shell.publisher) or publisher)


def quarantined(reason: str, data: bytes, offset: int = 0) -> Quarantined:
    """A quarantine entry for these bytes."""
    return Quarantined(reason, offset, len(data), data[:HEAD])


def _parts_of(shell: _Shell, data: bytes, publisher: str | None) -> Iterator[Part]:
    if bytes(shell.records):
        for record in _entries(shell.records):
            yield from _of_record(record, publisher)
    elif bytes(shell.releases) and not bytes(shell.ocid):
        for release in _entries(shell.releases):
            yield from _of_release(bytes(release), publisher)
    elif bytes(shell.releases) or bytes(shell.compiledRelease):
        yield from _of_record(msgspec.Raw(data), publisher)
    else:
        yield from _of_release(data, publisher)


def _entries(raw: msgspec.Raw) -> list[msgspec.Raw]:
    value = bytes(raw)
    if value[:1] == b"[":
        return _LIST.decode(value)
    return list(msgspec.json.decode(value, type=dict[str, msgspec.Raw]).values()) if value[:1] == b"{" else []


def _of_release(data: bytes, publisher: str | None) -> Iterator[Part]:
    try:
        shell = _SHELL.decode(data)
    except msgspec.ValidationError:
        yield quarantined("this is not a release: a JSON object belongs here", data)
        return
    if any(bytes(getattr(shell, name)) for name in _SECTIONS):
        yield Found(data, "release", publisher)
    elif bytes(shell.url) or not bytes(shell.ocid):
        yield LINKED
    else:
        yield Found(data, "release", publisher)


def _of_record(raw: msgspec.Raw, publisher: str | None) -> Iterator[Part]:
    try:
        shell = _SHELL.decode(bytes(raw))
    except msgspec.ValidationError:
        yield quarantined("this is not a record: a JSON object belongs here", bytes(raw))
        return
    embedded = 0
    for release in _entries(shell.releases):
        for part in _of_release(bytes(release), publisher):
            embedded += isinstance(part, Found)
            yield part
    if bytes(shell.compiledRelease):
        yield Found(bytes(shell.compiledRelease), "compiled", publisher)
    if bytes(shell.versionedRelease):
        yield from _of_versioned(
            bytes(shell.versionedRelease), bool(embedded or bytes(shell.compiledRelease)), publisher
        )


def _of_versioned(data: bytes, told_elsewhere: bool, publisher: str | None) -> Iterator[Part]:
    if told_elsewhere:
        yield PassedOver("versioned release", "the same record holds its releases or their compiled release")
        return
    last = last_values(msgspec.json.decode(data))
    yield Found(msgspec.json.encode(last), "versioned", publisher)


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


def _name(publisher: msgspec.Raw) -> str | None:
    value = msgspec.json.decode(bytes(publisher)) if bytes(publisher) else None
    return value.get("name") if isinstance(value, dict) else None
