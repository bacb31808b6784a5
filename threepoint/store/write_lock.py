"""One writer at a time. The kernel holds the lock, so a killed command leaves none behind."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from threepoint.errors import StoreLockedError

RETRY_INTERVAL_SECONDS = 0.2  # seconds between tries


@contextmanager
def hold_write_lock(lock: Path, doing: str, wait: float, tell: Callable[[str], None] = print) -> Iterator[None]:
    """Holds the store's lock for the block; waits up to `wait` seconds for another writer, then StoreLocked (exit 4)."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as handle:
        _acquire_lock(handle, wait, tell)
        handle.truncate(0)
        with suppress(OSError):  # on a full disk the lock holds all the same, without saying whose it is
            os.write(handle.fileno(), json.dumps({"pid": os.getpid(), "doing": doing}).encode())
        try:
            yield
        finally:
            handle.truncate(0)
            fcntl.flock(handle, fcntl.LOCK_UN)


def _acquire_lock(handle: TextIO, wait: float, tell: Callable[[str], None]) -> None:
    until = time.monotonic() + wait
    told = False
    while not _try_lock(handle):
        if time.monotonic() >= until:
            raise StoreLockedError(
                f"{_describe_holder(handle)} is writing to this store; try again when it has ended, or use --wait"
            )
        if not told:
            tell(f"Waiting for {_describe_holder(handle)} …")
            told = True
        time.sleep(RETRY_INTERVAL_SECONDS)


def _try_lock(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _describe_holder(handle: TextIO) -> str:
    handle.seek(0)
    try:
        held = json.loads(handle.read())
    except ValueError:
        return "another command"
    return f"process {held.get('pid')} (threepoint {held.get('doing')})"
