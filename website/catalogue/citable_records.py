"""Records whose figures can be cited, including each yearly report on a major project as a separate record.

The id of a report is the id of its project, a slash and its year: in SDES both are its key. A report has no page; its figures
are on the page of its project.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from threepoint.errors import UserError
from threepoint.presentation.record_lists import select_shown_facts
from threepoint.presentation.records import Fact, Record
from threepoint.standard.definition import FieldDefinition
from threepoint.standard.sdes import SDES_TABLES
from threepoint.standard.value_states import STATE_BY_CODE
from website.common import snapshot_access
from website.common.record_urls import build_record_url

RecordLookup = Callable[[snapshot_access.Snapshot, str], snapshot_access.RecordReference | None]
REPORT_KIND = "scheme_year"
# Columns that identify a report, and columns about another column: neither are figures.
NON_FIGURE_COLUMNS = ("scheme_id", "report_year", "snapshot_date", "title", "source_id")
STATE_COLUMN_SUFFIXES = ("_state", "_exempt_section")
RANGE_END_SUFFIXES = ("_low", "_high")  # reports give these next to a middle value, or not at all


def find_by_id(snapshot: snapshot_access.Snapshot, ident: str) -> Record | None:
    """Return the record with exactly this id, or None."""
    return _look_up_record(snapshot, ident, snapshot_access.get_by_id)


def find_by_any_id(snapshot: snapshot_access.Snapshot, ident: str) -> Record | None:
    """Return the record with this id, or the only one with this as another of its ids; otherwise None."""
    return find_by_id(snapshot, ident) or _look_up_record(snapshot, ident, _find_single_match)


def _look_up_record(snapshot: snapshot_access.Snapshot, ident: str, look_up: RecordLookup) -> Record | None:
    if reference := look_up(snapshot, ident):
        return snapshot_access.read_record(snapshot, reference)
    project_id, _slash, year = ident.rpartition("/")
    reference = look_up(snapshot, project_id) if project_id else None
    if reference is None or reference.kind != "scheme":
        return None
    project = snapshot_access.read_record(snapshot, reference)
    return next(
        (_make_report_record(project, row) for row in project.rows["years"] if str(row["report_year"]) == year), None
    )


def _find_single_match(snapshot: snapshot_access.Snapshot, ident: str) -> snapshot_access.RecordReference | None:
    try:
        return snapshot_access.resolve_identifier(snapshot, ident)
    except UserError:
        return None


def format_report_id(project: str, year: int) -> str:
    """Return the id of the report of one year on a project."""
    return f"{project}/{year}"


def build_page_url(record: Record) -> str:
    """Return the URL of the page that shows the figures of a record."""
    if record.kind == REPORT_KIND:
        return build_record_url("scheme", record.id.rpartition("/")[0])
    return build_record_url(record.kind, record.id)


def list_citable_facts(record: Record) -> list[Fact]:
    """Return the facts that a reader can choose to cite; of a report its values, and the gaps that it gives a state for."""
    if record.kind != REPORT_KIND:
        return select_shown_facts(record)
    return [fact for fact in record.facts.values() if fact.value is not None or _has_own_state(fact.name)]


def _make_report_record(project: Record, row: dict[str, Any]) -> Record:
    year = row["report_year"]
    facts = {
        column.name: _make_report_fact(column, row)
        for column in SDES_TABLES[REPORT_KIND].fields
        if column.name not in NON_FIGURE_COLUMNS and not column.name.endswith(STATE_COLUMN_SUFFIXES)
    }
    title = _("%(project)s, report of %(year)d") % {"project": row["title"] or project.title, "year": year}
    return Record(REPORT_KIND, format_report_id(project.id, year), title, project.publisher, project.synthetic, facts)


def _make_report_fact(column: FieldDefinition, row: dict[str, Any]) -> Fact:
    name, value = column.name, row[column.name]
    known_state = "derived" if column.source.endswith("_derived") else "observed"
    state = row.get(f"{_strip_range_suffix(name)}_state") or known_state
    if value is None and STATE_BY_CODE[state].filled:
        state = "not_reported"
    section = row.get(f"{_strip_range_suffix(name)}_exempt_section") or ""
    report = _("GMPP report of %d") % row["report_year"]
    return Fact(
        name, column.meaning, column.type, column.level, value, state, section, source=report, source_date=row["snapshot_date"]
    )  # fmt: skip


def _has_own_state(name: str) -> bool:
    """Return true if a gap in a column has a state of its own; the ends of a range have none."""
    return f"{_strip_range_suffix(name)}_state" in SDES_TABLES[REPORT_KIND].names and not name.endswith(
        RANGE_END_SUFFIXES
    )


def _strip_range_suffix(name: str) -> str:
    """Return the prefix of a column's state and section columns: wlc for wlc_low, fy_baseline unchanged."""
    return name.removesuffix("_low").removesuffix("_mid").removesuffix("_high")
