"""Read JSON files: release packages, record packages, arrays, single releases, envelopes, and several of these one after another."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, cast

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read import large_json
from threepoint.read.ocds.invalid_numbers import quote_invalid_numbers
from threepoint.read.ocds.other_documents import OTHER_JSON
from threepoint.read.ocds.packages import (
    HEAD_BYTES,
    TOO_DEEP_REASON,
    DocumentPart,
    RawRelease,
    contains_ocds,
    quarantine_bytes,
    split_document,
)
from threepoint.read.ocds.releases import ReleaseOrigin, append_release, make_empty_rows, make_json_error
from threepoint.read.read_context import UTF8_BOM, ReadContext, read_whole_stream
from threepoint.read.read_result import REQUEST_FILE_ADVICE, QuarantinedPart, ReadResult, SkippedItem
from threepoint.read.spend import treasury_json

MAX_RELEASES_PER_RESULT = 5_000  # releases held in memory at a time
MAX_BYTES_PER_RESULT = 64 * 1024 * 1024  # some releases have very long texts

JsonLine = tuple[bytes, int, int]  # bytes (only the head if over the limit), offset, length

RECODED_NOTE = SkippedItem("note: not UTF-8", "read as Windows-1252 or ISO-8859-1")
INVALID_NUMBER_NOTE = SkippedItem(
    "note: a number that is no JSON", "its field is left empty and reported; ask the publisher which number is meant"
)
SKIPPED_GROUND_TRUTH = SkippedItem(
    "truth of a synthetic world", "it lists what a reader should find; load the releases next to it"
)
_SAMPLE_RELEASE_START, _GROUND_TRUTH_MARKER = b'{"ocid":"ocds-sample-', b'"missing":['
_GROUND_TRUTH_FIELDS = {"ocid", "route", "withheld", "missing", "wrong", "releases"}
_WRAPPER_SUBSTRING = b"elease"  # in every package or record, so most lines are searched once
_WRAPPER_SIGNS = (b'"releases"', b'"records"', b'"compiledRelease"', b'"versionedRelease"', b'"releaseDate"')


def read_json(buffered: BinaryIO, task: ReadContext) -> Iterator[ReadResult]:
    """Yield the results of a JSON file, one line at a time if its lines are JSON."""
    first_line = buffered.readline(task.limits.line)
    second_line = buffered.readline(task.limits.line)
    if _is_json_lines(first_line, second_line, task.limits.line):
        chunks = chain([first_line, second_line], iter(lambda: buffered.readline(task.limits.line), b""))
        yield from _read_lines(_join_chunks(chunks, task.limits.line), task)
    else:
        yield from _read_document(buffered, task, first_line + second_line)


def read_json_lines(lines: Iterable[bytes], task: ReadContext) -> Iterator[ReadResult]:
    """Yield the results of JSON lines in memory: one release, package or record each."""
    yield from _read_lines(((line, 0, len(line)) for line in lines), task)


def _is_json_lines(first_line: bytes, second_line: bytes, limit: int) -> bool:
    if _is_partial_line(first_line, limit):
        return True
    if not second_line.strip():
        return False
    if second_line.strip() in (b"{", b"["):
        return False  # a document over several lines may follow one on one line
    # After a comma or an opening bracket, a complete second line can also be an element of a document.
    return _is_json(first_line) or (_is_json(second_line) and first_line.rstrip()[-1:] not in (b",", b":", b"[", b"{"))


def _is_partial_line(chunk: bytes, limit: int) -> bool:
    return len(chunk) == limit and chunk[-1:] != b"\n"


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line.removeprefix(UTF8_BOM), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return line.strip()[-1:] in (b"}", b"]")


def _join_chunks(chunks: Iterable[bytes], limit: int) -> Iterator[JsonLine]:
    """Join chunks into whole lines; only the head of a line over the limit is held in memory."""
    offset = length = 0
    line = b""
    for chunk in chunks:
        line, length = line[:HEAD_BYTES] + chunk if length else chunk, length + len(chunk)
        if not _is_partial_line(chunk, limit):
            yield line if length == len(line) else line[:HEAD_BYTES], offset, length
            offset, length = offset + length, 0
    if length:
        yield line[:HEAD_BYTES], offset, length


def _read_lines(lines: Iterable[JsonLine], task: ReadContext) -> Iterator[ReadResult]:
    result, origin, truth_count, result_start = ReadResult(make_empty_rows()), ReleaseOrigin(task.source_id), 0, 0
    for number, (line, offset, length) in enumerate(lines, start=1):
        if length > len(line):
            why = f"the line is longer than {task.limits.line:,} bytes; load the releases as separate lines"
            result.quarantined.append(QuarantinedPart(why, offset, length, line))
        elif _is_ground_truth(line):
            result.skipped += [] if truth_count else [SKIPPED_GROUND_TRUTH]  # counted once
            truth_count += 1
        elif not line.isspace():
            _read_line(line, offset, origin, result, task)
        if number % MAX_RELEASES_PER_RESULT == 0 or offset + length - result_start > MAX_BYTES_PER_RESULT:
            yield result
            task.progress(offset)
            result, result_start = ReadResult(make_empty_rows()), offset + length
    yield result


def _is_ground_truth(line: bytes) -> bool:
    """Return True for the ground truth of a synthetic world, which looks like a release and is not one."""
    return (
        line.startswith(_SAMPLE_RELEASE_START)
        and _GROUND_TRUTH_MARKER in line
        and _is_json(line)
        and _read_names(line) >= _GROUND_TRUTH_FIELDS
    )


def _read_line(line: bytes, offset: int, origin: ReleaseOrigin, result: ReadResult, task: ReadContext) -> None:
    if offset == 0:
        line = line.removeprefix(UTF8_BOM)
    is_wrapped = line.lstrip()[:1] == b"[" or (
        _WRAPPER_SUBSTRING in line and any(sign in line for sign in _WRAPPER_SIGNS)
    )
    if is_wrapped and not _is_json(line) and (fixed := _fix_invalid_numbers(line)):
        _count_skipped(result, INVALID_NUMBER_NOTE)
        line = fixed
    if is_wrapped and _is_json(line):
        recoded = _recode_to_utf8(line)
        if recoded is not None:
            _count_skipped(result, RECODED_NOTE)
        _read_parts(split_document(recoded or line), result, task, offset)
    elif (part := _read_release(line, offset, origin, result, task)) is not None:
        _read_parts(_split_unusual_line(line) or [part], result, task, offset)


def _split_unusual_line(line: bytes) -> list[DocumentPart]:
    """Return the parts of a line that is not a release: of documents one after another, or of another kind; none if it is damaged."""
    spans, rest = large_json.find_documents(line)
    if rest < len(line):
        return []
    parts = [part for start, end in spans for part in split_document(line[start:end])]
    is_damaged = parts == [RawRelease(line.strip(), "release", None)] or all(part == OTHER_JSON for part in parts)
    return [] if is_damaged else parts


def _read_parts(parts: Iterable[DocumentPart], result: ReadResult, task: ReadContext, offset: int) -> None:
    for part in parts:
        _read_part(part, result, task, offset)


def _read_release(
    raw: bytes, offset: int, origin: ReleaseOrigin, result: ReadResult, task: ReadContext
) -> QuarantinedPart | None:
    """Read one release; return what to quarantine if it cannot be read."""
    try:
        if not append_release(raw, origin, result.rows, task.seen):
            _count_skipped(result, SkippedItem("release already loaded", "the same release was read before"))
    except UnreadableInputError as why:
        for convert, note in ((_recode_to_utf8, RECODED_NOTE), (_fix_invalid_numbers, INVALID_NUMBER_NOTE)):
            if (converted := convert(raw)) is not None:
                _count_skipped(result, note)
                return _read_release(converted, offset, origin, result, task)
        return quarantine_bytes(why, raw, offset)
    return None


def _fix_invalid_numbers(raw: bytes) -> bytes | None:
    """Quote invalid numbers; return None if that does not make it valid JSON."""
    fixed = quote_invalid_numbers(raw)
    return fixed if fixed and _is_json(fixed) else None


def _recode_to_utf8(raw: bytes) -> bytes | None:
    """Return the text in UTF-8, or None if it is UTF-8 already."""
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


def _count_skipped(result: ReadResult, item: SkippedItem) -> None:
    for place, counted in enumerate(result.skipped):
        if (counted.kind, counted.why) == (item.kind, item.why):
            result.skipped[place] = SkippedItem(item.kind, item.why, counted.count + item.count)
            return
    result.skipped.append(item)


def _read_document(buffered: BinaryIO, task: ReadContext, read_bytes: bytes) -> Iterator[ReadResult]:
    """Read a single document. A large one that is a plain package is never held in memory."""
    read_bytes += buffered.read(max(0, task.limits.buffered_bytes - len(read_bytes)))
    if len(read_bytes) < task.limits.buffered_bytes:
        yield from _read_whole_document(read_whole_stream(buffered, task, read_bytes), task)
        return
    with large_json.map_stream_to_disk(read_bytes, buffered, task) as data:
        if package := large_json.inspect_package(data):
            entries = ((at, part) for at, parts in large_json.split_package(data, package) for part in parts)
            yield from _read_part_batches(entries, ReadResult(make_empty_rows()), task)
        else:
            yield from _read_whole_document(read_whole_stream(cast("BinaryIO", data), task), task)


def _read_whole_document(data: bytes, task: ReadContext) -> Iterator[ReadResult]:
    data = data.removeprefix(UTF8_BOM).lstrip()
    result = ReadResult(make_empty_rows())
    recoded = _recode_to_utf8(data)
    if recoded is not None:
        data = recoded
        result.notes.append("not UTF-8: read as Windows-1252 or ISO-8859-1")
    spans, rest = large_json.find_documents(data)
    if rest < len(data) and (fixed := quote_invalid_numbers(data)):
        fixed_spans, fixed_rest = large_json.find_documents(fixed)
        if fixed_rest == len(fixed) or has_json_lines(fixed):
            _count_skipped(result, INVALID_NUMBER_NOTE)
            data, spans, rest = fixed, fixed_spans, fixed_rest
    if rest < len(data) and has_json_lines(data):
        yield result
        yield from _read_lines(_join_chunks(io.BytesIO(data), task.limits.line), task)
    elif rest < len(data) and not (spans and data[rest : rest + 1] in (b"{", b"[")):
        result.quarantined.append(quarantine_bytes(_explain_invalid_json(data), data))
        yield result
    elif rest == len(data) and len(spans) == 1 and not contains_ocds(data) and treasury_json.is_payment_list(data):
        yield result
        yield from treasury_json.read_payments(data, task)
    else:
        if rest < len(data):
            result.quarantined.append(quarantine_bytes(_explain_invalid_json(data[rest:]), data[rest:]))
        documents = (data[start:end] for start, end in spans)
        yield from _read_part_batches(
            ((0, part) for document in documents for part in _split_document(document)), result, task
        )
        task.progress(len(data))


def _split_document(data: bytes) -> Iterator[DocumentPart]:
    return iter([SKIPPED_GROUND_TRUTH]) if _is_ground_truth(data) else split_document(data)


def has_json_lines(data: bytes) -> bool:
    """Return True if invalid JSON has lines that are valid: JSON lines whose first ones are damaged."""
    return any(b'"ocid"' in line and _is_json(line) for line in io.BytesIO(data))


def _explain_invalid_json(data: bytes) -> UnreadableInputError:
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except RecursionError:
        return UnreadableInputError(
            f"this JSON cannot be read: {TOO_DEEP_REASON}; remove what is not a release, or ask the publisher for the releases alone"
        )
    except msgspec.DecodeError as why:
        return make_json_error(why, "ask the publisher for it again", "; the file may be cut short")
    return UnreadableInputError("this is not valid JSON: it does not end where it should", REQUEST_FILE_ADVICE)


def _read_names(data: bytes) -> set[str]:
    """Return the names in an object, or in the first entry of an array."""
    while data[:1] == b"[":
        entries = msgspec.json.decode(data, type=list[msgspec.Raw])
        data = bytes(entries[0]) if entries else b""
    return set(msgspec.json.decode(data, type=dict[str, msgspec.Raw])) if data[:1] == b"{" else set()


def _read_part_batches(
    entries: Iterable[tuple[int, DocumentPart]], result: ReadResult, task: ReadContext
) -> Iterator[ReadResult]:
    """Yield the results of a document's parts; each part comes with its offset in the file, or 0 if unknown."""
    length = 0
    for number, (at, part) in enumerate(entries, start=1):
        _read_part(part, result, task, at)
        length += len(part.raw) if isinstance(part, RawRelease) else 0
        if number % MAX_RELEASES_PER_RESULT == 0 or length > MAX_BYTES_PER_RESULT:
            yield result
            task.progress(at)
            result, length = ReadResult(make_empty_rows()), 0
    yield result


def _read_part(
    part: RawRelease | SkippedItem | QuarantinedPart, result: ReadResult, task: ReadContext, offset: int
) -> None:
    if isinstance(part, RawRelease):
        origin = ReleaseOrigin(task.source_id, part.publisher, part.kind)
        if damaged := _read_release(part.raw, offset, origin, result, task):
            result.quarantined.append(damaged)
    elif isinstance(part, SkippedItem):
        _count_skipped(result, part)
    else:
        result.quarantined.append(part)
