"""A snapshot's tables on disk: what a whole build made of each process, and what later builds put in its place.

    contract/base-0000.parquet     rows of processes, of the last whole build or compaction
    contract/delta-0000.parquet    rows of the processes worked out anew since then
    contract/rest-0000.parquet     rows of no one process, made anew by every build
    kept/said/base-0000.parquet    what a build keeps for the next one, in the same layers
    replaced.parquet               the processes whose rows in base files no longer count

A process is told by its group: what stands before the first `/` of its ocid. The address of everything that is of a process
begins with its ocid, so one column of a row tells its group, whatever an ocid holds.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from threepoint.standard.model import Table
from threepoint.standard.sdes import SDES
from threepoint.store import engine

BASE, DELTA, REST = "base", "delta", "rest"
KEPT = "kept"
ADDED_UP = ("fills",)  # of what is kept: counts over all processes, which add up; all else are rows of a process each
REPLACED = "replaced.parquet"


def group_of(column: str) -> str:
    """SQL for the group of an address."""
    return f"split_part({column}, '/', 1)"


def group(address: str) -> str:
    """The group of an address."""
    return address.split("/", maxsplit=1)[0]


def files(folder: Path, layer: str) -> list[Path]:
    """The files of one layer of a table."""
    return sorted(folder.glob(f"{layer}-*.parquet"))


def next_file(folder: Path, layer: str) -> Path:
    """Where the next file of a layer is to be written; the table's folder is there afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{layer}-{len(files(folder, layer)):04d}.parquet"


def rows_of_files(snapshot: Path) -> dict[str, int | None]:
    """The rows of each file of a snapshot, by its path in it; None where it cannot be read."""
    paths = sorted(snapshot.rglob("*.parquet"))
    return {path.relative_to(snapshot).as_posix(): engine.rows_of(path) for path in paths}


def open_table(connection: engine.Engine, table: Table, snapshot: Path, view: str = "") -> bool:
    """Makes a view of a table of a snapshot, under its own name or another one; False and none where the snapshot has none."""
    return _open(connection, view or table.name, snapshot / table.name, table.address, snapshot / REPLACED)


def count(connection: engine.Engine, table: Table, snapshot: Path) -> int:
    """How many rows a table of a snapshot has."""
    open_table(connection, table, snapshot, "counted")
    return engine.count(connection, "counted")


def reach(snapshot: Path, table: Table, columns: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """The layers that a table has rows in, each with the groups of its first and its last address; None: as far as there are groups.

    Addresses are not quite in the order of their groups, so these are near the ends and not the ends themselves.
    `columns` tell a row's group: the first of them that is not empty.
    """
    found: dict[str, tuple[str, str | None]] = {}
    for layer in (BASE, DELTA, REST):
        paths = [path for path in files(snapshot / table.name, layer) if engine.rows_of(path)]
        told = [engine.bounds(path, column) for path in paths for column in columns]
        if paths:
            whole = [one for one in told if one is not None]
            known = len(whole) == len(told)
            found[layer] = (
                (min(group(first) for first, _ in whole), max(group(last) for _, last in whole))
                if known
                else ("", None)
            )
    return found


def open_kept(connection: engine.Engine, name: str, snapshot: Path, view: str = "") -> None:
    """The same of what a build keeps for the next one."""
    _open(connection, view or name, snapshot / KEPT / name, kept_address(name), snapshot / REPLACED)


def kept_address(name: str) -> str:
    """The column that names the process of a row that is kept; '' where rows are of all processes together and add up."""
    return "" if name in ADDED_UP else "ocid"


def _open(connection: engine.Engine, view: str, folder: Path, address: str, replaced: Path) -> bool:
    base, later = files(folder, BASE), files(folder, DELTA) + files(folder, REST)
    if not base or not address or not replaced.exists():
        return engine.open_parquet(connection, view, [*base, *later])
    group = group_of(f'b."{address}"')
    still = f'SELECT b.* FROM {engine.parquet(base)} b ANTI JOIN {engine.parquet([replaced])} r ON {group} = r."group"'
    since = f" UNION ALL SELECT * FROM {engine.parquet(later)}" if later else ""
    engine.open_query(connection, view, still + since)
    return True


def ask(folder: Path, names: Sequence[str], sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of one query over a snapshot's tables, as name → value."""
    with engine.reading() as connection:
        for name in names:
            open_table(connection, SDES[name], folder)
        return engine.dicts(connection, sql, values)
