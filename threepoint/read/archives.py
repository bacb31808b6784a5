"""Archives: each member is a file of its own. What unpacks to far more than it should is refused, not tried."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

from threepoint.errors import Unreadable
from threepoint.read.ocds.packages import HEAD, quarantined
from threepoint.read.read_context import Task, whole
from threepoint.read.read_result import AGAIN, PassedOver, Quarantined, Reading

DEEPEST = 3  # archives within archives
_NESTED = f"archives are nested more than {DEEPEST} deep; unpack them before loading"

Reader = Callable[[BinaryIO, Task], Iterator[Reading]]
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError)
TRUST = "unpack it yourself if you trust it"


def unzip(stream: BinaryIO, task: Task, read: Reader) -> Iterator[Reading]:
    """The readings of each member of a zip archive, in the order of their names."""
    data = io.BytesIO(whole(stream, task))
    if not task.depth:
        task.budget.packed = len(data.getvalue())
    try:
        archive = zipfile.ZipFile(data)
        why = _refuse(archive, len(data.getvalue()), task)
    except _BROKEN as error:
        why = Unreadable(f"this zip archive cannot be opened ({error})", AGAIN)
    if why:
        yield Reading({}, quarantined=[quarantined(why, data.getvalue())])
        return
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not members:
        yield Reading({}, passed_over=[PassedOver("empty archive", "there is no file in it")])
    for member in sorted(members, key=lambda found: found.filename):
        yield from _member(archive, member, task, read)


def _refuse(archive: zipfile.ZipFile, packed: int, task: Task) -> Unreadable | None:
    """Why an archive of so many bytes is not unpacked. What its members claim to be is the most that is read of them."""
    unpacked = sum(member.file_size for member in archive.infolist())
    if task.depth >= DEEPEST:
        return Unreadable(_NESTED)
    # Not the sum of the members' packed sizes, which may overlap.
    if unpacked > task.limits.ratio * max(1, packed) or task.budget.spend(unpacked, task.limits):
        return Unreadable(f"this archive would unpack to {unpacked:,} bytes from {packed:,}; {TRUST}")
    return None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, task: Task, read: Reader) -> Iterator[Reading]:
    inner = replace(task, name=f"{task.name}/{member.filename}", depth=task.depth + 1)
    try:
        with archive.open(member) as stream:
            yield from read(stream, inner)  # type: ignore[arg-type]  # ZipExtFile is a buffered binary stream
    except _BROKEN as why:
        reason = f"{member.filename} in this zip archive cannot be unpacked ({why})"
        yield Reading({}, quarantined=[Quarantined(reason, member.header_offset, member.compress_size, b"", AGAIN)])


class _Unpacked(io.RawIOBase):
    """What a gzip stream holds, up to where it breaks or grows beyond its limits: `why` says so, once it has."""

    def __init__(self, packed: BinaryIO, task: Task) -> None:
        self._packed, self._task = _Counted(packed), task
        self._stream = gzip.GzipFile(fileobj=cast("BinaryIO", self._packed))
        self._given = 0
        self.why: Unreadable | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        given = b"" if self.why else self._next(len(buffer))
        buffer[: len(given)] = given
        return len(given)

    def _next(self, most: int) -> bytes:
        try:
            given: bytes = self._stream.read1(most)
        except _BROKEN as error:
            self.why = Unreadable(f"this gzip file cannot be unpacked further ({error})", AGAIN)
            return b""
        self._given += len(given)
        limits, budget = self._task.limits, self._task.budget
        if not self._task.depth:
            budget.packed = self._packed.given
        if self._given > limits.ratio * self._packed.given or budget.spend(len(given), limits):
            self.why = Unreadable(f"this gzip file unpacks to more than {self._given:,} bytes; {TRUST}")
            return b""
        return given


class _Counted:
    """A stream that knows how many bytes it gave."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.given = stream, 0

    def read(self, most: int) -> bytes:
        """At most so many bytes."""
        found = self._stream.read(most)
        self.given += len(found)
        return found


def gunzip(stream: BinaryIO, task: Task, read: Reader) -> Iterator[Reading]:
    """The readings of what a gzip file holds; of one that is cut short, what came before the cut."""
    if task.depth >= DEEPEST:
        yield Reading({}, quarantined=[quarantined(_NESTED, stream.read(HEAD))])
        return
    unpacked = _Unpacked(stream, task)
    inner = replace(task, depth=task.depth + 1)
    yield from read(io.BufferedReader(cast("io.RawIOBase", unpacked), 1 << 20), inner)
    if unpacked.why:
        yield Reading({}, quarantined=[quarantined(unpacked.why, b"")])
