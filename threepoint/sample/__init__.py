"""A synthetic world of procurements whose truth is known, for the demo, tests and benchmarks. Nothing in it is real.

organisations → lot outcomes → scenario → notice schedule → notices → release stream → output files

    generate_releases(count, seed)     the notices as OCDS 1.1 releases with the UK extension, each one JSON object as bytes
    generate_processes(count, seed)    the same notices by process: its `releases`, and the `truth` to compare results with
    generate_truths(count, seed)       the truths alone; `ground_truth.py` describes their fields
    write_world(out, count, seed)      releases.jsonl, truth.jsonl and README.md in a folder

The same seed gives the same bytes on every machine. In this world the Procurement Act's notices have existed since 2022,
so that there is something to evaluate. Every name and title ends with "(synthetic)".
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
