"""Checks what someone sends, and keeps nothing of it: one at a time, in a process with limits (`checking`)."""

import fcntl
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MAX_CHECK_SECONDS = 60  # after which the checking process is ended
log = logging.getLogger(__name__)


class DraftCheckFailed(Exception):
    """Nothing can be said of a draft: `busy`, `slow` or `failed`."""


def check_upload(chunks: Iterable[bytes], seconds: float = MAX_CHECK_SECONDS) -> dict[str, Any]:
    """What `checking` says of the bytes: {"loaded", "draft"} or {"problem"}; CannotCheck where it could not say."""
    with _acquire_check_lock(), tempfile.TemporaryDirectory(prefix="threepoint-draft-") as folder:
        path = Path(folder) / "draft"
        with path.open("wb") as file:
            file.writelines(chunks)
        return _run_worker(path, folder, seconds)


def _run_worker(path: Path, folder: str, seconds: float) -> dict[str, Any]:
    words = [sys.executable, "-I", "-m", "website.common.draft_check_worker", str(path)]
    told = {"PATH": os.environ.get("PATH", ""), "TMPDIR": folder, "LANG": "C.UTF-8", "HOME": folder}
    try:
        done = subprocess.run(words, cwd=folder, env=told, capture_output=True, timeout=seconds, check=False)
        if done.returncode:
            log.warning("a check failed", extra={"about": {"code": done.returncode}})
            raise DraftCheckFailed("slow" if done.returncode == -24 else "failed")  # 24: SIGXCPU, out of processor time
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise DraftCheckFailed("slow") from None
    except ValueError:
        raise DraftCheckFailed("failed") from None
    return answer


@contextmanager
def _acquire_check_lock() -> Iterator[None]:
    """Only one check runs at a time, whichever process of the site was asked: the others go on showing pages."""
    lock = Path(tempfile.gettempdir()) / f"threepoint-check-{os.getuid()}.lock"
    handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise DraftCheckFailed("busy") from None
    finally:
        os.close(handle)
