"""JSON files: release packages, record packages, arrays, single releases, and JSON lines of any of these."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, cast

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read import large_json
from threepoint.read.ocds.invalid_numbers import quote_invalid_numbers
from threepoint.read.ocds.packages import (
    HEAD_BYTES,
    RELEASE_SECTIONS,
    TOO_DEEP_REASON,
    DocumentPart,
    RawRelease,
    quarantine_bytes,
    split_document,
)
from threepoint.read.ocds.releases import ReleaseOrigin, append_release, make_empty_rows, make_json_error
from threepoint.read.read_context import UTF8_BOM, ReadContext, read_whole_stream
from threepoint.read.read_result import REQUEST_FILE_ADVICE, QuarantinedPart, ReadResult, SkippedItem
from threepoint.read.spend import treasury_json

MAX_RELEASES_PER_RESULT = 5_000  # rows of this many releases are held before they are handed on
MAX_BYTES_PER_RESULT = 64 * 1024 * 1024  # or of so many bytes: some releases hold texts without end

JsonLine = tuple[bytes, int, int]  # its bytes (of one over the limit: its head), its offset, its length

RECODED_NOTE = SkippedItem("note: not UTF-8", "read as Windows-1252 or ISO-8859-1")
INVALID_NUMBER_NOTE = SkippedItem(
    "note: a number that is no JSON", "its field is left empty and told; ask the publisher what is meant"
)
SKIPPED_GROUND_TRUTH = SkippedItem(
    "truth of a synthetic world", "it says what a reader ought to find; load the releases beside it"
)
_SAMPLE_RELEASE_START, _GROUND_TRUTH_MARKER = b'{"ocid":"ocds-sample-', b'"missing":['
_GROUND_TRUTH_FIELDS = {"ocid", "route", "withheld", "missing", "wrong", "releases"}
_WRAPPER_SUBSTRING = b"elease"  # stands in every wrapping, so that most lines are searched once
_WRAPPER_NAMES = (b'"releases"', b'"records"', b'"compiledRelease"', b'"versionedRelease"')


def read_json(buffered: BinaryIO, task: ReadContext) -> Iterator[ReadResult]:
    """The readings of a JSON file, a line at a time where its lines are JSON."""
    first = buffered.readline(task.limits.line)
    second = buffered.readline(task.limits.line)
    if _is_json_lines(first, second, task.limits.line):
        chunks = chain([first, second], iter(lambda: buffered.readline(task.limits.line), b""))
        yield from _read_lines(_join_chunks(chunks, task.limits.line), task)
    else:
        yield from _read_document(buffered, task, first + second)


def read_json_lines(lines: Iterable[bytes], task: ReadContext) -> Iterator[ReadResult]:
    """The readings of JSON lines that are at hand: one release, package or record each."""
    yield from _read_lines(((line, 0, len(line)) for line in lines), task)


def _is_json_lines(first: bytes, second: bytes, limit: int) -> bool:
    if _is_partial_line(first, limit):
        return True
    if not second.strip():
        return False
    # After a comma or an opening bracket, a whole second line may as well be one element of a document.
    return _is_json(first) or (_is_json(second) and first.rstrip()[-1:] not in (b",", b":", b"[", b"{"))


def _is_partial_line(chunk: bytes, limit: int) -> bool:
    return len(chunk) == limit and chunk[-1:] != b"\n"


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line.removeprefix(UTF8_BOM), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return line.strip()[-1:] in (b"}", b"]")


def _join_chunks(chunks: Iterable[bytes], limit: int) -> Iterator[JsonLine]:
    """Whole lines from what was read of them; of a line over the limit only the head is held."""
    offset = length = 0
    held = b""
    for chunk in chunks:
        held, length = held[:HEAD_BYTES] + chunk if length else chunk, length + len(chunk)
        if not _is_partial_line(chunk, limit):
            yield held if length == len(held) else held[:HEAD_BYTES], offset, length
            offset, length = offset + length, 0
    if length:
        yield held[:HEAD_BYTES], offset, length


def _read_lines(lines: Iterable[JsonLine], task: ReadContext) -> Iterator[ReadResult]:
    reading, origin, truths, begun = ReadResult(make_empty_rows()), ReleaseOrigin(task.source_id), 0, 0
    for number, (line, offset, length) in enumerate(lines, start=1):
        if length > len(line):
            why = f"the line is longer than {task.limits.line:,} bytes; load the releases as separate lines"
            reading.quarantined.append(QuarantinedPart(why, offset, length, line))
        elif _is_ground_truth(line):
            reading.passed_over += [] if truths else [SKIPPED_GROUND_TRUTH]  # one thing, whatever its length
            truths += 1
        elif not line.isspace():
            _read_line(line, offset, origin, reading, task)
        if number % MAX_RELEASES_PER_RESULT == 0 or offset + length - begun > MAX_BYTES_PER_RESULT:
            yield reading
            task.progress(offset)
            reading, begun = ReadResult(make_empty_rows()), offset + length
    yield reading


def _is_ground_truth(line: bytes) -> bool:
    """Whether this is what a synthetic world says of itself beside its releases; it looks like a release and is none."""
    return (
        line.startswith(_SAMPLE_RELEASE_START)
        and _GROUND_TRUTH_MARKER in line
        and _is_json(line)
        and _read_names(line) >= _GROUND_TRUTH_FIELDS
    )


def _read_line(line: bytes, offset: int, origin: ReleaseOrigin, reading: ReadResult, task: ReadContext) -> None:
    if offset == 0:
        line = line.removeprefix(UTF8_BOM)
    wrapped = line.lstrip()[:1] == b"[" or (_WRAPPER_SUBSTRING in line and any(sign in line for sign in _WRAPPER_NAMES))
    if wrapped and not _is_json(line) and (better := _fix_invalid_numbers(line)):
        _count_skipped(reading, INVALID_NUMBER_NOTE)
        line = better
    if not wrapped or not _is_json(line):
        return _read_release(line, offset, origin, reading, task)
    recoded = _recode_to_utf8(line)
    if recoded is not None:
        _count_skipped(reading, RECODED_NOTE)
    for part in split_document(recoded or line):
        _read_part(part, reading, task, offset)
    return None


def _read_release(raw: bytes, offset: int, origin: ReleaseOrigin, reading: ReadResult, task: ReadContext) -> None:
    try:
        if not append_release(raw, origin, reading.rows, task.seen):
            _count_skipped(reading, SkippedItem("release already held", "the same release was read before"))
    except UnreadableInputError as why:
        for another, found in ((_recode_to_utf8, RECODED_NOTE), (_fix_invalid_numbers, INVALID_NUMBER_NOTE)):
            if (better := another(raw)) is not None:
                _count_skipped(reading, found)
                return _read_release(better, offset, origin, reading, task)
        reading.quarantined.append(quarantine_bytes(why, raw, offset))
    return None


def _fix_invalid_numbers(raw: bytes) -> bytes | None:
    """The same without numbers that are no JSON, where nothing else is wrong with it; None otherwise."""
    better = quote_invalid_numbers(raw)
    return better if better and _is_json(better) else None


def _recode_to_utf8(raw: bytes) -> bytes | None:
    """The same text in UTF-8 where it was in another encoding; None where it was UTF-8 already."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return _recode_western(raw)
    return None


def _recode_western(raw: bytes) -> bytes:
    try:
        return raw.decode("cp1252").encode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode()


def _count_skipped(reading: ReadResult, found: SkippedItem) -> None:
    for place, known in enumerate(reading.passed_over):
        if (known.kind, known.why) == (found.kind, found.why):
            reading.passed_over[place] = SkippedItem(found.kind, found.why, known.count + found.count)
            return
    reading.passed_over.append(found)


def _read_document(buffered: BinaryIO, task: ReadContext, begun: bytes) -> Iterator[ReadResult]:
    """The readings of what is one document. A large one that is a plain package is never held."""
    begun += buffered.read(max(0, task.limits.held - len(begun)))
    if len(begun) < task.limits.held:
        yield from _read_whole_document(read_whole_stream(buffered, task, begun), task)
        return
    with large_json.map_stream_to_disk(begun, buffered, task) as data:
        if found := large_json.inspect_package(data):
            entries = ((at, part) for at, given in large_json.split_package(data, *found) for part in given)
            yield from _read_part_batches(entries, ReadResult(make_empty_rows()), task)
        else:
            yield from _read_whole_document(read_whole_stream(cast("BinaryIO", data), task), task)


def _read_whole_document(data: bytes, task: ReadContext) -> Iterator[ReadResult]:
    data = data.removeprefix(UTF8_BOM).lstrip()
    reading = ReadResult(make_empty_rows())
    recoded = _recode_to_utf8(data)
    if recoded is not None:
        data = recoded
        reading.notes.append("not UTF-8: read as Windows-1252 or ISO-8859-1")
    if not _is_json(data) and (better := quote_invalid_numbers(data)) and (_is_json(better) or has_json_lines(better)):
        _count_skipped(reading, INVALID_NUMBER_NOTE)
        data = better
    if _is_json(data):
        other = SKIPPED_GROUND_TRUTH if _is_ground_truth(data) else _classify_non_ocds(data)
        if other and other is not SKIPPED_GROUND_TRUTH and treasury_json.is_payment_list(data):
            yield reading
            yield from treasury_json.read_payments(data, task)
            return
        if other:
            reading.passed_over.append(other)
        else:
            yield from _read_part_batches(((0, part) for part in split_document(data)), reading, task)
            task.progress(len(data))
            return
    elif has_json_lines(data):
        yield reading
        yield from _read_lines(_join_chunks(io.BytesIO(data), task.limits.line), task)
        return
    else:
        reading.quarantined.append(quarantine_bytes(_explain_invalid_json(data), data))
    yield reading


def has_json_lines(data: bytes) -> bool:
    """True where what is no JSON has lines that are: JSON lines whose first ones are broken."""
    return any(b'"ocid"' in line and _is_json(line) for line in io.BytesIO(data))


def _explain_invalid_json(data: bytes) -> UnreadableInputError:
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except RecursionError:
        return UnreadableInputError(
            f"this JSON cannot be read: {TOO_DEEP_REASON}; take out what is not, or ask the publisher for the releases alone"
        )
    except msgspec.DecodeError as why:
        return make_json_error(why, "ask the publisher for it again", "; the file may be cut short")
    return UnreadableInputError("this is not valid JSON: it does not end where it should", REQUEST_FILE_ADVICE)


# Documents that stand beside releases in a publisher's folder: the names that tell them, and what they are.
_NON_OCDS_KINDS = (
    ({"x-sdes"}, SkippedItem("package of tables", "unpack the archive and load the package's folder")),
    ({"$schema", "definitions", "properties"}, SkippedItem("JSON schema", "it describes data and holds none")),
    ({"compatibility", "codelists", "schemas"}, SkippedItem("OCDS extension", "it describes data and holds none")),
    ({"extensions"}, SkippedItem("list of OCDS extensions", "it names extensions and holds no release")),
)
_OCDS_NAMES = {"ocid", "releases", "records", "compiledRelease", "versionedRelease", *RELEASE_SECTIONS}


def _classify_non_ocds(data: bytes) -> SkippedItem | None:
    """What a valid JSON document is when it holds no OCDS; None when it may hold some."""
    names = _read_names(data)
    if names & _OCDS_NAMES:
        return None
    for signs, found in _NON_OCDS_KINDS:
        if names & signs:
            return found
    return SkippedItem("JSON of another kind", "no OCDS release, package or record in it")


def _read_names(data: bytes) -> set[str]:
    """The names in an object, or in the first entry of an array."""
    while data[:1] == b"[":
        entries = msgspec.json.decode(data, type=list[msgspec.Raw])
        data = bytes(entries[0]) if entries else b""
    return set(msgspec.json.decode(data, type=dict[str, msgspec.Raw])) if data[:1] == b"{" else set()


def _read_part_batches(
    entries: Iterable[tuple[int, DocumentPart]], reading: ReadResult, task: ReadContext
) -> Iterator[ReadResult]:
    """The readings of the parts of a document; each comes with where in the file it stands, as far as that is known."""
    length = 0
    for number, (at, part) in enumerate(entries, start=1):
        _read_part(part, reading, task, at)
        length += len(part.raw) if isinstance(part, RawRelease) else 0
        if number % MAX_RELEASES_PER_RESULT == 0 or length > MAX_BYTES_PER_RESULT:
            yield reading
            task.progress(at)
            reading, length = ReadResult(make_empty_rows()), 0
    yield reading


def _read_part(
    part: RawRelease | SkippedItem | QuarantinedPart, reading: ReadResult, task: ReadContext, offset: int
) -> None:
    if isinstance(part, RawRelease):
        origin = ReleaseOrigin(task.source_id, part.publisher, part.kind)
        _read_release(part.raw, offset, origin, reading, task)
    elif isinstance(part, SkippedItem):
        _count_skipped(reading, part)
    else:
        reading.quarantined.append(part)
