"""JSON files: release packages, record packages, arrays, single releases, and JSON lines of any of these."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, cast

import msgspec

from threepoint.errors import Unreadable
from threepoint.read import large_json
from threepoint.read.ocds.invalid_numbers import mended
from threepoint.read.ocds.packages import HEAD, SECTIONS, TOO_DEEP, Found, Part, parts, quarantined
from threepoint.read.ocds.releases import Origin, empty_rows, not_json, read_one
from threepoint.read.read_context import BOM, Task, whole
from threepoint.read.read_result import AGAIN, PassedOver, Quarantined, Reading
from threepoint.read.spend import treasury_json

RELEASES_A_READING = 5_000  # rows of this many releases are held before they are handed on
BYTES_A_READING = 64 * 1024 * 1024  # or of so many bytes: some releases hold texts without end

Line = tuple[bytes, int, int]  # its bytes (of one over the limit: its head), its offset, its length

RECODED = PassedOver("note: not UTF-8", "read as Windows-1252 or ISO-8859-1")
MENDED = PassedOver(
    "note: a number that is no JSON", "its field is left empty and told; ask the publisher what is meant"
)
TRUTH = PassedOver("truth of a synthetic world", "it says what a reader ought to find; load the releases beside it")
_SYNTHETIC, _TRUE_OF = b'{"ocid":"ocds-sample-', b'"missing":['
_TOLD_OF_TRUTH = {"ocid", "route", "withheld", "missing", "wrong", "releases"}
_IN_ALL = b"elease"  # stands in every wrapping, so that most lines are searched once
_WRAPPED = (b'"releases"', b'"records"', b'"compiledRelease"', b'"versionedRelease"')


def read(buffered: BinaryIO, task: Task) -> Iterator[Reading]:
    """The readings of a JSON file, a line at a time where its lines are JSON."""
    first = buffered.readline(task.limits.line)
    second = buffered.readline(task.limits.line)
    if _begins_lines(first, second, task.limits.line):
        chunks = chain([first, second], iter(lambda: buffered.readline(task.limits.line), b""))
        yield from _lines(_joined(chunks, task.limits.line), task)
    else:
        yield from _document(buffered, task, first + second)


def read_lines(lines: Iterable[bytes], task: Task) -> Iterator[Reading]:
    """The readings of JSON lines that are at hand: one release, package or record each."""
    yield from _lines(((line, 0, len(line)) for line in lines), task)


def _begins_lines(first: bytes, second: bytes, limit: int) -> bool:
    if _goes_on(first, limit):
        return True
    if not second.strip():
        return False
    # After a comma or an opening bracket, a whole second line may as well be one element of a document.
    return _is_json(first) or (_is_json(second) and first.rstrip()[-1:] not in (b",", b":", b"[", b"{"))


def _goes_on(chunk: bytes, limit: int) -> bool:
    return len(chunk) == limit and chunk[-1:] != b"\n"


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line.removeprefix(BOM), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return line.strip()[-1:] in (b"}", b"]")


def _joined(chunks: Iterable[bytes], limit: int) -> Iterator[Line]:
    """Whole lines from what was read of them; of a line over the limit only the head is held."""
    offset = length = 0
    held = b""
    for chunk in chunks:
        held, length = held[:HEAD] + chunk if length else chunk, length + len(chunk)
        if not _goes_on(chunk, limit):
            yield held if length == len(held) else held[:HEAD], offset, length
            offset, length = offset + length, 0
    if length:
        yield held[:HEAD], offset, length


def _lines(lines: Iterable[Line], task: Task) -> Iterator[Reading]:
    reading, origin, truths, begun = Reading(empty_rows()), Origin(task.source_id), 0, 0
    for number, (line, offset, length) in enumerate(lines, start=1):
        if length > len(line):
            why = f"the line is longer than {task.limits.line:,} bytes; load the releases as separate lines"
            reading.quarantined.append(Quarantined(why, offset, length, line))
        elif _is_truth(line):
            reading.passed_over += [] if truths else [TRUTH]  # one thing, whatever its length
            truths += 1
        elif not line.isspace():
            _line(line, offset, origin, reading, task)
        if number % RELEASES_A_READING == 0 or offset + length - begun > BYTES_A_READING:
            yield reading
            task.progress(offset)
            reading, begun = Reading(empty_rows()), offset + length
    yield reading


def _is_truth(line: bytes) -> bool:
    """Whether this is what a synthetic world says of itself beside its releases; it looks like a release and is none."""
    return line.startswith(_SYNTHETIC) and _TRUE_OF in line and _is_json(line) and _names(line) >= _TOLD_OF_TRUTH


def _line(line: bytes, offset: int, origin: Origin, reading: Reading, task: Task) -> None:
    if offset == 0:
        line = line.removeprefix(BOM)
    wrapped = line.lstrip()[:1] == b"[" or (_IN_ALL in line and any(sign in line for sign in _WRAPPED))
    if wrapped and not _is_json(line) and (better := _mended(line)):
        _count(reading, MENDED)
        line = better
    if not wrapped or not _is_json(line):
        return _release(line, offset, origin, reading, task)
    recoded = _recoded(line)
    if recoded is not None:
        _count(reading, RECODED)
    for part in parts(recoded or line):
        _part(part, reading, task, offset)
    return None


def _release(raw: bytes, offset: int, origin: Origin, reading: Reading, task: Task) -> None:
    try:
        if not read_one(raw, origin, reading.rows, task.seen):
            _count(reading, PassedOver("release already held", "the same release was read before"))
    except Unreadable as why:
        for another, found in ((_recoded, RECODED), (_mended, MENDED)):
            if (better := another(raw)) is not None:
                _count(reading, found)
                return _release(better, offset, origin, reading, task)
        reading.quarantined.append(quarantined(why, raw, offset))
    return None


def _mended(raw: bytes) -> bytes | None:
    """The same without numbers that are no JSON, where nothing else is wrong with it; None otherwise."""
    better = mended(raw)
    return better if better and _is_json(better) else None


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


def _document(buffered: BinaryIO, task: Task, begun: bytes) -> Iterator[Reading]:
    """The readings of what is one document. A large one that is a plain package is never held."""
    begun += buffered.read(max(0, task.limits.held - len(begun)))
    if len(begun) < task.limits.held:
        yield from _whole(whole(buffered, task, begun), task)
        return
    with large_json.laid_out(begun, buffered, task) as data:
        if found := large_json.package(data):
            entries = ((at, part) for at, given in large_json.parts(data, *found) for part in given)
            yield from _in_steps(entries, Reading(empty_rows()), task)
        else:
            yield from _whole(whole(cast("BinaryIO", data), task), task)


def _whole(data: bytes, task: Task) -> Iterator[Reading]:
    data = data.removeprefix(BOM).lstrip()
    reading = Reading(empty_rows())
    recoded = _recoded(data)
    if recoded is not None:
        data = recoded
        reading.notes.append("not UTF-8: read as Windows-1252 or ISO-8859-1")
    if not _is_json(data) and (better := mended(data)) and (_is_json(better) or has_whole_lines(better)):
        _count(reading, MENDED)
        data = better
    if _is_json(data):
        other = TRUTH if _is_truth(data) else _not_ocds(data)
        if other and other is not TRUTH and treasury_json.recognise(data):
            yield reading
            yield from treasury_json.read(data, task)
            return
        if other:
            reading.passed_over.append(other)
        else:
            yield from _in_steps(((0, part) for part in parts(data)), reading, task)
            task.progress(len(data))
            return
    elif has_whole_lines(data):
        yield reading
        yield from _lines(_joined(io.BytesIO(data), task.limits.line), task)
        return
    else:
        reading.quarantined.append(quarantined(_why_not_json(data), data))
    yield reading


def has_whole_lines(data: bytes) -> bool:
    """True where what is no JSON has lines that are: JSON lines whose first ones are broken."""
    return any(b'"ocid"' in line and _is_json(line) for line in io.BytesIO(data))


def _why_not_json(data: bytes) -> Unreadable:
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except RecursionError:
        return Unreadable(
            f"this JSON cannot be read: {TOO_DEEP}; take out what is not, or ask the publisher for the releases alone"
        )
    except msgspec.DecodeError as why:
        return not_json(why, "ask the publisher for it again", "; the file may be cut short")
    return Unreadable("this is not valid JSON: it does not end where it should", AGAIN)


# Documents that stand beside releases in a publisher's folder: the names that tell them, and what they are.
_BESIDE = (
    ({"x-sdes"}, PassedOver("package of tables", "unpack the archive and load the package's folder")),
    ({"$schema", "definitions", "properties"}, PassedOver("JSON schema", "it describes data and holds none")),
    ({"compatibility", "codelists", "schemas"}, PassedOver("OCDS extension", "it describes data and holds none")),
    ({"extensions"}, PassedOver("list of OCDS extensions", "it names extensions and holds no release")),
)
_OCDS = {"ocid", "releases", "records", "compiledRelease", "versionedRelease", *SECTIONS}


def _not_ocds(data: bytes) -> PassedOver | None:
    """What a valid JSON document is when it holds no OCDS; None when it may hold some."""
    names = _names(data)
    if names & _OCDS:
        return None
    for signs, found in _BESIDE:
        if names & signs:
            return found
    return PassedOver("JSON of another kind", "no OCDS release, package or record in it")


def _names(data: bytes) -> set[str]:
    """The names in an object, or in the first entry of an array."""
    while data[:1] == b"[":
        entries = msgspec.json.decode(data, type=list[msgspec.Raw])
        data = bytes(entries[0]) if entries else b""
    return set(msgspec.json.decode(data, type=dict[str, msgspec.Raw])) if data[:1] == b"{" else set()


def _in_steps(entries: Iterable[tuple[int, Part]], reading: Reading, task: Task) -> Iterator[Reading]:
    """The readings of the parts of a document; each comes with where in the file it stands, as far as that is known."""
    length = 0
    for number, (at, part) in enumerate(entries, start=1):
        _part(part, reading, task, at)
        length += len(part.raw) if isinstance(part, Found) else 0
        if number % RELEASES_A_READING == 0 or length > BYTES_A_READING:
            yield reading
            task.progress(at)
            reading, length = Reading(empty_rows()), 0
    yield reading


def _part(part: Found | PassedOver | Quarantined, reading: Reading, task: Task, offset: int) -> None:
    if isinstance(part, Found):
        origin = Origin(task.source_id, part.publisher, part.kind)
        _release(part.raw, offset, origin, reading, task)
    elif isinstance(part, PassedOver):
        _count(reading, part)
    else:
        reading.quarantined.append(part)
