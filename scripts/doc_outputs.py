"""Terminal output shown in the pages is what the commands print: this writes it anew, and a test compares.

A page shows commands in ```console blocks, each line that starts with `$ ` being a command and what follows its output.
`python -m scripts.doc_outputs` runs the commands of a page in order, in one empty folder, and writes what they printed. A
comment before a block says what else to know:

    <!-- 12 lines -->   show the first 12 lines of each output, and `…` for the rest
    <!-- exit 3 -->     the last command of the block ends with 3; any other must end with 0

A ```python or ```sql block with a ```text block right after it is run too, when the commands of its page have been: SQL by
DuckDB, its rows shown with a bar between the columns.
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
TERMINAL_COLUMNS = 110  # columns
AS_OF_DATE = "2026-10-01"  # the day that states are told for, so that pages do not change with the calendar
SNAPSHOT_NAME_PATTERN = re.compile(r"\d{8}T\d{6}Z")
EXAMPLE_SNAPSHOT_NAME = "20261001T120000Z"
BLOCK_NOTES_REGEX = r"(?:<!-- (?P<notes>(?:\d+ lines|exit \d+)(?:, exit \d+)?) -->\n)?"
CONSOLE_BLOCK_PATTERN = re.compile(BLOCK_NOTES_REGEX + r"```console\n(?P<body>.*?)```\n", re.DOTALL)
PROGRAM_BLOCK_PATTERN = re.compile(
    r"```(?P<language>python|sql)\n(?P<body>.*?)```\n\n```text\n(?P<said>.*?)```\n", re.DOTALL
)
RUN_QUERY_SCRIPT = """
import duckdb, sys
found = duckdb.sql(sys.stdin.read())
print(" | ".join(found.columns))
for row in found.fetchall():
    print(" | ".join("–" if value is None else str(value) for value in row))
"""
COMMAND_PATTERN = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n", re.MULTILINE)


class UnexpectedExitError(Exception):
    """A command of a page did not end as the page says."""


@dataclass(frozen=True)
class DocSession:
    """An empty folder in which the commands of one page are run, one after another."""

    folder: Path

    def run(self, command: str, **more: str) -> tuple[str, int]:
        """What a person would see in a terminal of WIDTH columns, and the exit code."""
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
        env = {"PATH": path, "PYTHONPATH": str(REPOSITORY_ROOT), "HOME": str(self.folder), "LANG": "C.UTF-8"}
        env |= {"COLUMNS": str(TERMINAL_COLUMNS), "TERM": "dumb"} | more
        together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run([BASH_PATH, "-c", command], cwd=self.folder, env=env, check=False, **together)
        return done.stdout, done.returncode

    def program(self, language: str, body: str) -> str:
        """What a program of a page prints; Drifted where it fails."""
        (self.folder / ".program").write_text(body, encoding="utf-8")
        (self.folder / ".query").write_text(RUN_QUERY_SCRIPT, encoding="utf-8")
        said, code = self.run("python .program" if language == "python" else "python .query < .program")
        if code:
            raise UnexpectedExitError(f"a block of {language} ended with {code}:\n{said}")
        return said


def load_published_data(session: DocSession) -> bool:
    """Loads the published data that stands beside the repository; False where there is none."""
    data = Path(os.environ.get("THREEPOINT_SHARED") or REPOSITORY_ROOT.parent / "shared") / "data"
    if not data.is_dir():
        return False
    session.run(f"threepoint load '{data}/ocds' '{data}/gmpp' && threepoint build --as-of {AS_OF_DATE}")
    return True


def leave_folder_empty(_session: DocSession) -> bool:
    """The page begins with an empty folder."""
    return True


# Each page with what must be there before its first command.
PREPARATION_BY_PAGE: dict[str, Callable[[DocSession], bool]] = {
    "README.md": load_published_data,
    "docs/tutorials/first-comparison.md": leave_folder_empty,
    "docs/how-to/load-your-own-files.md": leave_folder_empty,
    "docs/how-to/publish-as-ocds.md": leave_folder_empty,
    "docs/how-to/read-a-record.md": leave_folder_empty,
    "docs/how-to/read-the-output.md": leave_folder_empty,
}
COMPARE_PICTURE_PATH = "docs/tutorials/compare.svg"


def tidy_output(output: str, most: int | None = None) -> str:
    """Output as a page shows it: no spaces at the ends of lines, the snapshot's name always the same."""
    lines = [line.rstrip() for line in SNAPSHOT_NAME_PATTERN.sub(EXAMPLE_SNAPSHOT_NAME, output).splitlines()]
    shown = lines if most is None or len(lines) <= most else [*lines[:most], "…"]
    return "".join(f"{line}\n" for line in shown)


def run_block(body: str, notes: str, session: DocSession) -> str:
    """The body of a block, with the output that its commands have now."""
    most, expected = (re.search(pattern, notes) for pattern in (r"(\d+) lines", r"exit (\d+)"))
    commands, made = [found["command"] for found in COMMAND_PATTERN.finditer(body)], ""
    for number, command in enumerate(commands, 1):
        output, code = session.run(command)
        wanted = int(expected[1]) if expected and number == len(commands) else 0
        if code != wanted:
            raise UnexpectedExitError(f"`{command}` ended with {code}, not with {wanted}:\n{output}")
        made += f"$ {command}\n{tidy_output(output, int(most[1]) if most else None)}"
    return made


def refresh_page(page: str, session: DocSession) -> str | None:
    """The page with the output that its commands have now; None where what it needs is not there."""
    text = (REPOSITORY_ROOT / page).read_text(encoding="utf-8")
    if not PREPARATION_BY_PAGE[page](session):
        return None

    def anew(block: re.Match[str]) -> str:
        fresh = run_block(block["body"], block["notes"] or "", session)
        head, _, _ = block[0].partition("```console\n")
        return f"{head}```console\n{fresh}```\n"

    def rerun(found: re.Match[str]) -> str:
        fresh = tidy_output(session.program(found["language"], found["body"]))
        return f"```{found['language']}\n{found['body']}```\n\n```text\n{fresh}```\n"

    return PROGRAM_BLOCK_PATTERN.sub(rerun, CONSOLE_BLOCK_PATTERN.sub(anew, text))


def render_comparison(session: DocSession) -> str:
    """The comparison of the demo as a picture, from a folder in which the tutorial was run."""
    command = next(
        found["command"]
        for found in COMMAND_PATTERN.finditer(
            (REPOSITORY_ROOT / "docs/tutorials/first-comparison.md").read_text(encoding="utf-8")
        )
        if "threepoint compare" in found["command"]
    )
    output, code = session.run(command, FORCE_COLOR="1", TERM="xterm")
    if code:
        raise UnexpectedExitError(f"`{command}` ended with {code}")
    return render_svg(command, output, TERMINAL_COLUMNS)


def main() -> None:
    """Writes every page and the picture anew."""
    for page in PREPARATION_BY_PAGE:
        with tempfile.TemporaryDirectory() as folder:
            session = DocSession(Path(folder))
            text = refresh_page(page, session)
            if text is None:
                sys.stdout.write(f"left as it is, since the published data is not here: {page}\n")
                continue
            (REPOSITORY_ROOT / page).write_text(text, encoding="utf-8")
            if page.startswith("docs/tutorials"):
                (REPOSITORY_ROOT / COMPARE_PICTURE_PATH).write_text(render_comparison(session), encoding="utf-8")


if __name__ == "__main__":
    main()
