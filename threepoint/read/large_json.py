"""A JSON document too large to hold: one package of releases or of records, read an entry at a time.

It is laid on disk and gone through twice: once for what stands around its entries, such as the publisher, and whether it is
whole; once for the entries. What is no such package, or is not whole, is read as any other document.
"""

import mmap
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from threepoint.errors import UnreadableInputError
from threepoint.read.ocds.packages import DocumentPart, read_publisher_name, split_entry
from threepoint.read.read_context import UTF8_BOM, ReadContext

ENTRY_ARRAYS = ("releases", "records")
NON_PACKAGE_NAMES = {
    "ocid",
    "compiledRelease",
    "versionedRelease",
}  # a single record or release, whatever else it holds
BLOCK_BYTES = 16 * 1024 * 1024  # bytes; pages of so much that was read are given back at once

# How msgspec says that a value has ended and something follows it: at the byte before the one it names.
_TRAILING_BYTE_PATTERN = re.compile(r"trailing characters \(byte (\d+)\)")
_WHITESPACE_PATTERN = re.compile(rb"[ \t\r\n]*")

EntrySpan = tuple[str, int, int]  # name in the document, where the value begins, where it ends


class _InvalidJson(Exception):
    """The document is not JSON as it should be."""


@contextmanager
def map_stream_to_disk(begun: bytes, stream: BinaryIO, task: ReadContext) -> Iterator[mmap.mmap]:
    """All of a stream as memory that stands on disk; `begun` is what was read of it. Unreadable where it is without end."""
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


def inspect_package(data: mmap.mmap) -> tuple[str, str | None] | None:
    """Which array the package's entries stand in, and its publisher; None where it is no plain package, or is not whole."""
    arrays: set[str] = set()
    beside: dict[str, bytes] = {}
    try:
        for name, start, end in _scan_entries(data):
            data[start:end].decode()  # what is not UTF-8 is read otherwise, as a whole
            if name in beside or (name in ENTRY_ARRAYS and arrays - {name}):
                return None
            if name in ENTRY_ARRAYS:
                arrays.add(name)
            else:
                beside[name] = data[start:end] if name == "publisher" else b""
        publisher = read_publisher_name(beside.get("publisher", b""))
    except (_InvalidJson, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return (arrays.pop(), publisher) if arrays and NON_PACKAGE_NAMES.isdisjoint(beside) else None


def split_package(data: mmap.mmap, array: str, publisher: str | None) -> Iterator[tuple[int, list[DocumentPart]]]:
    """Where each entry of the package begins, and the parts that it gives."""
    for name, start, end in _scan_entries(data):
        if name == array:
            yield start, list(split_entry(array, data[start:end].rstrip(), publisher))


def _scan_entries(data: mmap.mmap) -> Iterator[EntrySpan]:
    """Every value of the document's object; of the arrays ARRAYS each entry, instead."""
    at = _skip_punctuation(data, len(UTF8_BOM) if data[: len(UTF8_BOM)] == UTF8_BOM else 0, b"{")
    given_back = 0
    closed = data[at : at + 1] == b"}"
    opened: set[str] = set()
    while not closed:
        colon = _find_value_end(data, at)
        name = msgspec.json.decode(data[at:colon], type=str)
        at = _skip_punctuation(data, colon, b":")
        if name in ENTRY_ARRAYS and data[at : at + 1] == b"[":
            if name in opened:
                raise _InvalidJson
            opened.add(name)
            for start, end in _scan_array(data, at):
                yield name, start, end
                if end - given_back > BLOCK_BYTES:
                    given_back = _release_memory(data, end)
                at = end
            at = _skip_punctuation(data, at if data[at : at + 1] == b"]" else _skip_whitespace(data, at + 1), b"]")
        else:
            end = _find_value_end(data, at)
            if name not in ENTRY_ARRAYS:
                yield name, at, end
            elif data[at:end].rstrip() != b"null":
                raise _InvalidJson
            at = end
        closed = data[at : at + 1] == b"}"
        at = at if closed else _skip_punctuation(data, at, b",")
    if _skip_whitespace(data, at + 1) != len(data):
        raise _InvalidJson


def _scan_array(data: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    """Where each entry of the array that begins here begins and ends."""
    at = _skip_whitespace(data, at + 1)
    while data[at : at + 1] != b"]":
        end = _find_value_end(data, at)
        yield at, end
        if data[end : end + 1] == b"]":
            return
        at = _skip_punctuation(data, end, b",")
        if data[at : at + 1] == b"]":
            raise _InvalidJson


def _skip_whitespace(data: mmap.mmap, at: int) -> int:
    """The next place that is no space."""
    found = _WHITESPACE_PATTERN.match(data, at)
    return found.end() if found else at


def _skip_punctuation(data: mmap.mmap, at: int, sign: bytes) -> int:
    """The next place after a sign that must stand here, spaces passed over."""
    at = _skip_whitespace(data, at)
    if data[at : at + 1] != sign:
        raise _InvalidJson
    return _skip_whitespace(data, at + 1)


def _find_value_end(data: mmap.mmap, at: int) -> int:
    """Where the sign stands that follows the value that begins here. Inside a document one always does."""
    with memoryview(data) as whole, whole[at:] as rest:
        try:
            msgspec.json.decode(rest, type=msgspec.Raw)
        except msgspec.DecodeError as why:
            if more := _TRAILING_BYTE_PATTERN.search(str(why)):
                return at + int(more[1]) - 1
        except RecursionError:
            pass
    raise _InvalidJson


def _release_memory(data: mmap.mmap, at: int) -> int:
    """Lets the system take back the memory of what was read up to here; it is still on disk. Where that is."""
    if hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED, 0, at // mmap.PAGESIZE * mmap.PAGESIZE)
    return at
