"""Packages that `threepoint publish` wrote, each a folder in settings.DOWNLOADS, and how their files are sent.

Only files that a package's SHA256SUMS names, and that are in that folder itself, are sent. Links are not followed.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils.http import content_disposition_header
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from threepoint.standard.data_package import (
    CHECKSUMS_FILE_NAME,
    DESCRIPTOR_FILE_NAME,
    EXTENSION_KEY,
    MANIFEST_FILE_NAME,
)
from website.common.rate_limits import ReaderThrottle

PACKAGE_NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # of a package's folder
CHECKSUM_LINE_PATTERN = re.compile(r"([0-9a-f]{64})  (.+)")
MEDIA_TYPE_BY_SUFFIX = {".csv": "text/csv; charset=utf-8", ".json": "application/json", ".md": "text/plain; charset=utf-8",
         ".parquet": "application/vnd.apache.parquet", "": "text/plain; charset=utf-8"}  # fmt: skip
MAX_CONCURRENT_DOWNLOADS = 4  # each occupies one of a process's eight threads; the others go on serving pages
MAX_DOWNLOADS_PER_READER = 2


@dataclass(frozen=True)
class DownloadFile:
    """A file: its path in the package, its size in bytes, and its sha256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class DownloadPackage:
    """A package and its description. `snapshot` is empty for a package that was written from the history."""

    name: str
    format: str
    day: str  # the date as of which its states hold, or the date of its newest release
    snapshot: str
    synthetic: bool
    licences: tuple[str, ...]
    files: tuple[DownloadFile, ...]

    @property
    def size(self) -> int:
        """Total size in bytes."""
        return sum(file.size for file in self.files)


def list_packages() -> tuple[list[DownloadPackage], int]:
    """Return the packages, newest first, and the number of other folders."""
    try:
        folders = [path for path in settings.DOWNLOADS.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return [], 0
    packages = [package for path in folders if (package := read_package(path.name))]
    packages.sort(key=lambda package: (package.day, package.name), reverse=True)
    return packages, len(folders) - len(packages)


def read_package(name: str) -> DownloadPackage | None:
    """Return the package of that name; None if there is none, or if its description cannot be read."""
    folder: Path = settings.DOWNLOADS / name
    if not PACKAGE_NAME_PATTERN.fullmatch(name) or folder.is_symlink():
        return None
    descriptor = DESCRIPTOR_FILE_NAME if (folder / DESCRIPTOR_FILE_NAME).is_file() else MANIFEST_FILE_NAME
    try:
        return _read_descriptor(
            folder, descriptor, *((folder / file).stat().st_mtime_ns for file in (CHECKSUMS_FILE_NAME, descriptor))
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@lru_cache(maxsize=64)
def _read_descriptor(folder: Path, descriptor: str, *_stamps: int) -> DownloadPackage:
    document = json.loads((folder / descriptor).read_text(encoding="utf-8"))
    extension = document.get(EXTENSION_KEY, document)
    details, manifest = document.get("details", {}), extension.get("manifest", {})
    return DownloadPackage(
        folder.name,
        str(extension["format"]),
        date.fromisoformat(str(manifest.get("as_of") or details["published_date"])[:10]).isoformat(),
        str(manifest.get("snapshot") or details.get("snapshot") or ""),
        "synthetic" in extension,
        tuple(sorted({str(source["licence"]) for source in document["sources"]})),
        tuple(_list_package_files(folder)),
    )


def _list_package_files(folder: Path) -> list[DownloadFile]:
    """Return the existing files that SHA256SUMS names, and SHA256SUMS itself, whose checksum is calculated here."""
    sums = (folder / CHECKSUMS_FILE_NAME).read_bytes()
    listed = [
        (match[2], match[1]) for line in sums.decode().splitlines() if (match := CHECKSUM_LINE_PATTERN.fullmatch(line))
    ]
    checksums = [*listed, (CHECKSUMS_FILE_NAME, hashlib.sha256(sums).hexdigest())]
    return [
        DownloadFile(name, path.stat().st_size, sha256)
        for name, sha256 in checksums
        if (path := _resolve_package_file(folder, name))
    ]


def _resolve_package_file(folder: Path, name: str) -> Path | None:
    """Return the file at a path in a folder; None if it is not a file, or if `..` or a link leads elsewhere."""
    path = folder.resolve() / name
    return path if path.is_file() and path.resolve() == path and folder.resolve() in path.parents else None


# ---------------------------------------------------------------------------------------------- sending

# The reader of each response. A response that nobody closes disappears when it is garbage-collected.
_active_downloads: WeakKeyDictionary[FileResponse, str] = WeakKeyDictionary()
_downloads_lock = Lock()


class TooManyDownloads(Exception):
    """The limit of concurrent downloads is reached, for all readers or for this one."""


def send_package_file(request: HttpRequest, package: DownloadPackage, name: str) -> FileResponse | None:
    """Return a file of a package, or the part that the Range header names; None if there is none.

    Raise `TooManyDownloads`.
    """
    file = next((file for file in package.files if file.path == name), None)
    path = file and _resolve_package_file(settings.DOWNLOADS / package.name, name)
    if file is None or path is None:
        return None
    headers = _build_file_headers(file)
    if request.headers.get("If-Range", headers["ETag"]) != headers["ETag"]:  # the reader has part of another version
        request.META.pop("HTTP_RANGE", None)
    reader = ReaderThrottle("downloads", 0).get_ident(request)
    with _downloads_lock:
        readers = [other for response, other in _active_downloads.items() if not response.closed]
        if len(readers) >= MAX_CONCURRENT_DOWNLOADS or readers.count(reader) >= MAX_DOWNLOADS_PER_READER:
            raise TooManyDownloads
        response: FileResponse = WhiteNoiseMiddleware.serve(StaticFile(str(path), list(headers.items())), request)
        _active_downloads[response] = reader
    return response


def _build_file_headers(file: DownloadFile) -> dict[str, str]:
    name = Path(file.path)
    return {
        "Content-Type": MEDIA_TYPE_BY_SUFFIX.get(name.suffix, "application/octet-stream"),
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name.name)),
        "ETag": f'"{file.sha256[:32]}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=0, must-revalidate",
    }
