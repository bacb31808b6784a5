"""What a hostile machine does to a command: rights taken away, limits set, disks that are full."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.merge.release_factory import make_money, make_release

RUN = "from threepoint.cli import main; main()"
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, resource.RLIM_INFINITY)); " + RUN
# Whoever is root gives that up before the command begins, so that rights mean something. What is imported late is
# imported before by a round of commands: the interpreter may stand where only root can read.
NOBODY = """
import contextlib, io, os, pathlib, sys, tempfile
from threepoint.cli import main
wanted = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
    one = pathlib.Path(folder) / "one.json"
    one.write_text('{"ocid": "o", "id": "1", "date": "2026-01-01", "tender": {"id": "1"}}')
    for words in (["load", str(one)], ["build"], ["status"], ["show", "o"]):
        sys.argv[1:] = [*words, "--store", folder + "/store"]
        with contextlib.suppress(SystemExit):
            main()
if os.getuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
sys.argv[1:] = wanted
main()
"""


def run(*arguments: object, program: str = RUN, timeout: float = 120) -> tuple[int, str]:
    """(exit code, all that it said) of one command that must end by itself; nothing it says is a traceback."""
    done = subprocess.run(
        # -B: where no large file may be written, Python would leave compiled modules that are cut short.
        [sys.executable, "-B", "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=os.environ | {"COLUMNS": "10000"},  # no line is folded
        stdin=subprocess.DEVNULL,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert "Exception ignored" not in said
    return done.returncode, said


def make_notice(number: int, **contract: object) -> dict:
    """A release of a process of its own, with one contract."""
    made = {"id": "1", "title": f"Contract {number}", "value": make_money(number * 1000)} | contract
    return make_release(f"ocds-h6vhtk-{number:06x}", "2026-01-10", "UK7", contracts=[made])


def read_state(store: Path) -> dict[str, bytes]:
    """Every file of a store but its lock, by its path, with its bytes; links as where they point."""
    files = [path for path in sorted(store.rglob("*")) if path.is_symlink() or path.is_file()]
    return {
        str(path.relative_to(store)): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in files
        if path.name != "lock"
    }


@contextmanager
def make_open_folder() -> Iterator[Path]:
    """A folder that whoever gave up being root may enter and write to; the usual ones of tests are private."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o777)
        yield Path(made)


@contextmanager
def mount_small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes; the test is skipped where none may be mounted."""
    folder.mkdir()
    mount = shutil.which("mount")
    words = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not mount or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no small disk may be mounted here; the limit on the size of files is tested all the same")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
