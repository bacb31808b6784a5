"""`python -m bench`: measures, keeps the results as JSON and writes bench/README.md and its charts from them."""

import argparse
import json

from bench import ingest


def main() -> None:
    """Measures what was asked for, or with --page only writes the page anew."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--releases", type=int, default=100_000, help="size of the synthetic world (default 100,000)")
    asked.add_argument("--runs", type=int, help="runs of ours; the median counts (default 3; 1 above 300,000 releases)")
    asked.add_argument("--peer-runs", type=int, help="runs with slow peers in them (default 1; all up to 10,000)")
    asked.add_argument("--everything", action="store_true", help="leave nobody out, however large the world")
    asked.add_argument("--page", action="store_true", help="measure nothing, write the page from the results kept")
    given = asked.parse_args()
    if not given.page:
        found = ingest.measure(given.releases, given.runs, given.peer_runs, everything=given.everything)
        ingest.RESULTS.mkdir(exist_ok=True)
        (ingest.RESULTS / f"{given.releases}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

    from bench import page  # only now: what this process holds counts as memory of the commands that it starts

    page.write()
    print(f"written: {page.PAGE.relative_to(page.ROOT)}")


if __name__ == "__main__":
    main()
