"""Runs a command as a process of its own and says what it cost."""

import os
import resource
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS and KiB elsewhere
MAX_OUTPUT_BYTES = (
    1_000_000  # bytes read of what a command prints: what we hold ourselves counts as the next one's memory
)


@dataclass(frozen=True)
class ProcessCost:
    """CPU seconds (user and system, all threads), the most memory held at once in bytes, what was printed; did it end well?"""

    cpu: float
    memory: int
    said: str
    ended: bool = True


def measure_command(
    command: list[str],
    *,
    may_fail: bool = False,
    well: tuple[int, ...] = (0,),
    reads: Path | None = None,
    writes: Path | None = None,
) -> ProcessCost:
    """The cost of a command, start and end of the process included. It must end well, unless it may fail.

    It ends well with an exit code of `well`. The files `reads` and `writes` are what it reads and prints, as `<` and `>`
    of a shell; without `writes` the beginning of what it prints is kept.
    """
    with ExitStack() as files:
        given = files.enter_context(reads.open("rb")) if reads else subprocess.DEVNULL
        out = files.enter_context(writes.open("wb")) if writes else files.enter_context(tempfile.TemporaryFile())
        process = subprocess.Popen(command, cwd=REPOSITORY_ROOT, stdin=given, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended = process.returncode in well
        if not ended and not may_fail:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        if not writes:
            out.seek(0)
        said = b"" if writes else out.read(MAX_OUTPUT_BYTES)
    return ProcessCost(
        used.ru_utime + used.ru_stime, used.ru_maxrss * RSS_UNIT_BYTES, said.decode(errors="replace"), ended
    )


def read_own_peak_memory() -> int:
    """The most memory that this process has held, in bytes: a child that holds less is shown with this much."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT_BYTES


def make_job_command(name: str, source: Path, target: Path) -> list[str]:
    """The command that runs one of `bench.peer_jobs`."""
    return [sys.executable, "-m", "bench.peer_jobs", name, str(source), str(target)]


def make_threepoint_command(*arguments: str | Path) -> list[str]:
    """A command of ours, as a person would run it."""
    return [sys.executable, "-m", "threepoint", *map(str, arguments)]


def make_peer_command(name: str, *arguments: str | Path) -> list[str]:
    """A command of a peer, as it was installed beside our Python."""
    return [str(Path(sys.executable).with_name(name)), *map(str, arguments)]
