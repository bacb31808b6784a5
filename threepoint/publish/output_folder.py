"""Output folders: written under a temporary name and then renamed, so that nobody sees a partial folder."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threepoint.errors import UserError
from threepoint.standard.data_package import CHECKSUMS_FILE_NAME


@contextmanager
def create_folder(out: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `out` if the block succeeds. Raise UserError if `out` is not empty."""
    from threepoint.store.duckdb_engine import OUT_OF_SPACE_ERRORS

    out = out.absolute()
    if not out.parent.is_dir():
        raise UserError(f"{out.parent} is not a folder; create it first")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UserError(f"{out} is not a folder; give the name of a new folder")
    if out.is_dir() and any(out.iterdir()):
        raise UserError(f"{out} is not empty; give the name of a new folder, or remove it first")
    folder = out.with_name(f".{out.name}.{os.getpid()}.new")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir()
        yield folder
        folder.replace(out)
    except (OSError, *OUT_OF_SPACE_ERRORS) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise UserError(f"{out} cannot be written ({reason}); check the disk's space and your permissions") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class WrittenFile:
    """A written file: its path within the folder, its length in bytes and its sha256."""

    path: str
    bytes: int
    sha256: str


def describe_file(folder: Path, path: Path) -> WrittenFile:
    """Return the path, length and sha256 of a written file."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return WrittenFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest())


def write_checksums(folder: Path, known: Iterable[WrittenFile]) -> None:
    """Write the sha256 of every other file in the folder, as `sha256sum -c` reads it; reuse the checksums of `known`."""
    checksums = {file.path: file.sha256 for file in known}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        checksums[name] = checksums.get(name) or describe_file(folder, path).sha256
    lines = [f"{checksums[name]}  {name}\n" for name in sorted(checksums)]
    (folder / CHECKSUMS_FILE_NAME).write_text("".join(lines), encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write a small JSON file, indented so that people can read it."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
