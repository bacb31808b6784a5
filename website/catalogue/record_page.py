"""The page of one thing, put together: the lead, then sections, each one part of a page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint import compare
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import select_shown_facts
from threepoint.presentation.records import Record
from threepoint.standard.code_lists import DEPARTMENT_BY_ABBREVIATION
from threepoint.standard.field_states import STATE_BY_CODE
from website.catalogue import change_charts, contract_value_chart, organisation_sections, project_charts
from website.catalogue.citation_views import build_cite_url
from website.catalogue.fact_display import RecordValues, fold_long_text
from website.catalogue.record_summary import (
    LIST_SENTENCE_BY_KIND,
    CellsByAspect,
    RecordSummary,
    make_timeline,
    summarise_record,
)
from website.common import snapshot_access, value_display
from website.common.components import Link, SyntheticBanner, TableColumn, TableEntry
from website.common.record_urls import RECORD_KIND_LABELS, build_record_api_url, build_record_url, build_url

LISTS_SHOWN_ELSEWHERE = ("changes", "buyer", "suppliers")  # lists that stand elsewhere


@dataclass(frozen=True)
class PageSection:
    """One part under a heading, with a sentence that leads to it."""

    id: str
    title: str
    part: Any
    intro: str = ""
    folded: bool = False


@dataclass(frozen=True)
class RecordPage:
    """All that the page of one thing shows."""

    kind: str
    name: str
    found: Record
    lead: RecordSummary
    sections: tuple[PageSection, ...]
    part_of: tuple[Link, ...]
    compare: str
    cite: str
    unannounced: Link | None
    projects: Link | None

    @property
    def description(self) -> TableEntry | None:
        """What it is for, as published: its beginning, and the rest when it is asked for."""
        told = self.found.value("description")
        return fold_long_text(str(told), MAX_DESCRIPTION_CHARS) if told else None

    @property
    def synthetic(self) -> SyntheticBanner | None:
        """The banner of made-up data, where it is that."""
        return SyntheticBanner() if self.found.synthetic else None

    @property
    def data(self) -> str:
        """The address of the same as data."""
        return build_record_api_url(self.kind, self.found.id)


def make_record_page(snapshot: snapshot_access.Snapshot, found: Record, basket: tuple[str, ...]) -> RecordPage:
    """The page of a record; `basket` holds what is chosen for comparing already."""
    values, cells, today = RecordValues(found), compare.make_record_cells(found), snapshot.as_of
    made = [
        *_make_first_sections(snapshot, values, cells),
        *_make_detail_sections(values),
        *_make_quality_sections(snapshot, found),
    ]
    return RecordPage(
        found.kind, str(RECORD_KIND_LABELS[found.kind]), found, summarise_record(values, cells, today), tuple(made),
        _link_parents(found), _build_compare_url(found, basket), build_cite_url(found.id),
        _link_unannounced_changes(snapshot, found), _link_department_projects(found),
    )  # fmt: skip


def _make_first_sections(
    snapshot: snapshot_access.Snapshot, values: RecordValues, cells: CellsByAspect
) -> list[PageSection]:
    """What changed, what an organisation did, what a project cost, and all of it in order."""
    found, story = values.found, make_timeline(values.found)
    changes = [values.table(one) for one in values.lists if one.name == "changes"]
    made = [PageSection("changes", str(table.caption), table) for table in changes]
    made = [
        PageSection(*one)
        for one in (
            *project_charts.make_project_sections(found),
            *change_charts.make_change_sections(found, cells),
            *contract_value_chart.make_contract_value_sections(found),
        )
    ] + made
    made += [PageSection(*one) for one in organisation_sections.make_organisation_sections(snapshot, found)]
    return [*made, PageSection("timeline", _("Timeline"), story)] if story else made


def _make_detail_sections(values: RecordValues) -> list[PageSection]:
    """What is not known, the lists, and all facts; of a line of a list its facts are all there is, so they are open."""
    found, listed = values.found, values.found.kind in LIST_SENTENCE_BY_KIND
    shown = [one for one in values.lists if one.name not in LISTS_SHOWN_ELSEWHERE]
    if len(found.rows.get("suppliers", ())) > MAX_NAMED_SUPPLIERS:
        shown = [*(one for one in values.lists if one.name == "suppliers"), *shown]
    asks = build_cite_url(found.id)
    everything = values.facts(select_shown_facts(found), lambda name: f"{asks}&fact={name}")
    told = _("Each with its state and its source.")
    return [
        *([] if listed else _make_unknown_sections(values)),
        *(_make_list_section(values, one) for one in shown),
        PageSection("facts", _("All facts"), everything, told, folded=not listed),
    ]


MAX_DESCRIPTION_CHARS = 300  # characters of a description that stand in the open
MAX_NAMED_SUPPLIERS = 6  # suppliers named in the lead
MAX_OPEN_ROWS = 30  # rows of a list that stand in the open


def _make_list_section(values: RecordValues, one: Any) -> PageSection:
    table = values.table(one)
    ident, title = one.name.replace(" ", "-"), f"{table.caption} ({len(one.rows):,})"
    return PageSection(ident, title, table, folded=len(one.rows) > MAX_OPEN_ROWS)


def _make_unknown_sections(values: RecordValues) -> list[PageSection]:
    """What is due and not known, each with its reason; then what is not due yet."""
    judged = [fact for fact in values.found.facts.values() if fact.level != "Useful"]
    due = [fact for fact in judged if STATE_BY_CODE[fact.state].due]
    missing = [fact for fact in due if not fact.known]
    later = [fact for fact in judged if fact.state == "not_yet_due"]
    if not missing + later:
        return []
    intro = _("%(missing)d of %(due)d facts that should be published by now are not known.")
    told = [intro % {"missing": len(missing), "due": len(due)}]
    if later:
        told.append(_("%d more are not due yet.") % len(later))
    return [PageSection("not-known", _("What is not known"), values.facts([*missing, *later]), " ".join(told))]


def _make_quality_sections(snapshot: snapshot_access.Snapshot, found: Record) -> list[PageSection]:
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
        (TableColumn(_("What was found")), TableColumn(_("How serious")), TableColumn(_("Check"))),
        [(row["detail"] or row["check_id"], row["severity"], row["check_id"]) for row in rows],
    )
    return [PageSection("quality", _("Data quality"), table, _("About the data as published, not about the scheme."))]


def _link_parents(found: Record) -> tuple[Link, ...]:
    """What a thing belongs to: a contract to its procurement, a procurement to its framework."""
    made = []
    ocid = found.value("ocid")
    if ocid and found.kind in ("contract", "award", "spend"):
        process = next(iter(found.rows.get("process", [])), {})
        made.append(Link(process.get("title") or ocid, build_record_url("contracting_process", ocid)))
    frameworks = [found.value(name) for name in ("parent_ocid", "framework_ocid") if found.value(name)]
    return (*made, *(Link(_("Framework %s") % one, build_record_url("contracting_process", one)) for one in frameworks))


def _link_department_projects(found: Record) -> Link | None:
    """The major projects of a department: from its own page, and from each of them."""
    department = found.value("department") if found.kind == "scheme" else None
    if found.kind == "organisation" and found.title in DEPARTMENT_BY_ABBREVIATION.values():
        department = found.title
    if not department:
        return None
    asked = {"q": department, "kind": "project", "all": "1"}
    return Link(_("Major projects of %s") % formatting.format_department(department), build_url("search", asked))


def _link_unannounced_changes(snapshot: snapshot_access.Snapshot, found: Record) -> Link | None:
    """Where to read what changed in a procurement without a notice; None where nothing is known to have."""
    ocid = found.value("ocid") if found.kind in COMPARABLE_KINDS else ""
    some = snapshot_access.list_process_unannounced_changes(snapshot, ocid) if ocid else ()
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
    return Link(" · ".join(said), build_url("changes", {"of": str(ocid)}))


COMPARABLE_KINDS = ("contracting_process", "contract", "award", "scheme")


def _build_compare_url(found: Record, basket: tuple[str, ...]) -> str:
    """The address that adds a thing to what is compared; nothing for what is not compared, or is in it."""
    if found.kind not in COMPARABLE_KINDS or found.id in basket:
        return ""
    return build_url("compare", {"id": [*basket, found.id]})
