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

from threepoint.errors import Problem
from threepoint.standard.data_package import SUMS


@contextmanager
def fresh(out: Path) -> Iterator[Path]:
    """A folder to write to, which becomes `out` when the block ends well; Problem where `out` holds something already."""
    from threepoint.store.duckdb_engine import Full

    out = out.absolute()
    if not out.parent.is_dir():
        raise Problem(f"{out.parent} is not a folder; make it first")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise Problem(f"{out} is not a folder; give the name of a new one")
    if out.is_dir() and any(out.iterdir()):
        raise Problem(f"{out} is not empty; give the name of a new folder, or remove it first")
    made = out.with_name(f".{out.name}.{os.getpid()}.new")
    shutil.rmtree(made, ignore_errors=True)
    try:
        made.mkdir()
        yield made
        made.replace(out)
    except (OSError, *Full) as why:
        reason = getattr(why, "strerror", None) or str(why).splitlines()[0]
        raise Problem(f"{out} cannot be written ({reason}); check the disk's space and your rights") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


@dataclass(frozen=True)
class File:
    """A file that was written: its path within the folder, its length in bytes and its sha256."""

    path: str
    bytes: int
    sha256: str


def told_of(folder: Path, path: Path) -> File:
    """What to say of a file that was written."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest())


def write_sums(folder: Path, known: Iterable[File]) -> None:
    """Writes the sha256 of every other file in the folder, as `sha256sum -c` reads it; those of `known` are taken over."""
    told = {file.path: file.sha256 for file in known}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        told[name] = told.get(name) or told_of(folder, path).sha256
    lines = [f"{told[name]}  {name}\n" for name in sorted(told)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Writes a small file of JSON for people and programs to read."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
