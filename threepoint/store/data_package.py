"""Write a snapshot's tables as a package of CSV or Parquet files, and import a package as a snapshot."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from threepoint.errors import UserError
from threepoint.standard.data_package import FORMULA_GUARD, FORMULA_START_CHARS, DataPackage, PackageTableFile
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import STATE_SOURCE, STATE_TABLES
from threepoint.store import duckdb_engine, snapshot_tables, snapshots, state_tables
from threepoint.store.store_paths import StorePaths

MAX_CSV_ROW_BYTES = 32 * 1024 * 1024
REQUEST_AGAIN_ADVICE = "ask for the package again"
TEXT_TYPES = frozenset({"id", "text", "code", "list", "any"})
_FORMULA_PATTERN_SQL = "'^[" + (FORMULA_START_CHARS + FORMULA_GUARD).replace("-", r"\-").replace("'", "''") + "]'"
_GUARD_SQL = f"chr({ord(FORMULA_GUARD)})"

ProgressCallback = Callable[[str, int, int], None]


def write_table_file(folder: Path, table: TableDefinition, target: Path, form: str, *, guard: bool) -> int:
    """Write one table of the snapshot in `folder` to `target`, sorted by its key, and return its number of rows."""
    scratch = target.parent / ".sorting"
    try:
        with duckdb_engine.open_connection(scratch) as connection:
            if table.name == state_tables.FIELD_STATE_TABLE:
                snapshot_tables.create_snapshot_views(connection, folder, [table.name])
            else:
                duckdb_engine.create_table_view(
                    connection, table.name, table, snapshot_tables.list_files(folder, table.name)
                )
            if form == "parquet":
                return duckdb_engine.write_sorted_parquet(connection, table, table.name, target)
            columns = ", ".join(
                f'{_build_csv_column_sql(field, guard=guard)} AS "{field.name}"' for field in table.fields
            )
            order = ", ".join(f't."{name}"' for name in table.key)
            return duckdb_engine.write_query_csv(
                connection, f'SELECT {columns} FROM "{table.name}" t ORDER BY {order}', target
            )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _build_csv_column_sql(field: FieldDefinition, *, guard: bool) -> str:
    """Return SQL for a column's CSV values: times as ISO 8601 in UTC; if `guard`, texts that look like formulas guarded."""
    name = f'"{field.name}"'
    if field.type == "timestamp":
        utc_time = f"make_timestamp(epoch_us({name}))"
        whole_second, fractional = (f"strftime({utc_time}, '%Y-%m-%dT%H:%M:%S{part}Z')" for part in ("", ".%f"))
        return f"CASE WHEN epoch_us({name}) % 1000000 = 0 THEN {whole_second} ELSE {fractional} END"
    if guard and field.type in TEXT_TYPES:
        return f"CASE WHEN regexp_matches({name}, {_FORMULA_PATTERN_SQL}) THEN {_GUARD_SQL} || {name} ELSE {name} END"
    return name


def is_from_package(layout: StorePaths) -> bool:
    """Return True if the store's current snapshot was imported from a package, so the store has no history."""
    return read_current_package(layout) is not None


def read_current_package(layout: StorePaths) -> tuple[str, dict[str, Any]] | None:
    """Return the name and manifest of the current snapshot if it was imported from a package; None otherwise."""
    name = snapshots.get_current_name(layout)
    path = layout.snapshots / str(name) / snapshots.SNAPSHOT_MANIFEST_NAME
    if name is None or not path.exists():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return (name, manifest) if "package" in manifest else None


def import_package(
    layout: StorePaths,
    package: DataPackage,
    base: Path,
    finish: Callable[[Path, Path], None],
    tell: ProgressCallback = lambda *_: None,
) -> dict[str, int] | None:
    """Import the package's tables as the store's snapshot and return rows by table; None if they are imported already.

    `finish(snapshot, scratch)` adds the files that are derived from the tables. Raise UserError if a file is missing,
    cannot be read, or does not match its sha256 in the descriptor; all are compared first.
    """
    current = read_current_package(layout)
    if current and current[1]["package"]["sha256"] == package.sha256:
        return None
    for part in package.parts:
        _verify_checksum(base, part)
    rows: dict[str, int] = {}
    with snapshots.create_snapshot(layout) as folder:
        with duckdb_engine.open_connection(layout.scratch) as connection:
            for number, part in enumerate(package.parts):
                tell(part.table, number, len(package.parts))
                rows[part.table] = _import_table(connection, package, part, base / part.path, folder)
        finish(folder, layout.scratch)
        manifest = {
            **package.manifest,
            "layout": snapshots.SNAPSHOT_LAYOUT_VERSION,
            "tables": rows,
            "package": _describe_package(package),
        }
        (folder / snapshots.SNAPSHOT_MANIFEST_NAME).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return rows


def _describe_package(package: DataPackage) -> dict[str, Any]:
    return {"sha256": package.sha256, "format": package.format, "sources": package.sources}


def _verify_checksum(base: Path, part: PackageTableFile) -> None:
    path, digest = base / part.path, hashlib.sha256()
    try:
        if base.resolve() not in path.resolve(strict=True).parents:
            raise UserError(f"{path} is a link out of its folder; {REQUEST_AGAIN_ADVICE}")
        with path.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); {REQUEST_AGAIN_ADVICE}") from None
    if digest.hexdigest() != part.sha256:
        raise UserError(f"{path} is not the file in its descriptor: its sha256 differs; {REQUEST_AGAIN_ADVICE}")


def _import_table(
    connection: duckdb_engine.DuckDBConnection, package: DataPackage, part: PackageTableFile, path: Path, folder: Path
) -> int:
    import pyarrow as pa

    table = SDES_TABLES[part.table]
    imported = f"package_{table.name}"
    try:
        if package.format == "csv":
            _read_csv(connection, table, path, imported, guarded=package.guarded)
        else:
            duckdb_engine.create_table_view(connection, f"file_{table.name}", table, [path])
            _check_columns(
                table, [row[0] for row in duckdb_engine.query_rows(connection, f'DESCRIBE "file_{table.name}"')]
            )
            duckdb_engine.create_table(connection, imported, f'SELECT * FROM "file_{table.name}"')
        row_count = _write_snapshot_table(connection, table, imported, folder)
    except duckdb_engine.OUT_OF_SPACE_ERRORS as error:
        raise UserError(
            f"{path} cannot be stored ({str(error).splitlines()[0]}); check that the disk has free space"
        ) from None
    except (pa.ArrowInvalid, duckdb_engine.DuckDBError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} is not an SDES table ({reason}); {REQUEST_AGAIN_ADVICE}") from None
    duckdb_engine.drop_tables(connection, [imported])
    return row_count


def _write_snapshot_table(
    connection: duckdb_engine.DuckDBConnection, table: TableDefinition, imported: str, folder: Path
) -> int:
    """Write the rows of `imported` as one part of the snapshot's table; convert field_state to wide tables."""
    part = snapshot_tables.name_part(0)
    if table.name != state_tables.FIELD_STATE_TABLE:
        return duckdb_engine.write_sorted_parquet(
            connection, table, imported, snapshot_tables.prepare_file(folder, table.name, part)
        )
    state_tables.number_sources(connection, imported)
    for subject in STATE_TABLES:
        state_tables.widen_states(connection, imported, subject)
    wide_tables = (STATE_SOURCE, *STATE_TABLES.values())
    state_tables.create_field_state_view(connection, [wide_table.name for wide_table in wide_tables])
    if duckdb_engine.has_different_rows(connection, imported, state_tables.FIELD_STATE_TABLE):
        raise UserError(
            f"the table {table.name} of this package has rows that this version of Three Point does not know; {REQUEST_AGAIN_ADVICE}"
        )
    for wide_table in wide_tables:
        duckdb_engine.write_sorted_parquet(
            connection, wide_table, wide_table.name, snapshot_tables.prepare_file(folder, wide_table.name, part)
        )
        duckdb_engine.drop_tables(connection, [wide_table.name])
    return duckdb_engine.count_rows(connection, imported)


def _read_csv(
    connection: duckdb_engine.DuckDBConnection, table: TableDefinition, path: Path, target: str, *, guarded: bool
) -> None:
    from pyarrow import csv

    with path.open("rb") as handle:
        header = handle.readline().decode("utf-8").rstrip("\r\n").split(",")
    _check_columns(table, header)
    with csv.open_csv(
        str(path),
        read_options=csv.ReadOptions(use_threads=False, block_size=MAX_CSV_ROW_BYTES),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={field.name: _get_arrow_type(field) for field in table.fields}, null_values=[""],
            strings_can_be_null=True, quoted_strings_can_be_null=False, true_values=["true"], false_values=["false"],
        ),
    ) as reader:  # fmt: skip
        columns = ", ".join(
            f'{_build_unguarded_column_sql(field, guarded=guarded)} AS "{field.name}"' for field in table.fields
        )
        duckdb_engine.create_table_from_reader(connection, target, reader, columns)


def _get_arrow_type(field: FieldDefinition) -> Any:
    import pyarrow as pa

    from threepoint.store.arrow_columns import ARROW_TYPES

    return pa.decimal128(18, 2) if field.type == "money" else ARROW_TYPES[field.type]


def _build_unguarded_column_sql(field: FieldDefinition, *, guarded: bool) -> str:
    name = f'"{field.name}"'
    if guarded and field.type in TEXT_TYPES:
        return f"CASE WHEN starts_with({name}, {_GUARD_SQL}) THEN substr({name}, 2) ELSE {name} END"
    return name


def _check_columns(table: TableDefinition, columns: list[str]) -> None:
    if tuple(columns) != table.names:
        raise UserError(
            f"the columns of the table {table.name} in this package differ from those of SDES now; {REQUEST_AGAIN_ADVICE}"
        )
