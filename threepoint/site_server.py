"""Starts the site as a process of its own and waits for it. Nothing of the site is imported here."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

from threepoint.errors import UserError

REQUIRED_MODULES = (
    "django",
    "environ",
    "csp",
    "whitenoise",
    "gunicorn",
)  # what requirements/site.in brings, by what is imported


class SiteStartError(UserError):
    """The site could not be started."""


def serve_store(store: Path | None, host: str, port: int, workers: int) -> int:
    """Serve until the site ends or a signal ends it; the exit code is the site's own."""
    check_may_serve(host, port)
    # -P: a folder called website where the command happens to be given is not ours.
    words = [sys.executable, "-P", "-m", "website", "--host", host, "--port", str(port), "--workers", str(workers)]
    names = {"THREEPOINT_STORE": str(store)} if store else {}
    return _run_site(words, os.environ | names)


def check_may_serve(host: str, port: int) -> None:
    """Say what is missing or in the way, and what to do about it, before anything is started."""
    missing = [name for name in ("website", *REQUIRED_MODULES) if importlib.util.find_spec(name) is None]
    if missing:
        raise SiteStartError(
            f"the site is not installed here ({', '.join(missing)} not found). "
            'Install it with: pip install "threepoint[site]", or make setup in a copy of the repository.'
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise SiteStartError(
                f"cannot listen on {host} port {port} ({error.strerror}); choose with --port"
            ) from None


def _run_site(words: list[str], environment: dict[str, str]) -> int:
    """Run to the end, handing on what asks us to stop, so that no process of the site outlives this one."""
    with subprocess.Popen(words, env=environment) as child:

        def hand_on(number: int, _frame: FrameType | None) -> None:
            child.send_signal(number)

        before = {number: signal.signal(number, hand_on) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        try:
            return child.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
