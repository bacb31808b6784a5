"""Read a JSON document that is too large for memory: one package of releases and records, one entry at a time.

The document is copied to disk and scanned twice. The first scan reads the names next to the entries, such as the publisher,
and checks that the document is complete. The second scan reads the entries. All other documents, and incomplete ones, are
read whole. `find_documents` separates documents that follow each other in one file.
"""

import mmap
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read.ocds.packages import (
    ENTRY_ARRAYS,
    DocumentPart,
    is_wrapped_document,
    read_publisher_name,
    split_entry,
)
from threepoint.read.read_context import UTF8_BOM, ReadContext

# Names that only a single record or release has.
NON_PACKAGE_NAMES = {"ocid", "compiledRelease", "versionedRelease"}
BLOCK_BYTES = 16 * 1024 * 1024  # memory is released after each block of this size

# msgspec's message when more data follows a value; the value ends at the byte before the one in the message.
_TRAILING_BYTE_PATTERN = re.compile(r"trailing characters \(byte (\d+)\)")
_WHITESPACE_PATTERN = re.compile(rb"[ \t\r\n]*")

EntrySpan = tuple[str, int, int]  # name in the document, start and end of the value


class _InvalidJson(Exception):
    """The document is not valid JSON."""


@contextmanager
def map_stream_to_disk(begun: bytes, stream: BinaryIO, task: ReadContext) -> Iterator[mmap.mmap]:
    """Copy a stream to disk and map it into memory; `begun` is the part already read. Raises UnreadableInputError if it is too long."""
    with tempfile.TemporaryFile(dir=task.scratch) as file:
        size = file.write(begun)
        while block := stream.read(BLOCK_BYTES):
            size += file.write(block)
            if size > task.limits.unpacked:
                raise UnreadableInputError(
                    f"this is longer than {task.limits.unpacked:,} bytes; split it into JSON lines and load those"
                )
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


@dataclass(frozen=True)
class PackageHeader:
    """The publisher that a package names, if any."""

    publisher: str | None


def inspect_package(data: mmap.mmap) -> PackageHeader | None:
    """Return what the package says of all its entries; None if it is not a plain, complete package."""
    has_entries = False
    other_values: dict[str, bytes] = {}
    try:
        for name, start, end in _scan_entries(data):
            value = data[start:end]
            value.decode()  # a document that is not UTF-8 is read whole
            if name in ENTRY_ARRAYS:
                has_entries = True
            elif name in other_values or is_wrapped_document(value.rstrip()):
                return None
            else:
                other_values[name] = value if name == "publisher" else b""
        publisher = read_publisher_name(other_values.get("publisher", b""))
    except (_InvalidJson, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return PackageHeader(publisher) if has_entries and NON_PACKAGE_NAMES.isdisjoint(other_values) else None


def split_package(data: mmap.mmap, header: PackageHeader) -> Iterator[tuple[int, list[DocumentPart]]]:
    """Yield the offset and the parts of each entry of the package."""
    for name, start, end in _scan_entries(data):
        if name in ENTRY_ARRAYS:
            yield start, list(split_entry(name, data[start:end], header.publisher))


def find_documents(data: bytes | mmap.mmap) -> tuple[list[tuple[int, int]], int]:
    """Return start and end of each complete object or array at the beginning of `data`, and where the rest begins."""
    spans: list[tuple[int, int]] = []
    at = _skip_whitespace(data, 0)
    while data[at : at + 1] in (b"{", b"["):
        try:
            end = _find_value_end(data, at)
        except _InvalidJson:
            break
        spans.append((at, end))
        at = _skip_whitespace(data, end)
    return spans, at


def _scan_entries(data: mmap.mmap) -> Iterator[EntrySpan]:
    """Yield every value of the document's object, but each entry of the arrays in ENTRY_ARRAYS."""
    at = _skip_punctuation(data, len(UTF8_BOM) if data[: len(UTF8_BOM)] == UTF8_BOM else 0, b"{")
    released_to = 0
    is_closed = data[at : at + 1] == b"}"
    seen_arrays: set[str] = set()
    while not is_closed:
        name_end = _find_value_end(data, at)
        name = msgspec.json.decode(data[at:name_end], type=str)
        at = _skip_punctuation(data, name_end, b":")
        if name in ENTRY_ARRAYS and data[at : at + 1] == b"[":
            if name in seen_arrays:
                raise _InvalidJson
            seen_arrays.add(name)
            for start, end in _scan_array(data, at):
                yield name, start, end
                if end - released_to > BLOCK_BYTES:
                    released_to = _release_memory(data, end)
                at = end
            at = _skip_punctuation(data, at if data[at : at + 1] == b"]" else _skip_whitespace(data, at + 1), b"]")
        else:
            end = _find_value_end(data, at)
            if name not in ENTRY_ARRAYS:
                yield name, at, end
            elif data[at:end].rstrip() != b"null":
                raise _InvalidJson
            at = end
        is_closed = data[at : at + 1] == b"}"
        at = at if is_closed else _skip_punctuation(data, at, b",")
    if _skip_whitespace(data, at + 1) != len(data):
        raise _InvalidJson


def _scan_array(data: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each entry of the array at `at`."""
    at = _skip_whitespace(data, at + 1)
    while data[at : at + 1] != b"]":
        end = _find_value_end(data, at)
        yield at, end
        if data[end : end + 1] == b"]":
            return
        at = _skip_punctuation(data, end, b",")
        if data[at : at + 1] == b"]":
            raise _InvalidJson


def _skip_whitespace(data: bytes | mmap.mmap, at: int) -> int:
    match = _WHITESPACE_PATTERN.match(data, at)
    return match.end() if match else at


def _skip_punctuation(data: mmap.mmap, at: int, sign: bytes) -> int:
    """Return the position after the required `sign` and the whitespace around it."""
    at = _skip_whitespace(data, at)
    if data[at : at + 1] != sign:
        raise _InvalidJson
    return _skip_whitespace(data, at + 1)


def _find_value_end(data: bytes | mmap.mmap, at: int) -> int:
    """Return the position of the byte after the value at `at` and the whitespace after it."""
    with memoryview(data) as whole, whole[at:] as rest:
        try:
            msgspec.json.decode(rest, type=msgspec.Raw)
            return len(data)
        except msgspec.DecodeError as why:
            if match := _TRAILING_BYTE_PATTERN.search(str(why)):
                return at + int(match[1]) - 1
        except RecursionError:
            pass
    raise _InvalidJson


def _release_memory(data: mmap.mmap, at: int) -> int:
    """Let the system free the memory of everything before `at`, which is still on disk. Return `at`."""
    if hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED, 0, at // mmap.PAGESIZE * mmap.PAGESIZE)
    return at
