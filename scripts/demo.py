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

ROOT = Path(__file__).resolve().parent.parent
THREEPOINT = Path(sys.executable).with_name("threepoint")
AS_OF = "2026-10-01"  # the day that states are told for, so that the demo shows the same whenever it is run
SERVE: tuple[str, ...] = ("serve",)
FORMS = {
    "csv": "Write its tables for others, as CSV …",
    "parquet": "… as Parquet …",
    "ocds": "… and the notices as OCDS.",
}
SCREEN = Console(highlight=False, soft_wrap=True)


def say(words: str = "", style: str = "") -> None:
    SCREEN.print(Text(words, style=style))


def step(words: str, *arguments: str) -> None:
    """Says what comes, shows the command and runs it."""
    say(f"\n{words}", "bold")
    say(f"$ threepoint {shlex.join(arguments)}", "dim")
    subprocess.run([THREEPOINT, *arguments], check=True)


def made(world: Path) -> list[str]:
    """Makes the synthetic world; the contracts in it that are worth comparing."""
    say("\nMake a synthetic world: 2,000 notices that no one published.", "bold")
    command = ["sample", str(world), "--releases", "2000", "--seed", "7", "--json"]
    say(f"$ threepoint {shlex.join(command)}", "dim")
    summary = json.loads(subprocess.run([THREEPOINT, *command], check=True, capture_output=True, text=True).stdout)
    say(f"{summary['releases']:,} releases of {summary['processes']:,} processes. Nothing in it is real.")
    return list(summary["compare"])


def published() -> Path | None:
    """The folder of published data, where there is one."""
    folder = Path(os.environ.get("THREEPOINT_SHARED") or ROOT.parent / "shared") / "data"
    return folder if folder.is_dir() else None


def demo(folder: Path) -> None:
    """The whole demo, in its own folder."""
    world, store = folder / "world", folder / "store"
    os.environ["THREEPOINT_STORE"] = str(store)
    say(f"The demo keeps everything in {folder} and touches nothing else.")
    say(f"$ export THREEPOINT_STORE={shlex.quote(str(store))}", "dim")
    chosen = made(world)
    step("Load it: from files to history. Loading it again changes nothing.", "load", str(world / "releases.jsonl"))
    step(f"Build: one state of each process, as of {AS_OF}.", "build", "--as-of", AS_OF)
    step("What is in the store?", "status")
    step("Three contracts side by side, with a reason wherever they cannot be compared.", "compare", *chosen)
    real = published()
    if real:
        step("Published data is at hand: load it into the same store.", "load", str(real))
        step("Build again, now with both. Totals are kept apart by group.", "build", "--as-of", AS_OF)
        step("What is in the store now?", "status")
    publish(store / "published")
    _next(store, chosen, real=bool(real))


def publish(folder: Path) -> None:
    """Writes the data out anew for others, where the site's page of downloads finds it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for form, said in FORMS.items():
        step(said, "publish", form, str(folder / form))


def _next(store: Path, chosen: list[str], *, real: bool) -> None:
    say("\nWhat next", "bold")
    say(f"  export PATH={shlex.quote(str(THREEPOINT.parent))}:$PATH")
    say(f"  export THREEPOINT_STORE={shlex.quote(str(store.absolute()))}")
    say(f"  threepoint show {chosen[0]}")
    if real:
        say("  threepoint compare CO_0033_2122-Q1 DWP_0009_1112-Q1 HO_0016_1213-Q1")
    say("  threepoint load FILE-OR-FOLDER…   your own files; then threepoint build")
    say("Ten minutes, step by step: docs/tutorials/first-comparison.md")


def serve(folder: Path) -> None:
    """Shows the store on the site until it is stopped."""
    os.environ["THREEPOINT_SITE_DATA"] = str(folder / "site")
    say("\nThe same on the site, until you stop it with Ctrl-C. `make demo ONCE=1` ends here.", "bold")
    say("$ threepoint serve", "dim")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        subprocess.run([THREEPOINT, *SERVE], check=True)


def main() -> int:
    """Runs the demo in the folder named; a command that ends badly ends it, with what to do. ONCE=1 ends it before it serves."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".demo")
    try:
        demo(folder)
        if os.environ.get("ONCE") != "1":
            serve(folder)
    except subprocess.CalledProcessError as stopped:
        say(f"\nThe demo stopped: the last command ended with {stopped.returncode}.", "bold")
        say(f"If {folder} was made by an older version, remove it and run `make demo` again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
