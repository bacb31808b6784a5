"""A folder of output, written beside its place and moved there in one move, so that no one finds half of it."""

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
    """A folder to write to, which becomes `out` when the block ends well; Problem where `out` holds something already."""
    from threepoint.store.duckdb_engine import OUT_OF_SPACE_ERRORS

    out = out.absolute()
    if not out.parent.is_dir():
        raise UserError(f"{out.parent} is not a folder; make it first")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UserError(f"{out} is not a folder; give the name of a new one")
    if out.is_dir() and any(out.iterdir()):
        raise UserError(f"{out} is not empty; give the name of a new folder, or remove it first")
    made = out.with_name(f".{out.name}.{os.getpid()}.new")
    shutil.rmtree(made, ignore_errors=True)
    try:
        made.mkdir()
        yield made
        made.replace(out)
    except (OSError, *OUT_OF_SPACE_ERRORS) as why:
        reason = getattr(why, "strerror", None) or str(why).splitlines()[0]
        raise UserError(f"{out} cannot be written ({reason}); check the disk's space and your rights") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


@dataclass(frozen=True)
class WrittenFile:
    """A file that was written: its path within the folder, its length in bytes and its sha256."""

    path: str
    bytes: int
    sha256: str


def describe_file(folder: Path, path: Path) -> WrittenFile:
    """What to say of a file that was written."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return WrittenFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest())


def write_checksums(folder: Path, known: Iterable[WrittenFile]) -> None:
    """Writes the sha256 of every other file in the folder, as `sha256sum -c` reads it; those of `known` are taken over."""
    told = {file.path: file.sha256 for file in known}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        told[name] = told.get(name) or describe_file(folder, path).sha256
    lines = [f"{told[name]}  {name}\n" for name in sorted(told)]
    (folder / CHECKSUMS_FILE_NAME).write_text("".join(lines), encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Writes a small file of JSON for people and programs to read."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
