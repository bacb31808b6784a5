"""The columns of a table of the standard, in its order and types; columns that nothing fills are null."""

import ibis
from ibis import Table as Rows

from threepoint.standard.definition import Table

_TYPES = {
    "integer": "int64",
    "number": "float64",
    "money": "decimal(18, 2)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp('UTC')",
}  # of what is not text


def shaped(rows: Rows, table: Table) -> Rows:
    """`rows` with exactly the columns of `table`."""
    return rows.select(
        **{field.name: _column(rows, field.name, _TYPES.get(field.type, "string")) for field in table.fields}
    )


def _column(rows: Rows, name: str, kind: str) -> ibis.Value:
    return rows[name].cast(kind) if name in rows.columns else ibis.null(kind)


def report(year: ibis.Value) -> ibis.Value:
    """What a report is called where a source is named: GMPP 2025."""
    return ibis.literal("GMPP ") + year.cast("string")
