"""The site really running: its own process, its own folder, an address of this machine."""

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
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def make_environment(folder: Path, store: Path, **more: str) -> dict[str, str]:
    """What the site is told: nothing of the reader's own, and nothing of what other tests set."""
    own = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return own | {"THREEPOINT_SITE_DATA": str(folder), "THREEPOINT_STORE": str(store)} | more


@contextlib.contextmanager
def run_site(words: list[str], told: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process, from when it listens; ended with SIGTERM. Its log lines are in site.log in the folder of its data."""
    log = Path(told["THREEPOINT_SITE_DATA"]) / "site.log"
    with log.open("w") as lines, subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=lines, text=True
    ) as process:  # fmt: skip
        try:
            said = process.stdout.readline()
            assert said.startswith("Three Point is at"), said + log.read_text()
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@contextlib.contextmanager
def serve_site(folder: Path, store: Path, **more: str) -> Iterator[str]:
    """The address of a site that shows that store; `more` are settings for its environment."""
    port = find_free_port()
    words = ["-m", "website", "--port", str(port), "--workers", "1"]
    with run_site(words, make_environment(folder, store, **more)):
        yield f"http://127.0.0.1:{port}"
