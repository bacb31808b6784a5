"""Messages for errors of the operating system: a full disk, a limit on file sizes, missing permissions.

The store needs no repair after any of them: unfinished work is ignored, and the next run continues from there.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threepoint.errors import UserError

_RERUN_ADVICE = "then run the same command again: it keeps what was finished and does the rest again"
_ADVICE_BY_ERRNO = {
    errno.ENOSPC: f"the disk is full; free some space, {_RERUN_ADVICE}",
    errno.EDQUOT: f"your disk quota is full; free some space, {_RERUN_ADVICE}",
    errno.EFBIG: f"the system does not allow a file of that size; raise the limit (ulimit -f), {_RERUN_ADVICE}",
    errno.EROFS: "the disk is read-only; choose a store elsewhere with --store",
    errno.EACCES: "you do not have permission to read or write there; ask its owner, or choose another store with --store",
    errno.EPERM: "you do not have permission to read or write there; ask its owner, or choose another store with --store",
    errno.ENOTDIR: "there is a file in the place of a folder; choose a folder with --store",
    errno.EEXIST: "there is a file in the place of a folder; choose a folder with --store",
    errno.EMFILE: f"too many files are open; raise the limit (ulimit -n), {_RERUN_ADVICE}",
    errno.EIO: "the disk reports errors; check its health before you write to it again",
}
# Parts of DuckDB's messages about its own writing, which have no error number.
_ERRNO_BY_DUCKDB_TEXT = {
    "No space left on device": errno.ENOSPC,
    "max_temp_directory_size": errno.ENOSPC,  # DuckDB uses at most nine tenths of the free space
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
    "Read-only file system": errno.EROFS,
    "Permission denied": errno.EACCES,
    "Too many open files": errno.EMFILE,
    "Input/output error": errno.EIO,
}


@contextmanager
def translate_os_errors(root: Path) -> Iterator[None]:
    """Raise UserError with advice for an error of the operating system or DuckDB's file access within the block."""
    try:
        yield
    except OSError as error:
        raise UserError(_format_message(root, error.errno, error.strerror or str(error))) from error
    except Exception as error:
        duckdb = sys.modules.get("duckdb")  # not imported: reading a record does not need DuckDB
        if duckdb is None or not isinstance(error, duckdb.Error):
            raise
        number = find_errno(str(error))
        if number is None and not isinstance(error, duckdb.IOException):
            raise
        raise UserError(_format_message(root, number, str(error))) from error


def find_errno(message: str) -> int | None:
    """Return the system's error number for a message of DuckDB about a file; None for any other message."""
    return next((number for text, number in _ERRNO_BY_DUCKDB_TEXT.items() if text in message), None)


def _format_message(root: Path, number: int | None, message: str) -> str:
    advice = _ADVICE_BY_ERRNO.get(number or 0)
    return f"the store {root} could not be used: {advice or f'{message}; check the disk and the permissions of this folder'}"
