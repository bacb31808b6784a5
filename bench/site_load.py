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

from bench.load_and_build import OUT, SEED, machine, today
from bench.process_cost import ROOT, run, threepoint

RESULTS = ROOT / "bench" / "results" / "web"
PROCESSES = 2
FEW = 100  # pages that many readers ask for
READERS = 8  # who ask as fast as they are answered; so many that no process is left without one
PACE = 20  # requests a second, while waiting times are taken
TABLES = {"contract": "contract_id", "contracting_process": "ocid", "organisation": "org_id", "award": "award_id"}
INDEXED = {
    "contract": ("status", "ocid"),
    "contracting_process": ("buyer_org_id", "category", "stage", "is_technology"),
}
WORDS = (
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
class Page:
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
    found = measure(given.releases, given.seconds)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{given.releases}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


def measure(releases: int, seconds: float) -> dict[str, Any]:
    """Every page of both, in turn."""
    place = OUT / f"web-{releases}"
    store, database = place / "store", place / "same.db"
    make(releases, place, store, database)
    ids = told(database)
    pages = list(wanted(ids))
    found = {
        "releases": releases,
        "contracts": len(ids["contract"]),
        "measured": today(),
        "machine": machine(),
        "pages": {},
    }
    with ours(store, place) as (here, our_processes), theirs(database) as (there, their_processes):
        found["start_up"] = {"ours": here.started, "datasette": there.started}
        for page in pages:
            print(page.name, flush=True)
            one = {"ours": cost(here, our_processes, page.ours, seconds)}
            if page.theirs:
                one |= {"datasette": cost(there, their_processes, page.theirs, seconds), "peer": page.peer}
            found["pages"][page.name] = one
        found["memory"] = {"ours": memory(our_processes), "datasette": memory(their_processes)}
    return found


# ------------------------------------------------------------------------------------------------ what is shown


def make(releases: int, place: Path, store: Path, database: Path) -> None:
    """The world in a store, built, and its tables in a SQLite file; made once and kept."""
    if not (store / "current").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        words = ["--releases", str(releases), "--seed", str(SEED), "--as", "tables", "--store", store, "--json"]
        run(threepoint("sample", place / "world", *words))
        run(threepoint("build", "--store", store, "--json"))
    if not database.exists():
        shutil.rmtree(place / "tables", ignore_errors=True)
        run(threepoint("publish", "parquet", place / "tables", "--store", store, "--json"))
        fill(place / "tables", database)
        shutil.rmtree(place / "tables")


def fill(tables: Path, database: Path) -> None:
    """Write the published tables into SQLite, with the keys and indexes that anyone would give them."""
    engine = duckdb.connect()
    with sqlite3.connect(database) as made:
        for name, key in TABLES.items():
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
            for column in INDEXED.get(name, ()):
                made.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        made.execute("ANALYZE")


def told(database: Path) -> dict[str, list[str]]:
    """The keys of each table, and `words`: two words of each of some titles."""
    with sqlite3.connect(database) as opened:
        ids = {
            name: [row[0] for row in opened.execute(f'SELECT "{key}" FROM "{name}"')] for name, key in TABLES.items()
        }
        titles = [
            row[0]
            for row in opened.execute("SELECT title FROM contracting_process WHERE title IS NOT NULL LIMIT 20000")
        ]
    telling = [[word for word in title.split() if len(word) > 3 and word.isalpha()] for title in titles]
    return ids | {
        "words": [" ".join(random.Random(" ".join(words)).sample(words, 2)) for words in telling if len(words) > 1]
    }


def wanted(ids: dict[str, list[str]]) -> Iterator[Page]:
    """The pages, each with what of Datasette does the same."""

    def one(name: str, dice: random.Random) -> str:
        return quote(dice.choice(ids[name]), safe="/")

    def row(dice: random.Random) -> str:
        return f"/same/contract/{dice.choice(ids['contract']).replace('/', '~2F')}"

    def filtered(dice: random.Random) -> str:
        chosen = {
            "title__contains": dice.choice(WORDS),
            "_size": 20,
            "_facet": "category",
            "is_technology": 1,
            "_sort": "ocid",
        }
        return f"/same/contracting_process?{urlencode(chosen)}&_facet=stage&_facet=buyer_org_id"

    yield Page("home", lambda _dice: "/")
    yield Page(
        "search",
        lambda dice: f"/search/?{urlencode({'q': dice.choice(WORDS), 'page': dice.randint(1, 9)})}",
        filtered,
        "filtered table",
    )
    yield Page("search, other words each time", lambda dice: f"/search/?{urlencode({'q': dice.choice(ids['words'])})}")
    yield Page("contract", lambda dice: f"/contracts/{one('contract', dice)}", row, "row page")
    few = {"contract": ids["contract"][:: max(len(ids["contract"]) // FEW, 1)][:FEW]}
    yield Page(
        f"contract, {FEW} of them again and again",
        lambda dice: f"/contracts/{quote(dice.choice(few['contract']), safe='/')}",
        lambda dice: f"/same/contract/{dice.choice(few['contract']).replace('/', '~2F')}",
        f"row page, {FEW} of them again and again",
    )
    yield Page(
        "API: a contract",
        lambda dice: f"/api/v1/contracts/{one('contract', dice)}",
        lambda dice: f"{row(dice)}.json",
        "row as JSON",
    )
    yield Page("organisation", lambda dice: f"/organisations/{one('organisation', dice)}")
    yield Page(
        "compare", lambda dice: f"/compare/?{urlencode([('id', dice.choice(ids['contract'])) for _ in range(3)])}"
    )


# ------------------------------------------------------------------------------------------------ who shows it


@dataclass(frozen=True)
class Server:
    """Where it answers, and how long it took until it did, in seconds."""

    ports: tuple[int, ...]
    started: float


@contextmanager
def ours(store: Path, place: Path) -> Iterator[tuple[Server, list[psutil.Process]]]:
    """The site with two workers."""
    port = free_port()
    told = os.environ | {
        "THREEPOINT_STORE": str(store),
        "THREEPOINT_SITE_DATA": str(place / "site"),
        "THREEPOINT_SITE_API_RATE": "0",
    }
    command = [sys.executable, "-m", "website", "--port", str(port), "--workers", str(PROCESSES)]
    with started([command], [port], "/healthz", told) as (took, processes):
        yield Server((port,), took), processes


@contextmanager
def theirs(database: Path) -> Iterator[tuple[Server, list[psutil.Process]]]:
    """Datasette twice, since it is one process, each told that the file never changes.

    It gives a query up after a second; so that each page is answered, it is given a minute.
    """
    ports = [free_port() for _ in range(PROCESSES)]
    patient = ["--setting", "sql_time_limit_ms", "60000"]
    commands = [
        [sys.executable, "-m", "datasette", "serve", "-i", str(database), "--port", str(port), *patient]
        for port in ports
    ]
    with started(commands, ports, "/-/versions.json", dict(os.environ)) as (took, processes):
        yield Server(tuple(ports), took), processes


@contextmanager
def started(
    commands: list[list[str]], ports: list[int], path: str, told: dict[str, str]
) -> Iterator[tuple[float, list[psutil.Process]]]:
    """Servers that answer: how long that took, and their processes with their children."""
    began = time.monotonic()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(command, cwd=ROOT, env=told, **quiet) for command in commands]
    try:
        for port in ports:
            until_answered(port, path)
        took = time.monotonic() - began
        mothers = [psutil.Process(one.pid) for one in running]
        yield took, [process for mother in mothers for process in (mother, *mother.children(recursive=True))]
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
            one.wait(timeout=30)


def until_answered(port: int, path: str) -> None:
    """Waits until a server answers; SystemExit after a minute."""
    for _ in range(600):
        try:
            status, _size = asked(http.client.HTTPConnection("127.0.0.1", port, timeout=5), path)
        except OSError:
            time.sleep(0.1)
        else:
            if status == 200:
                return
    raise SystemExit(f"nothing answers at {port}{path}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# ------------------------------------------------------------------------------------------------ asking


def cost(
    server: Server, processes: list[psutil.Process], address: Callable[[random.Random], str], seconds: float
) -> dict[str, Any]:
    """What a page costs: CPU a request and requests a second when busy; waiting times at a steady pace; bytes of an answer."""
    busy(server, address, 1, seed=1)  # what is read once has been read
    before = spent(processes)
    done, took = busy(server, address, seconds, seed=2)
    used = spent(processes) - before
    times = paced(server, address, seconds, seed=3)
    at_rest(processes)
    return {
        "requests": len(done), "a_second": len(done) / took, "cpu_ms": used / len(done) * 1e3, "bytes": median(done),
        "median_ms": median(times) * 1e3, "p95_ms": sorted(times)[int(len(times) * 0.95)] * 1e3,
    }  # fmt: skip


def at_rest(processes: list[psutil.Process]) -> None:
    """Waits until servers do nothing more: a query that was given up on would else be paid for by who is measured next."""
    for _ in range(120):
        before = spent(processes)
        time.sleep(0.5)
        if spent(processes) - before < 0.05:
            return


def busy(server: Server, address: Callable[[random.Random], str], seconds: float, seed: int) -> tuple[list[int], float]:
    """Readers who ask for the next page as soon as they have one: the sizes of the answers, and how long it took."""
    began = time.monotonic()

    def reader(number: int) -> list[int]:
        dice, sizes = random.Random(seed * 1000 + number), []
        connection = http.client.HTTPConnection("127.0.0.1", server.ports[number % len(server.ports)], timeout=60)
        while time.monotonic() < began + seconds:
            sizes.append(page(connection, address(dice)))
        connection.close()
        return sizes

    with ThreadPoolExecutor(READERS) as readers:
        done = [size for sizes in readers.map(reader, range(READERS)) for size in sizes]
    return done, time.monotonic() - began


def paced(server: Server, address: Callable[[random.Random], str], seconds: float, seed: int) -> list[float]:
    """Requests at a steady pace, whatever the answers take: how long each took from when it was due."""
    dice = random.Random(seed)
    addresses = [address(dice) for _ in range(int(PACE * seconds))]
    began = time.monotonic()

    def reader(number: int) -> float:
        due = began + number / PACE
        time.sleep(max(due - time.monotonic(), 0))
        connection = http.client.HTTPConnection("127.0.0.1", server.ports[number % len(server.ports)], timeout=60)
        page(connection, addresses[number])
        connection.close()
        return time.monotonic() - due

    with ThreadPoolExecutor(PACE) as readers:
        return list(readers.map(reader, range(len(addresses))))


def page(connection: http.client.HTTPConnection, path: str) -> int:
    """The size of a page, which must be there."""
    status, size = asked(connection, path)
    if status != 200:
        raise SystemExit(f"{path} gave {status}")
    return size


def asked(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def spent(processes: list[psutil.Process]) -> float:
    """CPU seconds of servers so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def memory(processes: list[psutil.Process]) -> int:
    """Bytes held by servers now; what they share is counted once."""
    return sum(process.memory_full_info().pss for process in processes)


if __name__ == "__main__":
    main()
