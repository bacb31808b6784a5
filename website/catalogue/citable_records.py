"""What can be cited: the record of a thing, and each yearly report on a major project as a record of its own.

A report has the address of its project, a slash and its year, as in SDES its key is both. It has no page: its figures are read
on the project's.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from threepoint.errors import Problem
from threepoint.presentation.record_lists import worth_showing
from threepoint.presentation.records import Fact, Record
from threepoint.standard.definition import Field
from threepoint.standard.field_states import STATES
from threepoint.standard.sdes import SDES
from website.common import snapshot_access
from website.common.record_urls import address_of

Look = Callable[[snapshot_access.Snapshot, str], snapshot_access.Thing | None]
REPORT = "scheme_year"
# Columns that are no figures: what a report is of, and what tells of another column.
NO_FIGURE = ("scheme_id", "report_year", "snapshot_date", "title", "source_id")
OF_ANOTHER = ("_state", "_exempt_section")
RANGES = ("_low", "_high")  # stated beside a middle value, or not at all


def at(snapshot: snapshot_access.Snapshot, ident: str) -> Record | None:
    """The record that has this very address; None where there is none."""
    return _record(snapshot, ident, snapshot_access.at)


def called(snapshot: snapshot_access.Snapshot, ident: str) -> Record | None:
    """The record that has this address, or this as another name; None where nothing or several have."""
    return at(snapshot, ident) or _record(snapshot, ident, _find)


def _record(snapshot: snapshot_access.Snapshot, ident: str, look: Look) -> Record | None:
    if thing := look(snapshot, ident):
        return snapshot_access.record(snapshot, thing)
    project, _slash, year = ident.rpartition("/")
    thing = look(snapshot, project) if project else None
    if thing is None or thing.kind != "scheme":
        return None
    found = snapshot_access.record(snapshot, thing)
    return next((_report(found, row) for row in found.rows["years"] if str(row["report_year"]) == year), None)


def _find(snapshot: snapshot_access.Snapshot, ident: str) -> snapshot_access.Thing | None:
    try:
        return snapshot_access.find(snapshot, ident)
    except Problem:
        return None


def report_of(project: str, year: int) -> str:
    """The address of the report of a year on a project."""
    return f"{project}/{year}"


def page_of(found: Record) -> str:
    """The address of the page on which the figures of a record are read."""
    if found.kind == REPORT:
        return address_of("scheme", found.id.rpartition("/")[0])
    return address_of(found.kind, found.id)


def to_choose(found: Record) -> list[Fact]:
    """The facts that are offered to be cited: of a report what it gives, and the gaps where it should give something."""
    if found.kind != REPORT:
        return worth_showing(found)
    return [fact for fact in found.facts.values() if fact.value is not None or _is_stated(fact.name)]


def _report(project: Record, row: dict[str, Any]) -> Record:
    year = row["report_year"]
    columns = [one for one in SDES[REPORT].fields if one.name not in NO_FIGURE and not one.name.endswith(OF_ANOTHER)]
    told = {column.name: _fact(column, row) for column in columns}
    title = _("%(project)s, report of %(year)d") % {"project": row["title"] or project.title, "year": year}
    return Record(REPORT, report_of(project.id, year), title, project.publisher, project.synthetic, told)


def _fact(column: Field, row: dict[str, Any]) -> Fact:
    name, value = column.name, row[column.name]
    known = "derived" if column.source.endswith("_derived") else "observed"
    state = row.get(f"{_figure(name)}_state") or known
    if value is None and STATES[state].filled:
        state = "not_reported"
    why = row.get(f"{_figure(name)}_exempt_section") or ""
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


def _is_stated(name: str) -> bool:
    """Whether a report says of a column why it is empty. The ends of a range are given beside the middle, or not at all."""
    return f"{_figure(name)}_state" in SDES[REPORT].names and not name.endswith(RANGES)


def _figure(name: str) -> str:
    """What the state and the sections of a column are told of: wlc for wlc_low, fy_baseline for itself."""
    return name.removesuffix("_low").removesuffix("_mid").removesuffix("_high")
