"""`make demo`: a synthetic world is made, loaded, built, compared and shown on the site. Each command is shown too.

Where published data stands beside the repository (THREEPOINT_SHARED, else ../shared), it is loaded into the same store.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
THREEPOINT_EXECUTABLE = Path(sys.executable).with_name("threepoint")
AS_OF_DATE = "2026-10-01"  # the day that states are told for, so that the demo shows the same whenever it is run
SERVE_ARGUMENTS: tuple[str, ...] = ("serve",)
HEADING_BY_FORMAT = {
    "csv": "Write its tables for others, as CSV …",
    "parquet": "… as Parquet …",
    "ocds": "… and the notices as OCDS.",
}
TERMINAL_CONSOLE = Console(highlight=False, soft_wrap=True)


def print_text(words: str = "", style: str = "") -> None:
    TERMINAL_CONSOLE.print(Text(words, style=style))


def run_step(words: str, *arguments: str) -> None:
    """Says what comes, shows the command and runs it."""
    print_text(f"\n{words}", "bold")
    print_text(f"$ threepoint {shlex.join(arguments)}", "dim")
    subprocess.run([THREEPOINT_EXECUTABLE, *arguments], check=True)


def make_world(world: Path) -> list[str]:
    """Makes the synthetic world; the contracts in it that are worth comparing."""
    print_text("\nMake a synthetic world: 2,000 notices that no one published.", "bold")
    command = ["sample", str(world), "--releases", "2000", "--seed", "7", "--json"]
    print_text(f"$ threepoint {shlex.join(command)}", "dim")
    summary = json.loads(
        subprocess.run([THREEPOINT_EXECUTABLE, *command], check=True, capture_output=True, text=True).stdout
    )
    print_text(f"{summary['releases']:,} releases of {summary['processes']:,} processes. Nothing in it is real.")
    return list(summary["compare"])


def find_published_data() -> Path | None:
    """The folder of published data, where there is one."""
    folder = Path(os.environ.get("THREEPOINT_SHARED") or REPOSITORY_ROOT.parent / "shared") / "data"
    return folder if folder.is_dir() else None


def run_demo(folder: Path) -> None:
    """The whole demo, in its own folder."""
    world, store = folder / "world", folder / "store"
    os.environ["THREEPOINT_STORE"] = str(store)
    print_text(f"The demo keeps everything in {folder} and touches nothing else.")
    print_text(f"$ export THREEPOINT_STORE={shlex.quote(str(store))}", "dim")
    chosen = make_world(world)
    run_step("Load it: from files to history. Loading it again changes nothing.", "load", str(world / "releases.jsonl"))
    run_step(f"Build: one state of each process, as of {AS_OF_DATE}.", "build", "--as-of", AS_OF_DATE)
    run_step("What is in the store?", "status")
    run_step("Three contracts side by side, with a reason wherever they cannot be compared.", "compare", *chosen)
    real = find_published_data()
    if real:
        run_step("Published data is at hand: load it into the same store.", "load", str(real))
        run_step("Build again, now with both. Totals are kept apart by group.", "build", "--as-of", AS_OF_DATE)
        run_step("What is in the store now?", "status")
    publish_data(store / "published")
    _print_next_steps(store, chosen, real=bool(real))


def publish_data(folder: Path) -> None:
    """Writes the data out anew for others, where the site's page of downloads finds it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for form, said in HEADING_BY_FORMAT.items():
        run_step(said, "publish", form, str(folder / form))


def _print_next_steps(store: Path, chosen: list[str], *, real: bool) -> None:
    print_text("\nWhat next", "bold")
    print_text(f"  export PATH={shlex.quote(str(THREEPOINT_EXECUTABLE.parent))}:$PATH")
    print_text(f"  export THREEPOINT_STORE={shlex.quote(str(store.absolute()))}")
    print_text(f"  threepoint show {chosen[0]}")
    if real:
        print_text("  threepoint compare CO_0033_2122-Q1 DWP_0009_1112-Q1 HO_0016_1213-Q1")
    print_text("  threepoint load FILE-OR-FOLDER…   your own files; then threepoint build")
    print_text("Ten minutes, step by step: docs/tutorials/first-comparison.md")


def serve_store(folder: Path) -> None:
    """Shows the store on the site until it is stopped."""
    os.environ["THREEPOINT_SITE_DATA"] = str(folder / "site")
    print_text("\nThe same on the site, until you stop it with Ctrl-C. `make demo ONCE=1` ends here.", "bold")
    print_text("$ threepoint serve", "dim")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        subprocess.run([THREEPOINT_EXECUTABLE, *SERVE_ARGUMENTS], check=True)


def main() -> int:
    """Runs the demo in the folder named; a command that ends badly ends it, with what to do. ONCE=1 ends it before it serves."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".demo")
    try:
        run_demo(folder)
        if os.environ.get("ONCE") != "1":
            serve_store(folder)
    except subprocess.CalledProcessError as stopped:
        print_text(f"\nThe demo stopped: the last command ended with {stopped.returncode}.", "bold")
        print_text(f"If {folder} was made by an older version, remove it and run `make demo` again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
