"""What a file is, told from its content and never from its name, and its rows.

`read(stream, task)` yields one Reading after another, so that a file of any length passes through a small memory.
"""

import codecs
import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from threepoint.errors import Unreadable
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
from threepoint.read.ocds.packages import HEAD, quarantined
from threepoint.read.read_context import BOM, Task, whole
from threepoint.read.read_result import AGAIN, PassedOver, Quarantined, Reading

# Tables told by their headings: each module has `recognise` (of a file's beginning, as text) and `read` (of its bytes).
TABLES = (gcloud_sales, spend, procurement_pipelines, registers)
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(stream: BinaryIO, task: Task) -> Iterator[Reading]:
    """The rows and findings of one file. `stream` is read once, from where it stands, and must be buffered."""
    head = stream.read(HEAD)
    try:
        yield from _read(head, stream, task)
    except Unreadable as why:
        yield Reading({}, quarantined=[quarantined(why, head)])


def _read(head: bytes, stream: BinaryIO, task: Task) -> Iterator[Reading]:
    rest = io.BufferedReader(cast("io.RawIOBase", _Joined(head, stream)), 1 << 20)
    bare = head.removeprefix(BOM).lstrip()
    if not bare:
        yield Reading({}, passed_over=[PassedOver("empty file", "there is nothing in it")])
    elif head[:4] == b"PK\x03\x04":
        yield from archives.unzip(rest, task, read)
    elif head[:2] == b"\x1f\x8b":
        yield from archives.gunzip(rest, task, read)
    elif head[:2] in WIDE:
        yield from _narrow(whole(rest, task), task)
    elif bare[:1] in (b"{", b"[") or json_files.has_whole_lines(head):
        yield from json_files.read(rest, task)
    elif gmpp.recognise(head):
        yield _projects(whole(rest, task), task)
    elif form := _table_form(head):
        yield from _whole_table(rest, task, form)
    else:
        yield Reading({}, passed_over=[skipped_tables.what_is(head)])


def _table_form(head: bytes) -> Callable[[bytes, Task], Iterator[Reading]] | None:
    """How to read a table that begins with `head`; None where it is none of ours."""
    if b"\0" in head[:1024]:
        return None
    text = csv_tables.decode(head, final=False)
    return next((form.read for form in TABLES if form.recognise(text)), None)


def _whole_table(stream: BinaryIO, task: Task, form: Callable[[bytes, Task], Iterator[Reading]]) -> Iterator[Reading]:
    """The readings of a table, which is held whole: its rows tell together how it writes dates."""
    data = stream.read(task.limits.line + 1)
    if len(data) > task.limits.line:
        why = f"this table is longer than {task.limits.line:,} bytes; split it and load the parts"
        yield Reading({}, quarantined=[quarantined(why, data)])
        return
    yield from form(data, task)
    task.progress(len(data))


def _narrow(data: bytes, task: Task) -> Iterator[Reading]:
    """The readings of a text in UTF-16, as spreadsheets write it."""
    try:
        text = data.decode("utf-16").encode()
    except UnicodeError as why:
        wrong = Unreadable(f"this begins as UTF-16 and is not ({why})", AGAIN)
        yield Reading({}, quarantined=[quarantined(wrong, data)])
        return
    yield from read(io.BytesIO(text), task)


def _projects(data: bytes, task: Task) -> Reading:
    """The rows of one yearly file of major projects."""
    try:
        made = gmpp.read(data, task.source_id, task.name)
    except Unreadable as why:
        return Reading({}, quarantined=[quarantined(why, data)])
    bad = [Quarantined(f"row {row}: {why}", 0, 0, b"") for row, why in made["quarantine"]]
    notes = [f"row {row}: {remark}" if row else str(remark) for row, remark in made["notes"]]
    return Reading({"gmpp_year": made["gmpp_year"]}, quarantined=bad, notes=notes)


class _Joined(io.RawIOBase):
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
