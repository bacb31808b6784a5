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

from threepoint.errors import Unreadable
from threepoint.read.ocds.packages import Part, of_entry, publisher_of
from threepoint.read.read_context import BOM, Task

ARRAYS = ("releases", "records")
NOT_PLAIN = {"ocid", "compiledRelease", "versionedRelease"}  # a single record or release, whatever else it holds
BLOCK = 16 * 1024 * 1024  # bytes; pages of so much that was read are given back at once

# How msgspec says that a value has ended and something follows it: at the byte before the one it names.
_MORE = re.compile(r"trailing characters \(byte (\d+)\)")
_SPACE = re.compile(rb"[ \t\r\n]*")

Entry = tuple[str, int, int]  # name in the document, where the value begins, where it ends


class _NotWhole(Exception):
    """The document is not JSON as it should be."""


@contextmanager
def laid_out(begun: bytes, stream: BinaryIO, task: Task) -> Iterator[mmap.mmap]:
    """All of a stream as memory that stands on disk; `begun` is what was read of it. Unreadable where it is without end."""
    with tempfile.TemporaryFile(dir=task.scratch) as file:
        size = file.write(begun)
        while block := stream.read(BLOCK):
            size += file.write(block)
            if size > task.limits.unpacked:
                raise Unreadable(
                    f"this is longer than {task.limits.unpacked:,} bytes; split it into JSON lines and load those"
                )
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def package(data: mmap.mmap) -> tuple[str, str | None] | None:
    """Which array the package's entries stand in, and its publisher; None where it is no plain package, or is not whole."""
    arrays: set[str] = set()
    beside: dict[str, bytes] = {}
    try:
        for name, start, end in _entries(data):
            data[start:end].decode()  # what is not UTF-8 is read otherwise, as a whole
            if name in beside or (name in ARRAYS and arrays - {name}):
                return None
            if name in ARRAYS:
                arrays.add(name)
            else:
                beside[name] = data[start:end] if name == "publisher" else b""
        publisher = publisher_of(beside.get("publisher", b""))
    except (_NotWhole, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return (arrays.pop(), publisher) if arrays and NOT_PLAIN.isdisjoint(beside) else None


def parts(data: mmap.mmap, array: str, publisher: str | None) -> Iterator[tuple[int, list[Part]]]:
    """Where each entry of the package begins, and the parts that it gives."""
    for name, start, end in _entries(data):
        if name == array:
            yield start, list(of_entry(array, data[start:end].rstrip(), publisher))


def _entries(data: mmap.mmap) -> Iterator[Entry]:
    """Every value of the document's object; of the arrays ARRAYS each entry, instead."""
    at = _after(data, len(BOM) if data[: len(BOM)] == BOM else 0, b"{")
    given_back = 0
    closed = data[at : at + 1] == b"}"
    opened: set[str] = set()
    while not closed:
        colon = _end(data, at)
        name = msgspec.json.decode(data[at:colon], type=str)
        at = _after(data, colon, b":")
        if name in ARRAYS and data[at : at + 1] == b"[":
            if name in opened:
                raise _NotWhole
            opened.add(name)
            for start, end in _of_array(data, at):
                yield name, start, end
                if end - given_back > BLOCK:
                    given_back = _give_back(data, end)
                at = end
            at = _after(data, at if data[at : at + 1] == b"]" else _skip(data, at + 1), b"]")
        else:
            end = _end(data, at)
            if name not in ARRAYS:
                yield name, at, end
            elif data[at:end].rstrip() != b"null":
                raise _NotWhole
            at = end
        closed = data[at : at + 1] == b"}"
        at = at if closed else _after(data, at, b",")
    if _skip(data, at + 1) != len(data):
        raise _NotWhole


def _of_array(data: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    """Where each entry of the array that begins here begins and ends."""
    at = _skip(data, at + 1)
    while data[at : at + 1] != b"]":
        end = _end(data, at)
        yield at, end
        if data[end : end + 1] == b"]":
            return
        at = _after(data, end, b",")
        if data[at : at + 1] == b"]":
            raise _NotWhole


def _skip(data: mmap.mmap, at: int) -> int:
    """The next place that is no space."""
    found = _SPACE.match(data, at)
    return found.end() if found else at


def _after(data: mmap.mmap, at: int, sign: bytes) -> int:
    """The next place after a sign that must stand here, spaces passed over."""
    at = _skip(data, at)
    if data[at : at + 1] != sign:
        raise _NotWhole
    return _skip(data, at + 1)


def _end(data: mmap.mmap, at: int) -> int:
    """Where the sign stands that follows the value that begins here. Inside a document one always does."""
    with memoryview(data) as whole, whole[at:] as rest:
        try:
            msgspec.json.decode(rest, type=msgspec.Raw)
        except msgspec.DecodeError as why:
            if more := _MORE.search(str(why)):
                return at + int(more[1]) - 1
        except RecursionError:
            pass
    raise _NotWhole


def _give_back(data: mmap.mmap, at: int) -> int:
    """Lets the system take back the memory of what was read up to here; it is still on disk. Where that is."""
    if hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED, 0, at // mmap.PAGESIZE * mmap.PAGESIZE)
    return at
