"""Write lock: one writer per store. The kernel holds the lock, so a killed command leaves none behind."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from threepoint.errors import StoreLockedError

RETRY_INTERVAL_SECONDS = 0.2


@contextmanager
def hold_write_lock(lock: Path, command: str, wait: float, tell: Callable[[str], None] = print) -> Iterator[None]:
    """Hold the store's lock for the block; raise StoreLockedError if another writer has it for over `wait` seconds."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as handle:
        _acquire_lock(handle, wait, tell)
        handle.truncate(0)
        with suppress(OSError):  # on a full disk the lock still works, but does not name its holder
            os.write(handle.fileno(), json.dumps({"pid": os.getpid(), "doing": command}).encode())
        try:
            yield
        finally:
            handle.truncate(0)
            fcntl.flock(handle, fcntl.LOCK_UN)


def _acquire_lock(handle: TextIO, wait: float, tell: Callable[[str], None]) -> None:
    deadline = time.monotonic() + wait
    reported = False
    while not _try_lock(handle):
        if time.monotonic() >= deadline:
            raise StoreLockedError(
                f"{_describe_holder(handle)} is writing to this store; try again when it has ended, or use --wait"
            )
        if not reported:
            tell(f"Waiting for {_describe_holder(handle)} …")
            reported = True
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
        holder = json.loads(handle.read())
    except ValueError:
        return "another command"
    return f"process {holder.get('pid')} (threepoint {holder.get('doing')})"
