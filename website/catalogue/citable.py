"""What can be cited: the record of a thing, and each yearly report on a major project as a record of its own.

A report has the address of its project, a slash and its year, as in SDES its key is both. It has no page: its figures are read
on the project's.
"""

from typing import Any

from django.utils.translation import gettext as _

from threepoint.standard.model import Field
from threepoint.standard.records import Fact, Record
from threepoint.standard.sdes import SDES
from website.common import facts
from website.common.addresses import address_of

REPORT = "scheme_year"
# Columns that are no figures: what a report is of, and what tells of another column.
NO_FIGURE = ("scheme_id", "report_year", "snapshot_date", "title", "source_id")
OF_ANOTHER = ("_state", "_exempt_section")
RANGES = ("_low", "_high")  # stated beside a middle value, or not at all


def at(snapshot: facts.Snapshot, ident: str) -> Record | None:
    """The record that has this very address; None where there is none."""
    return _record(snapshot, ident, facts.at)


def called(snapshot: facts.Snapshot, ident: str) -> Record | None:
    """The record that has this address, or this as another name; None where nothing or several have."""
    return at(snapshot, ident) or _record(snapshot, ident, _find)


def _record(snapshot: facts.Snapshot, ident: str, look: Any) -> Record | None:
    if thing := look(snapshot, ident):
        return facts.record(snapshot, thing)
    project, _slash, year = ident.rpartition("/")
    thing = look(snapshot, project) if project else None
    if thing is None or thing.kind != "scheme":
        return None
    rows = facts.record(snapshot, thing).rows["years"]
    return next((_report(snapshot, thing, row) for row in rows if str(row["report_year"]) == year), None)


def _find(snapshot: facts.Snapshot, ident: str) -> facts.Thing | None:
    try:
        return facts.find(snapshot, ident)
    except facts.Problem:
        return None


def report_of(project: str, year: int) -> str:
    """The address of the report of a year on a project."""
    return f"{project}/{year}"


def page_of(found: Record) -> str:
    """The address of the page on which the figures of a record are read."""
    if found.kind == REPORT:
        return address_of("scheme", found.id.rpartition("/")[0])
    return address_of(found.kind, found.id)


def _report(snapshot: facts.Snapshot, thing: facts.Thing, row: dict[str, Any]) -> Record:
    project, year = facts.record(snapshot, thing), row["report_year"]
    told = [_fact(column, row) for column in SDES[REPORT].fields if _is_figure(column.name, row)]
    title = _("%(project)s, report of %(year)d") % {"project": row["title"] or thing.title, "year": year}
    ident = report_of(thing.id, year)
    return Record(REPORT, ident, title, project.publisher, project.synthetic, {fact.name: fact for fact in told})


def _is_figure(name: str, row: dict[str, Any]) -> bool:
    if name in NO_FIGURE or name.endswith(OF_ANOTHER):
        return False
    return row[name] is not None or not (name.endswith(RANGES) or _state(name, row) is None)


def _fact(column: Field, row: dict[str, Any]) -> Fact:
    name = column.name
    known = "derived" if column.source.endswith("_derived") else "observed"
    state = _state(name, row) or known
    why = row.get(f"{_figure(name, row)}_exempt_section") or ""
    year = _("GMPP report of %d") % row["report_year"]
    return Fact(
        name, column.meaning, column.type, column.level, row[name], state, why, source=year, source_date=row["snapshot_date"]
    )  # fmt: skip


def _state(name: str, row: dict[str, Any]) -> str | None:
    state: str | None = row.get(f"{_figure(name, row)}_state")
    return state


def _figure(name: str, row: dict[str, Any]) -> str:
    """What the state and the sections of a column are told of: wlc for wlc_low, fy_baseline for itself."""
    return name if f"{name}_state" in row else name.rpartition("_")[0]
