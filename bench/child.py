"""Runs a command as a process of its own and says what it cost."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS and KiB elsewhere


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system, all threads), the most memory held at once in bytes, what was printed; did it end well?"""

    cpu: float
    memory: int
    said: str
    ended: bool = True


def run(command: list[str], *, may_fail: bool = False) -> Cost:
    """The cost of a command, start and end of the process included. It must end well, unless it may fail."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not may_fail:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        out.seek(0)
        return Cost(
            used.ru_utime + used.ru_stime, used.ru_maxrss * RSS_UNIT, out.read().decode(), not process.returncode
        )


def job(name: str, releases: Path, store: Path) -> list[str]:
    """The command that runs one of `bench.jobs`."""
    return [sys.executable, "-m", "bench.jobs", name, str(releases), str(store)]


def threepoint(*arguments: str | Path) -> list[str]:
    """A command of ours, as a person would run it."""
    return [sys.executable, "-m", "threepoint.cli", *map(str, arguments)]
