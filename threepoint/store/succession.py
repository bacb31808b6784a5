"""How a snapshot takes over from the one before: files are shared, what no longer counts is named, and now and then all is tidied.

The layers are those of `layers`.
"""

import os
import shutil
from pathlib import Path

from threepoint.standard.model import Table
from threepoint.store import engine, layers


def link(old: Path, new: Path) -> None:
    """The same file under a second name: a hard link, or a copy where the disk knows none."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def replace(connection: engine.Engine, old: Path, new: Path, touched: str) -> None:
    """Says in the snapshot `new` which groups no longer count in base files: those of `old`, and the rows of `touched`."""
    path = old / layers.REPLACED
    earlier = f" UNION FROM {engine.parquet([path])}" if path.exists() else ""
    engine.keep(connection, "replaced", f'SELECT "group" FROM "{touched}"{earlier}')
    if engine.count(connection, "replaced"):
        engine.set_aside(connection, "replaced", new / layers.REPLACED)


def take_over(connection: engine.Engine, old: Path, new: Path, address: str, table: Table | None = None) -> None:
    """Takes a table's rows of processes over from the folder `old`, but of `touched` processes those of base files alone.

    Base files get a second name, delta files are written anew without what is touched. `table` is None for what is kept.
    """
    for path in layers.files(old, layers.BASE):
        link(path, new / path.name)
    if deltas := layers.files(old, layers.DELTA):
        target = layers.next_file(new, layers.DELTA)
        _write_without(connection, deltas, "touched", address, target, table)
        without_empty(target)


def share_of_delta(folder: Path) -> float:
    """How large a part of a table's rows of processes is in delta files, from 0 to 1."""
    base, delta = (
        sum(engine.rows_of(path) or 0 for path in layers.files(folder, layer)) for layer in (layers.BASE, layers.DELTA)
    )
    return delta / max(base + delta, 1)


def compact(connection: engine.Engine, folder: Path, address: str, table: Table | None = None) -> None:
    """Makes one more base file of the delta files, and takes what is `replaced` out of the others; without an address nothing is.

    What is read now is the same as before. A base file may have a second name in another snapshot: it is not changed.
    """
    for path in layers.files(folder, layers.BASE) if address else ():
        fresh = path.with_name(f".{path.name}")
        _write_without(connection, [path], "replaced", address, fresh, table)
        fresh.replace(path)
    if deltas := layers.files(folder, layers.DELTA):
        engine.open_parquet(connection, "staying", deltas)
        _write(connection, layers.next_file(folder, layers.BASE), table)
    for path in deltas:
        path.unlink()


def _write_without(
    connection: engine.Engine, paths: list[Path], gone: str, address: str, target: Path, table: Table | None
) -> None:
    """Writes the rows of some files to one, but for those of processes that are `gone`."""
    group = layers.group_of(f'b."{address}"')
    engine.open_query(
        connection, "staying", f'SELECT b.* FROM {engine.parquet(paths)} b ANTI JOIN "{gone}" g ON {group} = g."group"'
    )
    _write(connection, target, table)


def _write(connection: engine.Engine, target: Path, table: Table | None) -> None:
    if table:
        engine.write(connection, table, "staying", target)
    else:
        engine.set_aside(connection, "staying", target)


def without_empty(path: Path) -> None:
    """Removes a delta file that holds nothing."""
    if not engine.rows_of(path):
        path.unlink()
