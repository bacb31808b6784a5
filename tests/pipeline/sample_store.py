"""Helpers: write a small synthetic world as several files, run commands as child processes, read snapshots as rows."""

import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tests.size import pick_size
from threepoint import sample
from threepoint.standard.sdes import SDES_TABLES
from threepoint.store import record_store, snapshot_tables, snapshots
from threepoint.store.store_paths import StorePaths

AS_OF = date(2026, 6, 1)
RELEASES = pick_size(500, 1500)


def write_files(folder: Path, releases: int = RELEASES, parts: int = 4) -> list[Path]:
    """Write a synthetic world as `parts` files of JSON lines and return their paths."""
    sample.write_world(folder / "whole", releases, seed=11)
    lines = (folder / "whole" / "releases.jsonl").read_bytes().splitlines(keepends=True)
    paths = []
    for number in range(parts):
        paths.append(folder / f"part{number}.jsonl")
        paths[-1].write_bytes(b"".join(lines[number::parts]))
    return paths


def start(
    store: Path, *arguments: object, program: str = "from threepoint.cli import main; main()"
) -> subprocess.Popen:
    """Start the command line, or the Python code `program`, as a child process."""
    command = [sys.executable, "-c", program, *map(str, arguments), "--store", str(store)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(store: Path, *arguments: object) -> tuple[int, str]:
    """Run a command and return (exit code, output)."""
    child = start(store, *arguments)
    out, err = child.communicate(timeout=120)
    return child.returncode, out + err


def read_rows(store: Path) -> dict[str, list[tuple]]:
    """Return every table of the current snapshot as sorted rows, in the order of the standard's columns.

    Assert that the record store has the same rows, and finds notices by their ids.
    """
    folder = snapshots.get_current_folder(StorePaths(store))
    rows = {name: read_table(folder, name) for name in SDES_TABLES if snapshot_tables.list_files(folder, name)}
    with closing(record_store.RecordStore(folder)) as records:
        for name, expected in rows.items():
            assert sorted((tuple(row.values()) for row in records.rows(name)), key=repr) == expected, name
        for row in records.rows("notice"):
            assert ("contracting_process", row["ocid"]) in records.named(row["release_id"])
    return rows | {"field_state": read_table(folder, "field_state")}


def read_table(folder: Path, name: str) -> list[tuple]:
    """Return one table of a snapshot as sorted rows."""
    sql = f'SELECT {", ".join(_quote(SDES_TABLES[name].names))} FROM "{name}"'
    rows = snapshot_tables.query_tables(folder, [name], sql)
    return sorted((tuple(row.values()) for row in rows), key=repr)


def read_column(files: list[Path], column: str) -> list:
    return pq.read_table(files, columns=[column]).column(0).to_pylist()


def _quote(names: tuple[str, ...]) -> list[str]:
    return [f'"{name}"' for name in names]


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file in a folder and its subfolders, by relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
