"""Find the files for a load: those given and those in the folders given. Record what cannot be read as a file.

Links to files are followed. Links to folders are not: a folder could contain itself, or lead out of the folder given.
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
    """Files to read, sorted by path; reasons why others cannot be read; numbers of skipped entries by kind."""

    files: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def find_files(paths: Iterable[Path], store: Path | None = None) -> InputFiles:
    """Find the files given and all files in the folders given, except the store; raise UserError for a missing path."""
    input_files = InputFiles()
    store_identity = _get_folder_identity(store) if store else None
    for path in paths:
        _add_path(path, input_files, store_identity)
    input_files.files = sorted(set(input_files.files))
    return input_files


def _get_folder_identity(path: Path) -> tuple[int, int] | None:
    """Return a folder's device and inode, which identify it under any name; None if it does not exist."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _add_path(path: Path, input_files: InputFiles, store_identity: tuple[int, int] | None) -> None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if not path.is_symlink():
            raise UserError(f"{path} is not there; check the path") from None
        input_files.problems.append(make_printable(f"{path} is a link to nothing; fix or remove it"))
    except OSError as error:
        input_files.problems.append(_format_os_error(path, error))
    else:
        if stat.S_ISDIR(mode):
            _add_folder(path, input_files, store_identity)
        else:
            input_files.files.append(path)  # pipes and devices, too: reading one reports what it is


def _add_folder(path: Path, input_files: InputFiles, store_identity: tuple[int, int] | None) -> None:
    pending_folders = [path]
    while pending_folders:
        folder = pending_folders.pop()
        if store_identity and _get_folder_identity(folder) == store_identity:
            continue
        try:
            with os.scandir(folder) as entries:
                pending_folders += [Path(entry.path) for entry in entries if _is_folder(entry, input_files)]
        except OSError as error:
            input_files.problems.append(_format_os_error(folder, error))


def _is_folder(entry: os.DirEntry[str], input_files: InputFiles) -> bool:
    """Return True for a folder to search; record any other entry."""
    path = Path(entry.path)
    if entry.is_dir(follow_symlinks=False):
        return True
    try:
        mode = entry.stat().st_mode
    except FileNotFoundError:
        if entry.is_symlink():
            input_files.problems.append(make_printable(f"{path} is a link to nothing; fix or remove it"))
    except OSError as error:
        input_files.problems.append(_format_os_error(path, error))
    else:
        _add_or_skip_file(path, mode, input_files)
    return False


def _add_or_skip_file(path: Path, mode: int, input_files: InputFiles) -> None:
    if stat.S_ISREG(mode):
        input_files.files.append(path)
    else:
        input_files.skipped[LINKED_FOLDER_KIND if stat.S_ISDIR(mode) else SPECIAL_FILE_KIND] += 1


def _format_os_error(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return make_printable(f"{path} is a link that leads back to itself; fix or remove it")
    return make_printable(
        f"{path} cannot be read ({error.strerror}); check that it exists and that you have permission to read it"
    )
