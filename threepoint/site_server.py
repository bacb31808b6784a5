"""Run the site as a separate process. This module imports nothing from the site."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

from threepoint.errors import UserError

# Modules of the packages in requirements/site.in.
REQUIRED_MODULES = ("django", "environ", "csp", "whitenoise", "gunicorn")


class SiteStartError(UserError):
    """The site cannot be started."""


def serve_store(store: Path | None, host: str, port: int, workers: int) -> int:
    """Serve until the site ends or a signal stops it. Return its exit code."""
    check_may_serve(host, port)
    # -P ignores a folder called website in the current folder, which may belong to another project.
    command = [sys.executable, "-P", "-m", "website", "--host", host, "--port", str(port), "--workers", str(workers)]
    variables = {"THREEPOINT_STORE": str(store)} if store else {}
    return _run_site(command, os.environ | variables)


def check_may_serve(host: str, port: int) -> None:
    """Raise SiteStartError if a package is missing or the address cannot be used."""
    missing = [name for name in ("website", *REQUIRED_MODULES) if importlib.util.find_spec(name) is None]
    if missing:
        raise SiteStartError(
            f"the site is not installed: {', '.join(missing)} not found. "
            'Install it with: pip install "threepoint[site]", or make setup in a copy of the repository.'
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as test_socket:
        test_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test_socket.bind((host, port))
        except OSError as error:
            raise SiteStartError(
                f"cannot listen on {host} port {port} ({error.strerror}); choose another port with --port"
            ) from None


def _run_site(command: list[str], environment: dict[str, str]) -> int:
    """Run the site to its end. Forward signals to stop, so that no process of the site outlives this one."""
    with subprocess.Popen(command, env=environment) as child:

        def forward_signal(number: int, _frame: FrameType | None) -> None:
            child.send_signal(number)

        previous_handlers = {
            number: signal.signal(number, forward_signal) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        try:
            return child.wait()
        finally:
            for number, handler in previous_handlers.items():
                signal.signal(number, handler)
