"""Which files a load reads: those named and those in the folders named, and what stands there that is no file to read.

Links to files are followed. Links to folders are not: a folder could hold itself, or lead out of what was meant.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from threepoint.errors import Problem, printable

LINKED = "link to a folder (name the folder itself to read it)"
SPECIAL = "pipe, socket or device"


@dataclass
class Found:
    """Files to read, in the order of their paths; why others cannot be; what was passed over, counted by kind."""

    files: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def find(paths: Iterable[Path], store: Path | None = None) -> Found:
    """What is named, and all that is in the folders named but the store. Problem for a path that is not there."""
    found = Found()
    own = _same(store) if store else None
    for path in paths:
        _named(path, found, own)
    found.files = sorted(set(found.files))
    return found


def _same(path: Path) -> tuple[int, int] | None:
    """What tells a folder, whatever its name; None where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _named(path: Path, found: Found, own: tuple[int, int] | None) -> None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if not path.is_symlink():
            raise Problem(f"{path} is not there; check the path") from None
        found.problems.append(printable(f"{path} is a link to nothing; mend or remove it"))
    except OSError as why:
        found.problems.append(_cannot(path, why))
    else:
        if stat.S_ISDIR(mode):
            _folder(path, found, own)
        else:
            found.files.append(path)  # a pipe or a device too: reading it says what it is


def _folder(path: Path, found: Found, own: tuple[int, int] | None) -> None:
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        if own and _same(folder) == own:
            continue
        try:
            with os.scandir(folder) as entries:
                waiting += [Path(entry.path) for entry in entries if _is_folder(entry, found)]
        except OSError as why:
            found.problems.append(_cannot(folder, why))


def _is_folder(entry: os.DirEntry[str], found: Found) -> bool:
    """True for a folder to look into; anything else is noted as what it is."""
    path = Path(entry.path)
    if entry.is_dir(follow_symlinks=False):
        return True
    try:
        mode = entry.stat().st_mode
    except FileNotFoundError:
        if entry.is_symlink():
            found.problems.append(printable(f"{path} is a link to nothing; mend or remove it"))
    except OSError as why:
        found.problems.append(_cannot(path, why))
    else:
        _note(path, mode, found)
    return False


def _note(path: Path, mode: int, found: Found) -> None:
    if stat.S_ISREG(mode):
        found.files.append(path)
    else:
        found.passed_over[LINKED if stat.S_ISDIR(mode) else SPECIAL] += 1


def _cannot(path: Path, why: OSError) -> str:
    if why.errno == errno.ELOOP:
        return printable(f"{path} is a link that leads back to itself; mend or remove it")
    return printable(f"{path} cannot be read ({why.strerror}); check that it is there and that you may read it")
