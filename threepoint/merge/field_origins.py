"""Subjects whose fields have states, and the column of the merged rows that each field's value comes from.

This module uses no engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.tables_contracts import CONTRACT, KPI, MILESTONE
from threepoint.standard.tables_process import AWARD, CONTRACTING_PROCESS, ORGANISATION


@dataclass(frozen=True)
class TracedSubject:
    """Links from the fields of one table to the published values that they come from."""

    table: TableDefinition
    key: str
    home: str  # history table of its merged rows, to look up unreadable values
    home_key: tuple[str, ...]  # columns that make up the key of `removed` and `invalid_value`
    origin: dict[str, str]  # field -> column of the merged row that it comes from, where the names differ
    derived: frozenset[str] = frozenset()

    def columns(self) -> dict[str, str]:
        """Return the column of the merged row by field, for each Core and Important field."""
        return {field.name: self.origin.get(field.name, field.name) for field in self.table.judged}


TRACED_SUBJECTS: dict[str, TracedSubject] = {
    "organisation": TracedSubject(
        ORGANISATION, "org_id", "party", (), {}, frozenset({"kind", "match_method", "match_confidence"})
    ),
    "contracting_process": TracedSubject(
        CONTRACTING_PROCESS, "ocid", "process", (),
        {"estimate_net": "value_net", "buyer_org_id": "buyer_name", "cpv_main": "class_code"},
        frozenset({"buyer_org_id", "engagement_notice_date"}),
    ),
    "award": TracedSubject(
        AWARD, "award_id", "award", ("local_id",),
        {"value_net_first": "value_net", "value_gross_first": "value_gross"},
    ),
    "contract": TracedSubject(
        CONTRACT, "contract_id", "contract", ("local_id",),
        {"award_id": "award_ref", "end_current": "end_date", "end_first": "end_date", "value_net_first": "value_net",
         "value_change": "value_net", "end_change_days": "end_date",
         "value_final": "final_net", "value_gross_first": "value_gross"},
        frozenset({"kpi_duty", "is_call_off"}),
    ),
    "milestone": TracedSubject(
        MILESTONE, "milestone_id", "milestone", ("section", "parent_id", "local_milestone"),
        {"due_first": "due_date", "due_current": "due_date"},
    ),
    "kpi": TracedSubject(KPI, "kpi_id", "metric", ("home_section", "parent_id", "metric_id"), {"target": "measure"}),
}  # fmt: skip

# Fields for which the merge keeps the origin (`<field>__at`), and fields for which it keeps the first published value.
ORIGIN_FIELDS_BY_TABLE: dict[str, tuple[str, ...]] = {
    "process": ("title", "status", "method", "category", "class_code", "value_net", "tender_start", "tender_end",
                "buyer_name", "is_framework"),
    "award": ("date", "status", "value_net", "value_gross", "end_date", "duration_days"),
    "contract": ("award_ref", "title", "status", "date_signed", "start_date", "end_date", "duration_days", "value_net",
                 "value_gross", "end_actual", "final_net"),
    "milestone": ("type", "title", "due_date", "status"),
}  # fmt: skip
FIRST_VALUE_FIELDS_BY_TABLE: dict[str, tuple[str, ...]] = {
    "process": ("value_net",),
    "award": ("value_net", "value_gross", "end_date", "duration_days"),
    "contract": ("value_net", "value_gross", "value_currency", "end_date", "duration_days"),
    "milestone": ("due_date",),
}


def list_published_fields(subject: TracedSubject) -> list[str]:
    """Return the fields read from a column of the subject's history table: they can be withheld or unreadable."""
    columns = HISTORY_TABLES[subject.home].names
    return [name for name, column in subject.columns().items() if column in columns]


def build_lookup_tables() -> dict[str, dict[str, list[Any]]]:
    """Return the lookup tables of the steps, by name: columns of equal length."""
    withheld_paths = sorted({row for subject in TRACED_SUBJECTS.values() for row in _list_withheld_paths(subject)})
    readable_names = [
        (s.home, column, s.table.name, name) for s in TRACED_SUBJECTS.values() for name, column in s.columns().items()
    ]
    return {
        "withheld_paths": _transpose_rows(("path", "table", "field"), withheld_paths),
        "readable_names": _transpose_rows(("home", "column", "found_table", "found_field"), readable_names),
    }


def _transpose_rows(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _list_withheld_paths(subject: TracedSubject) -> list[tuple[str, ...]]:
    """Return rows of (path, table, field). A withheld path may name a field or its parent, such as contracts/value."""
    table = HISTORY_TABLES[subject.home]
    paths: list[tuple[str, ...]] = []
    for place in table.places:
        stem = [step.rstrip("[]{}") for step in place.split("/") if step != "."]
        for name, column in subject.columns().items():
            if column in table.names:
                steps = [*stem, *table.field(column).source.split("/")]
                paths += [
                    ("/".join(steps[:end]), subject.table.name, name) for end in range(len(stem) + 1, len(steps) + 1)
                ]
    return paths
