"""Read archives: each member is read as a separate file. Archives that would unpack to far too much are refused."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

from threepoint.errors import UnreadableInputError
from threepoint.read.ocds.packages import HEAD_BYTES, quarantine_bytes
from threepoint.read.read_context import ReadContext, read_whole_stream
from threepoint.read.read_result import REQUEST_FILE_ADVICE, QuarantinedPart, ReadResult, SkippedItem
from threepoint.read.skipped_tables import SPREADSHEET_ADVICE

MAX_ARCHIVE_DEPTH = 3  # archives within archives
_TOO_DEEP_REASON = f"archives are nested more than {MAX_ARCHIVE_DEPTH} deep; unpack them before loading"

FileReader = Callable[[BinaryIO, ReadContext], Iterator[ReadResult]]
_UNPACK_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError)
UNPACK_ADVICE = "unpack it yourself if you trust it"


def read_zip(stream: BinaryIO, task: ReadContext, read: FileReader) -> Iterator[ReadResult]:
    """Yield the results of each member of a zip archive, in the order of their names."""
    data = io.BytesIO(read_whole_stream(stream, task))
    if not task.depth:
        task.budget.packed = len(data.getvalue())
    try:
        archive = zipfile.ZipFile(data)
        why = _check_archive_limits(archive, len(data.getvalue()), task)
    except _UNPACK_ERRORS as error:
        why = UnreadableInputError(f"this zip archive cannot be opened ({error})", REQUEST_FILE_ADVICE)
    if why:
        yield ReadResult({}, quarantined=[quarantine_bytes(why, data.getvalue())])
        return
    if skipped := _classify_office_file(archive.namelist()):
        yield ReadResult({}, skipped=[skipped])
        return
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not members:
        yield ReadResult({}, skipped=[SkippedItem("empty archive", "it contains no files")])
    for member in sorted(members, key=lambda member: member.filename):
        yield from _read_member(archive, member, task, read)


def _classify_office_file(names: list[str]) -> SkippedItem | None:
    """Return the kind of a file of an office suite, which is a zip archive, with the number of sheets of an Excel workbook."""
    if "[Content_Types].xml" in names:
        sheet_count = sum(name.startswith("xl/worksheets/sheet") for name in names)
        if sheet_count:
            return SkippedItem("sheet of an Excel workbook", SPREADSHEET_ADVICE, sheet_count)
        return SkippedItem("Office document", "it is not a workbook; load the data that it describes")
    if {"mimetype", "content.xml"} <= set(names):
        return SkippedItem("OpenDocument file", f"if it is a spreadsheet, {SPREADSHEET_ADVICE}")
    return None


def _check_archive_limits(archive: zipfile.ZipFile, packed: int, task: ReadContext) -> UnreadableInputError | None:
    """Return the reason not to unpack an archive of `packed` bytes. No more of a member is read than the size that it claims."""
    unpacked = sum(member.file_size for member in archive.infolist())
    if task.depth >= MAX_ARCHIVE_DEPTH:
        return UnreadableInputError(_TOO_DEEP_REASON)
    # `packed` is the archive's size, because the members' packed sizes may overlap.
    if unpacked > task.limits.ratio * max(1, packed) or task.budget.spend(unpacked, task.limits):
        return UnreadableInputError(f"this archive would unpack to {unpacked:,} bytes from {packed:,}; {UNPACK_ADVICE}")
    return None


def _read_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, task: ReadContext, read: FileReader
) -> Iterator[ReadResult]:
    inner = replace(task, name=f"{task.name}/{member.filename}", depth=task.depth + 1)
    try:
        with archive.open(member) as stream:
            yield from read(stream, inner)  # type: ignore[arg-type]  # ZipExtFile is a buffered binary stream
    except _UNPACK_ERRORS as why:
        reason = f"{member.filename} in this zip archive cannot be unpacked ({why})"
        yield ReadResult(
            {},
            quarantined=[QuarantinedPart(reason, member.header_offset, member.compress_size, b"", REQUEST_FILE_ADVICE)],
        )


class _LimitedGzipStream(io.RawIOBase):
    """The content of a gzip stream, up to where it is damaged or exceeds its limits; `why` then says so."""

    def __init__(self, packed: BinaryIO, task: ReadContext) -> None:
        self._packed, self._task = _CountingStream(packed), task
        self._stream = gzip.GzipFile(fileobj=cast("BinaryIO", self._packed))
        self._unpacked = 0
        self.why: UnreadableInputError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = b"" if self.why else self._next(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _next(self, size: int) -> bytes:
        try:
            block: bytes = self._stream.read1(size)
        except _UNPACK_ERRORS as error:
            self.why = UnreadableInputError(f"this gzip file cannot be unpacked further ({error})", REQUEST_FILE_ADVICE)
            return b""
        self._unpacked += len(block)
        limits, budget = self._task.limits, self._task.budget
        if not self._task.depth:
            budget.packed = self._packed.bytes_read
        if self._unpacked > limits.ratio * self._packed.bytes_read or budget.spend(len(block), limits):
            self.why = UnreadableInputError(
                f"this gzip file unpacks to more than {self._unpacked:,} bytes; {UNPACK_ADVICE}"
            )
            return b""
        return block


class _CountingStream:
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.bytes_read = stream, 0

    def read(self, size: int) -> bytes:
        block = self._stream.read(size)
        self.bytes_read += len(block)
        return block


def read_gzip(stream: BinaryIO, task: ReadContext, read: FileReader) -> Iterator[ReadResult]:
    """Yield the results of a gzip file's content; if the file is cut short, of what comes before the cut."""
    if task.depth >= MAX_ARCHIVE_DEPTH:
        yield ReadResult({}, quarantined=[quarantine_bytes(_TOO_DEEP_REASON, stream.read(HEAD_BYTES))])
        return
    unpacked = _LimitedGzipStream(stream, task)
    inner = replace(task, depth=task.depth + 1)
    yield from read(io.BufferedReader(cast("io.RawIOBase", unpacked), 1 << 20), inner)
    if unpacked.why:
        yield ReadResult({}, quarantined=[quarantine_bytes(unpacked.why, b"")])
