"""The record of one thing: each figure with its state, source and date, and what hangs below it."""

from datetime import date, datetime
from typing import Any

from threepoint.facts.below import below
from threepoint.facts.find import Thing
from threepoint.facts.snapshot import Snapshot
from threepoint.standard.model import Field, Table
from threepoint.standard.publishers import MADE_UP, PORTFOLIO
from threepoint.standard.records import Fact, Record
from threepoint.standard.sdes import SDES
from threepoint.store.shelf import Dossier

Row = dict[str, Any]


def record(snapshot: Snapshot, thing: Thing) -> Record:
    """The record of a thing found by `find`."""
    table, dossier = SDES[thing.kind], snapshot.dossier(thing.id)
    row = next(row for row in dossier.rows(thing.kind) if row[table.key[0]] == thing.id)
    states = {state["field"]: state for state in _of(dossier, "field_state", thing)}
    facts = {column.name: _fact(column, row, states.get(column.name)) for column in table.fields if _own(column, table)}
    publisher, synthetic = _publisher(thing.kind, row, dossier)
    grade: Row = next(iter(_of(dossier, "coverage", thing)), {})
    return Record(
        thing.kind, thing.id, thing.title, publisher, synthetic, facts, below(snapshot, thing.kind, thing.id, dossier),
        grade.get("grade"), grade.get("cap"),
    )  # fmt: skip


def _of(dossier: Dossier, name: str, thing: Thing) -> list[Row]:
    return [row for row in dossier.rows(name) if row["table"] == thing.kind and row["key"] == thing.id]


def _publisher(kind: str, row: Row, dossier: Dossier) -> tuple[str, bool]:
    """Who publishes what is known of a thing, and whether all of it is synthetic."""
    if kind == "organisation":
        told = dossier.rows("told_by")
        groups = {one["publisher_group"] for one in told}
        return ", ".join(sorted({one["publisher"] for one in told})), bool(groups) and groups <= set(MADE_UP)
    if kind == "scheme":
        return PORTFOLIO, False
    processes = dossier.rows("contracting_process")
    process: Row = next((one for one in processes if one["ocid"] == row.get("ocid")), {})
    return row.get("publisher") or process.get("publisher") or "", process.get("publisher_group") in MADE_UP


def _own(column: Field, table: Table) -> bool:
    """Whether a column is a fact of its own: the state, text and reason of another column belong to that one."""
    name, _, kind = column.name.rpartition("_")
    return kind not in ("state", "text", "reason") or name not in table.names


def _fact(column: Field, row: Row, state: Row | None) -> Fact:
    value = row[column.name]
    if state is None:  # a Useful field has no state of its own, unless it stands in the row
        known = "not_reported" if value is None else "derived" if column.source.startswith("ours") else "observed"
        known = row.get(f"{column.name}_state") or known
        found, why = row.get(f"{column.name}_text"), row.get(f"{column.name}_reason")
        detail = f"“{found}”: {why}" if value is None and why else ""
        return Fact(column.name, column.meaning, column.type, column.level, value, known, detail)
    when = state["release_date"]
    day = when.date() if isinstance(when, datetime) else when
    due: date | None = state["due_on"]
    return Fact(
        column.name, column.meaning, column.type, column.level, value, state["state"], state["detail"] or "", due,
        state["evidence_level"] or "", state["notice_id"] or "", day,
    )  # fmt: skip
