"""`python -m bench`: measures, keeps the results as JSON and writes the tables of bench/README.md from them."""

import argparse
import json

from bench import ingest, page


def main() -> None:
    """Measures what was asked for, or with --page only writes the tables anew."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--releases", type=int, default=100_000, help="size of the synthetic world (default 100,000)")
    asked.add_argument("--runs", type=int, default=3, help="runs of ours and of orjson; the median counts (default 3)")
    asked.add_argument("--ocdsmerge-runs", type=int, default=1, help="runs of ocdsmerge (default 1)")
    asked.add_argument("--page", action="store_true", help="measure nothing, write the tables from the results kept")
    given = asked.parse_args()
    if not given.page:
        found = ingest.measure(given.releases, given.runs, given.ocdsmerge_runs)
        ingest.RESULTS.mkdir(exist_ok=True)
        (ingest.RESULTS / f"{given.releases}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    page.write()
    print(f"written: {page.PAGE.relative_to(page.ROOT)}")


if __name__ == "__main__":
    main()
