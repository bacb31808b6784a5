"""A small synthetic world as several files, commands run as processes of their own, and snapshots as rows."""

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
    """A synthetic world cut into `parts` files of JSON lines."""
    sample.write_world(folder / "whole", releases, seed=11)
    lines = (folder / "whole" / "releases.jsonl").read_bytes().splitlines(keepends=True)
    made = []
    for number in range(parts):
        made.append(folder / f"part{number}.jsonl")
        made[-1].write_bytes(b"".join(lines[number::parts]))
    return made


def start(
    store: Path, *arguments: object, program: str = "from threepoint.cli import main; main()"
) -> subprocess.Popen:
    """The command line as a child process; `program` is the Python text that it runs."""
    words = [sys.executable, "-c", program, *map(str, arguments), "--store", str(store)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(store: Path, *arguments: object) -> tuple[int, str]:
    """(exit code, what it said) of one command that ends by itself."""
    child = start(store, *arguments)
    out, err = child.communicate(timeout=120)
    return child.returncode, out + err


def read_rows(store: Path) -> dict[str, list[tuple]]:
    """Every table of the current snapshot as sorted rows, in the order of the standard's columns.

    The record store must hold these very rows, and find notices by their ids.
    """
    folder = snapshots.get_current_folder(StorePaths(store))
    found = {name: read_table(folder, name) for name in SDES_TABLES if snapshot_tables.list_files(folder, name)}
    with closing(record_store.RecordStore(folder)) as opened:
        for name, expected in found.items():
            assert sorted((tuple(row.values()) for row in opened.rows(name)), key=repr) == expected, name
        for row in opened.rows("notice"):
            assert ("contracting_process", row["ocid"]) in opened.named(row["release_id"])
    return found | {"field_state": read_table(folder, "field_state")}


def read_table(folder: Path, name: str) -> list[tuple]:
    """One table of a snapshot as sorted rows."""
    sql = f'SELECT {", ".join(_quote(SDES_TABLES[name].names))} FROM "{name}"'
    found = snapshot_tables.query_tables(folder, [name], sql)
    return sorted((tuple(row.values()) for row in found), key=repr)


def read_column(files: list[Path], column: str) -> list:
    """One column of some Parquet files."""
    return pq.read_table(files, columns=[column]).column(0).to_pylist()


def _quote(names: tuple[str, ...]) -> list[str]:
    return [f'"{name}"' for name in names]


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
