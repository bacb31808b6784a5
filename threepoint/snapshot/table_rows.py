"""Rows of one table of a snapshot, from its record store, a page at a time: those of one record, or all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threepoint.snapshot.record_states import list_state_rows
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.definition import TableDefinition
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.tables_quality import FIELD_STATE
from threepoint.store.record_store import OWNER_COLUMN_BY_TABLE

# Columns whose values begin with the address of the process, project or line that a row belongs to.
OWNER_ID_COLUMNS = ("ocid", "award_id", "contract_id", "kpi_id", "obs_id", "milestone_id", "change_id", "subject_id", "key",
             "scheme_id", "spend_id", "sale_id", "entry_id")  # fmt: skip
FOREIGN_ID_COLUMNS = (
    ("related_process", "contract_id"),
    ("contracting_process", "scheme_id"),
    ("contract", "scheme_id"),
)
# Tables about whole lists, publishers or files: users download them and cannot request single rows.
DOWNLOAD_ONLY_TABLES = ("payment_total", "check_summary", "coverage_report", "register_entry", "vanished_notice")

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class TableRowsPage:
    """Rows of a table in the order of its key, and the key after which the next page begins: None on the last page."""

    rows: list[Row]
    next: Key | None


def list_tables(snapshot: Snapshot) -> list[TableDefinition]:
    """Return the tables of the standard that this snapshot has."""
    return [SDES_TABLES[name] for name in SDES_TABLES if name in snapshot.manifest["tables"]]


def has_row_access(table: TableDefinition) -> bool:
    """Return True if users can request single rows of a table."""
    return table.name not in DOWNLOAD_ONLY_TABLES


def list_filter_columns(table: TableDefinition) -> tuple[str, ...]:
    """Return the columns by which users can filter rows."""
    if not has_row_access(table):
        return ()
    known = {*OWNER_ID_COLUMNS, OWNER_COLUMN_BY_TABLE.get(table.name, table.address)}
    return tuple(name for name in table.names if name in known and (table.name, name) not in FOREIGN_ID_COLUMNS)


def read_rows_page(
    snapshot: Snapshot, table: TableDefinition, only: Mapping[str, str], after: Sequence[Any] | None, size: int
) -> TableRowsPage:
    """Return `size` rows of a table after the key `after`, or fewer on the last page.

    `only` has the values that rows must have in columns of `list_filter_columns`.
    """
    rows = _read_rows(snapshot, table, only, after, size + 1)  # one more row shows if there is a next page
    last = rows[size - 1 : size] if len(rows) > size else []
    return TableRowsPage(rows[:size], tuple(last[0][name] for name in table.key) if last else None)


def _read_rows(
    snapshot: Snapshot, table: TableDefinition, only: Mapping[str, str], after: Sequence[Any] | None, size: int
) -> list[Row]:
    if table is FIELD_STATE:
        return list_state_rows(snapshot, only.get("key"), after, size)
    return snapshot.records.page(table.name, only, after, size)


def count_rows(snapshot: Snapshot, table: TableDefinition) -> int:
    """Return the number of rows of a table."""
    return int(snapshot.manifest["tables"][table.name])
