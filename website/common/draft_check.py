"""Check an uploaded draft without storing it: one at a time, in a process with limits (`draft_check_worker`)."""

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

MAX_CHECK_SECONDS = 60  # the worker process is then killed
log = logging.getLogger(__name__)


class DraftCheckFailed(Exception):
    """A draft could not be checked: `busy`, `slow` or `failed`."""


def check_upload(chunks: Iterable[bytes], seconds: float = MAX_CHECK_SECONDS) -> dict[str, Any]:
    """Return the answer of `draft_check_worker`: {"loaded", "draft"} or {"problem"}. Raise `DraftCheckFailed`."""
    with _acquire_check_lock(), tempfile.TemporaryDirectory(prefix="threepoint-draft-") as folder:
        path = Path(folder) / "draft"
        with path.open("wb") as file:
            file.writelines(chunks)
        return _run_worker(path, folder, seconds)


def _run_worker(path: Path, folder: str, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-I", "-m", "website.common.draft_check_worker", str(path)]
    environment = {"PATH": os.environ.get("PATH", ""), "TMPDIR": folder, "LANG": "C.UTF-8", "HOME": folder}
    try:
        process = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=seconds, check=False
        )
        if process.returncode:
            log.warning("a draft check failed", extra={"about": {"code": process.returncode}})
            raise DraftCheckFailed(
                "slow" if process.returncode == -24 else "failed"
            )  # 24: SIGXCPU, out of processor time
        answer: dict[str, Any] = json.loads(process.stdout)
    except subprocess.TimeoutExpired:
        raise DraftCheckFailed("slow") from None
    except ValueError:
        raise DraftCheckFailed("failed") from None
    return answer


@contextmanager
def _acquire_check_lock() -> Iterator[None]:
    """Allow one check at a time across all processes of the site, so that the others go on serving pages."""
    lock = Path(tempfile.gettempdir()) / f"threepoint-check-{os.getuid()}.lock"
    handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise DraftCheckFailed("busy") from None
    finally:
        os.close(handle)
