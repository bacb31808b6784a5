"""Benchmark of the site and Datasette on the same contracts in one run: `python -m bench.site_load --releases 100000`.

Both show one synthetic world: the site a snapshot, Datasette a SQLite file of its tables, with indexes on the filtered columns.
Each is served by two processes. Eight readers request each page continuously, mostly a different record each time. Requests at
a steady pace then give the waiting times. The cost of a request is the CPU time of the servers only.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlencode

import duckdb
import psutil

from bench.load_and_build import OUTPUT_FOLDER, WORLD_SEED, describe_machine, get_today
from bench.process_cost import REPOSITORY_ROOT, make_threepoint_command, measure_command

SITE_RESULTS_FOLDER = REPOSITORY_ROOT / "bench" / "results" / "web"
SERVER_PROCESS_COUNT = 2
REPEATED_PAGE_COUNT = 100
READER_COUNT = 8  # enough to keep every server process busy
STEADY_REQUESTS_PER_SECOND = 20
KEY_COLUMN_BY_TABLE = {
    "contract": "contract_id",
    "contracting_process": "ocid",
    "organisation": "org_id",
    "award": "award_id",
}
INDEXED_COLUMNS_BY_TABLE = {
    "contract": ("status", "ocid"),
    "contracting_process": ("buyer_org_id", "category", "stage", "is_technology"),
}
SEARCH_TERMS = (
    "hosting",
    "case management",
    "network",
    "licences",
    "data",
    "support",
    "payroll",
    "identity",
    "website",
    "telephony",
)


@dataclass(frozen=True)
class MeasuredPage:
    """A page of the site and the similar page of Datasette, if any. Each function returns a different URL each time."""

    name: str
    ours: Callable[[random.Random], str]
    theirs: Callable[[random.Random], str] | None = None
    peer: str = ""


def main() -> None:
    """Measure the requested size, write the results and print them."""
    parser = argparse.ArgumentParser(prog="python -m bench.site_load", description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10, help="seconds of requests for each page (default 10)")
    options = parser.parse_args()
    results = json.dumps(measure_pages(options.releases, options.seconds), indent=1)
    SITE_RESULTS_FOLDER.mkdir(exist_ok=True)
    (SITE_RESULTS_FOLDER / f"{options.releases}.json").write_text(results + "\n", encoding="utf-8")
    print(results)


def measure_pages(releases: int, seconds: float) -> dict[str, Any]:
    """Measure every page of the site and of Datasette in turn."""
    folder = OUTPUT_FOLDER / f"web-{releases}"
    store, database = folder / "store", folder / "same.db"
    prepare_data(releases, folder, store, database)
    ids = read_keys_and_words(database)
    pages = list(list_pages(ids))
    results = {
        "releases": releases,
        "contracts": len(ids["contract"]),
        "measured": get_today(),
        "machine": describe_machine(),
        "pages": {},
    }
    with run_site(store, folder) as (site, site_processes), run_datasette(database) as (datasette, datasette_processes):
        results["start_up"] = {"ours": site.started, "datasette": datasette.started}
        for page in pages:
            print(page.name, flush=True)
            costs = {"ours": measure_page_cost(site, site_processes, page.ours, seconds)}
            if page.theirs:
                costs["datasette"] = measure_page_cost(datasette, datasette_processes, page.theirs, seconds)
                costs["peer"] = page.peer
            results["pages"][page.name] = costs
        results["memory"] = {
            "ours": read_memory_bytes(site_processes),
            "datasette": read_memory_bytes(datasette_processes),
        }
    return results


# ------------------------------------------------------------------------------------------------ data and pages


def prepare_data(releases: int, folder: Path, store: Path, database: Path) -> None:
    """Load and build the world in a store, and write its tables to a SQLite file, unless they exist."""
    if not (store / "current").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        options = ["--releases", str(releases), "--seed", str(WORLD_SEED), "--as", "tables", "--store", store, "--json"]
        measure_command(make_threepoint_command("sample", folder / "world", *options))
        measure_command(make_threepoint_command("build", "--store", store, "--json"))
    if not database.exists():
        shutil.rmtree(folder / "tables", ignore_errors=True)
        measure_command(make_threepoint_command("publish", "parquet", folder / "tables", "--store", store, "--json"))
        fill_database(folder / "tables", database)
        shutil.rmtree(folder / "tables")


def fill_database(tables: Path, database: Path) -> None:
    """Write the published tables to SQLite, with ordinary keys and indexes."""
    engine = duckdb.connect()
    with sqlite3.connect(database) as connection:
        for name, key in KEY_COLUMN_BY_TABLE.items():
            rows = engine.execute(f"SELECT * FROM read_parquet('{tables / name}.parquet')")
            columns = [column[0] for column in rows.description]
            column_sql = ", ".join(f'"{column}"' + (" TEXT PRIMARY KEY" if column == key else "") for column in columns)
            connection.execute(f'CREATE TABLE "{name}" ({column_sql})')
            while batch := rows.fetchmany(5_000):
                cells = [
                    [value if isinstance(value, (int, float, str, type(None))) else str(value) for value in row]
                    for row in batch
                ]
                connection.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})', cells)
            for column in INDEXED_COLUMNS_BY_TABLE.get(name, ()):
                connection.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        connection.execute("ANALYZE")


def read_keys_and_words(database: Path) -> dict[str, list[str]]:
    """Return the keys of each table, and as `words` two random words from each of up to 20,000 titles."""
    with sqlite3.connect(database) as connection:
        ids = {
            name: [row[0] for row in connection.execute(f'SELECT "{key}" FROM "{name}"')]
            for name, key in KEY_COLUMN_BY_TABLE.items()
        }
        titles = [
            row[0]
            for row in connection.execute("SELECT title FROM contracting_process WHERE title IS NOT NULL LIMIT 20000")
        ]
    title_words = [[word for word in title.split() if len(word) > 3 and word.isalpha()] for title in titles]
    return ids | {
        "words": [" ".join(random.Random(" ".join(words)).sample(words, 2)) for words in title_words if len(words) > 1]
    }


def list_pages(ids: dict[str, list[str]]) -> Iterator[MeasuredPage]:
    """Yield the pages, each with the page of Datasette that does the same."""

    def pick_key(name: str, dice: random.Random) -> str:
        return quote(dice.choice(ids[name]), safe="/")

    def pick_row(dice: random.Random) -> str:
        return f"/same/contract/{dice.choice(ids['contract']).replace('/', '~2F')}"

    def pick_filter(dice: random.Random) -> str:
        parameters = {
            "title__contains": dice.choice(SEARCH_TERMS),
            "_size": 20,
            "_facet": "category",
            "is_technology": 1,
            "_sort": "ocid",
        }
        return f"/same/contracting_process?{urlencode(parameters)}&_facet=stage&_facet=buyer_org_id"

    yield MeasuredPage("home", lambda _dice: "/")
    yield MeasuredPage(
        "search",
        lambda dice: f"/search/?{urlencode({'q': dice.choice(SEARCH_TERMS), 'page': dice.randint(1, 9)})}",
        pick_filter,
        "filtered table",
    )
    yield MeasuredPage(
        "search, other words each time", lambda dice: f"/search/?{urlencode({'q': dice.choice(ids['words'])})}"
    )
    yield MeasuredPage("contract", lambda dice: f"/contracts/{pick_key('contract', dice)}", pick_row, "row page")
    repeated_ids = ids["contract"][:: max(len(ids["contract"]) // REPEATED_PAGE_COUNT, 1)][:REPEATED_PAGE_COUNT]
    yield MeasuredPage(
        f"contract, {REPEATED_PAGE_COUNT} of them again and again",
        lambda dice: f"/contracts/{quote(dice.choice(repeated_ids), safe='/')}",
        lambda dice: f"/same/contract/{dice.choice(repeated_ids).replace('/', '~2F')}",
        f"row page, {REPEATED_PAGE_COUNT} of them again and again",
    )
    yield MeasuredPage(
        "API: a contract",
        lambda dice: f"/api/v1/contracts/{pick_key('contract', dice)}",
        lambda dice: f"{pick_row(dice)}.json",
        "row as JSON",
    )
    yield MeasuredPage("organisation", lambda dice: f"/organisations/{pick_key('organisation', dice)}")
    yield MeasuredPage(
        "compare", lambda dice: f"/compare/?{urlencode([('id', dice.choice(ids['contract'])) for _ in range(3)])}"
    )


# ------------------------------------------------------------------------------------------------ servers


@dataclass(frozen=True)
class MeasuredServer:
    """The ports of a server, and the seconds it took to start."""

    ports: tuple[int, ...]
    started: float


@contextmanager
def run_site(store: Path, folder: Path) -> Iterator[tuple[MeasuredServer, list[psutil.Process]]]:
    """Run the site with SERVER_PROCESS_COUNT workers."""
    port = find_free_port()
    env = os.environ | {
        "THREEPOINT_STORE": str(store),
        "THREEPOINT_SITE_DATA": str(folder / "site"),
        "THREEPOINT_SITE_API_RATE": "0",
    }
    command = [sys.executable, "-m", "website", "--port", str(port), "--workers", str(SERVER_PROCESS_COUNT)]
    with run_servers([command], [port], "/healthz", env) as (start_seconds, processes):
        yield MeasuredServer((port,), start_seconds), processes


@contextmanager
def run_datasette(database: Path) -> Iterator[tuple[MeasuredServer, list[psutil.Process]]]:
    """Run SERVER_PROCESS_COUNT servers of Datasette, because one is a single process, with an immutable file (`-i`).

    By default Datasette stops a query after a second. A limit of a minute lets it answer every page.
    """
    ports = [find_free_port() for _ in range(SERVER_PROCESS_COUNT)]
    time_limit = ["--setting", "sql_time_limit_ms", "60000"]
    commands = [
        [sys.executable, "-m", "datasette", "serve", "-i", str(database), "--port", str(port), *time_limit]
        for port in ports
    ]
    with run_servers(commands, ports, "/-/versions.json", dict(os.environ)) as (start_seconds, processes):
        yield MeasuredServer(tuple(ports), start_seconds), processes


@contextmanager
def run_servers(
    commands: list[list[str]], ports: list[int], path: str, env: dict[str, str]
) -> Iterator[tuple[float, list[psutil.Process]]]:
    """Start servers, wait until they answer, and yield the seconds it took and their processes with child processes."""
    started_at = time.monotonic()
    no_output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    servers = [subprocess.Popen(command, cwd=REPOSITORY_ROOT, env=env, **no_output) for command in commands]
    try:
        for port in ports:
            wait_for_server(port, path)
        start_seconds = time.monotonic() - started_at
        parents = [psutil.Process(server.pid) for server in servers]
        yield start_seconds, [each for parent in parents for each in (parent, *parent.children(recursive=True))]
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def wait_for_server(port: int, path: str) -> None:
    """Wait until a server answers. Raise SystemExit after a minute."""
    for _ in range(600):
        try:
            status, _size = fetch_status_and_size(http.client.HTTPConnection("127.0.0.1", port, timeout=5), path)
        except OSError:
            time.sleep(0.1)
        else:
            if status == 200:
                return
    raise SystemExit(f"no server answers at http://127.0.0.1:{port}{path}")


def find_free_port() -> int:
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        return int(free_socket.getsockname()[1])


# ------------------------------------------------------------------------------------------------ requests


def measure_page_cost(
    server: MeasuredServer, processes: list[psutil.Process], make_path: Callable[[random.Random], str], seconds: float
) -> dict[str, Any]:
    """Measure CPU and requests a second under continuous load, waiting times at a steady pace, and bytes of a response."""
    request_continuously(server, make_path, 1, seed=1)  # warm up caches
    cpu_before = read_cpu_seconds(processes)
    sizes, elapsed = request_continuously(server, make_path, seconds, seed=2)
    cpu_used = read_cpu_seconds(processes) - cpu_before
    times = request_steadily(server, make_path, seconds, seed=3)
    wait_until_idle(processes)
    return {
        "requests": len(sizes), "a_second": len(sizes) / elapsed,
        "cpu_ms": cpu_used / len(sizes) * 1e3, "bytes": median(sizes),
        "median_ms": median(times) * 1e3, "p95_ms": sorted(times)[int(len(times) * 0.95)] * 1e3,
    }  # fmt: skip


def wait_until_idle(processes: list[psutil.Process]) -> None:
    """Wait until the servers are idle, so that an abandoned query does not count towards the next measurement."""
    for _ in range(120):
        cpu_before = read_cpu_seconds(processes)
        time.sleep(0.5)
        if read_cpu_seconds(processes) - cpu_before < 0.05:
            return


def request_continuously(
    server: MeasuredServer, make_path: Callable[[random.Random], str], seconds: float, seed: int
) -> tuple[list[int], float]:
    """Let readers request the next page as soon as they have one. Return the sizes of responses and the elapsed seconds."""
    started_at = time.monotonic()

    def request_pages(number: int) -> list[int]:
        dice, sizes = random.Random(seed * 1000 + number), []
        connection = http.client.HTTPConnection("127.0.0.1", server.ports[number % len(server.ports)], timeout=60)
        while time.monotonic() < started_at + seconds:
            sizes.append(fetch_page_size(connection, make_path(dice)))
        connection.close()
        return sizes

    with ThreadPoolExecutor(READER_COUNT) as readers:
        all_sizes = [size for sizes in readers.map(request_pages, range(READER_COUNT)) for size in sizes]
    return all_sizes, time.monotonic() - started_at


def request_steadily(
    server: MeasuredServer, make_path: Callable[[random.Random], str], seconds: float, seed: int
) -> list[float]:
    """Send requests at a steady pace, however long the responses take. Return the seconds of each from when it was due."""
    dice = random.Random(seed)
    paths = [make_path(dice) for _ in range(int(STEADY_REQUESTS_PER_SECOND * seconds))]
    started_at = time.monotonic()

    def request_when_due(number: int) -> float:
        due = started_at + number / STEADY_REQUESTS_PER_SECOND
        time.sleep(max(due - time.monotonic(), 0))
        connection = http.client.HTTPConnection("127.0.0.1", server.ports[number % len(server.ports)], timeout=60)
        fetch_page_size(connection, paths[number])
        connection.close()
        return time.monotonic() - due

    with ThreadPoolExecutor(STEADY_REQUESTS_PER_SECOND) as readers:
        return list(readers.map(request_when_due, range(len(paths))))


def fetch_page_size(connection: http.client.HTTPConnection, path: str) -> int:
    """Return the size of a page in bytes. Raise SystemExit unless its status is 200."""
    status, size = fetch_status_and_size(connection, path)
    if status != 200:
        raise SystemExit(f"{path} returned status {status}")
    return size


def fetch_status_and_size(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    return response.status, len(response.read())


def read_cpu_seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def read_memory_bytes(processes: list[psutil.Process]) -> int:
    """Return the memory of the servers in bytes (PSS, which counts shared memory once)."""
    return sum(process.memory_full_info().pss for process in processes)


if __name__ == "__main__":
    main()
