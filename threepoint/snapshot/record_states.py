"""The states of a record's fields, from the wide tables of the record store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.calendar_days import find_publication_day
from threepoint.standard.tables_states import (
    DETAIL_SUFFIX,
    DUE_ON_SUFFIX,
    SOURCE_SUFFIX,
    STATE_TABLES,
    describe_evidence,
    list_traced_fields,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class FieldState:
    """The state of one field of one record: a row of FIELD_STATE."""

    field: str
    state: str
    detail: str | None
    due_on: date | None
    evidence_level: str
    notice_id: str | None
    release_id: str | None
    release_date: datetime | None

    @property
    def release_day(self) -> date | None:
        """The day on which the source was published."""
        return find_publication_day(self.release_date) if self.release_date else None


def read_field_states(snapshot: Snapshot, kind: str, key: str) -> dict[str, FieldState]:
    """Return the state of each field of a record that has one, by the field's name."""
    if kind not in STATE_TABLES:
        return {}
    table = STATE_TABLES[kind]
    rows = snapshot.records.rows(table.name, **{table.key[0]: key})
    return {state.field: state for row in rows for state in _list_states(snapshot, kind, row)}


def _list_states(snapshot: Snapshot, kind: str, row: Row) -> Iterator[FieldState]:
    sources: dict[int, Row] = {}
    for field in list_traced_fields(kind):
        if row[field] is not None:
            number = row[field + SOURCE_SUFFIX]
            if number is not None and number not in sources:
                sources[number] = next(iter(snapshot.records.rows("state_source", number=number)), {})
            source = sources.get(number, {})
            yield FieldState(
                field, row[field], row[field + DETAIL_SUFFIX], row[field + DUE_ON_SUFFIX], describe_evidence(kind, row[field]),
                source.get("notice_id"), source.get("release_id"), source.get("release_date"),
            )  # fmt: skip


def list_state_rows(snapshot: Snapshot, key: str | None, after: Sequence[str] | None, size: int) -> list[Row]:
    """Return at most `size` rows of FIELD_STATE in the order of its key, starting after the key `after`.

    `key` limits the result to the rows of one record.
    """
    long_rows: list[Row] = []
    for kind in sorted(STATE_TABLES):
        if len(long_rows) >= size or (after and kind < after[0]):
            continue
        for row in _iterate_wide_rows(snapshot, kind, key, after[1] if after and after[0] == kind else None, size):
            record_id = row[STATE_TABLES[kind].key[0]]
            states = [
                state
                for state in sorted(_list_states(snapshot, kind, row), key=lambda state: state.field)
                if after is None or (kind, record_id, state.field) > tuple(after)
            ]
            long_rows += [_build_long_row(kind, record_id, state) for state in states[: size - len(long_rows)]]
            if len(long_rows) >= size:
                break
    return long_rows


def _iterate_wide_rows(snapshot: Snapshot, kind: str, key: str | None, first: str | None, size: int) -> Iterator[Row]:
    """Yield rows of a wide table from the key `first`, inclusive: a page may end within a record."""
    name, column = STATE_TABLES[kind].name, STATE_TABLES[kind].key[0]
    if key is not None:
        yield from snapshot.records.rows(name, **{column: key})
        return
    after = None
    if first is not None:
        yield from snapshot.records.rows(name, **{column: first})
        after = (first,)
    while rows := snapshot.records.page(name, {}, after, size):
        yield from rows
        after = (rows[-1][column],)


def _build_long_row(kind: str, key: str, state: FieldState) -> Row:
    return {
        "table": kind, "key": key, "field": state.field, "state": state.state, "detail": state.detail,
        "due_on": state.due_on, "evidence_level": state.evidence_level, "notice_id": state.notice_id,
        "release_id": state.release_id, "release_date": state.release_date,
    }  # fmt: skip
