"""Fixtures that run commands with hostile input in this process."""

from collections.abc import Callable

import pytest

from tests.command_line import run_command
from threepoint import terminal


@pytest.fixture
def run_inside(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Run a command in this process without wrapping lines. An unexpected exception fails the test."""
    for console in (terminal.STDOUT_CONSOLE, terminal.STDERR_CONSOLE):
        monkeypatch.setattr(console, "width", 10_000)

    def run(*arguments: object) -> tuple[int, str]:
        code, out, err = run_command(capsys, *arguments)
        return code, out + err

    return run
