"""Update the terminal output shown in documentation pages. A test checks that it is up to date.

A page shows commands in ```console blocks: a line that starts with `$ ` is a command, and its output follows.
`python -m scripts.doc_outputs` runs the commands of a page in order, in one empty folder, and writes their output to the
page. A comment before a block gives options:

    <!-- 12 lines -->   show the first 12 lines of each output, and `…` for the rest
    <!-- exit 3 -->     the last command of the block ends with 3; any other must end with 0

A ```python or ```sql block followed directly by a ```text block runs too, after the commands of its page. DuckDB runs the
SQL, and its rows are shown with a bar between the columns.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.terminal_picture import render_svg

REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
BASH_PATH = shutil.which("bash") or "/bin/bash"
TERMINAL_COLUMNS = 110
AS_OF_DATE = "2026-10-01"  # fixed, so that pages do not change from day to day
SNAPSHOT_NAME_PATTERN = re.compile(r"\d{8}T\d{6}Z")
EXAMPLE_SNAPSHOT_NAME = "20261001T120000Z"
BLOCK_NOTES_REGEX = r"(?:<!-- (?P<notes>(?:\d+ lines|exit \d+)(?:, exit \d+)?) -->\n)?"
CONSOLE_BLOCK_PATTERN = re.compile(BLOCK_NOTES_REGEX + r"```console\n(?P<body>.*?)```\n", re.DOTALL)
PROGRAM_BLOCK_PATTERN = re.compile(
    r"```(?P<language>python|sql)\n(?P<body>.*?)```\n\n```text\n(?P<output>.*?)```\n", re.DOTALL
)
RUN_QUERY_SCRIPT = """
import duckdb, sys
result = duckdb.sql(sys.stdin.read())
print(" | ".join(result.columns))
for row in result.fetchall():
    print(" | ".join("–" if value is None else str(value) for value in row))
"""
COMMAND_PATTERN = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n", re.MULTILINE)


class UnexpectedExitError(Exception):
    """A command of a page ended with another exit code than the page says."""


@dataclass(frozen=True)
class DocSession:
    """A folder, empty at first, in which the commands of one page run in order."""

    folder: Path

    def run(self, command: str, **variables: str) -> tuple[str, int]:
        """Return the output in a terminal of TERMINAL_COLUMNS columns, and the exit code."""
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
        env = {"PATH": path, "PYTHONPATH": str(REPOSITORY_ROOT), "HOME": str(self.folder), "LANG": "C.UTF-8"}
        env |= {"COLUMNS": str(TERMINAL_COLUMNS), "TERM": "dumb"} | variables
        capture = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        completed = subprocess.run([BASH_PATH, "-c", command], cwd=self.folder, env=env, check=False, **capture)
        return completed.stdout, completed.returncode

    def program(self, language: str, body: str) -> str:
        """Return the output of a Python or SQL block. Raise UnexpectedExitError if it fails."""
        (self.folder / ".program").write_text(body, encoding="utf-8")
        (self.folder / ".query").write_text(RUN_QUERY_SCRIPT, encoding="utf-8")
        output, code = self.run("python .program" if language == "python" else "python .query < .program")
        if code:
            raise UnexpectedExitError(f"a block of {language} ended with {code}:\n{output}")
        return output


def load_published_data(session: DocSession) -> bool:
    """Load the published data from THREEPOINT_SHARED or ../shared. Return False if there is none."""
    data = Path(os.environ.get("THREEPOINT_SHARED") or REPOSITORY_ROOT.parent / "shared") / "data"
    if not data.is_dir():
        return False
    session.run(f"threepoint load '{data}/ocds' '{data}/gmpp' && threepoint build --as-of {AS_OF_DATE}")
    return True


def leave_folder_empty(_session: DocSession) -> bool:
    return True


# Each page with the step that prepares its folder.
PREPARATION_BY_PAGE: dict[str, Callable[[DocSession], bool]] = {
    "README.md": load_published_data,
    "docs/tutorials/first-comparison.md": leave_folder_empty,
    "docs/how-to/load-your-own-files.md": leave_folder_empty,
    "docs/how-to/publish-as-ocds.md": leave_folder_empty,
    "docs/how-to/read-a-record.md": leave_folder_empty,
    "docs/how-to/read-the-output.md": leave_folder_empty,
}
COMPARE_PICTURE_PATH = "docs/tutorials/compare.svg"


def tidy_output(output: str, max_lines: int | None = None) -> str:
    """Return output as a page shows it: without trailing spaces, and with a fixed snapshot name."""
    lines = [line.rstrip() for line in SNAPSHOT_NAME_PATTERN.sub(EXAMPLE_SNAPSHOT_NAME, output).splitlines()]
    shown = lines if max_lines is None or len(lines) <= max_lines else [*lines[:max_lines], "…"]
    return "".join(f"{line}\n" for line in shown)


def run_block(body: str, notes: str, session: DocSession) -> str:
    """Run the commands of a block and return its body with their current output."""
    line_limit, exit_note = (re.search(pattern, notes) for pattern in (r"(\d+) lines", r"exit (\d+)"))
    commands, fresh_body = [match["command"] for match in COMMAND_PATTERN.finditer(body)], ""
    for number, command in enumerate(commands, 1):
        output, code = session.run(command)
        expected_code = int(exit_note[1]) if exit_note and number == len(commands) else 0
        if code != expected_code:
            raise UnexpectedExitError(f"`{command}` ended with {code}, not with {expected_code}:\n{output}")
        fresh_body += f"$ {command}\n{tidy_output(output, int(line_limit[1]) if line_limit else None)}"
    return fresh_body


def refresh_page(page: str, session: DocSession) -> str | None:
    """Return the page with the current output of its commands, or None if the data it needs is missing."""
    text = (REPOSITORY_ROOT / page).read_text(encoding="utf-8")
    if not PREPARATION_BY_PAGE[page](session):
        return None

    def refresh_console_block(block: re.Match[str]) -> str:
        fresh = run_block(block["body"], block["notes"] or "", session)
        head, _, _ = block[0].partition("```console\n")
        return f"{head}```console\n{fresh}```\n"

    def refresh_program_block(block: re.Match[str]) -> str:
        fresh = tidy_output(session.program(block["language"], block["body"]))
        return f"```{block['language']}\n{block['body']}```\n\n```text\n{fresh}```\n"

    return PROGRAM_BLOCK_PATTERN.sub(refresh_program_block, CONSOLE_BLOCK_PATTERN.sub(refresh_console_block, text))


def render_comparison(session: DocSession) -> str:
    """Return the tutorial's comparison as an SVG picture, from a folder in which the tutorial has run."""
    tutorial = (REPOSITORY_ROOT / "docs/tutorials/first-comparison.md").read_text(encoding="utf-8")
    commands = (match["command"] for match in COMMAND_PATTERN.finditer(tutorial))
    command = next(command for command in commands if "threepoint compare" in command)
    output, code = session.run(command, FORCE_COLOR="1", TERM="xterm")
    if code:
        raise UnexpectedExitError(f"`{command}` ended with {code}")
    return render_svg(command, output, TERMINAL_COLUMNS)


def main() -> None:
    """Update every page and the picture."""
    for page in PREPARATION_BY_PAGE:
        with tempfile.TemporaryDirectory() as folder:
            session = DocSession(Path(folder))
            text = refresh_page(page, session)
            if text is None:
                sys.stdout.write(f"skipped {page}: published data not found\n")
                continue
            (REPOSITORY_ROOT / page).write_text(text, encoding="utf-8")
            if page.startswith("docs/tutorials"):
                (REPOSITORY_ROOT / COMPARE_PICTURE_PATH).write_text(render_comparison(session), encoding="utf-8")


if __name__ == "__main__":
    main()
