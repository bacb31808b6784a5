"""Tests of `make demo`: the first run, a second run, and the site."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.live_server import find_free_port

ROOT = Path(__file__).resolve().parents[2]
RELEASE = (
    '{"ocid": "ocds-b5fd17-1", "id": "1", "date": "2026-01-01T00:00:00Z", "tag": ["tender"], "tender": {"id": "1"}}'
)


def run_demo(folder, shared):
    command = [sys.executable, "-m", "scripts.demo", str(folder)]
    env = os.environ | {"THREEPOINT_SHARED": str(shared), "PYTHONPATH": str(ROOT), "ONCE": "1"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_demo_succeeds_on_the_first_and_second_run(tmp_path):
    first = run_demo(tmp_path / "demo", tmp_path / "no-published-data")
    assert (first.returncode, first.stderr) == (0, "")
    assert "2,000 releases, 0 project-years" in first.stdout
    assert "How alike these records are" in first.stdout
    assert "What next" in first.stdout
    assert "published data" not in first.stdout
    (tmp_path / "shared" / "data" / "ocds").mkdir(parents=True)
    (tmp_path / "shared" / "data" / "ocds" / "one.json").write_text(RELEASE)
    second = run_demo(tmp_path / "demo", tmp_path / "shared")
    assert (second.returncode, second.stderr) == (0, "")
    assert "Read 0 files: 0 releases, 0 project-years. 1 file was already loaded." in second.stdout
    assert "Load the published data into the same store." in second.stdout


def test_demo_gives_advice_when_it_fails(tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "store").write_text("a file where the store should be")
    completed = run_demo(tmp_path / "demo", tmp_path / "no-published-data")
    assert completed.returncode == 1
    assert "remove it and run `make demo` again" in completed.stdout


# A process started in the background ignores Ctrl-C and so do its children; this restores what a terminal does.
INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


@pytest.mark.slow
def test_demo_serves_the_site_until_it_is_interrupted(tmp_path):
    folder, port = tmp_path / "demo", find_free_port()
    folder.mkdir()
    program = (
        f"{INTERRUPTIBLE}; from scripts import demo; demo.SERVE_ARGUMENTS += ('--port', '{port}')"
        f"; demo.serve_store(demo.Path({str(folder)!r}))"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT), "THREEPOINT_STORE": str(folder / "store")}
    demo = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        address_line = next(line for line in demo.stdout if "Three Point is at" in line)
        os.killpg(demo.pid, signal.SIGINT)  # a terminal sends Ctrl-C to all of its processes
        assert demo.wait(timeout=60) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGKILL)
        demo.stdout.close()
    assert address_line == f"Three Point is at http://127.0.0.1:{port}/  (Ctrl-C stops it)\n"
