"""Record store of a snapshot: a copy of its tables in one indexed SQLite file, for reading single records.

A contract takes 25 queries, which together take less than a millisecond; reading it from Parquet took 200 ms or more
(docs/decisions/0010-keep-records-and-a-search-index-in-each-snapshot.md). DuckDB gives Arrow batches and ADBC inserts them,
so no row passes through Python when the file is written
(docs/decisions/0014-store-a-snapshot-as-plain-tables-one-record-store-and-one-index.md).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from threepoint.errors import UserError
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.tables_states import STORED_TABLES
from threepoint.standard.tables_totals import TOTAL_TABLES

if TYPE_CHECKING:
    from threepoint.store import duckdb_engine

RecordRow = dict[str, Any]
RECORDS_FILE_NAME = "records.sqlite"
RECORD_TABLES: dict[str, TableDefinition] = STORED_TABLES | TOTAL_TABLES
# The column with the process, project or line that a row belongs to, if it is not the first column of the key.
OWNER_COLUMN_BY_TABLE = {
    "change": "subject_id",
    "coverage": "key",
    "dq_result": "subject_id",
    "notice": "ocid",
    "organisation_identifier": "org_id",
}
REGISTER_NUMBER_SQL = "substr(identifier, length(scheme) + 2)"  # the identifier without its register's prefix
# Further columns to index: other names of a record, and the body of a plan.
LOOKUP_COLUMNS_BY_TABLE = {
    "notice": ("notice_id",),
    "organisation_identifier": (REGISTER_NUMBER_SQL,),
    "scheme_identifier": ("identifier",),
    "pipeline_entry": ("body_org_id",),
}
ADBC_TARGET_OPTION, ADBC_MODE_OPTION = "adbc.ingest.target_table", "adbc.ingest.mode"
EPOCH_DATE = date(1970, 1, 1)
EPOCH_DATETIME = datetime(1970, 1, 1, tzinfo=UTC)
ANALYSED_INDEX_ROWS = 1000  # rows of each index that SQLite samples to choose between indexes
PENCE_EXPONENT = -2


# ---------------------------------------------------------------------------------------------- writing


@contextmanager
def write_records(snapshot: Path) -> Iterator["RecordWriter"]:
    """Create a snapshot's record store and yield a writer; index the store when the block ends without an error."""
    path = snapshot / RECORDS_FILE_NAME
    with _translate_write_errors(path):
        with closing(_open_for_writing(path)) as connection:
            connection.executescript(f"PRAGMA user_version={_compute_schema_version()};")
            connection.executescript(f"BEGIN; {'; '.join(map(_build_table_sql, RECORD_TABLES.values()))}; COMMIT;")
        writer = RecordWriter(path)
        try:
            yield writer
        finally:
            writer.close()
        with closing(_open_for_writing(path)) as connection:
            connection.executescript(f"BEGIN; {'; '.join(_build_index_sql())}; COMMIT;")
            connection.executescript(f"PRAGMA analysis_limit={ANALYSED_INDEX_ROWS}; ANALYZE;")


def _open_for_writing(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    # No journal: a file that is not finished never becomes part of a snapshot.
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;")
    return connection


@contextmanager
def _translate_write_errors(path: Path) -> Iterator[None]:
    """Raise the system's own error for a failed write. SQLite does not say why it cannot write, so write to the file."""
    import adbc_driver_manager as adbc

    try:
        yield
    except (sqlite3.OperationalError, adbc.Error) as error:
        with path.open("ab") as file:
            file.write(bytes(1 << 20))
        raise OSError(f"{path.name} cannot be written: {error}") from error


def _build_table_sql(table: TableDefinition) -> str:
    columns = ", ".join(f'"{field.name}"' for field in table.fields)
    return f'CREATE TABLE "{table.name}" ({columns})'


def _build_index_sql() -> Iterator[str]:
    for table in RECORD_TABLES.values():
        key_columns = [f'"{name}"' for name in table.key]
        lookup_columns = [f'"{OWNER_COLUMN_BY_TABLE[table.name]}"'] if table.name in OWNER_COLUMN_BY_TABLE else []
        lookup_columns += LOOKUP_COLUMNS_BY_TABLE.get(table.name, ())
        for number, columns in enumerate([", ".join(key_columns), *lookup_columns]):
            yield f'CREATE INDEX "{table.name}_{number}" ON "{table.name}" ({columns})'


class RecordWriter:
    """Adds rows to a new record store."""

    def __init__(self, path: Path) -> None:
        import adbc_driver_manager as adbc
        import adbc_driver_sqlite

        self._database = adbc_driver_sqlite.connect(str(path))
        self._connection = adbc.AdbcConnection(self._database)
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000"):
            with self._statement() as statement:
                statement.set_sql_query(f"PRAGMA {setting}")
                statement.execute_update()

    def _statement(self) -> Any:
        import adbc_driver_manager as adbc

        return adbc.AdbcStatement(self._connection)

    def add(self, connection: "duckdb_engine.DuckDBConnection", table: TableDefinition, source: str) -> None:
        """Add the rows of DuckDB's table or view `source`, in their order there."""
        columns = ", ".join(f'{_build_stored_value_sql(field)} AS "{field.name}"' for field in table.fields)
        with self._statement() as statement:
            statement.set_options(**{ADBC_TARGET_OPTION: table.name, ADBC_MODE_OPTION: "adbc.ingest.mode.append"})
            # Not ADBC's DB-API: it imports Arrow, which takes longer than a small build.
            statement.bind_stream(connection.sql(f'SELECT {columns} FROM "{source}"'))
            statement.execute_update()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self._database.close()


def _build_stored_value_sql(field: FieldDefinition) -> str:
    """Return SQL for a stored value: pence, days or microseconds since 1970, 0 or 1; null for an infinite number."""
    name = f'"{field.name}"'
    if field.type == "money":
        return f"CAST(CAST({name} AS DECIMAL(38, 2)) * 100 AS BIGINT)"
    if field.type == "date":
        return f"date_diff('day', DATE '1970-01-01', {name})"
    if field.type == "timestamp":
        return f"epoch_us({name})"
    if field.type == "boolean":
        return f"CAST({name} AS TINYINT)"
    return f"CASE WHEN isfinite({name}) THEN {name} END" if field.type in ("number", "share") else name


# ---------------------------------------------------------------------------------------------- reading


class RecordStore:
    """A snapshot's record store, open for reading. Threads may share it: SQLite serialises their queries."""

    def __init__(self, snapshot: Path) -> None:
        path = snapshot / RECORDS_FILE_NAME
        if not path.exists():
            raise UserError(f"the snapshot {snapshot.name} is not complete; run `threepoint build`")
        try:
            # immutable=1: a snapshot's files never change, so SQLite needs no locks and no checks for changes.
            self._opened = sqlite3.connect(
                f"file:{path.resolve()}?mode=ro&immutable=1", uri=True, check_same_thread=False, cached_statements=512
            )
            (version,) = self._opened.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise UserError(
                f"the records of the snapshot {snapshot.name} cannot be read ({error}); run `threepoint build`"
            ) from error
        if version != _compute_schema_version():
            self.close()
            raise UserError(
                f"the records of the snapshot {snapshot.name} were written by another version of Three Point; run `threepoint build`"
            )

    def close(self) -> None:
        """Close the file."""
        self._opened.close()

    def rows(self, name: str, within: str | None = None, **where: Any) -> list[RecordRow]:
        """Return the rows of a table whose columns equal `where`, as name → value, in the order of its key.

        `within` is the id of a record and limits the search to rows of its process, project, organisation or line.
        """
        conditions, values = _build_conditions(RECORD_TABLES[name], where, () if within is None else (within,))
        return self._read(RECORD_TABLES[name], " AND ".join(conditions), values)

    def page(self, name: str, only: Mapping[str, str], after: Sequence[Any] | None, size: int) -> list[RecordRow]:
        """Return at most `size` rows of a table in the order of its key, starting after the key `after`.

        `only` maps id columns to values and limits the result to rows with exactly these values.
        """
        table = RECORD_TABLES[name]
        conditions, values = _build_conditions(table, only, only.values())
        if after is not None:
            conditions.append(f"({', '.join(map(_quote_column, table.key))}) > ({', '.join('?' * len(table.key))})")
            values += after
        return self._read(table, " AND ".join(conditions), values, size)

    def named(self, name: str) -> list[tuple[str, str]]:
        """Return (kind, id) of the records whose other name is `name`: a notice's number, an identifier."""
        records: set[tuple[str, str]] = set()
        for kind, table, column, id_column in _OTHER_NAME_COLUMNS:
            sql = f'SELECT "{id_column}" FROM "{table}" WHERE {column} = ?'
            records.update((kind, ident) for (ident,) in self._opened.execute(sql, (name,)) if ident is not None)
        return sorted(records)

    def _read(self, table: TableDefinition, where: str, values: Sequence[Any], size: int = -1) -> list[RecordRow]:
        order = ", ".join(map(_quote_column, table.key))
        sql = f'SELECT * FROM "{table.name}" WHERE {where or "1"} ORDER BY {order} LIMIT {size:d}'
        names, readers = table.names, _get_value_readers(table.name)
        rows = [dict(zip(names, row, strict=True)) for row in self._opened.execute(sql, values)]
        for column, read in readers:
            for row in rows:
                if row[column] is not None:
                    row[column] = read(row[column])
        return rows


def _build_conditions(
    table: TableDefinition, where: Mapping[str, Any], addresses: Iterable[str]
) -> tuple[list[str], list[Any]]:
    """Return SQL conditions and their values: columns equal to `where`, and only rows that belong to each address.

    All ids in a process begin with its ocid and a slash, so an index on one column finds its rows. In ASCII `0` comes
    right after the slash, so everything between the two begins with the ocid and a slash.
    """
    conditions, values = [f'"{column}" = ?' for column in where], [*where.values()]
    owner = f'"{OWNER_COLUMN_BY_TABLE.get(table.name, table.key[0])}"'
    for address in addresses:
        ocid = address.split("/", maxsplit=1)[0]  # a prefix of the ocid if the ocid contains slashes
        conditions.append(f"({owner} = ? OR ({owner} > ? AND {owner} < ?))")
        values += [ocid, f"{ocid}/", f"{ocid}0"]
    return conditions, values


def _quote_column(name: str) -> str:
    return f'"{name}"'


# Other names of records: (kind of record, table, column with the name, column with the id).
_OTHER_NAME_COLUMNS = (
    ("contracting_process", "notice", "notice_id", "ocid"),
    ("contracting_process", "notice", "release_id", "ocid"),
    ("organisation", "organisation_identifier", "identifier", "org_id"),
    ("organisation", "organisation_identifier", REGISTER_NUMBER_SQL, "org_id"),
    ("scheme", "scheme_identifier", "identifier", "scheme_id"),
)


@cache
def _get_value_readers(name: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Return (column, function that converts its stored value) for columns stored in another form."""
    reader_by_type: dict[str, Callable[[Any], Any]] = {
        "money": lambda pence: Decimal(pence).scaleb(PENCE_EXPONENT),
        "date": lambda days: EPOCH_DATE + timedelta(days=days),
        "timestamp": lambda microseconds: EPOCH_DATETIME + timedelta(microseconds=microseconds),
        "boolean": bool,
    }
    return tuple(
        (field.name, reader_by_type[field.type]) for field in RECORD_TABLES[name].fields if field.type in reader_by_type
    )


@cache
def _compute_schema_version() -> int:
    """Return a checksum of all tables' columns and their order, which `SELECT *` relies on."""
    shapes = [(table.name, [(field.name, field.type) for field in table.fields]) for table in RECORD_TABLES.values()]
    return crc32(repr(shapes).encode()) >> 1  # SQLite keeps 31 bits
