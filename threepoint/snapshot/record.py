"""The record of one thing: each figure with its state, source and date, and what hangs below it."""

from typing import Any

from threepoint.presentation.records import Fact, Record
from threepoint.snapshot.field_states import FieldState, read_field_states
from threepoint.snapshot.lookup import RecordReference
from threepoint.snapshot.related_rows import read_related_rows
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER, SYNTHETIC_GROUPS
from threepoint.standard.sdes import SDES_TABLES

Row = dict[str, Any]


def read_record(snapshot: Snapshot, thing: RecordReference) -> Record:
    """The record of a thing found by `find`."""
    table, records = SDES_TABLES[thing.kind], snapshot.records
    row = records.rows(thing.kind, **{table.key[0]: thing.id})[0]
    states = read_field_states(snapshot, thing.kind, thing.id)
    facts = {
        column.name: _build_fact(column, row, states.get(column.name))
        for column in table.fields
        if _is_own_fact(column, table)
    }
    publisher, synthetic = _read_publisher(snapshot, thing, row)
    grade: Row = next(iter(records.rows("coverage", table=thing.kind, key=thing.id)), {})
    return Record(
        thing.kind, thing.id, thing.title, publisher, synthetic, facts, read_related_rows(snapshot, thing.kind, thing.id),
        grade.get("grade"), grade.get("cap"),
    )  # fmt: skip


def _read_publisher(snapshot: Snapshot, thing: RecordReference, row: Row) -> tuple[str, bool]:
    """Who publishes what is known of a thing, and whether all of it is synthetic."""
    if thing.kind == "organisation":
        told = snapshot.records.rows("organisation_publisher", org_id=thing.id)
        groups = {one["publisher_group"] for one in told}
        return ", ".join(sorted({one["publisher"] for one in told})), bool(groups) and groups <= set(SYNTHETIC_GROUPS)
    if thing.kind == "scheme":
        return PORTFOLIO_PUBLISHER, False
    processes = snapshot.records.rows("contracting_process", ocid=row.get("ocid"))
    process: Row = next(iter(processes), {})
    return row.get("publisher") or process.get("publisher") or "", process.get("publisher_group") in SYNTHETIC_GROUPS


def _is_own_fact(column: FieldDefinition, table: TableDefinition) -> bool:
    """Whether a column is a fact of its own: the state, text and reason of another column belong to that one."""
    name, _, kind = column.name.rpartition("_")
    return kind not in ("state", "text", "reason") or name not in table.names


def _build_fact(column: FieldDefinition, row: Row, state: FieldState | None) -> Fact:
    value = row[column.name]
    if state is None:  # a Useful field has no state of its own, unless it stands in the row
        known = "not_reported" if value is None else "derived" if column.source.startswith("ours") else "observed"
        known = row.get(f"{column.name}_state") or known
        found, why = row.get(f"{column.name}_text"), row.get(f"{column.name}_reason")
        detail = f"“{found}”: {why}" if value is None and why else ""
        return Fact(column.name, column.meaning, column.type, column.level, value, known, detail)
    return Fact(
        column.name, column.meaning, column.type, column.level, value, state.state, state.detail or "", state.due_on,
        state.evidence_level, state.notice_id or "", state.release_day,
    )  # fmt: skip
