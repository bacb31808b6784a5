"""Packages that `threepoint publish` wrote, each a folder in settings.DOWNLOADS, and how their files are sent.

Only what a package's SHA256SUMS names is given out, and only where it is a file of that very folder: no link is followed.
"""

import hashlib
import json
import re
import weakref
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore, RLock
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils.http import content_disposition_header
from whitenoise.responders import StaticFile

from threepoint.standard.package import DESCRIPTOR, MANIFEST, SAID, SUMS
from website.common.rate_limits import ReaderThrottle

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # of a package's folder
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
MEDIA = {".csv": "text/csv; charset=utf-8", ".json": "application/json", ".md": "text/plain; charset=utf-8",
         ".parquet": "application/vnd.apache.parquet", "": "text/plain; charset=utf-8"}  # fmt: skip
AT_ONCE = 4  # files sent, of a process's eight threads; the others go on showing pages
OF_ONE = 2  # of these for one reader


@dataclass(frozen=True)
class File:
    """A file: its path in the package, its size in bytes, and its sha256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Package:
    """A package: its name, its format, and what it says of itself. `snapshot` is empty where it was written from the history."""

    name: str
    format: str
    day: str  # the day that it speaks for, or of the newest release in it
    snapshot: str
    synthetic: bool
    licences: tuple[str, ...]
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(file.size for file in self.files)


def packages() -> tuple[list[Package], int]:
    """The packages there are, the newest first, and how many folders beside them are none."""
    try:
        folders = [path for path in settings.DOWNLOADS.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return [], 0
    found = [made for path in folders if (made := package(path.name))]
    return sorted(found, key=lambda one: (one.day, one.name), reverse=True), len(folders) - len(found)


def package(name: str) -> Package | None:
    """The package of that name; None where there is none, or one that does not say what it is."""
    folder: Path = settings.DOWNLOADS / name
    if not NAME.fullmatch(name) or folder.is_symlink():
        return None
    try:
        stamps = tuple((folder / one).stat().st_mtime_ns for one in (SUMS, _teller(folder)))
        return _read(folder, stamps)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _teller(folder: Path) -> str:
    """The file in which a package says what it is."""
    return DESCRIPTOR if (folder / DESCRIPTOR).is_file() else MANIFEST


@lru_cache(maxsize=64)
def _read(folder: Path, stamps: tuple[int, ...]) -> Package:
    told = json.loads((folder / _teller(folder)).read_text(encoding="utf-8"))
    said = told.get(SAID, told)
    details, manifest = told.get("details", {}), said.get("manifest", {})
    return Package(
        folder.name,
        str(said["format"]),
        date.fromisoformat(str(manifest.get("as_of") or details["published_date"])[:10]).isoformat(),
        str(manifest.get("snapshot") or details.get("snapshot") or ""),
        "synthetic" in said,
        tuple(sorted({str(source["licence"]) for source in told["sources"]})),
        tuple(_files(folder)),
    )


def _files(folder: Path) -> list[File]:
    """What SHA256SUMS names and is there, and SHA256SUMS itself, whose own sum stands nowhere else."""
    told = (folder / SUMS).read_bytes()
    named = [(found[2], found[1]) for line in told.decode().splitlines() if (found := LINE.fullmatch(line))]
    everything = [*named, (SUMS, hashlib.sha256(told).hexdigest())]
    return [File(name, path.stat().st_size, sha256) for name, sha256 in everything if (path := _own(folder, name))]


def _own(folder: Path, name: str) -> Path | None:
    """A file of a folder by its path in it; None for what is no file, or stands elsewhere by `..` or by a link."""
    path = folder.resolve() / name
    return path if path.is_file() and path.resolve() == path and folder.resolve() in path.parents else None


# ---------------------------------------------------------------------------------------------- sending

_slots = BoundedSemaphore(AT_ONCE)
_readers: Counter[str] = Counter()  # how many files are on their way to each
_counting = RLock()  # an answer may be forgotten, and so given back, while the same thread counts


def _take(reader: str) -> None:
    """Takes a slot for a reader; Busy where there is none, or the reader has as many as one may have."""
    with _counting:
        if _readers[reader] >= OF_ONE or not _slots.acquire(blocking=False):
            raise Busy
        _readers[reader] += 1


def _give_back(reader: str) -> None:
    with _counting:
        _readers[reader] -= 1
        if not _readers[reader]:
            del _readers[reader]
    _slots.release()


class Busy(Exception):
    """As many files as may be are being sent."""


class Sent(FileResponse):
    """A file, or a part of it, a block at a time. It holds a slot until it was sent, or the reader went away."""

    def __init__(self, reader: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.done = weakref.finalize(self, _give_back, reader)  # once, and even where no one closes it

    def set_headers(self, filelike: Any) -> None:
        """Ours are set already."""

    def close(self) -> None:
        super().close()
        self.done()


def send(request: HttpRequest, found: Package, name: str) -> Sent | None:
    """A file of a package, or the part of it that the header Range names; None where there is none. Busy: come back later."""
    told = next((file for file in found.files if file.path == name), None)
    path = told and _own(settings.DOWNLOADS / found.name, name)
    if told is None or path is None:
        return None
    whole = {key: value for key, value in request.META.items() if key != "HTTP_RANGE"}
    same = request.headers.get("If-Range", _tag(told)) == _tag(told)  # else what was fetched before is of another file
    reader = ReaderThrottle("downloads", 0).get_ident(request)
    _take(reader)
    try:
        found = StaticFile(str(path), _headers(told)).get_response(request.method, request.META if same else whole)
        return _sent(reader, found)
    except BaseException:
        _give_back(reader)
        raise


def _sent(reader: str, found: Any) -> Sent:
    made = Sent(reader, found.file or (), status=int(found.status))
    for name in list(made.headers):
        del made.headers[name]
    for name, value in found.headers:
        made.headers[name] = value
    return made


def _tag(file: File) -> str:
    return f'"{file.sha256[:32]}"'


def _headers(file: File) -> list[tuple[str, str]]:
    name = file.path.rpartition("/")[2]
    return [
        ("Content-Type", MEDIA.get(Path(name).suffix, "application/octet-stream")),
        ("Content-Disposition", str(content_disposition_header(as_attachment=True, filename=name))),
        ("ETag", _tag(file)),
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "public, max-age=0, must-revalidate"),
    ]
