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

from scripts.terminal_picture import picture

ROOT = Path(__file__).resolve().parent.parent
BASH = shutil.which("bash") or "/bin/bash"
WIDTH = 110  # columns
AS_OF = "2026-10-01"  # the day that states are told for, so that pages do not change with the calendar
SNAPSHOT = re.compile(r"\d{8}T\d{6}Z")
SOME_SNAPSHOT = "20261001T120000Z"
NOTES = r"(?:<!-- (?P<notes>(?:\d+ lines|exit \d+)(?:, exit \d+)?) -->\n)?"
BLOCK = re.compile(NOTES + r"```console\n(?P<body>.*?)```\n", re.DOTALL)
PROGRAM = re.compile(r"```(?P<language>python|sql)\n(?P<body>.*?)```\n\n```text\n(?P<said>.*?)```\n", re.DOTALL)
QUERY = """
import duckdb, sys
found = duckdb.sql(sys.stdin.read())
print(" | ".join(found.columns))
for row in found.fetchall():
    print(" | ".join("–" if value is None else str(value) for value in row))
"""
COMMAND = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n", re.MULTILINE)


class Drifted(Exception):
    """A command of a page did not end as the page says."""


@dataclass(frozen=True)
class Session:
    """An empty folder in which the commands of one page are run, one after another."""

    folder: Path

    def run(self, command: str, **more: str) -> tuple[str, int]:
        """What a person would see in a terminal of WIDTH columns, and the exit code."""
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
        env = {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(self.folder), "LANG": "C.UTF-8"}
        env |= {"COLUMNS": str(WIDTH), "TERM": "dumb"} | more
        together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run([BASH, "-c", command], cwd=self.folder, env=env, check=False, **together)
        return done.stdout, done.returncode

    def program(self, language: str, body: str) -> str:
        """What a program of a page prints; Drifted where it fails."""
        (self.folder / ".program").write_text(body, encoding="utf-8")
        (self.folder / ".query").write_text(QUERY, encoding="utf-8")
        said, code = self.run("python .program" if language == "python" else "python .query < .program")
        if code:
            raise Drifted(f"a block of {language} ended with {code}:\n{said}")
        return said


def published(session: Session) -> bool:
    """Loads the published data that stands beside the repository; False where there is none."""
    data = Path(os.environ.get("THREEPOINT_SHARED") or ROOT.parent / "shared") / "data"
    if not data.is_dir():
        return False
    session.run(f"threepoint load '{data}/ocds' '{data}/gmpp' && threepoint build --as-of {AS_OF}")
    return True


def nothing(_session: Session) -> bool:
    """The page begins with an empty folder."""
    return True


# Each page with what must be there before its first command.
PAGES: dict[str, Callable[[Session], bool]] = {
    "README.md": published,
    "docs/tutorials/first-comparison.md": nothing,
    "docs/how-to/load-your-own-files.md": nothing,
    "docs/how-to/publish-as-ocds.md": nothing,
    "docs/how-to/read-a-record.md": nothing,
    "docs/how-to/read-the-output.md": nothing,
}
PICTURE = "docs/tutorials/compare.svg"


def tidy(output: str, most: int | None = None) -> str:
    """Output as a page shows it: no spaces at the ends of lines, the snapshot's name always the same."""
    lines = [line.rstrip() for line in SNAPSHOT.sub(SOME_SNAPSHOT, output).splitlines()]
    shown = lines if most is None or len(lines) <= most else [*lines[:most], "…"]
    return "".join(f"{line}\n" for line in shown)


def ran(body: str, notes: str, session: Session) -> str:
    """The body of a block, with the output that its commands have now."""
    most, expected = (re.search(pattern, notes) for pattern in (r"(\d+) lines", r"exit (\d+)"))
    commands, made = [found["command"] for found in COMMAND.finditer(body)], ""
    for number, command in enumerate(commands, 1):
        output, code = session.run(command)
        wanted = int(expected[1]) if expected and number == len(commands) else 0
        if code != wanted:
            raise Drifted(f"`{command}` ended with {code}, not with {wanted}:\n{output}")
        made += f"$ {command}\n{tidy(output, int(most[1]) if most else None)}"
    return made


def renewed(page: str, session: Session) -> str | None:
    """The page with the output that its commands have now; None where what it needs is not there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if not PAGES[page](session):
        return None

    def anew(block: re.Match[str]) -> str:
        fresh = ran(block["body"], block["notes"] or "", session)
        head, _, _ = block[0].partition("```console\n")
        return f"{head}```console\n{fresh}```\n"

    def rerun(found: re.Match[str]) -> str:
        fresh = tidy(session.program(found["language"], found["body"]))
        return f"```{found['language']}\n{found['body']}```\n\n```text\n{fresh}```\n"

    return PROGRAM.sub(rerun, BLOCK.sub(anew, text))


def pictured(session: Session) -> str:
    """The comparison of the demo as a picture, from a folder in which the tutorial was run."""
    command = next(
        found["command"]
        for found in COMMAND.finditer((ROOT / "docs/tutorials/first-comparison.md").read_text(encoding="utf-8"))
        if "threepoint compare" in found["command"]
    )
    output, code = session.run(command, FORCE_COLOR="1", TERM="xterm")
    if code:
        raise Drifted(f"`{command}` ended with {code}")
    return picture(command, output, WIDTH)


def main() -> None:
    """Writes every page and the picture anew."""
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            session = Session(Path(folder))
            text = renewed(page, session)
            if text is None:
                sys.stdout.write(f"left as it is, since the published data is not here: {page}\n")
                continue
            (ROOT / page).write_text(text, encoding="utf-8")
            if page.startswith("docs/tutorials"):
                (ROOT / PICTURE).write_text(pictured(session), encoding="utf-8")


if __name__ == "__main__":
    main()
