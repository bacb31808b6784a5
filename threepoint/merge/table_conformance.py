"""Fit rows to the columns of a table of the standard."""

import ibis
from ibis import Table as Rows

from threepoint.standard.definition import TableDefinition

# All other types are text.
_IBIS_TYPE_BY_FIELD_TYPE = {
    "integer": "int64",
    "number": "float64",
    "money": "decimal(18, 2)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp('UTC')",
}


def conform_to_table(rows: Rows, table: TableDefinition) -> Rows:
    """Return `rows` with exactly the columns of `table`, in its order and types; missing columns are null."""
    return rows.select(
        **{
            field.name: _cast_column(rows, field.name, _IBIS_TYPE_BY_FIELD_TYPE.get(field.type, "string"))
            for field in table.fields
        }
    )


def _cast_column(rows: Rows, name: str, kind: str) -> ibis.Value:
    return rows[name].cast(kind) if name in rows.columns else ibis.null(kind)


def format_report_name(year: ibis.Value) -> ibis.Value:
    """Return the name of a yearly report as a source, such as GMPP 2025."""
    return ibis.literal("GMPP ") + year.cast("string")
