"""What the system refuses a store, in words: a full disk, a limit on the size of files, rights that are missing.

The store needs no repair after any of it: what was not finished does not count, and the next run goes on from there.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threepoint.errors import UserError

_RERUN_ADVICE = "then run the same command again: what was finished is kept, the rest is done anew"
_ADVICE_BY_ERRNO = {
    errno.ENOSPC: f"the disk is full; make room, {_RERUN_ADVICE}",
    errno.EDQUOT: f"your share of the disk is full; make room, {_RERUN_ADVICE}",
    errno.EFBIG: f"the system lets you write no file of that size; raise the limit (ulimit -f), {_RERUN_ADVICE}",
    errno.EROFS: "the disk can only be read; name a store elsewhere with --store",
    errno.EACCES: "you may not read or write there; ask its owner, or name another store with --store",
    errno.EPERM: "you may not read or write there; ask its owner, or name another store with --store",
    errno.ENOTDIR: "a file is where a folder belongs; name a folder with --store",
    errno.EEXIST: "a file is where a folder belongs; name a folder with --store",
    errno.EMFILE: f"too many files are open; raise the limit (ulimit -n), {_RERUN_ADVICE}",
    errno.EIO: "the disk does not answer as it should; look at its health before you write to it again",
}
# What DuckDB says of its own writing, which carries no number.
_ERRNO_BY_DUCKDB_TEXT = {
    "No space left on device": errno.ENOSPC,
    "max_temp_directory_size": errno.ENOSPC,  # it takes nine tenths of what is free, and stops there
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
    "Read-only file system": errno.EROFS,
    "Permission denied": errno.EACCES,
    "Too many open files": errno.EMFILE,
    "Input/output error": errno.EIO,
}


@contextmanager
def translate_os_errors(root: Path) -> Iterator[None]:
    """Turns what the system refuses the store at `root` within the block into a Problem that says what to do."""
    try:
        yield
    except OSError as why:
        raise UserError(_format_message(root, why.errno, why.strerror or str(why))) from why
    except Exception as why:
        duckdb = sys.modules.get("duckdb")  # not imported for this: reading a record does not need it
        if duckdb is None or not isinstance(why, duckdb.Error):
            raise
        number = find_errno(str(why))
        if number is None and not isinstance(why, duckdb.IOException):
            raise
        raise UserError(_format_message(root, number, str(why))) from why


def find_errno(said: str) -> int | None:
    """The system's number of what DuckDB says went wrong with a file; None where it says nothing of the kind."""
    return next((number for words, number in _ERRNO_BY_DUCKDB_TEXT.items() if words in said), None)


def _format_message(root: Path, number: int | None, said: str) -> str:
    known = _ADVICE_BY_ERRNO.get(number or 0)
    return f"the store {root} could not be used: {known or f'{said}; check the disk and the rights of this folder'}"
