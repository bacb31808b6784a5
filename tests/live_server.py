"""Run the site in its own process, with its own folder, on an address of this machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = (
    "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "THREEPOINT_SITE_LOCAL", "THREEPOINT_SITE_SECRET",
    "THREEPOINT_SITE_HOSTS",
)  # fmt: skip


def find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def make_environment(folder: Path, store: Path, **more: str) -> dict[str, str]:
    """Return an environment without settings of the site from the user or from other tests."""
    own = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return own | {"THREEPOINT_SITE_DATA": str(folder), "THREEPOINT_STORE": str(store)} | more


@contextlib.contextmanager
def run_site(arguments: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Yield the process once it listens; end it with SIGTERM. It logs to site.log in the folder of its data."""
    log = Path(environment["THREEPOINT_SITE_DATA"]) / "site.log"
    with log.open("w") as lines, subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=lines, text=True
    ) as process:  # fmt: skip
        try:
            first_line = process.stdout.readline()
            assert first_line.startswith("Three Point is at"), first_line + log.read_text()
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@contextlib.contextmanager
def serve_site(folder: Path, store: Path, **more: str) -> Iterator[str]:
    """Yield the address of a site that shows the store; `more` are settings for its environment."""
    port = find_free_port()
    arguments = ["-m", "website", "--port", str(port), "--workers", "1"]
    with run_site(arguments, make_environment(folder, store, **more)):
        yield f"http://127.0.0.1:{port}"
