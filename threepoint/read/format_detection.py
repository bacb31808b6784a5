"""Detect the format of a file from its content, never its name, and read it.

`read_stream` yields several results, so that a file of any length needs little memory.
"""

import codecs
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO, cast

from threepoint.errors import UnreadableInputError
from threepoint.read import (
    archives,
    csv_tables,
    flattened_ocds,
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

# Each module has `matches_format` (for the beginning of a table) and `read_table` (for the whole table).
TABLE_FORMATS = (gcloud_sales, spend, procurement_pipelines, registers, flattened_ocds)
TableReader = Callable[[csv_tables.CsvTable, ReadContext], Iterator[ReadResult]]
UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_stream(stream: BinaryIO, task: ReadContext) -> Iterator[ReadResult]:
    """Yield the rows and findings of one file. `stream` must be buffered; it is read once, from its current position."""
    head = stream.read(HEAD_BYTES)
    try:
        yield from _read_detected_format(head, stream, task)
    except UnreadableInputError as why:
        yield ReadResult({}, quarantined=[quarantine_bytes(why, head)])


def _read_detected_format(head: bytes, stream: BinaryIO, task: ReadContext) -> Iterator[ReadResult]:
    rest = io.BufferedReader(cast("io.RawIOBase", _PrefixedStream(head, stream)), 1 << 20)
    first_bytes = head.removeprefix(UTF8_BOM).lstrip()
    if not first_bytes:
        yield ReadResult({}, skipped=[SkippedItem("empty file", "it has no content")])
    elif head[:4] == b"PK\x03\x04":
        yield from archives.read_zip(rest, task, read_stream)
    elif head[:2] == b"\x1f\x8b":
        yield from archives.read_gzip(rest, task, read_stream)
    elif head[:2] in UTF16_BOMS:
        yield from _read_utf16_text(read_whole_stream(rest, task), task)
    elif first_bytes[:1] in (b"{", b"[") or json_files.has_json_lines(head):
        yield from json_files.read_json(rest, task)
    elif gmpp.is_yearly_file(head):
        yield _read_gmpp_file(read_whole_stream(rest, task), task)
    elif table_reader := _find_table_reader(head):
        yield from _read_whole_table(rest, task, *table_reader)
    else:
        yield _classify_other_file(head)


def _classify_other_file(head: bytes) -> ReadResult:
    """Return the kind of a file that is not read. If it is a table, damage to its headings may be the reason."""
    skipped = skipped_tables.classify_skipped_file(head)
    if skipped.kind == skipped_tables.OTHER_TABLE_KIND:
        beginning = csv_tables.find_likely_table(csv_tables.decode_text(head, final=False))
        for number, cells in islice(beginning.each(), csv_tables.HEADING_SEARCH_ROWS):
            if isinstance(cells, str):
                why = f"{cells}; this table is not recognised, perhaps for that reason"
                return ReadResult({}, quarantined=[csv_tables.quarantine_row(number, why)])
    return ReadResult({}, skipped=[skipped])


def _find_table_reader(head: bytes) -> tuple[TableReader, str] | None:
    """Return the function that reads a table that begins with `head`, and the table's delimiter; None for unknown formats."""
    if b"\0" in head[:1024]:
        return None
    for beginning in csv_tables.list_possible_tables(csv_tables.decode_text(head, final=False)):
        for table_format in TABLE_FORMATS:
            if table_format.matches_format(beginning):
                return table_format.read_table, beginning.delimiter
    return None


def _read_whole_table(
    stream: BinaryIO, task: ReadContext, read_table: TableReader, delimiter: str
) -> Iterator[ReadResult]:
    """Read a table into memory, because its date order is detected from all its rows."""
    data = stream.read(task.limits.line + 1)
    if len(data) > task.limits.line:
        why = f"this table is longer than {task.limits.line:,} bytes; split it and load the parts"
        yield ReadResult({}, quarantined=[quarantine_bytes(why, data)])
        return
    yield from read_table(csv_tables.CsvTable(csv_tables.decode_text(data), delimiter), task)
    task.progress(len(data))


def _read_utf16_text(data: bytes, task: ReadContext) -> Iterator[ReadResult]:
    try:
        text = data.decode("utf-16").encode()
    except UnicodeError as why:
        error = UnreadableInputError(f"this begins as UTF-16 but is not valid UTF-16 ({why})", REQUEST_FILE_ADVICE)
        yield ReadResult({}, quarantined=[quarantine_bytes(error, data)])
        return
    yield from read_stream(io.BytesIO(text), task)


def _read_gmpp_file(data: bytes, task: ReadContext) -> ReadResult:
    try:
        tables = gmpp.read_yearly_file(data, task.source_id, task.name)
    except UnreadableInputError as why:
        return ReadResult({}, quarantined=[quarantine_bytes(why, data)])
    quarantined = [QuarantinedPart(f"row {row}: {why}", 0, 0, b"") for row, why in tables["quarantine"]]
    notes = [f"row {row}: {remark}" if row else str(remark) for row, remark in tables["notes"]]
    return ReadResult({"gmpp_year": tables["gmpp_year"]}, quarantined=quarantined, notes=notes)


class _PrefixedStream(io.RawIOBase):
    """A stream that yields the bytes already read, then the rest of the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            block = self._head[: len(buffer)]
            self._head = self._head[len(block) :]
        else:
            block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
