"""`make demo`: make, load, build and compare a synthetic world, and show it on the site. Each command is printed before it runs.

Published data in the folder THREEPOINT_SHARED (by default ../shared) is loaded into the same store.
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
AS_OF_DATE = "2026-10-01"  # fixed, so that the demo shows the same on every day
SERVE_ARGUMENTS: tuple[str, ...] = ("serve",)
HEADING_BY_FORMAT = {
    "csv": "Publish its tables as CSV …",
    "parquet": "… and as Parquet …",
    "ocds": "… and publish the notices as OCDS.",
}
TERMINAL_CONSOLE = Console(highlight=False, soft_wrap=True)


def print_text(text: str = "", style: str = "") -> None:
    TERMINAL_CONSOLE.print(Text(text, style=style))


def run_step(heading: str, *arguments: str) -> None:
    """Print the heading and the command, and run the command."""
    print_text(f"\n{heading}", "bold")
    print_text(f"$ threepoint {shlex.join(arguments)}", "dim")
    subprocess.run([THREEPOINT_EXECUTABLE, *arguments], check=True)


def make_world(world: Path) -> list[str]:
    """Make the synthetic world, and return the ids of its contracts to compare."""
    print_text("\nMake a synthetic world of 2,000 notices.", "bold")
    command = ["sample", str(world), "--releases", "2000", "--seed", "7", "--json"]
    print_text(f"$ threepoint {shlex.join(command)}", "dim")
    summary = json.loads(
        subprocess.run([THREEPOINT_EXECUTABLE, *command], check=True, capture_output=True, text=True).stdout
    )
    print_text(f"{summary['releases']:,} releases of {summary['processes']:,} processes. Nothing in it is real.")
    return list(summary["compare"])


def find_published_data() -> Path | None:
    """Return the folder of published data, or None if there is none."""
    folder = Path(os.environ.get("THREEPOINT_SHARED") or REPOSITORY_ROOT.parent / "shared") / "data"
    return folder if folder.is_dir() else None


def run_demo(folder: Path) -> None:
    """Run the demo in the folder, up to the site."""
    world, store = folder / "world", folder / "store"
    os.environ["THREEPOINT_STORE"] = str(store)
    print_text(f"The demo writes only to the folder {folder}.")
    print_text(f"$ export THREEPOINT_STORE={shlex.quote(str(store))}", "dim")
    contract_ids = make_world(world)
    run_step("Load it into a store. Loading it again changes nothing.", "load", str(world / "releases.jsonl"))
    run_step(f"Build one state of each process, as of {AS_OF_DATE}.", "build", "--as-of", AS_OF_DATE)
    run_step("See what is in the store.", "status")
    run_step("Compare three contracts. Each gap has a reason.", "compare", *contract_ids)
    published_data = find_published_data()
    if published_data:
        run_step("Load the published data into the same store.", "load", str(published_data))
        run_step("Build again with both. Each group has its own totals.", "build", "--as-of", AS_OF_DATE)
        run_step("See what is in the store now.", "status")
    publish_data(store / "published")
    _print_next_steps(store, contract_ids, has_published_data=bool(published_data))


def publish_data(folder: Path) -> None:
    """Publish the data again in the folder that the site's download page reads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for format_name, heading in HEADING_BY_FORMAT.items():
        run_step(heading, "publish", format_name, str(folder / format_name))


def _print_next_steps(store: Path, contract_ids: list[str], *, has_published_data: bool) -> None:
    print_text("\nWhat next", "bold")
    print_text(f"  export PATH={shlex.quote(str(THREEPOINT_EXECUTABLE.parent))}:$PATH")
    print_text(f"  export THREEPOINT_STORE={shlex.quote(str(store.absolute()))}")
    print_text(f"  threepoint show {contract_ids[0]}")
    if has_published_data:
        print_text("  threepoint compare CO_0033_2122-Q1 DWP_0009_1112-Q1 HO_0016_1213-Q1")
    print_text("  threepoint load FILE-OR-FOLDER…   load your own files; then run threepoint build")
    print_text("Follow the ten-minute tutorial: docs/tutorials/first-comparison.md")


def serve_store(folder: Path) -> None:
    """Serve the store on the site until Ctrl-C."""
    os.environ["THREEPOINT_SITE_DATA"] = str(folder / "site")
    print_text("\nSee the same on the site. Press Ctrl-C to stop it. `make demo ONCE=1` ends here.", "bold")
    print_text("$ threepoint serve", "dim")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        subprocess.run([THREEPOINT_EXECUTABLE, *SERVE_ARGUMENTS], check=True)


def main() -> int:
    """Run the demo in the given folder. A command that fails ends it with advice. ONCE=1 ends it before the site."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".demo")
    try:
        run_demo(folder)
        if os.environ.get("ONCE") != "1":
            serve_store(folder)
    except subprocess.CalledProcessError as error:
        print_text(f"\nThe demo stopped: the last command ended with exit code {error.returncode}.", "bold")
        print_text(f"If an older version made {folder}, remove it and run `make demo` again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
