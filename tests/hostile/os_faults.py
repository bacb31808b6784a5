"""Run commands on a hostile machine: without permissions, with a limit on file sizes, on a full disk."""

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
# Root becomes nobody before the command begins, so that permissions apply. Some commands run first as root, since they
# import further modules, and the interpreter may be in a folder that only root can read.
NOBODY = """
import contextlib, io, os, pathlib, sys, tempfile
from threepoint.cli import main
arguments = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
    file = pathlib.Path(folder) / "release.json"
    file.write_text('{"ocid": "o", "id": "1", "date": "2026-01-01", "tender": {"id": "1"}}')
    for command in (["load", str(file)], ["build"], ["status"], ["show", "o"]):
        sys.argv[1:] = [*command, "--store", folder + "/store"]
        with contextlib.suppress(SystemExit):
            main()
if os.getuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
sys.argv[1:] = arguments
main()
"""


def run(*arguments: object, program: str = RUN, timeout: float = 120) -> tuple[int, str]:
    """Run a command and return (exit code, output). Assert that the output has no traceback."""
    process = subprocess.run(
        # -B: with a limit on file sizes, Python would leave incomplete compiled modules.
        [sys.executable, "-B", "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=os.environ | {"COLUMNS": "10000"},  # do not wrap lines
        stdin=subprocess.DEVNULL,
    )
    output = process.stdout + process.stderr
    assert "Traceback" not in output, output
    assert "Exception ignored" not in output
    return process.returncode, output


def make_notice(number: int, **fields: object) -> dict:
    """Return a release of a separate process with one contract, which has the given fields."""
    contract = {"id": "1", "title": f"Contract {number}", "value": make_money(number * 1000)} | fields
    return make_release(f"ocds-h6vhtk-{number:06x}", "2026-01-10", "UK7", contracts=[contract])


def read_state(store: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a store except its lock, by relative path; for links, their target."""
    files = [path for path in sorted(store.rglob("*")) if path.is_symlink() or path.is_file()]
    return {
        str(path.relative_to(store)): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in files
        if path.name != "lock"
    }


@contextmanager
def make_open_folder() -> Iterator[Path]:
    """Create a temporary folder that any user may read and write. Pytest's own folders are private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@contextmanager
def mount_small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk of the given size; skip the test if that is not possible."""
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a small disk here; other tests cover the limit on file sizes")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
