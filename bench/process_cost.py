"""Measurement of the CPU time and memory of a command that runs in its own process."""

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
# Memory that this process holds counts towards the next command's memory, so it reads little of the output.
MAX_OUTPUT_BYTES = 1_000_000


@dataclass(frozen=True)
class ProcessCost:
    """CPU seconds (user and system, all threads), peak memory in bytes, printed text, and True in `ended` for success."""

    cpu: float
    memory: int
    output: str
    ended: bool = True


def measure_command(
    command: list[str],
    *,
    may_fail: bool = False,
    well: tuple[int, ...] = (0,),
    reads: Path | None = None,
    writes: Path | None = None,
) -> ProcessCost:
    """Return the cost of a command, including start and end of its process. Stop if it fails, unless `may_fail` is set.

    Exit codes in `well` mean success. Standard input comes from the file `reads`, and standard output goes to the file
    `writes`. Without `writes`, the cost includes the beginning of the output.
    """
    with ExitStack() as files:
        stdin = files.enter_context(reads.open("rb")) if reads else subprocess.DEVNULL
        stdout = files.enter_context(writes.open("wb")) if writes else files.enter_context(tempfile.TemporaryFile())
        process = subprocess.Popen(command, cwd=REPOSITORY_ROOT, stdin=stdin, stdout=stdout)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended = process.returncode in well
        if not ended and not may_fail:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        if not writes:
            stdout.seek(0)
        output = b"" if writes else stdout.read(MAX_OUTPUT_BYTES)
    return ProcessCost(
        usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT_BYTES, output.decode(errors="replace"), ended
    )


def read_own_peak_memory() -> int:
    """Return the peak memory of this process in bytes, which is the lowest figure that a child can show."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT_BYTES


def make_job_command(name: str, source: Path, target: Path) -> list[str]:
    """Return the command that runs one of `bench.peer_jobs`."""
    return [sys.executable, "-m", "bench.peer_jobs", name, str(source), str(target)]


def make_threepoint_command(*arguments: str | Path) -> list[str]:
    """Return a Three Point command, as users run it."""
    return [sys.executable, "-m", "threepoint", *map(str, arguments)]


def make_peer_command(name: str, *arguments: str | Path) -> list[str]:
    """Return the command of a peer that is installed next to this Python."""
    return [str(Path(sys.executable).with_name(name)), *map(str, arguments)]
