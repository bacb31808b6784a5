"""A synthetic world of procurements with known truth: for the demo, tests and benchmarks. Nothing in it is real.

bodies → deals → story → steps → notices (before, award, contract, running) → stream → files

    releases(count, seed)     the notices as OCDS 1.1 releases with the UK extension, each one JSON object as bytes
    world(count, seed)        the same by process: its `releases`, and its `truth` to hold results against
    truth(count, seed)        the truths alone; `ledger.py` says what is in one
    write(out, count, seed)   releases.jsonl, truth.jsonl and README.md in a folder

The same seed gives the same bytes on every machine. It is a world in which the Procurement Act's notices have existed
since 2022, so that there is something to evaluate; every name and title in it ends with "(synthetic)".
"""

from threepoint.sample.output_files import SampleSummary, write_world
from threepoint.sample.release_stream import SampleProcess, generate_processes, generate_releases, generate_truths

__all__ = [
    "SampleProcess",
    "SampleSummary",
    "generate_processes",
    "generate_releases",
    "generate_truths",
    "write_world",
]
