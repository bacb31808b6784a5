"""The subjects whose fields have states: where the value of each field comes from in the merged rows. No engine here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from threepoint.standard.definition import TableDefinition
from threepoint.standard.history_tables import HISTORY_TABLES
from threepoint.standard.tables_delivery import CONTRACT, KPI, MILESTONE
from threepoint.standard.tables_process import AWARD, CONTRACTING_PROCESS, ORGANISATION


@dataclass(frozen=True)
class TracedSubject:
    """How the fields of one table are traced to what was published."""

    table: TableDefinition
    key: str
    home: str  # history table of its merged rows, for what could not be read
    home_key: tuple[str, ...]  # columns that make up the key of `removed` and `invalid_value`
    origin: dict[str, str]  # field -> column of the merged row that it comes from, where the names differ
    derived: frozenset[str] = frozenset()

    def columns(self) -> dict[str, str]:
        """Column of the merged row by field, for each Core and Important field."""
        return {found.name: self.origin.get(found.name, found.name) for found in self.table.judged}


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

# Fields whose origin is wanted from the merge (`field__at`), and fields whose first published value is.
ORIGIN_FIELDS_BY_TABLE: dict[str, tuple[str, ...]] = {
    "process": ("title", "status", "method", "category", "class_code", "value_net", "tender_start", "tender_end",
                "buyer_name", "is_framework"),
    "award": ("date", "status", "value_net", "value_gross", "end_date"),
    "contract": ("award_ref", "title", "status", "date_signed", "start_date", "end_date", "value_net", "value_gross",
                 "end_actual", "final_net"),
    "milestone": ("type", "title", "due_date", "status"),
}  # fmt: skip
FIRST_VALUE_FIELDS_BY_TABLE: dict[str, tuple[str, ...]] = {
    "process": ("value_net",),
    "award": ("value_net", "value_gross", "end_date"),
    "contract": ("value_net", "value_gross", "value_currency", "end_date"),
    "milestone": ("due_date",),
}


def list_published_fields(subject: TracedSubject) -> list[str]:
    """Return the fields of a subject that are read from a column of its history table, so can be withheld or unreadable."""
    columns = HISTORY_TABLES[subject.home].names
    return [name for name, column in subject.columns().items() if column in columns]


def build_lookup_tables() -> dict[str, dict[str, list[Any]]]:
    """Small tables that the steps look things up in, by name: columns of equal length."""
    paths = sorted({row for subject in TRACED_SUBJECTS.values() for row in _list_withheld_paths(subject)})
    names = [
        (s.home, column, s.table.name, name) for s in TRACED_SUBJECTS.values() for name, column in s.columns().items()
    ]
    return {
        "withheld_paths": _transpose_rows(("path", "table", "field"), paths),
        "readable_names": _transpose_rows(("home", "column", "found_table", "found_field"), names),
    }


def _transpose_rows(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _list_withheld_paths(subject: TracedSubject) -> list[tuple[str, ...]]:
    """(path, table, field): a withheld path may name a field itself or what holds it, such as contracts/value."""
    table = HISTORY_TABLES[subject.home]
    found: list[tuple[str, ...]] = []
    for place in table.places:
        stem = [step.rstrip("[]{}") for step in place.split("/") if step != "."]
        for name, column in subject.columns().items():
            if column in table.names:
                steps = [*stem, *table.field(column).source.split("/")]
                found += [
                    ("/".join(steps[:end]), subject.table.name, name) for end in range(len(stem) + 1, len(steps) + 1)
                ]
    return found
