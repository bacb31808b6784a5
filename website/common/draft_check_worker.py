"""Check one file in its own process: `python -m website.common.draft_check_worker FILE` prints the answer as JSON.

An upload may be malicious. So this process has limits on memory, processor time and file size, and the site itself never
parses the file.
"""

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threepoint.api import LoadResult

MAX_ADDRESS_SPACE_BYTES = 4_000_000_000  # DuckDB reserves far more addresses than it uses
MAX_CPU_SECONDS = 60
MAX_WRITTEN_FILE_BYTES = 300_000_000
MAX_REASON_CHARACTERS = 300


def main(path: str) -> None:
    """Print {"loaded": …, "draft": …}, or {"problem": text}."""
    _limit_resources()
    from threepoint import api
    from threepoint.errors import MemoryLimitError, UserError
    from threepoint.presentation.jsonable import make_jsonable

    try:
        result = api.check_draft(Path(path))
        answer: dict[str, Any] = {
            "loaded": _describe_loaded_file(result["loaded"], path),
            "draft": make_jsonable(result["draft"]),
        }
    except MemoryLimitError:  # its advice is for the site's operator, not for the sender
        sys.exit(1)
    except UserError as error:
        answer = {"problem": _shorten_reason(str(error), path)}
    sys.stdout.write(json.dumps(answer))


def _limit_resources() -> None:
    for limit, maximum in (
        (resource.RLIMIT_AS, MAX_ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, MAX_WRITTEN_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (maximum, maximum))
    # The soft limit sends SIGXCPU, which `draft_check` recognises; the hard limit kills the process in any case.
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 5))


def _describe_loaded_file(load_result: "LoadResult", path: str) -> dict[str, Any]:
    return {
        "skipped": load_result.skipped,
        "problems": [_shorten_reason(str(problem), path) for problem in load_result.problems],
        # Without the advice to ask the publisher: the publisher is the reader here.
        "quarantined": [
            {"reason": _shorten_reason(part.reason, path), "byte": part.byte} for part in load_result.quarantined[:20]
        ],
        "parts": load_result.parts,
    }


def _shorten_reason(reason: str, path: str) -> str:
    """Return a reason without the path of the temporary folder, cut to `MAX_REASON_CHARACTERS`."""
    reason = reason.replace(path, Path(path).name).removeprefix(f"{Path(path).name}: ")
    return reason if len(reason) <= MAX_REASON_CHARACTERS else f"{reason[:MAX_REASON_CHARACTERS]}…"


if __name__ == "__main__":
    main(sys.argv[1])
