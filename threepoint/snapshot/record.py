"""Read one record: each figure with its state, source and date, and the lists of related rows."""

from typing import Any

from threepoint.presentation.records import Fact, Record
from threepoint.snapshot.lookup import RecordReference
from threepoint.snapshot.record_states import FieldState, read_field_states
from threepoint.snapshot.related_rows import read_related_rows
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.definition import FieldDefinition, TableDefinition
from threepoint.standard.publishers import PORTFOLIO_PUBLISHER, SYNTHETIC_GROUPS
from threepoint.standard.sdes import SDES_TABLES

Row = dict[str, Any]


def read_record(snapshot: Snapshot, reference: RecordReference) -> Record:
    """Return the record that `resolve_identifier` found."""
    table, records = SDES_TABLES[reference.kind], snapshot.records
    row = records.rows(reference.kind, **{table.key[0]: reference.id})[0]
    states = read_field_states(snapshot, reference.kind, reference.id)
    facts = {
        column.name: _build_fact(column, row, states.get(column.name))
        for column in table.fields
        if _is_own_fact(column, table)
    }
    publisher, synthetic = _read_publisher(snapshot, reference, row)
    grade: Row = next(iter(records.rows("coverage", table=reference.kind, key=reference.id)), {})
    return Record(
        reference.kind, reference.id, reference.title, publisher, synthetic, facts,
        read_related_rows(snapshot, reference.kind, reference.id), grade.get("grade"), grade.get("cap"),
    )  # fmt: skip


def _read_publisher(snapshot: Snapshot, reference: RecordReference, row: Row) -> tuple[str, bool]:
    """Return the publishers of a record's data, and True if all of it is synthetic."""
    if reference.kind == "organisation":
        publishers = snapshot.records.rows("organisation_publisher", org_id=reference.id)
        groups = {publisher["publisher_group"] for publisher in publishers}
        names = sorted({publisher["publisher"] for publisher in publishers})
        return ", ".join(names), bool(groups) and groups <= set(SYNTHETIC_GROUPS)
    if reference.kind == "scheme":
        return PORTFOLIO_PUBLISHER, False
    processes = snapshot.records.rows("contracting_process", ocid=row.get("ocid"))
    process: Row = next(iter(processes), {})
    return row.get("publisher") or process.get("publisher") or "", process.get("publisher_group") in SYNTHETIC_GROUPS


def _is_own_fact(column: FieldDefinition, table: TableDefinition) -> bool:
    """Return False for columns that describe another column: its state, text or reason."""
    name, _, kind = column.name.rpartition("_")
    return kind not in ("state", "text", "reason") or name not in table.names


def _build_fact(column: FieldDefinition, row: Row, state: FieldState | None) -> Fact:
    value = row[column.name]
    if state is None:  # only some fields have a traced state; the state of a Useful field may be in the row
        code = "not_reported" if value is None else "derived" if column.source.startswith("ours") else "observed"
        code = row.get(f"{column.name}_state") or code
        text, reason = row.get(f"{column.name}_text"), row.get(f"{column.name}_reason")
        detail = f"“{text}”: {reason}" if value is None and reason else ""
        return Fact(column.name, column.meaning, column.type, column.level, value, code, detail)
    return Fact(
        column.name, column.meaning, column.type, column.level, value, state.state, state.detail or "", state.due_on,
        state.evidence_level, state.notice_id or "", state.release_day,
    )  # fmt: skip
