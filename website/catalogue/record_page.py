"""The page of one thing, put together: the lead, then sections, each one part of a page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint import compare
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import worth_showing
from threepoint.presentation.records import Record
from threepoint.standard.code_lists import DEPARTMENTS
from threepoint.standard.field_states import STATES
from website.catalogue import change_charts, contract_value_chart, organisation_sections, project_charts
from website.catalogue.citation_views import ask_address
from website.catalogue.fact_display import Values, long_text
from website.catalogue.record_summary import LISTED, Cells, Lead, lead, timeline
from website.common import snapshot_access, value_display
from website.common.components import Column, Entry, Link, Synthetic
from website.common.record_urls import NAMES, address, address_of, data_of

ABOVE = ("changes", "buyer", "suppliers")  # lists that stand elsewhere


@dataclass(frozen=True)
class Section:
    """One part under a heading, with a sentence that leads to it."""

    id: str
    title: str
    part: Any
    intro: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Page:
    """All that the page of one thing shows."""

    kind: str
    name: str
    found: Record
    lead: Lead
    sections: tuple[Section, ...]
    part_of: tuple[Link, ...]
    compare: str
    cite: str
    unannounced: Link | None
    projects: Link | None

    @property
    def description(self) -> Entry | None:
        """What it is for, as published: its beginning, and the rest when it is asked for."""
        told = self.found.value("description")
        return long_text(str(told), LONGEST) if told else None

    @property
    def synthetic(self) -> Synthetic | None:
        """The banner of made-up data, where it is that."""
        return Synthetic() if self.found.synthetic else None

    @property
    def data(self) -> str:
        """The address of the same as data."""
        return data_of(self.kind, self.found.id)


def page(snapshot: snapshot_access.Snapshot, found: Record, basket: tuple[str, ...]) -> Page:
    """The page of a record; `basket` holds what is chosen for comparing already."""
    values, cells, today = Values(found), compare.alone(found), snapshot.as_of
    made = [*_first(snapshot, values, cells), *_below(values), *_checks(snapshot, found)]
    return Page(
        found.kind, str(NAMES[found.kind]), found, lead(values, cells, today), tuple(made),
        _part_of(found), _compare(found, basket), ask_address(found.id), _unannounced(snapshot, found), _projects(found),
    )  # fmt: skip


def _first(snapshot: snapshot_access.Snapshot, values: Values, cells: Cells) -> list[Section]:
    """What changed, what an organisation did, what a project cost, and all of it in order."""
    found, story = values.found, timeline(values.found)
    changes = [values.table(one) for one in values.lists if one.name == "changes"]
    made = [Section("changes", str(table.caption), table) for table in changes]
    made = [
        Section(*one)
        for one in (
            *project_charts.sections(found),
            *change_charts.sections(found, cells),
            *contract_value_chart.sections(found),
        )
    ] + made
    made += [Section(*one) for one in organisation_sections.sections(snapshot, found)]
    return [*made, Section("timeline", _("Timeline"), story)] if story else made


def _below(values: Values) -> list[Section]:
    """What is not known, the lists, and all facts; of a line of a list its facts are all there is, so they are open."""
    found, listed = values.found, values.found.kind in LISTED
    shown = [one for one in values.lists if one.name not in ABOVE]
    if len(found.rows.get("suppliers", ())) > MOST_NAMED:
        shown = [*(one for one in values.lists if one.name == "suppliers"), *shown]
    asks = ask_address(found.id)
    everything = values.facts(worth_showing(found), lambda name: f"{asks}&fact={name}")
    told = _("Each with its state and its source.")
    return [
        *([] if listed else _unknown(values)),
        *(_section(values, one) for one in shown),
        Section("facts", _("All facts"), everything, told, folded=not listed),
    ]


LONGEST = 300  # characters of a description that stand in the open
MOST_NAMED = 6  # suppliers named in the lead
MOST_OPEN = 30  # rows of a list that stand in the open


def _section(values: Values, one: Any) -> Section:
    table = values.table(one)
    ident, title = one.name.replace(" ", "-"), f"{table.caption} ({len(one.rows):,})"
    return Section(ident, title, table, folded=len(one.rows) > MOST_OPEN)


def _unknown(values: Values) -> list[Section]:
    """What is due and not known, each with its reason; then what is not due yet."""
    judged = [fact for fact in values.found.facts.values() if fact.level != "Useful"]
    due = [fact for fact in judged if STATES[fact.state].due]
    missing = [fact for fact in due if not fact.known]
    later = [fact for fact in judged if fact.state == "not_yet_due"]
    if not missing + later:
        return []
    intro = _("%(missing)d of %(due)d facts that should be published by now are not known.")
    told = [intro % {"missing": len(missing), "due": len(due)}]
    if later:
        told.append(_("%d more are not due yet.") % len(later))
    return [Section("not-known", _("What is not known"), values.facts([*missing, *later]), " ".join(told))]


def _checks(snapshot: snapshot_access.Snapshot, found: Record) -> list[Section]:
    """The checks of its data that a thing did not pass."""
    rows = [
        row
        for row in snapshot.records.rows("dq_result", within=found.id)
        if (row["subject_type"], row["subject_id"]) == (found.kind, found.id)
    ]
    if not rows:
        return []
    table = value_display.make_table(
        _("Checks that the published data does not pass"),
        (Column(_("What was found")), Column(_("How serious")), Column(_("Check"))),
        [(row["detail"] or row["check_id"], row["severity"], row["check_id"]) for row in rows],
    )
    return [Section("quality", _("Data quality"), table, _("About the data as published, not about the scheme."))]


def _part_of(found: Record) -> tuple[Link, ...]:
    """What a thing belongs to: a contract to its procurement, a procurement to its framework."""
    made = []
    ocid = found.value("ocid")
    if ocid and found.kind in ("contract", "award", "spend"):
        process = next(iter(found.rows.get("process", [])), {})
        made.append(Link(process.get("title") or ocid, address_of("contracting_process", ocid)))
    frameworks = [found.value(name) for name in ("parent_ocid", "framework_ocid") if found.value(name)]
    return (*made, *(Link(_("Framework %s") % one, address_of("contracting_process", one)) for one in frameworks))


def _projects(found: Record) -> Link | None:
    """The major projects of a department: from its own page, and from each of them."""
    department = found.value("department") if found.kind == "scheme" else None
    if found.kind == "organisation" and found.title in DEPARTMENTS.values():
        department = found.title
    if not department:
        return None
    asked = {"q": department, "kind": "project", "all": "1"}
    return Link(_("Major projects of %s") % formatting.department(department), address("search", asked))


def _unannounced(snapshot: snapshot_access.Snapshot, found: Record) -> Link | None:
    """Where to read what changed in a procurement without a notice; None where nothing is known to have."""
    ocid = found.value("ocid") if found.kind in COMPARED else ""
    some = snapshot_access.of_process(snapshot, ocid) if ocid else ()
    if not some:
        return None
    edits = sum(one.edit for one in some)
    gone = len(some) - edits
    edited = ngettext(
        "%(n)d notice was given other content without saying so",
        "%(n)d notices were given other content without saying so",
        edits,
    )
    left = ngettext("%(n)d notice no longer stands in its file", "%(n)d notices no longer stand in their files", gone)
    said = [words % {"n": n} for words, n in ((edited, edits), (left, gone)) if n]
    return Link(" · ".join(said), address("changes", {"of": str(ocid)}))


COMPARED = ("contracting_process", "contract", "award", "scheme")


def _compare(found: Record, basket: tuple[str, ...]) -> str:
    """The address that adds a thing to what is compared; nothing for what is not compared, or is in it."""
    if found.kind not in COMPARED or found.id in basket:
        return ""
    return address("compare", {"id": [*basket, found.id]})
