"""Convert between the long table field_state and the wide tables that a snapshot stores, in DuckDB's SQL."""

from collections.abc import Collection

from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_states import (
    DETAIL_SUFFIX,
    DUE_ON_SUFFIX,
    SOURCE_SUFFIX,
    STATE_SOURCE,
    STATE_TABLES,
    describe_evidence,
    list_traced_fields,
)
from threepoint.standard.value_states import STATE_BY_CODE
from threepoint.store import duckdb_engine

FIELD_STATE_TABLE = "field_state"


def create_field_state_view(connection: duckdb_engine.DuckDBConnection, table_names: Collection[str]) -> None:
    """Create the view field_state from the views of those wide tables that are in `table_names`."""
    subjects = [subject for subject, table in STATE_TABLES.items() if table.name in table_names]
    query = f"""
SELECT s."table", s.key, s.field, s.state, s.detail, s.due_on, s.evidence_level, r.notice_id, r.release_id, r.release_date
FROM ({" UNION ALL ".join(map(_unpivot_states, subjects))}) s LEFT JOIN {STATE_SOURCE.name} r ON s.source = r.number"""
    duckdb_engine.create_query_view(connection, FIELD_STATE_TABLE, query)


def _unpivot_states(subject: str) -> str:
    levels = " ".join(f"WHEN '{state}' THEN '{describe_evidence(subject, state)}'" for state in STATE_BY_CODE)
    fields = ", ".join(
        f'("{field}", "{field}{DETAIL_SUFFIX}", "{field}{DUE_ON_SUFFIX}", "{field}{SOURCE_SUFFIX}") AS \'{field}\''
        for field in list_traced_fields(subject)
    )
    return (
        f"SELECT '{subject}' AS \"table\", {SDES_TABLES[subject].key[0]} AS key, field, state, detail, due_on,"
        f" CASE state {levels} END AS evidence_level, source FROM {STATE_TABLES[subject].name}"
        f" UNPIVOT INCLUDE NULLS ((state, detail, due_on, source) FOR field IN ({fields})) WHERE state IS NOT NULL"
    )


def count_field_states(connection: duckdb_engine.DuckDBConnection, subject: str, source: str) -> int:
    """Return the number of field_state rows in a subject's wide rows, which are in the table `source`."""
    counts = " + ".join(f"count({field})" for field in list_traced_fields(subject))
    return int(duckdb_engine.query_rows(connection, f'SELECT {counts} FROM "{source}"')[0][0])


def number_sources(connection: duckdb_engine.DuckDBConnection, long_table: str) -> None:
    """Create the table STATE_SOURCE from `long_table`, a package's field_state."""
    columns = "notice_id, release_id, release_date"
    sql = f"SELECT DISTINCT {columns} FROM {long_table} WHERE coalesce(notice_id, release_id, release_date::VARCHAR) IS NOT NULL"
    duckdb_engine.create_table(
        connection,
        STATE_SOURCE.name,
        f"SELECT row_number() OVER (ORDER BY {columns}) - 1 AS number, {columns} FROM ({sql})",
    )


def widen_states(connection: duckdb_engine.DuckDBConnection, long_table: str, subject: str) -> None:
    """Create a subject's wide table from `long_table`, a package's field_state, and the table STATE_SOURCE."""
    key = STATE_TABLES[subject].key[0]
    columns = ", ".join(
        f"max({part}) FILTER (WHERE field = '{field}') AS \"{field}{suffix}\""
        for field in list_traced_fields(subject)
        for part, suffix in (
            ("state", ""),
            ("detail", DETAIL_SUFFIX),
            ("due_on", DUE_ON_SUFFIX),
            ("number", SOURCE_SUFFIX),
        )
    )
    join_condition = " AND ".join(
        f"s.{name} IS NOT DISTINCT FROM r.{name}" for name in ("notice_id", "release_id", "release_date")
    )
    duckdb_engine.create_table(
        connection,
        STATE_TABLES[subject].name,
        f"SELECT key AS {key}, {columns} FROM {long_table} s LEFT JOIN {STATE_SOURCE.name} r ON {join_condition}"
        f" WHERE s.\"table\" = '{subject}' GROUP BY key",
    )
