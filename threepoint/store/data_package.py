"""Packages of tables on disk: a snapshot's tables written as CSV or Parquet files, and read back as a snapshot."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from threepoint.errors import Problem
from threepoint.standard.data_package import FORMULA, GUARD, Package, Part
from threepoint.standard.definition import Field, Table
from threepoint.standard.sdes import SDES
from threepoint.standard.tables_states import STATE_SOURCE, STATE_TABLES
from threepoint.store import duckdb_engine, field_states, snapshot_tables, snapshots
from threepoint.store.store_paths import Layout

LONGEST = 32 * 1024 * 1024  # bytes of one row of CSV
AGAIN = "ask for the package again"
TEXTS = frozenset({"id", "text", "code", "list", "any"})
_FORMULA = "'^[" + (FORMULA + GUARD).replace("-", r"\-").replace("'", "''") + "]'"  # as SQL writes the pattern
_GUARD = f"chr({ord(GUARD)})"

Tell = Callable[[str, int, int], None]


def write_table(folder: Path, table: Table, target: Path, form: str, *, guard: bool) -> int:
    """Writes one table of the snapshot in `folder` to the file `target`, sorted by its key; its number of rows."""
    scratch = target.parent / ".sorting"
    try:
        with duckdb_engine.engine(scratch) as connection:
            if table.name == field_states.NAME:
                snapshot_tables.open_tables(connection, folder, [table.name])
            else:
                duckdb_engine.open_files(connection, table.name, table, snapshot_tables.list_files(folder, table.name))
            if form == "parquet":
                return duckdb_engine.write(connection, table, table.name, target)
            columns = ", ".join(f'{_written(field, guard=guard)} AS "{field.name}"' for field in table.fields)
            order = ", ".join(f't."{name}"' for name in table.key)
            return duckdb_engine.write_csv(
                connection, f'SELECT {columns} FROM "{table.name}" t ORDER BY {order}', target
            )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _written(field: Field, *, guard: bool) -> str:
    """SQL for a column as CSV has it: times as ISO 8601 in UTC, texts guarded where they look like formulas."""
    name = f'"{field.name}"'
    if field.type == "timestamp":
        at = f"make_timestamp(epoch_us({name}))"
        whole, parts = (f"strftime({at}, '%Y-%m-%dT%H:%M:%S{part}Z')" for part in ("", ".%f"))
        return f"CASE WHEN epoch_us({name}) % 1000000 = 0 THEN {whole} ELSE {parts} END"
    if guard and field.type in TEXTS:
        return f"CASE WHEN regexp_matches({name}, {_FORMULA}) THEN {_GUARD} || {name} ELSE {name} END"
    return name


def is_from_one(layout: Layout) -> bool:
    """True where the store's current snapshot was read from a package, so that there is no history behind it."""
    return current(layout) is not None


def current(layout: Layout) -> tuple[str, dict[str, Any]] | None:
    """The name and manifest of the current snapshot where it was read from a package; None otherwise."""
    name = snapshots.current_name(layout)
    path = layout.snapshots / str(name) / snapshots.MANIFEST
    if name is None or not path.exists():
        return None
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return (name, told) if "package" in told else None


def take(
    layout: Layout, package: Package, base: Path, finish: Callable[[Path, Path], None], tell: Tell = lambda *_: None
) -> dict[str, int] | None:
    """Makes the package's tables the store's snapshot: rows by table; None where they are that already.

    `finish` adds to the snapshot's folder, given a scratch folder, what is made from its tables.

    Every file is first compared with its sha256 in the descriptor. Problem where one is missing, differs or cannot be read.
    """
    held = current(layout)
    if held and held[1]["package"]["sha256"] == package.sha256:
        return None
    for part in package.parts:
        _compare(base, part)
    rows: dict[str, int] = {}
    with snapshots.fresh(layout) as folder:
        with duckdb_engine.engine(layout.scratch) as connection:
            for number, part in enumerate(package.parts):
                tell(part.table, number, len(package.parts))
                rows[part.table] = _read(connection, package, part, base / part.path, folder)
        finish(folder, layout.scratch)
        told = {**package.manifest, "layout": snapshots.LAYOUT, "tables": rows, "package": _told(package)}
        (folder / snapshots.MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return rows


def _told(package: Package) -> dict[str, Any]:
    return {"sha256": package.sha256, "format": package.format, "sources": package.sources}


def _compare(base: Path, part: Part) -> None:
    path, digest = base / part.path, hashlib.sha256()
    try:
        if base.resolve() not in path.resolve(strict=True).parents:
            raise Problem(f"{path} is a link out of its folder; {AGAIN}")
        with path.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    except OSError as why:
        raise Problem(f"{path} cannot be read ({why.strerror}); {AGAIN}") from None
    if digest.hexdigest() != part.sha256:
        raise Problem(f"{path} is not the file that its descriptor names: its sha256 differs; {AGAIN}")


def _read(connection: duckdb_engine.Engine, package: Package, part: Part, path: Path, folder: Path) -> int:
    import pyarrow as pa

    table = SDES[part.table]
    kept = f"package_{table.name}"
    try:
        if package.format == "csv":
            _csv(connection, table, path, kept, guarded=package.guarded)
        else:
            duckdb_engine.open_files(connection, f"file_{table.name}", table, [path])
            _same_columns(table, [row[0] for row in duckdb_engine.rows(connection, f'DESCRIBE "file_{table.name}"')])
            duckdb_engine.keep(connection, kept, f'SELECT * FROM "file_{table.name}"')
        made = _write(connection, table, kept, folder)
    except duckdb_engine.Full as why:
        raise Problem(f"{path} cannot be kept ({str(why).splitlines()[0]}); check the disk's space") from None
    except (pa.ArrowInvalid, duckdb_engine.Error) as why:
        reason = str(why).splitlines()[0]
        raise Problem(f"{path} is not a table of SDES ({reason}); {AGAIN}") from None
    duckdb_engine.drop(connection, [kept])
    return made


def _write(connection: duckdb_engine.Engine, table: Table, kept: str, folder: Path) -> int:
    """Write the rows kept under a name as one part of the snapshot's table; of field_state, as wide tables."""
    part = snapshot_tables.name_part(0)
    if table.name != field_states.NAME:
        return duckdb_engine.write(connection, table, kept, snapshot_tables.prepare_file(folder, table.name, part))
    field_states.number_sources(connection, kept)
    for subject in STATE_TABLES:
        field_states.widen_states(connection, kept, subject)
    tables = (STATE_SOURCE, *STATE_TABLES.values())
    field_states.open_view(connection, [made.name for made in tables])
    if duckdb_engine.differ(connection, kept, field_states.NAME):
        raise Problem(
            f"the table {table.name} of this package has rows that this version of Three Point does not know; {AGAIN}"
        )
    for made in tables:
        duckdb_engine.write(connection, made, made.name, snapshot_tables.prepare_file(folder, made.name, part))
        duckdb_engine.drop(connection, [made.name])
    return duckdb_engine.count(connection, kept)


def _csv(connection: duckdb_engine.Engine, table: Table, path: Path, kept: str, *, guarded: bool) -> None:
    from pyarrow import csv

    with path.open("rb") as handle:
        head = handle.readline().decode("utf-8").rstrip("\r\n").split(",")
    _same_columns(table, head)
    with csv.open_csv(
        str(path),
        read_options=csv.ReadOptions(use_threads=False, block_size=LONGEST),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={field.name: _arrow(field) for field in table.fields}, null_values=[""],
            strings_can_be_null=True, quoted_strings_can_be_null=False, true_values=["true"], false_values=["false"],
        ),
    ) as reader:  # fmt: skip
        columns = ", ".join(f'{_plain(field, guarded=guarded)} AS "{field.name}"' for field in table.fields)
        duckdb_engine.keep_reader(connection, kept, reader, columns)


def _arrow(field: Field) -> Any:
    import pyarrow as pa

    from threepoint.store.arrow_columns import ARROW

    return pa.decimal128(18, 2) if field.type == "money" else ARROW[field.type]


def _plain(field: Field, *, guarded: bool) -> str:
    name = f'"{field.name}"'
    if guarded and field.type in TEXTS:
        return f"CASE WHEN starts_with({name}, {_GUARD}) THEN substr({name}, 2) ELSE {name} END"
    return name


def _same_columns(table: Table, found: list[str]) -> None:
    if tuple(found) != table.names:
        raise Problem(f"the table {table.name} of this package has other columns than SDES has now; {AGAIN}")
