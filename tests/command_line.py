"""Helper that runs the command line in this process."""

import sys

import pytest

from threepoint import cli


def run_command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run `threepoint` with these arguments; return its exit code, output and error stream."""
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["threepoint", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as error:
            code = error.code or 0
    return code, *capsys.readouterr()
