"""Archives: each member is a file of its own. What unpacks to far more than it should is refused, not tried."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from threepoint.read.findings import Quarantined, Reading
from threepoint.read.ocds.packages import quarantined
from threepoint.read.task import Task

DEEPEST = 3  # archives within archives

Reader = Callable[[BinaryIO, Task], Iterator[Reading]]
_BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
_AGAIN = "ask the publisher for the file again"


def unzip(stream: BinaryIO, task: Task, read: Reader) -> Iterator[Reading]:
    """The readings of each member of a zip archive, in the order of their names."""
    data = io.BytesIO(stream.read())
    try:
        archive = zipfile.ZipFile(data)
        why = _refuse(archive, task)
    except _BROKEN as error:
        why = f"this zip archive cannot be opened ({error}); {_AGAIN}"
    if why:
        yield Reading({}, quarantined=[quarantined(why, data.getvalue())])
        return
    for member in sorted(archive.infolist(), key=lambda found: found.filename):
        if not member.is_dir():
            yield from _member(archive, member, task, read)


def _refuse(archive: zipfile.ZipFile, task: Task) -> str | None:
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = max(1, sum(member.compress_size for member in archive.infolist()))
    if task.depth >= DEEPEST:
        return f"archives are nested more than {DEEPEST} deep; unpack them before loading"
    if unpacked > task.limits.unpacked or unpacked > task.limits.ratio * packed:
        return f"this archive would unpack to {unpacked:,} bytes from {packed:,}; unpack it yourself if you trust it"
    return None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, task: Task, read: Reader) -> Iterator[Reading]:
    inner = replace(task, name=f"{task.name}/{member.filename}", depth=task.depth + 1)
    try:
        with archive.open(member) as stream:
            yield from read(stream, inner)  # type: ignore[arg-type]  # ZipExtFile is a buffered binary stream
    except _BROKEN as why:
        reason = f"{member.filename} in this zip archive cannot be unpacked ({why}); {_AGAIN}"
        yield Reading({}, quarantined=[Quarantined(reason, member.header_offset, member.compress_size, b"")])


class _TooLarge(RuntimeError):
    """An archive unpacks to more than it may."""


class _Bounded(io.RawIOBase):
    """A stream that may give so many bytes and no more."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._left = stream, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        given = self._stream.read(len(buffer))
        self._left -= len(given)
        if self._left < 0:
            raise _TooLarge("it unpacks to more than is allowed; unpack it yourself if you trust it")
        buffer[: len(given)] = given
        return len(given)


def gunzip(stream: BinaryIO, task: Task, read: Reader) -> Iterator[Reading]:
    """The readings of what a gzip file holds."""
    inner = replace(task, depth=task.depth + 1)
    try:
        unpacked = _Bounded(gzip.GzipFile(fileobj=stream), task.limits.unpacked)
        yield from read(io.BufferedReader(unpacked, 1 << 20), inner)
    except _BROKEN as why:
        yield Reading({}, quarantined=[Quarantined(f"this gzip file cannot be unpacked ({why}); {_AGAIN}", 0, 0, b"")])
