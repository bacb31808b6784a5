"""Output files of a world, written under a temporary name and then renamed, so that no file is ever incomplete."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from threepoint.errors import UserError
from threepoint.sample.release_stream import generate_windows, sort_releases
from threepoint.sample.scenario import format_ocid
from threepoint.sample.staged_processes import STAGING_BY_PROCESS_NUMBER

RELEASES_FILE_NAME, TRUTH_FILE_NAME, README_FILE_NAME = "releases.jsonl", "truth.jsonl", "README.md"

README_TEMPLATE = """# A synthetic world

**Nothing here is real.** Every buyer, supplier, contract, value and date in this folder was invented by a program.
Names and titles end with "(synthetic)", ocids begin with `ocds-sample-`, company numbers with 99 or OC099 and platform
numbers with SYNT, none of which was ever issued, and addresses lead to `example.invalid`.

- `releases.jsonl`: {releases} OCDS 1.1 releases with the UK extension, of {processes} processes, one a line, in
  windows of some hundreds of processes ordered by date.
- `truth.jsonl`: what is true of each process, one a line: who bought what from whom, how value and end changed, which
  fields were withheld, left out or given wrongly on purpose, and what they ought to have been. Not a publication:
  `threepoint load` passes it over.

It is a world in which the notices of the Procurement Act 2023 (UK1 to UK12) have existed since January 2022, so that
there are ratings, changes and endings to evaluate. Its codes for grounds of change and reasons of ending are invented.

Made with seed {seed}. The same seed and number of releases give the same files, byte for byte.
"""


@dataclass(frozen=True)
class SampleSummary:
    """Counts of the world: `size` is the bytes of releases.jsonl; `withheld`, `missing` and `wrong` count planted flaws.

    `compare` has up to three contract ids to compare: one that grew, slipped and was rated; one whose value is
    withheld; one with no later notices, and with gross amounts that do not match its net amounts.
    """

    seed: int
    releases: int
    processes: int
    contracts: int
    size: int
    changes: int
    ratings: int
    withheld: int
    missing: int
    wrong: int
    compare: tuple[str, ...]

    @property
    def ocids(self) -> tuple[str, ...]:
        """Return the ocids of the contracts in `compare`."""
        return tuple(contract_id.partition("/")[0] for contract_id in self.compare)


def write_world(out: Path, releases: int, seed: int, progress: Callable[[int], None] | None = None) -> SampleSummary:
    """Write a world of exactly `releases` releases to the folder `out`. Create the folder, or replace the world in it.

    Call `progress` with the number of releases written so far, a few times a second.
    """
    if releases < 1 or seed < 0:
        raise UserError("give 1 or more releases, and a seed of 0 or more")
    out.mkdir(parents=True, exist_ok=True)
    staged = {format_ocid(seed, number) for number in STAGING_BY_PROCESS_NUMBER}
    counts, compare = Counter(dict.fromkeys(COUNT_NAMES, 0)), []
    with (
        open_atomic_file(out, RELEASES_FILE_NAME) as release_file,
        open_atomic_file(out, TRUTH_FILE_NAME) as truth_file,
        open_atomic_file(out, README_FILE_NAME) as readme,
    ):
        for window in generate_windows(releases, seed):
            counts["size"] += release_file.write(join_lines(sort_releases(window)))
            truths = [process.truth for process in window]
            truth_file.write(join_lines(map(msgspec.json.encode, truths)))
            for truth in truths:
                counts.update(count_truth(truth))
            compare += [
                contract["id"] for truth in truths if truth["ocid"] in staged for contract in truth["contracts"]
            ]
            if progress:
                progress(counts["releases"])
        readme.write(README_TEMPLATE.format(seed=seed, **counts).encode())
    return SampleSummary(seed=seed, compare=tuple(compare), **counts)


@contextmanager
def open_atomic_file(out: Path, name: str) -> Iterator[BinaryIO]:
    """Open a temporary file that takes its final name when it is complete."""
    part = out / f"{name}.part"
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out / name)
    finally:
        part.unlink(missing_ok=True)


def join_lines(objects: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in objects)


COUNT_NAMES = ("releases", "processes", "contracts", "size", "changes", "ratings", "withheld", "missing", "wrong")


def count_truth(truth: dict[str, Any]) -> dict[str, int]:
    contracts = truth["contracts"]
    return {
        "releases": truth["releases"],
        "processes": 1,
        "contracts": len(contracts),
        "changes": sum(len(contract["changes"]) for contract in contracts),
        "ratings": sum(sum(contract["ratings"].values()) for contract in contracts),
        "withheld": len(truth["withheld"]),
        "missing": len(truth["missing"]),
        "wrong": len(truth["wrong"]),
    }
