"""What a draft would tell a reader: what could be compared, and what would read "not reported"."""

from dataclasses import asdict, dataclass, field
from typing import Any

from threepoint.snapshot.coverage import COMPARED_FACTS
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE

MAX_GRADED_RECORDS = 50  # things of a kind that are told one by one

_STATE_COUNTS_SQL = """
SELECT "table", field, state, detail, due_on, count(*) AS n FROM field_state
WHERE "table" IN ('contracting_process', 'award', 'contract') GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class DraftReport:
    """Of a checked file: its things by kind, what the checks found, the states of its fields, and its grades."""

    held: dict[str, int] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0
    made: int = 0
    states: list[dict[str, Any]] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    grades: list[dict[str, Any]] = field(default_factory=list)


def describe_draft(snapshot: Snapshot, most: int = 200) -> dict[str, Any]:
    """A Draft as plain values. At most `most` failures are told one by one; all are counted."""
    ask = snapshot.rows
    states = [row for row in ask(_STATE_COUNTS_SQL) if f"{row['table']}.{row['field']}" in NOTICE_FIELD_BY_CODE]
    counts = ask("SELECT sum(made)::BIGINT AS made, sum(failed)::BIGINT AS failed FROM check_summary")[0]
    told = DraftReport(
        {name: snapshot.manifest["tables"].get(name, 0) for name in ("contracting_process", "award", "contract")},
        ask(f"SELECT * FROM dq_result ORDER BY severity, check_id, subject_id LIMIT {most:d}"),
        counts["failed"] or 0,
        counts["made"] or 0,
        states,
        list(COMPARED_FACTS),
        ask(
            'SELECT "table", key, due, filled, grade, cap FROM coverage WHERE "table" IN'
            f" ('contracting_process', 'award', 'contract') ORDER BY \"table\" <> 'contracting_process', \"table\", key"
            f" LIMIT {MAX_GRADED_RECORDS:d}"
        ),
    )
    return asdict(told)
