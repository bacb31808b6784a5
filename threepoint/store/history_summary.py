"""Counts of a store's history by publisher, group and table."""

from typing import Any

from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.history_tables_notes import SIGHTING
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER
from threepoint.store import duckdb_engine, history
from threepoint.store.store_paths import StorePaths

# History tables without notices: SQL that returns (publisher, group, number of rows).
COUNT_SQL_BY_TABLE = {
    "gmpp_year": f"SELECT '{PORTFOLIO_PUBLISHER}', 'projects', count(*) FROM history_gmpp_year",
    "spend_line": "SELECT publisher, 'payments', count(*) FROM history_spend_line GROUP BY ALL ORDER BY ALL",
    "sale": "SELECT publisher, 'sales', count(*) FROM history_sale GROUP BY ALL ORDER BY ALL",
    "pipeline_entry": "SELECT publisher, 'pipelines', count(*) FROM history_pipeline_entry GROUP BY ALL ORDER BY ALL",
    "register_entry": "SELECT 'register ' || register, 'registers', count(*) FROM history_register_entry"
    " GROUP BY ALL ORDER BY ALL",
}


def summarise_history(layout: StorePaths, committed: list[history.CommittedBatch]) -> dict[str, Any]:
    """Return {sources: [{publisher, group, releases, compiled, ocids, rows}], groups: {…}, tables: {name: rows}}.

    A group of notices has {releases, compiled, ocids}; a group without notices, such as payments, has {rows}.
    """
    with duckdb_engine.open_connection(layout.scratch) as connection:
        duckdb_engine.create_history_views(connection, HISTORY_TABLES, history.list_history_files(layout, committed))
        tables = {
            name: duckdb_engine.query_rows(connection, f'SELECT count(*) FROM "history_{name}"')[0][0]
            for name in HISTORY_TABLES
        }
        list_sources = _count_list_sources(connection, tables)
        groups = _count_groups(connection)
        for source in list_sources:
            group = groups.setdefault(source["group"], {"rows": 0})
            group["rows"] += source["rows"]
        return {"sources": _count_notice_sources(connection, tables) + list_sources, "groups": groups, "tables": tables}


SOURCE_FIELDS = ("publisher", "group", "releases", "compiled", "ocids", "rows")


def _count_list_sources(connection: duckdb_engine.DuckDBConnection, tables: dict[str, int]) -> list[dict[str, Any]]:
    rows = [
        row
        for table, sql in COUNT_SQL_BY_TABLE.items()
        if tables[table]
        for row in duckdb_engine.query_rows(connection, sql)
    ]
    return [dict(zip(SOURCE_FIELDS, (publisher, group, 0, 0, 0, n), strict=True)) for publisher, group, n in rows]


def _count_notice_sources(connection: duckdb_engine.DuckDBConnection, tables: dict[str, int]) -> list[dict[str, Any]]:
    keyed_tables = [
        name
        for name, table in HISTORY_TABLES.items()
        if "release_key" in table.names and table is not SIGHTING and tables[name]
    ]
    keys = (
        " UNION ALL ".join(f'SELECT release_key FROM "history_{name}"' for name in keyed_tables)
        or "SELECT NULL AS release_key"
    )
    rows = duckdb_engine.query_rows(
        connection,
        "WITH counted AS (SELECT publisher, publisher_group, count(*) AS n FROM ("
        f"{keys}) JOIN history_release USING (release_key) GROUP BY ALL)"
        " SELECT publisher, publisher_group, count(*) FILTER (WHERE kind = 'release'),"
        " count(*) FILTER (WHERE kind <> 'release'), count(DISTINCT ocid), any_value(n)"
        " FROM history_release JOIN counted USING (publisher, publisher_group) GROUP BY ALL ORDER BY ALL",
    )
    return [dict(zip(SOURCE_FIELDS, row, strict=True)) for row in rows]


def _count_groups(connection: duckdb_engine.DuckDBConnection) -> dict[str, dict[str, int]]:
    rows = duckdb_engine.query_rows(
        connection,
        "SELECT publisher_group, count(*) FILTER (WHERE kind = 'release'), count(*) FILTER (WHERE kind <> 'release'),"
        " count(DISTINCT ocid) FROM history_release GROUP BY ALL ORDER BY ALL",
    )
    return {
        group: {"releases": releases, "compiled": compiled, "ocids": ocids} for group, releases, compiled, ocids in rows
    }
