"""JSON files: release packages, record packages, arrays, single releases, and JSON lines of any of these."""

import io
from collections.abc import Iterable, Iterator

import msgspec

from threepoint.errors import Unreadable
from threepoint.read.findings import PassedOver, Quarantined, Reading
from threepoint.read.ocds.packages import HEAD, Found, parts, quarantined
from threepoint.read.ocds.releases import Origin, empty_rows, read_one
from threepoint.read.task import BOM, Limits, Task

RELEASES_A_READING = 5_000  # rows of this many releases are held before they are handed on

_WRAPPED = (b'"releases"', b'"records"', b'"compiledRelease"')


def read(buffered: io.BufferedReader, task: Task) -> Iterator[Reading]:
    """The readings of a JSON file, a line at a time where its lines are JSON."""
    first = buffered.readline(task.limits.line)
    second = buffered.readline(task.limits.line)
    if second.strip() and (_is_json(first) or (_is_json(second) and first.strip() not in (b"[", b"{"))):
        yield from _lines(_again([first, second], buffered, task.limits), task)
    else:
        yield from _whole(first + second + buffered.read(), task)


def read_lines(lines: Iterable[bytes], task: Task) -> Iterator[Reading]:
    """The readings of JSON lines that are at hand: one release, package or record each."""
    yield from _lines(((line, 0, True) for line in lines), task)


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line.removeprefix(BOM), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return line.strip()[-1:] in (b"}", b"]")


def _again(first: list[bytes], stream: io.BufferedReader, limits: Limits) -> Iterator[tuple[bytes, int, bool]]:
    """Lines as (bytes, offset, whole); a line over the limit comes as its first part with whole = False."""
    offset = 0
    for line in first:
        yield line, offset, True
        offset += len(line)
    while line := stream.readline(limits.line):
        start, whole = offset, line[-1:] == b"\n" or len(line) < limits.line
        offset += len(line)
        yield line, start, whole
        while not whole:
            more = stream.readline(limits.line)
            offset += len(more)
            whole = more[-1:] == b"\n" or not more


def _lines(lines: Iterator[tuple[bytes, int, bool]], task: Task) -> Iterator[Reading]:
    reading, count = Reading(empty_rows()), 0
    origin = Origin(task.source_id)
    for line, offset, whole in lines:
        if not whole:
            why = f"the line is longer than {task.limits.line:,} bytes; load the releases as separate lines"
            reading.quarantined.append(Quarantined(why, offset, len(line), line[:HEAD]))
        elif not line.isspace():
            _line(line, offset, origin, reading, task)
        count += 1
        if count % RELEASES_A_READING == 0:
            yield reading
            task.progress(offset)
            reading = Reading(empty_rows())
    yield reading


def _line(line: bytes, offset: int, origin: Origin, reading: Reading, task: Task) -> None:
    if offset == 0:
        line = line.removeprefix(BOM)
    if any(sign in line for sign in _WRAPPED):
        if _is_json(line):
            return _parts(line, reading, task, offset)
    return _release(line, offset, origin, reading, task)


def _release(raw: bytes, offset: int, origin: Origin, reading: Reading, task: Task) -> None:
    try:
        if not read_one(raw, origin, reading.rows, task.seen):
            _count(reading, PassedOver("release already held", "the same release was read before"))
    except Unreadable as why:
        recoded = _recoded(raw)
        if recoded is None:
            reading.quarantined.append(quarantined(str(why), raw, offset))
        else:
            _count(reading, PassedOver("note: not UTF-8", "read as Windows-1252 or ISO-8859-1"))
            _release(recoded, offset, origin, reading, task)


def _recoded(raw: bytes) -> bytes | None:
    """The same text in UTF-8 where it was in another encoding; None where it was UTF-8 already."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return _from_western(raw)
    return None


def _from_western(raw: bytes) -> bytes:
    try:
        return raw.decode("cp1252").encode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode()


def _count(reading: Reading, found: PassedOver) -> None:
    for place, known in enumerate(reading.passed_over):
        if (known.kind, known.why) == (found.kind, found.why):
            reading.passed_over[place] = PassedOver(found.kind, found.why, known.count + found.count)
            return
    reading.passed_over.append(found)


def _whole(data: bytes, task: Task) -> Iterator[Reading]:
    data = data.removeprefix(BOM)
    reading = Reading(empty_rows())
    recoded = _recoded(data)
    if recoded is not None:
        data = recoded
        reading.notes.append("not UTF-8: read as Windows-1252 or ISO-8859-1")
    if not _is_json(data):
        reading.quarantined.append(quarantined(_why_not_json(data), data))
    elif other := _not_ocds(data):
        reading.passed_over.append(other)
    else:
        yield from _in_steps(data, reading, task)
        return
    yield reading


def _why_not_json(data: bytes) -> str:
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError) as why:
        return f"this is not valid JSON ({why}); the file may be cut short: ask the publisher for it again"
    return "this is not valid JSON: it does not end where it should; ask the publisher for the file again"


# Documents that stand beside releases in a publisher's folder: the names that tell them, and what they are.
_BESIDE = (
    ({"$schema", "definitions", "properties"}, PassedOver("JSON schema", "it describes data and holds none")),
    ({"compatibility", "codelists", "schemas"}, PassedOver("OCDS extension", "it describes data and holds none")),
    ({"extensions"}, PassedOver("list of OCDS extensions", "it names extensions and holds no release")),
)
_OCDS = {"ocid", "releases", "records", "compiledRelease", "versionedRelease"}


def _not_ocds(data: bytes) -> PassedOver | None:
    """What a valid JSON document is when it holds no OCDS; None when it may hold some."""
    names = _names(data)
    if names is None or names & _OCDS:
        return None
    for signs, found in _BESIDE:
        if names & signs:
            return found
    return PassedOver("JSON of another kind", "no OCDS release, package or record in it")


def _names(data: bytes) -> set[str] | None:
    if data[:1] != b"[":
        return set(msgspec.json.decode(data, type=dict[str, msgspec.Raw]))
    entries = msgspec.json.decode(data, type=list[msgspec.Raw])
    objects = [bytes(entry) for entry in entries[:1] if bytes(entry)[:1] == b"{"]
    return _names(objects[0]) if objects else set()


def _in_steps(data: bytes, reading: Reading, task: Task) -> Iterator[Reading]:
    count = 0
    for part in parts(data):
        _part(part, reading, task, 0)
        count += 1
        if count % RELEASES_A_READING == 0:
            yield reading
            reading = Reading(empty_rows())
    task.progress(len(data))
    yield reading


def _parts(data: bytes, reading: Reading, task: Task, offset: int) -> None:
    for part in parts(data):
        _part(part, reading, task, offset)


def _part(part: Found | PassedOver | Quarantined, reading: Reading, task: Task, offset: int) -> None:
    if isinstance(part, Found):
        origin = Origin(task.source_id, part.publisher, part.kind)
        _release(part.raw, offset, origin, reading, task)
    elif isinstance(part, PassedOver):
        _count(reading, part)
    else:
        reading.quarantined.append(part)
