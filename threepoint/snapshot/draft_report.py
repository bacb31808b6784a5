"""Report of a draft file: the facts that could be compared, and those that would read "not reported"."""

from dataclasses import asdict, dataclass, field
from typing import Any

from threepoint.snapshot.coverage import COMPARED_FACTS
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE

MAX_GRADED_RECORDS = 50  # listed with their grades

# `problem` is the message of a failed check because of which the value cannot be used.
_STATE_COUNTS_SQL = """
WITH unusable AS (
    SELECT subject_type, subject_id, unnest(string_split(fields, '; ')) AS field, detail FROM dq_result
), problem AS (
    SELECT subject_type, subject_id, field, min(detail) AS problem FROM unusable GROUP BY ALL
)
SELECT s."table", s.field, s.state, s.detail, s.due_on, p.problem, count(*) AS n FROM field_state s
LEFT JOIN problem p ON p.subject_type = s."table" AND p.subject_id = s.key AND p.field = s.field
WHERE s."table" IN ('contracting_process', 'award', 'contract') GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class DraftReport:
    """A checked file: its records by kind, the results of the checks, the states of its fields, and its grades."""

    record_counts: dict[str, int] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0
    check_count: int = 0
    states: list[dict[str, Any]] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    grades: list[dict[str, Any]] = field(default_factory=list)


def describe_draft(snapshot: Snapshot, max_failures: int = 200) -> dict[str, Any]:
    """Return a DraftReport as plain values. It lists at most `max_failures` failures and counts all of them."""
    query = snapshot.rows
    states = [row for row in query(_STATE_COUNTS_SQL) if f"{row['table']}.{row['field']}" in NOTICE_FIELD_BY_CODE]
    counts = query("SELECT sum(made)::BIGINT AS made, sum(failed)::BIGINT AS failed FROM check_summary")[0]
    report = DraftReport(
        {name: snapshot.manifest["tables"].get(name, 0) for name in ("contracting_process", "award", "contract")},
        query(f"SELECT * FROM dq_result ORDER BY severity, check_id, subject_id LIMIT {max_failures:d}"),
        counts["failed"] or 0,
        counts["made"] or 0,
        states,
        list(COMPARED_FACTS),
        query(
            'SELECT "table", key, due, filled, grade, cap FROM coverage WHERE "table" IN'
            f" ('contracting_process', 'award', 'contract') ORDER BY \"table\" <> 'contracting_process', \"table\", key"
            f" LIMIT {MAX_GRADED_RECORDS:d}"
        ),
    )
    return asdict(report)
