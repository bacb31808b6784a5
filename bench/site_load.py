"""The site beside Datasette, on the same contracts, in one run: `python -m bench.site_load --releases 100000`.

Both show what one synthetic world holds: we a snapshot, Datasette a SQLite file of its tables, with indexes on what is filtered
by. Each is served by two processes. A page is asked for again and again, mostly each time another one, by a few readers; then at
a steady pace, for the times that a reader waits. What a request costs is the CPU time of the servers alone.
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
REPEATED_PAGE_COUNT = 100  # pages that many readers ask for
READER_COUNT = 8  # who ask as fast as they are answered; so many that no process is left without one
STEADY_REQUESTS_PER_SECOND = 20  # requests a second, while waiting times are taken
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
    """A page that is measured: ours and, where there is one like it, Datasette's. Each gives another address each time."""

    name: str
    ours: Callable[[random.Random], str]
    theirs: Callable[[random.Random], str] | None = None
    peer: str = ""


def main() -> None:
    """Measures at a size, and keeps the results."""
    asked = argparse.ArgumentParser(prog="python -m bench.site_load", description=__doc__.splitlines()[0])
    asked.add_argument("--releases", type=int, default=100_000)
    asked.add_argument("--seconds", type=float, default=10, help="how long each page is asked for")
    given = asked.parse_args()
    found = measure_pages(given.releases, given.seconds)
    SITE_RESULTS_FOLDER.mkdir(exist_ok=True)
    (SITE_RESULTS_FOLDER / f"{given.releases}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


def measure_pages(releases: int, seconds: float) -> dict[str, Any]:
    """Every page of both, in turn."""
    place = OUTPUT_FOLDER / f"web-{releases}"
    store, database = place / "store", place / "same.db"
    prepare_data(releases, place, store, database)
    ids = read_keys_and_words(database)
    pages = list(list_pages(ids))
    found = {
        "releases": releases,
        "contracts": len(ids["contract"]),
        "measured": get_today(),
        "machine": describe_machine(),
        "pages": {},
    }
    with run_site(store, place) as (here, our_processes), run_datasette(database) as (there, their_processes):
        found["start_up"] = {"ours": here.started, "datasette": there.started}
        for page in pages:
            print(page.name, flush=True)
            one = {"ours": measure_page_cost(here, our_processes, page.ours, seconds)}
            if page.theirs:
                one |= {"datasette": measure_page_cost(there, their_processes, page.theirs, seconds), "peer": page.peer}
            found["pages"][page.name] = one
        found["memory"] = {"ours": read_memory_bytes(our_processes), "datasette": read_memory_bytes(their_processes)}
    return found


# ------------------------------------------------------------------------------------------------ what is shown


def prepare_data(releases: int, place: Path, store: Path, database: Path) -> None:
    """The world in a store, built, and its tables in a SQLite file; made once and kept."""
    if not (store / "current").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        words = ["--releases", str(releases), "--seed", str(WORLD_SEED), "--as", "tables", "--store", store, "--json"]
        measure_command(make_threepoint_command("sample", place / "world", *words))
        measure_command(make_threepoint_command("build", "--store", store, "--json"))
    if not database.exists():
        shutil.rmtree(place / "tables", ignore_errors=True)
        measure_command(make_threepoint_command("publish", "parquet", place / "tables", "--store", store, "--json"))
        fill_database(place / "tables", database)
        shutil.rmtree(place / "tables")


def fill_database(tables: Path, database: Path) -> None:
    """Write the published tables into SQLite, with the keys and indexes that anyone would give them."""
    engine = duckdb.connect()
    with sqlite3.connect(database) as made:
        for name, key in KEY_COLUMN_BY_TABLE.items():
            rows = engine.execute(f"SELECT * FROM read_parquet('{tables / name}.parquet')")
            columns = [column[0] for column in rows.description]
            drawn = ", ".join(f'"{column}"' + (" TEXT PRIMARY KEY" if column == key else "") for column in columns)
            made.execute(f'CREATE TABLE "{name}" ({drawn})')
            while batch := rows.fetchmany(5_000):
                cells = [
                    [value if isinstance(value, (int, float, str, type(None))) else str(value) for value in row]
                    for row in batch
                ]
                made.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})', cells)
            for column in INDEXED_COLUMNS_BY_TABLE.get(name, ()):
                made.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        made.execute("ANALYZE")


def read_keys_and_words(database: Path) -> dict[str, list[str]]:
    """The keys of each table, and `words`: two words of each of some titles."""
    with sqlite3.connect(database) as opened:
        ids = {
            name: [row[0] for row in opened.execute(f'SELECT "{key}" FROM "{name}"')]
            for name, key in KEY_COLUMN_BY_TABLE.items()
        }
        titles = [
            row[0]
            for row in opened.execute("SELECT title FROM contracting_process WHERE title IS NOT NULL LIMIT 20000")
        ]
    telling = [[word for word in title.split() if len(word) > 3 and word.isalpha()] for title in titles]
    return ids | {
        "words": [" ".join(random.Random(" ".join(words)).sample(words, 2)) for words in telling if len(words) > 1]
    }


def list_pages(ids: dict[str, list[str]]) -> Iterator[MeasuredPage]:
    """The pages, each with what of Datasette does the same."""

    def one(name: str, dice: random.Random) -> str:
        return quote(dice.choice(ids[name]), safe="/")

    def row(dice: random.Random) -> str:
        return f"/same/contract/{dice.choice(ids['contract']).replace('/', '~2F')}"

    def filtered(dice: random.Random) -> str:
        chosen = {
            "title__contains": dice.choice(SEARCH_TERMS),
            "_size": 20,
            "_facet": "category",
            "is_technology": 1,
            "_sort": "ocid",
        }
        return f"/same/contracting_process?{urlencode(chosen)}&_facet=stage&_facet=buyer_org_id"

    yield MeasuredPage("home", lambda _dice: "/")
    yield MeasuredPage(
        "search",
        lambda dice: f"/search/?{urlencode({'q': dice.choice(SEARCH_TERMS), 'page': dice.randint(1, 9)})}",
        filtered,
        "filtered table",
    )
    yield MeasuredPage(
        "search, other words each time", lambda dice: f"/search/?{urlencode({'q': dice.choice(ids['words'])})}"
    )
    yield MeasuredPage("contract", lambda dice: f"/contracts/{one('contract', dice)}", row, "row page")
    few = {"contract": ids["contract"][:: max(len(ids["contract"]) // REPEATED_PAGE_COUNT, 1)][:REPEATED_PAGE_COUNT]}
    yield MeasuredPage(
        f"contract, {REPEATED_PAGE_COUNT} of them again and again",
        lambda dice: f"/contracts/{quote(dice.choice(few['contract']), safe='/')}",
        lambda dice: f"/same/contract/{dice.choice(few['contract']).replace('/', '~2F')}",
        f"row page, {REPEATED_PAGE_COUNT} of them again and again",
    )
    yield MeasuredPage(
        "API: a contract",
        lambda dice: f"/api/v1/contracts/{one('contract', dice)}",
        lambda dice: f"{row(dice)}.json",
        "row as JSON",
    )
    yield MeasuredPage("organisation", lambda dice: f"/organisations/{one('organisation', dice)}")
    yield MeasuredPage(
        "compare", lambda dice: f"/compare/?{urlencode([('id', dice.choice(ids['contract'])) for _ in range(3)])}"
    )


# ------------------------------------------------------------------------------------------------ who shows it


@dataclass(frozen=True)
class MeasuredServer:
    """Where it answers, and how long it took until it did, in seconds."""

    ports: tuple[int, ...]
    started: float


@contextmanager
def run_site(store: Path, place: Path) -> Iterator[tuple[MeasuredServer, list[psutil.Process]]]:
    """The site with two workers."""
    port = find_free_port()
    told = os.environ | {
        "THREEPOINT_STORE": str(store),
        "THREEPOINT_SITE_DATA": str(place / "site"),
        "THREEPOINT_SITE_API_RATE": "0",
    }
    command = [sys.executable, "-m", "website", "--port", str(port), "--workers", str(SERVER_PROCESS_COUNT)]
    with run_servers([command], [port], "/healthz", told) as (took, processes):
        yield MeasuredServer((port,), took), processes


@contextmanager
def run_datasette(database: Path) -> Iterator[tuple[MeasuredServer, list[psutil.Process]]]:
    """Datasette twice, since it is one process, each told that the file never changes.

    It gives a query up after a second; so that each page is answered, it is given a minute.
    """
    ports = [find_free_port() for _ in range(SERVER_PROCESS_COUNT)]
    patient = ["--setting", "sql_time_limit_ms", "60000"]
    commands = [
        [sys.executable, "-m", "datasette", "serve", "-i", str(database), "--port", str(port), *patient]
        for port in ports
    ]
    with run_servers(commands, ports, "/-/versions.json", dict(os.environ)) as (took, processes):
        yield MeasuredServer(tuple(ports), took), processes


@contextmanager
def run_servers(
    commands: list[list[str]], ports: list[int], path: str, told: dict[str, str]
) -> Iterator[tuple[float, list[psutil.Process]]]:
    """Servers that answer: how long that took, and their processes with their children."""
    began = time.monotonic()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(command, cwd=REPOSITORY_ROOT, env=told, **quiet) for command in commands]
    try:
        for port in ports:
            wait_for_server(port, path)
        took = time.monotonic() - began
        mothers = [psutil.Process(one.pid) for one in running]
        yield took, [process for mother in mothers for process in (mother, *mother.children(recursive=True))]
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
            one.wait(timeout=30)


def wait_for_server(port: int, path: str) -> None:
    """Waits until a server answers; SystemExit after a minute."""
    for _ in range(600):
        try:
            status, _size = fetch_status_and_size(http.client.HTTPConnection("127.0.0.1", port, timeout=5), path)
        except OSError:
            time.sleep(0.1)
        else:
            if status == 200:
                return
    raise SystemExit(f"nothing answers at {port}{path}")


def find_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# ------------------------------------------------------------------------------------------------ asking


def measure_page_cost(
    server: MeasuredServer, processes: list[psutil.Process], address: Callable[[random.Random], str], seconds: float
) -> dict[str, Any]:
    """What a page costs: CPU a request and requests a second when busy; waiting times at a steady pace; bytes of an answer."""
    request_continuously(server, address, 1, seed=1)  # what is read once has been read
    before = read_cpu_seconds(processes)
    done, took = request_continuously(server, address, seconds, seed=2)
    used = read_cpu_seconds(processes) - before
    times = request_steadily(server, address, seconds, seed=3)
    wait_until_idle(processes)
    return {
        "requests": len(done), "a_second": len(done) / took, "cpu_ms": used / len(done) * 1e3, "bytes": median(done),
        "median_ms": median(times) * 1e3, "p95_ms": sorted(times)[int(len(times) * 0.95)] * 1e3,
    }  # fmt: skip


def wait_until_idle(processes: list[psutil.Process]) -> None:
    """Waits until servers do nothing more: a query that was given up on would else be paid for by who is measured next."""
    for _ in range(120):
        before = read_cpu_seconds(processes)
        time.sleep(0.5)
        if read_cpu_seconds(processes) - before < 0.05:
            return


def request_continuously(
    server: MeasuredServer, address: Callable[[random.Random], str], seconds: float, seed: int
) -> tuple[list[int], float]:
    """Readers who ask for the next page as soon as they have one: the sizes of the answers, and how long it took."""
    began = time.monotonic()

    def reader(number: int) -> list[int]:
        dice, sizes = random.Random(seed * 1000 + number), []
        connection = http.client.HTTPConnection("127.0.0.1", server.ports[number % len(server.ports)], timeout=60)
        while time.monotonic() < began + seconds:
            sizes.append(fetch_page_size(connection, address(dice)))
        connection.close()
        return sizes

    with ThreadPoolExecutor(READER_COUNT) as readers:
        done = [size for sizes in readers.map(reader, range(READER_COUNT)) for size in sizes]
    return done, time.monotonic() - began


def request_steadily(
    server: MeasuredServer, address: Callable[[random.Random], str], seconds: float, seed: int
) -> list[float]:
    """Requests at a steady pace, whatever the answers take: how long each took from when it was due."""
    dice = random.Random(seed)
    addresses = [address(dice) for _ in range(int(STEADY_REQUESTS_PER_SECOND * seconds))]
    began = time.monotonic()

    def reader(number: int) -> float:
        due = began + number / STEADY_REQUESTS_PER_SECOND
        time.sleep(max(due - time.monotonic(), 0))
        connection = http.client.HTTPConnection("127.0.0.1", server.ports[number % len(server.ports)], timeout=60)
        fetch_page_size(connection, addresses[number])
        connection.close()
        return time.monotonic() - due

    with ThreadPoolExecutor(STEADY_REQUESTS_PER_SECOND) as readers:
        return list(readers.map(reader, range(len(addresses))))


def fetch_page_size(connection: http.client.HTTPConnection, path: str) -> int:
    """The size of a page, which must be there."""
    status, size = fetch_status_and_size(connection, path)
    if status != 200:
        raise SystemExit(f"{path} gave {status}")
    return size


def fetch_status_and_size(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def read_cpu_seconds(processes: list[psutil.Process]) -> float:
    """CPU seconds of servers so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def read_memory_bytes(processes: list[psutil.Process]) -> int:
    """Bytes held by servers now; what they share is counted once."""
    return sum(process.memory_full_info().pss for process in processes)


if __name__ == "__main__":
    main()
