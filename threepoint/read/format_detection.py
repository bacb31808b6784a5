"""What a file is, told from its content and never from its name, and its rows.

`read(stream, task)` yields one Reading after another, so that a file of any length passes through a small memory.
"""

import codecs
import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from threepoint.errors import UnreadableInputError
from threepoint.read import (
    archives,
    csv_tables,
    gcloud_sales,
    gmpp,
    json_files,
    procurement_pipelines,
    registers,
    skipped_tables,
    spend,
)
from threepoint.read.ocds.packages import HEAD_BYTES, quarantine_bytes
from threepoint.read.read_context import UTF8_BOM, ReadContext, read_whole_stream
from threepoint.read.read_result import REQUEST_FILE_ADVICE, QuarantinedPart, ReadResult, SkippedItem

# Tables told by their headings: each module has `recognise` (of a file's beginning, as text) and `read` (of its bytes).
TABLE_FORMATS = (gcloud_sales, spend, procurement_pipelines, registers)
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_stream(stream: BinaryIO, task: ReadContext) -> Iterator[ReadResult]:
    """The rows and findings of one file. `stream` is read once, from where it stands, and must be buffered."""
    head = stream.read(HEAD_BYTES)
    try:
        yield from _read_detected_format(head, stream, task)
    except UnreadableInputError as why:
        yield ReadResult({}, quarantined=[quarantine_bytes(why, head)])


def _read_detected_format(head: bytes, stream: BinaryIO, task: ReadContext) -> Iterator[ReadResult]:
    rest = io.BufferedReader(cast("io.RawIOBase", _PrefixedStream(head, stream)), 1 << 20)
    bare = head.removeprefix(UTF8_BOM).lstrip()
    if not bare:
        yield ReadResult({}, passed_over=[SkippedItem("empty file", "there is nothing in it")])
    elif head[:4] == b"PK\x03\x04":
        yield from archives.read_zip(rest, task, read_stream)
    elif head[:2] == b"\x1f\x8b":
        yield from archives.read_gzip(rest, task, read_stream)
    elif head[:2] in UTF16_BOMS:
        yield from _read_utf16_text(read_whole_stream(rest, task), task)
    elif bare[:1] in (b"{", b"[") or json_files.has_json_lines(head):
        yield from json_files.read_json(rest, task)
    elif gmpp.is_yearly_file(head):
        yield _read_gmpp_file(read_whole_stream(rest, task), task)
    elif form := _find_table_reader(head):
        yield from _read_whole_table(rest, task, form)
    else:
        yield ReadResult({}, passed_over=[skipped_tables.classify_skipped_file(head)])


def _find_table_reader(head: bytes) -> Callable[[bytes, ReadContext], Iterator[ReadResult]] | None:
    """How to read a table that begins with `head`; None where it is none of ours."""
    if b"\0" in head[:1024]:
        return None
    text = csv_tables.decode_text(head, final=False)
    return next((form.read_table for form in TABLE_FORMATS if form.matches_format(text)), None)


def _read_whole_table(
    stream: BinaryIO, task: ReadContext, form: Callable[[bytes, ReadContext], Iterator[ReadResult]]
) -> Iterator[ReadResult]:
    """The readings of a table, which is held whole: its rows tell together how it writes dates."""
    data = stream.read(task.limits.line + 1)
    if len(data) > task.limits.line:
        why = f"this table is longer than {task.limits.line:,} bytes; split it and load the parts"
        yield ReadResult({}, quarantined=[quarantine_bytes(why, data)])
        return
    yield from form(data, task)
    task.progress(len(data))


def _read_utf16_text(data: bytes, task: ReadContext) -> Iterator[ReadResult]:
    """The readings of a text in UTF-16, as spreadsheets write it."""
    try:
        text = data.decode("utf-16").encode()
    except UnicodeError as why:
        wrong = UnreadableInputError(f"this begins as UTF-16 and is not ({why})", REQUEST_FILE_ADVICE)
        yield ReadResult({}, quarantined=[quarantine_bytes(wrong, data)])
        return
    yield from read_stream(io.BytesIO(text), task)


def _read_gmpp_file(data: bytes, task: ReadContext) -> ReadResult:
    """The rows of one yearly file of major projects."""
    try:
        made = gmpp.read_yearly_file(data, task.source_id, task.name)
    except UnreadableInputError as why:
        return ReadResult({}, quarantined=[quarantine_bytes(why, data)])
    bad = [QuarantinedPart(f"row {row}: {why}", 0, 0, b"") for row, why in made["quarantine"]]
    notes = [f"row {row}: {remark}" if row else str(remark) for row, remark in made["notes"]]
    return ReadResult({"gmpp_year": made["gmpp_year"]}, quarantined=bad, notes=notes)


class _PrefixedStream(io.RawIOBase):
    """The bytes already looked at, then the rest of the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            given = self._head[: len(buffer)]
            self._head = self._head[len(given) :]
        else:
            given = self._stream.read(len(buffer))
        buffer[: len(given)] = given
        return len(given)
