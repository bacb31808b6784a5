"""Coverage: how much of the data that a comparison needs is published, by publisher.

Counted from the field states, or from the notices of one type.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from threepoint.snapshot.cache import cache_result
from threepoint.snapshot.snapshot import Snapshot
from threepoint.standard.notice_fields import NOTICE_FIELD_BY_CODE
from threepoint.standard.value_states import STATE_BY_CODE

# The facts that a comparison needs, in the order of a procurement: fields of NOTICE_FIELD_BY_CODE. Payments are separate.
COMPARED_FACTS = (
    "contracting_process.estimate_net", "contracting_process.final_stage_bids",
    "award.date", "award.value_net", "award.suppliers", "contract.date_signed", "contract.value_net",
    "contract.end_current", "contract.kpis", "contract.kpis_rated", "contract.end_actual", "contract.value_final",
)  # fmt: skip
PAYMENTS_FACT = "contract.payments"

# The names of these facts in the coverage report: `table.field` of the history.
FACT_BY_REPORT_FIELD = {
    "process.value_net": "contracting_process.estimate_net", "award.date": "award.date",
    "award.value_net": "award.value_net", "contract.date_signed": "contract.date_signed",
    "contract.value_net": "contract.value_net", "contract.end_date": "contract.end_current",
    "observation.rating": "contract.kpis_rated", "transaction.value_net": PAYMENTS_FACT,
    "contract.end_actual": "contract.end_actual", "contract.final_net": "contract.value_final",
}  # fmt: skip
# Facts of published lists, which are not notices: their table's name takes the place of the notice type.
LIST_FIELDS_BY_TABLE = {
    "spend_line": ("date", "amount", "supplier_name", "transaction_number", "expense_type", "description"),
    "sale": ("month", "amount", "supplier_name", "customer_name", "description"),
    "pipeline_entry": ("title", "category", "cpv", "total", "start", "approach"),
}


@dataclass(frozen=True)
class CoverageCount:
    """How many values of a fact are due, and how many of them are filled or missing."""

    due: int = 0
    filled: int = 0
    missing: int = 0  # due but not reported; the rest are withheld, estimated, disputed or cannot be read

    @property
    def share(self) -> float | None:
        """filled / due; None if nothing is due."""
        return self.filled / self.due if self.due else None


CoverageCounts = dict[tuple[str, str], CoverageCount]  # by publisher and fact


@dataclass(frozen=True)
class PublisherGroupCounts:
    """One publisher group: its processes, those with a contract, and those with the outcome of a contract."""

    processes: int = 0
    contracts: int = 0
    outcomes: int = 0


@dataclass(frozen=True)
class SnapshotCoverage:
    """`cells` by publisher and fact, `groups` by publisher, `counted` by group, `of_notices` by notice type."""

    cells: CoverageCounts = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    counted: dict[str, PublisherGroupCounts] = field(default_factory=dict)
    of_notices: dict[str, CoverageCounts] = field(default_factory=dict)


def read_coverage(snapshot: Snapshot) -> SnapshotCoverage:
    """Return the coverage of a snapshot, calculated once."""
    return cache_result(snapshot, "coverage", lambda: _calculate_coverage(snapshot))


def _calculate_coverage(snapshot: Snapshot) -> SnapshotCoverage:
    groups = snapshot.rows("SELECT DISTINCT publisher, publisher_group FROM contracting_process")
    return SnapshotCoverage(
        _count_states(snapshot) | _count_payments(snapshot),
        {row["publisher"]: row["publisher_group"] for row in groups},
        {row.pop("publisher_group"): PublisherGroupCounts(**row) for row in snapshot.rows(_GROUP_COUNTS_SQL)},
        _read_coverage_report(snapshot),
    )


# The outcome of a contract: a rated KPI, its final value, or its actual end.
_GROUP_COUNTS_SQL = """
SELECT publisher_group, count(*) AS processes, count(contracts.ocid) AS contracts,
  count(*) FILTER (WHERE contracts.has_outcome) AS outcomes
FROM contracting_process LEFT JOIN (
  SELECT ocid, bool_or(kpis_rated > 0 OR value_final IS NOT NULL OR end_actual IS NOT NULL) AS has_outcome
  FROM contract GROUP BY ocid) AS contracts USING (ocid)
GROUP BY ALL ORDER BY ALL
"""
# Excludes awards that a newer one repeats, and awards of processes where nothing was awarded yet: notices of dynamic
# markets and of intended awards carry awards too.
EXPECTED_STATES_SQL = """field_state AS s JOIN contracting_process AS p ON p.ocid = split_part(s.key, '/', 1)
ANTI JOIN (SELECT award_id FROM award JOIN contracting_process USING (ocid)
  WHERE superseded_award OR stage NOT IN ('award', 'contract', 'ended')) AS a ON a.award_id = s.key"""
_STATE_COUNTS_SQL = f"""
SELECT p.publisher, s."table" || '.' || s.field AS fact, s.state, count(*) AS n
FROM {EXPECTED_STATES_SQL}
WHERE s."table" IN ('contracting_process', 'award', 'contract')
GROUP BY ALL
"""


def _count_states(snapshot: Snapshot) -> CoverageCounts:
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in snapshot.rows(_STATE_COUNTS_SQL):
        if row["fact"] in NOTICE_FIELD_BY_CODE:
            counts[row["publisher"], row["fact"]][row["state"]] = row["n"]
    return {key: _sum_states(states) for key, states in counts.items()}


def _sum_states(states: dict[str, int]) -> CoverageCount:
    due = sum(count for state, count in states.items() if STATE_BY_CODE[state].due)
    filled = sum(count for state, count in states.items() if STATE_BY_CODE[state].filled)
    return CoverageCount(due, filled, states.get("not_reported", 0))


def _count_payments(snapshot: Snapshot) -> CoverageCounts:
    """Count contracts with a published payment. All contracts count as due: nothing published says which expect one."""
    rows = snapshot.rows(
        "SELECT publisher, count(*) AS due, count(*) FILTER (WHERE payments > 0) AS filled"
        " FROM contract JOIN contracting_process USING (ocid) GROUP BY ALL"
    )
    return {(row["publisher"], PAYMENTS_FACT): CoverageCount(row["due"], row["filled"]) for row in rows}


def _read_coverage_report(snapshot: Snapshot) -> dict[str, CoverageCounts]:
    counts: dict[str, CoverageCounts] = defaultdict(dict)
    for row in snapshot.rows('SELECT * FROM coverage_report ORDER BY notice_type, publisher, "table", field'):
        table, notice_type = row["table"], row["notice_type"] or ""
        fact = FACT_BY_REPORT_FIELD.get(f"{table}.{row['field']}")
        if table in LIST_FIELDS_BY_TABLE and row["field"] in LIST_FIELDS_BY_TABLE[table]:
            fact = f"{table}.{row['field']}"
        if fact:
            counts[notice_type][row["publisher"] or "", fact] = CoverageCount(row["rows"], row["filled"])
    return dict(counts)
