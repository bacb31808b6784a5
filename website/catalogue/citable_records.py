"""What can be cited: the record of a thing, and each yearly report on a major project as a record of its own.

A report has the address of its project, a slash and its year, as in SDES its key is both. It has no page: its figures are read
on the project's.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from threepoint.errors import UserError
from threepoint.presentation.record_lists import select_shown_facts
from threepoint.presentation.records import Fact, Record
from threepoint.standard.definition import FieldDefinition
from threepoint.standard.field_states import STATE_BY_CODE
from threepoint.standard.sdes import SDES_TABLES
from website.common import snapshot_access
from website.common.record_urls import build_record_url

RecordLookup = Callable[[snapshot_access.Snapshot, str], snapshot_access.RecordReference | None]
REPORT_KIND = "scheme_year"
# Columns that are no figures: what a report is of, and what tells of another column.
NON_FIGURE_COLUMNS = ("scheme_id", "report_year", "snapshot_date", "title", "source_id")
STATE_COLUMN_SUFFIXES = ("_state", "_exempt_section")
RANGE_END_SUFFIXES = ("_low", "_high")  # stated beside a middle value, or not at all


def find_by_id(snapshot: snapshot_access.Snapshot, ident: str) -> Record | None:
    """The record that has this very address; None where there is none."""
    return _look_up_record(snapshot, ident, snapshot_access.get_by_id)


def find_by_any_id(snapshot: snapshot_access.Snapshot, ident: str) -> Record | None:
    """The record that has this address, or this as another name; None where nothing or several have."""
    return find_by_id(snapshot, ident) or _look_up_record(snapshot, ident, _find_single_match)


def _look_up_record(snapshot: snapshot_access.Snapshot, ident: str, look: RecordLookup) -> Record | None:
    if thing := look(snapshot, ident):
        return snapshot_access.read_record(snapshot, thing)
    project, _slash, year = ident.rpartition("/")
    thing = look(snapshot, project) if project else None
    if thing is None or thing.kind != "scheme":
        return None
    found = snapshot_access.read_record(snapshot, thing)
    return next(
        (_make_report_record(found, row) for row in found.rows["years"] if str(row["report_year"]) == year), None
    )


def _find_single_match(snapshot: snapshot_access.Snapshot, ident: str) -> snapshot_access.RecordReference | None:
    try:
        return snapshot_access.resolve_identifier(snapshot, ident)
    except UserError:
        return None


def format_report_id(project: str, year: int) -> str:
    """The address of the report of a year on a project."""
    return f"{project}/{year}"


def build_page_url(found: Record) -> str:
    """The address of the page on which the figures of a record are read."""
    if found.kind == REPORT_KIND:
        return build_record_url("scheme", found.id.rpartition("/")[0])
    return build_record_url(found.kind, found.id)


def list_citable_facts(found: Record) -> list[Fact]:
    """The facts that are offered to be cited: of a report what it gives, and the gaps where it should give something."""
    if found.kind != REPORT_KIND:
        return select_shown_facts(found)
    return [fact for fact in found.facts.values() if fact.value is not None or _has_own_state(fact.name)]


def _make_report_record(project: Record, row: dict[str, Any]) -> Record:
    year = row["report_year"]
    columns = [
        one
        for one in SDES_TABLES[REPORT_KIND].fields
        if one.name not in NON_FIGURE_COLUMNS and not one.name.endswith(STATE_COLUMN_SUFFIXES)
    ]
    told = {column.name: _make_report_fact(column, row) for column in columns}
    title = _("%(project)s, report of %(year)d") % {"project": row["title"] or project.title, "year": year}
    return Record(REPORT_KIND, format_report_id(project.id, year), title, project.publisher, project.synthetic, told)


def _make_report_fact(column: FieldDefinition, row: dict[str, Any]) -> Fact:
    name, value = column.name, row[column.name]
    known = "derived" if column.source.endswith("_derived") else "observed"
    state = row.get(f"{_strip_range_suffix(name)}_state") or known
    if value is None and STATE_BY_CODE[state].filled:
        state = "not_reported"
    why = row.get(f"{_strip_range_suffix(name)}_exempt_section") or ""
    year = _("GMPP report of %d") % row["report_year"]
    return Fact(
        name,
        column.meaning,
        column.type,
        column.level,
        value,
        state,
        why,
        source=year,
        source_date=row["snapshot_date"],
    )


def _has_own_state(name: str) -> bool:
    """Whether a report says of a column why it is empty. The ends of a range are given beside the middle, or not at all."""
    return f"{_strip_range_suffix(name)}_state" in SDES_TABLES[REPORT_KIND].names and not name.endswith(
        RANGE_END_SUFFIXES
    )


def _strip_range_suffix(name: str) -> str:
    """What the state and the sections of a column are told of: wlc for wlc_low, fy_baseline for itself."""
    return name.removesuffix("_low").removesuffix("_mid").removesuffix("_high")
