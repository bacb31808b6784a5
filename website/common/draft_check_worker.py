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
    from threepoint.api import LoadResult

MAX_ADDRESS_SPACE_BYTES = 4_000_000_000  # bytes of addresses, of which DuckDB uses far fewer than it reserves
MAX_CPU_SECONDS = 60  # of processor time
MAX_WRITTEN_FILE_BYTES = 300_000_000  # bytes of any file it writes
MAX_REASON_CHARACTERS = 300  # characters of a reason


def main(path: str) -> None:
    """Prints {"loaded": …, "draft": …}, or {"problem": words}."""
    _limit_resources()
    from threepoint import api
    from threepoint.errors import MemoryLimitError, UserError
    from threepoint.presentation.jsonable import make_jsonable

    try:
        found = api.check_draft(Path(path))
        told: dict[str, Any] = {
            "loaded": _describe_loaded_file(found["loaded"], path),
            "draft": make_jsonable(found["draft"]),
        }
    except MemoryLimitError:  # its advice is for the site's operator, not for the sender
        sys.exit(1)
    except UserError as why:
        told = {"problem": _shorten_reason(str(why), path)}
    sys.stdout.write(json.dumps(told))


def _limit_resources() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MAX_ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, MAX_WRITTEN_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    # The first limit ends it with a signal of its own (SIGXCPU), so that the reason can be told; the second ends it in any case.
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 5))


def _describe_loaded_file(done: "LoadResult", path: str) -> dict[str, Any]:
    return {
        "passed_over": done.passed_over,
        "problems": [_shorten_reason(str(why), path) for why in done.problems],
        # Without the advice to ask the publisher, who reads this.
        "quarantined": [
            {"reason": _shorten_reason(part.reason, path), "byte": part.byte} for part in done.quarantined[:20]
        ],
        "parts": done.parts,
    }


def _shorten_reason(words: str, path: str) -> str:
    """Words without the path of our own folder, and at no more than a reader's length."""
    words = words.replace(path, Path(path).name).removeprefix(f"{Path(path).name}: ")
    return words if len(words) <= MAX_REASON_CHARACTERS else f"{words[:MAX_REASON_CHARACTERS]}…"


if __name__ == "__main__":
    main(sys.argv[1])
