"""The columns of a table of the standard, in its order and types; columns that nothing fills are null."""

import ibis
from ibis import Table as Rows

from threepoint.standard.definition import TableDefinition

_IBIS_TYPE_BY_FIELD_TYPE = {
    "integer": "int64",
    "number": "float64",
    "money": "decimal(18, 2)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp('UTC')",
}  # of what is not text


def conform_to_table(rows: Rows, table: TableDefinition) -> Rows:
    """`rows` with exactly the columns of `table`."""
    return rows.select(
        **{
            field.name: _cast_column(rows, field.name, _IBIS_TYPE_BY_FIELD_TYPE.get(field.type, "string"))
            for field in table.fields
        }
    )


def _cast_column(rows: Rows, name: str, kind: str) -> ibis.Value:
    return rows[name].cast(kind) if name in rows.columns else ibis.null(kind)


def format_report_name(year: ibis.Value) -> ibis.Value:
    """What a report is called where a source is named: GMPP 2025."""
    return ibis.literal("GMPP ") + year.cast("string")
