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

from threepoint.errors import UserError, make_printable

LINKED_FOLDER_KIND = "link to a folder (name the folder itself to read it)"
SPECIAL_FILE_KIND = "pipe, socket or device"


@dataclass
class InputFiles:
    """Files to read, in the order of their paths; why others cannot be; what was passed over, counted by kind."""

    files: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def find_files(paths: Iterable[Path], store: Path | None = None) -> InputFiles:
    """What is named, and all that is in the folders named but the store. Problem for a path that is not there."""
    found = InputFiles()
    own = _get_folder_identity(store) if store else None
    for path in paths:
        _add_path(path, found, own)
    found.files = sorted(set(found.files))
    return found


def _get_folder_identity(path: Path) -> tuple[int, int] | None:
    """What tells a folder, whatever its name; None where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _add_path(path: Path, found: InputFiles, own: tuple[int, int] | None) -> None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if not path.is_symlink():
            raise UserError(f"{path} is not there; check the path") from None
        found.problems.append(make_printable(f"{path} is a link to nothing; mend or remove it"))
    except OSError as why:
        found.problems.append(_format_os_error(path, why))
    else:
        if stat.S_ISDIR(mode):
            _add_folder(path, found, own)
        else:
            found.files.append(path)  # a pipe or a device too: reading it says what it is


def _add_folder(path: Path, found: InputFiles, own: tuple[int, int] | None) -> None:
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        if own and _get_folder_identity(folder) == own:
            continue
        try:
            with os.scandir(folder) as entries:
                waiting += [Path(entry.path) for entry in entries if _is_folder(entry, found)]
        except OSError as why:
            found.problems.append(_format_os_error(folder, why))


def _is_folder(entry: os.DirEntry[str], found: InputFiles) -> bool:
    """True for a folder to look into; anything else is noted as what it is."""
    path = Path(entry.path)
    if entry.is_dir(follow_symlinks=False):
        return True
    try:
        mode = entry.stat().st_mode
    except FileNotFoundError:
        if entry.is_symlink():
            found.problems.append(make_printable(f"{path} is a link to nothing; mend or remove it"))
    except OSError as why:
        found.problems.append(_format_os_error(path, why))
    else:
        _add_or_skip_file(path, mode, found)
    return False


def _add_or_skip_file(path: Path, mode: int, found: InputFiles) -> None:
    if stat.S_ISREG(mode):
        found.files.append(path)
    else:
        found.passed_over[LINKED_FOLDER_KIND if stat.S_ISDIR(mode) else SPECIAL_FILE_KIND] += 1


def _format_os_error(path: Path, why: OSError) -> str:
    if why.errno == errno.ELOOP:
        return make_printable(f"{path} is a link that leads back to itself; mend or remove it")
    return make_printable(f"{path} cannot be read ({why.strerror}); check that it is there and that you may read it")
