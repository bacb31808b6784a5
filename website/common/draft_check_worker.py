"""Checks one file, in a process of its own: `python -m website.common.draft_check_worker FILE` prints the answer as JSON.

What someone uploads may be made to do harm. So this process is held to a memory, a time and a size of files, and ends; the
site reads no more of the file than its length.
"""

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threepoint.api import Loaded

MEMORY = 4_000_000_000  # bytes of addresses, of which DuckDB uses far fewer than it reserves
SECONDS = 60  # of processor time
LARGEST = 300_000_000  # bytes of any file it writes
MOST_TEXT = 300  # characters of a reason


def main(path: str) -> None:
    """Prints {"loaded": …, "draft": …}, or {"problem": words}."""
    _hold()
    from threepoint import api
    from threepoint.errors import Problem, TooLittleMemory
    from threepoint.presentation.jsonable import plain

    try:
        found = api.check_draft(Path(path))
        told: dict[str, Any] = {"loaded": _loaded(found["loaded"], path), "draft": plain(found["draft"])}
    except TooLittleMemory:  # its advice is for the site's operator, not for the sender
        sys.exit(1)
    except Problem as why:
        told = {"problem": _short(str(why), path)}
    sys.stdout.write(json.dumps(told))


def _hold() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    # The first limit ends it with a signal of its own (SIGXCPU), so that the reason can be told; the second ends it in any case.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def _loaded(done: "Loaded", path: str) -> dict[str, Any]:
    return {
        "passed_over": done.passed_over,
        "problems": [_short(str(why), path) for why in done.problems],
        # Without the advice to ask the publisher, who reads this.
        "quarantined": [{"reason": _short(part.reason, path), "byte": part.byte} for part in done.quarantined[:20]],
        "parts": done.parts,
    }


def _short(words: str, path: str) -> str:
    """Words without the path of our own folder, and at no more than a reader's length."""
    words = words.replace(path, Path(path).name).removeprefix(f"{Path(path).name}: ")
    return words if len(words) <= MOST_TEXT else f"{words[:MOST_TEXT]}…"


if __name__ == "__main__":
    main(sys.argv[1])
