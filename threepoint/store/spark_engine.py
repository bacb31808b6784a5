"""Run a build's Ibis expressions on Apache Spark. Only this module handles the differences between Spark and DuckDB.

Each step's rows are written to Parquet at once, so that Spark's plans stay short and nothing is calculated twice. If
Spark runs on several machines, all must see the store at the same path.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from threepoint.errors import UserError
from threepoint.standard.definition import TableDefinition
from threepoint.store import duckdb_engine
from threepoint.store.arrow_columns import ARROW_TYPES, create_arrow_schema

SCRATCH_FOLDER_NAME = "spark"
SPARK_SETTINGS = {
    "spark.app.name": "threepoint build",
    "spark.log.level": "ERROR",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# DuckDB's type names that Spark spells differently.
_SPARK_TYPE_BY_SQL_TYPE = {"VARCHAR": "STRING", "TIMESTAMPTZ": "TIMESTAMP"}


@contextmanager
def open_spark_tables(scratch: Path) -> "Iterator[SparkTables]":
    """Start Spark with the user's Spark settings (SPARK_CONF_DIR, PYSPARK_SUBMIT_ARGS); stop it when the block ends."""
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise UserError("Spark is not installed; run `make spark`, or install requirements/spark.txt") from None
    builder = SparkSession.builder.config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
    for name, value in SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkRuntimeError, FileNotFoundError) as error:
        raise UserError(
            f"Spark does not start ({str(error).splitlines()[0]}); check that Java 17 or 21 is installed"
        ) from None
    try:
        yield SparkTables(session, scratch / SCRATCH_FOLDER_NAME)
    finally:
        session.stop()


class SparkTables:
    """Tables by name in one Spark session; `rows` has the number of rows of each."""

    def __init__(self, session: Any, scratch: Path) -> None:
        import ibis

        self._session, self._scratch = session, scratch
        self._ibis = ibis.pyspark.connect(session)
        self.rows: dict[str, int] = {}

    def open_files(self, name: str, table: TableDefinition, files: Sequence[Path]) -> None:
        """Create a view `name` of a table's Parquet files; without files the view is empty."""
        self._open(name, {field.name: _get_spark_type(field.type) for field in table.fields}, files)

    def put(
        self, name: str, columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Store columns of values under `name`; `kinds` has the SDES types of columns that are not text."""
        types = {column: kinds.get(column, "text") for column in columns}
        path = self._scratch / name / "rows.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(
            pa.table({column: pa.array([*columns[column]], ARROW_TYPES[types[column]]) for column in types}), path
        )
        self._open(name, {column: _get_spark_type(kind) for column, kind in types.items()}, [path])

    def keep(self, name: str, rows: Any, *, empty: bool = False) -> None:
        """Run an Ibis expression and store its rows under `name`; skip the run if the result is known to be `empty`."""
        result = self._session.sql(_ESCAPE_PATTERN.sub(_replace_escape, self._ibis.compile(rows)))
        folder = self._scratch / name
        if not empty:
            result.write.parquet(_format_file_uri(folder))
        self._open(name, dict(result.dtypes), sorted(folder.glob("*.parquet")))

    def read(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return the distinct rows of the table `name`, sorted; only `columns`, if given."""
        return sorted(tuple(row) for row in self._session.table(name).select(*columns or "*").distinct().collect())

    def write(self, table: TableDefinition, source: str, target: Path) -> int:
        """Write the rows of `source` as Parquet with the table's columns and types, sorted by its key; return their number."""
        if not self.rows[source]:
            pq.write_table(create_arrow_schema(table).empty_table(), target)
            return 0
        columns = [f"CAST(`{field.name}` AS {_get_spark_type(field.type)}) AS `{field.name}`" for field in table.fields]
        folder = self._scratch / f"{source}.written"
        rows = self._session.table(source).selectExpr(*columns).sort(*table.key)
        rows.coalesce(1).write.option("compression", "zstd").parquet(_format_file_uri(folder))
        [written_file] = folder.glob("*.parquet")
        written_file.rename(target)
        return int(pq.read_metadata(target).num_rows)

    def _open(self, name: str, columns: dict[str, str], files: Sequence[Path]) -> None:
        if files:
            schema = ", ".join(f"`{column}` {kind}" for column, kind in columns.items())
            rows = self._session.read.schema(schema).parquet(*map(_format_file_uri, files))
        else:  # not createDataFrame, which starts a Python process
            null_columns = [f"CAST(NULL AS {kind}) AS `{column}`" for column, kind in columns.items()]
            rows = self._session.range(1).where("false").selectExpr(*null_columns)
        rows.createOrReplaceTempView(name)
        self.rows[name] = sum(pq.read_metadata(path).num_rows for path in files)


# Ibis writes two of the white-space characters that it strips as \v and \f, which Spark reads as the letters v and f.
_ESCAPE_PATTERN = re.compile(r"\\(.)", re.DOTALL)
_UNICODE_ESCAPE_BY_LETTER = {"v": r"\u000B", "f": r"\u000C"}


def _replace_escape(match: re.Match[str]) -> str:
    return _UNICODE_ESCAPE_BY_LETTER.get(match[1], match[0])


def _format_file_uri(path: Path) -> str:
    # Without a scheme, Spark may look for the path in another file system.
    return f"file://{path.absolute()}"


def _get_spark_type(kind: str) -> str:
    return _SPARK_TYPE_BY_SQL_TYPE.get(duckdb_engine.SQL_TYPES[kind], duckdb_engine.SQL_TYPES[kind])
