"""The page of one record: its summary, then its sections."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint import compare
from threepoint.presentation import formatting
from threepoint.presentation.record_lists import RecordList, select_shown_facts
from threepoint.presentation.records import Record
from threepoint.standard.code_lists import DEPARTMENT_BY_ABBREVIATION
from threepoint.standard.value_states import STATE_BY_CODE
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

LISTS_SHOWN_ELSEWHERE = ("changes", "buyer", "suppliers")  # in the summary or in a section of their own


@dataclass(frozen=True)
class PageSection:
    """One component under a heading, with an introductory sentence."""

    id: str
    title: str
    part: Any
    intro: str = ""
    folded: bool = False


@dataclass(frozen=True)
class RecordPage:
    """Everything that the page of one record shows."""

    kind: str
    name: str
    record: Record
    lead: RecordSummary
    sections: tuple[PageSection, ...]
    part_of: tuple[Link, ...]
    compare: str
    cite: str
    unannounced: Link | None
    projects: Link | None

    @property
    def description(self) -> TableEntry | None:
        """The published description; a long one is partly in a fold."""
        description = self.record.value("description")
        return fold_long_text(str(description), MAX_DESCRIPTION_CHARS) if description else None

    @property
    def synthetic(self) -> SyntheticBanner | None:
        """The banner of a synthetic record."""
        return SyntheticBanner() if self.record.synthetic else None

    @property
    def data(self) -> str:
        """URL of the record's data in the API."""
        return build_record_api_url(self.kind, self.record.id)


def make_record_page(snapshot: snapshot_access.Snapshot, record: Record, basket: tuple[str, ...]) -> RecordPage:
    """Return the page of a record; `basket` has the ids of records already chosen for comparison."""
    values, cells, today = RecordValues(record), compare.make_record_cells(record), snapshot.as_of
    sections = (
        *_make_first_sections(snapshot, values, cells),
        *_make_detail_sections(values),
        *_make_quality_sections(snapshot, record),
    )
    return RecordPage(
        record.kind, str(RECORD_KIND_LABELS[record.kind]), record, summarise_record(values, cells, today), sections,
        _link_parents(record), _build_compare_url(record, basket), build_cite_url(record.id),
        _link_unannounced_changes(snapshot, record), _link_department_projects(record),
    )  # fmt: skip


def _make_first_sections(
    snapshot: snapshot_access.Snapshot, values: RecordValues, cells: CellsByAspect
) -> list[PageSection]:
    record, timeline = values.record, make_timeline(values.record)
    changes = [values.table(record_list) for record_list in values.lists if record_list.name == "changes"]
    sections = (
        *project_charts.make_project_sections(record),
        *change_charts.make_change_sections(record, cells),
        *contract_value_chart.make_contract_value_sections(record),
        *(("changes", str(table.caption), table) for table in changes),
        *organisation_sections.make_organisation_sections(snapshot, record),
        *((("timeline", _("Timeline"), timeline),) if timeline else ()),
    )
    return [PageSection(*section) for section in sections]


def _make_detail_sections(values: RecordValues) -> list[PageSection]:
    """Return the unknown facts, the lists and all facts; facts are unfolded if the record has nothing more to show."""
    record, is_list_row = values.record, values.record.kind in LIST_SENTENCE_BY_KIND
    lists = [record_list for record_list in values.lists if record_list.name not in LISTS_SHOWN_ELSEWHERE]
    if len(record.rows.get("suppliers", ())) > MAX_NAMED_SUPPLIERS:
        lists = [*(record_list for record_list in values.lists if record_list.name == "suppliers"), *lists]
    cite_url = build_cite_url(record.id)
    all_facts = values.facts(select_shown_facts(record), lambda name: f"{cite_url}&fact={name}")
    intro = _("Each fact shows its state. Most also show their source.")
    return [
        *([] if is_list_row else _make_unknown_sections(values)),
        *(_make_list_section(values, record_list) for record_list in lists),
        PageSection("facts", _("All facts"), all_facts, intro, folded=not is_list_row),
    ]


MAX_DESCRIPTION_CHARS = 300  # the rest of a longer description is in a fold
MAX_NAMED_SUPPLIERS = 6  # in the summary
MAX_OPEN_ROWS = 30  # a longer list is in a fold


def _make_list_section(values: RecordValues, record_list: RecordList) -> PageSection:
    table, row_count = values.table(record_list), len(record_list.rows)
    ident, title = record_list.name.replace(" ", "-"), f"{table.caption} ({row_count:,})"
    return PageSection(ident, title, table, folded=row_count > MAX_OPEN_ROWS)


def _make_unknown_sections(values: RecordValues) -> list[PageSection]:
    """Return a section of facts that are due and unknown, then facts that are not due yet."""
    graded = [fact for fact in values.record.facts.values() if fact.level != "Useful"]
    due = [fact for fact in graded if STATE_BY_CODE[fact.state].due]
    missing = [fact for fact in due if not fact.known]
    not_due = [fact for fact in graded if fact.state == "not_yet_due"]
    if not missing + not_due:
        return []
    intro = _("Not known: %(missing)d of %(due)d facts that should be published by now.")
    sentences = [intro % {"missing": len(missing), "due": len(due)}]
    if not_due:
        not_due_count = len(not_due)
        more = ngettext("%d more is not due yet.", "%d more are not due yet.", not_due_count)
        sentences.append(more % not_due_count)
    return [PageSection("not-known", _("What is not known"), values.facts([*missing, *not_due]), " ".join(sentences))]


def _make_quality_sections(snapshot: snapshot_access.Snapshot, record: Record) -> list[PageSection]:
    """Return a section of the data quality checks that the record fails."""
    rows = [
        row
        for row in snapshot.records.rows("dq_result", within=record.id)
        if (row["subject_type"], row["subject_id"]) == (record.kind, record.id)
    ]
    if not rows:
        return []
    table = value_display.make_table(
        _("Checks that the published data fails"),
        (TableColumn(_("What was found")), TableColumn(_("How serious")), TableColumn(_("Check"))),
        [(row["detail"] or row["check_id"], row["severity"], row["check_id"]) for row in rows],
    )
    intro = _("These checks are about the published data, not about the scheme itself.")
    return [PageSection("quality", _("Data quality"), table, intro)]


def _link_parents(record: Record) -> tuple[Link, ...]:
    """Return links from a contract, award or payment to its procurement, and to each framework it is under."""
    links = []
    ocid = record.value("ocid")
    if ocid and record.kind in ("contract", "award", "spend"):
        process = next(iter(record.rows.get("process", [])), {})
        links.append(Link(process.get("title") or ocid, build_record_url("contracting_process", ocid)))
    frameworks = [record.value(name) for name in ("parent_ocid", "framework_ocid") if record.value(name)]
    links += [Link(_("Framework %s") % ocid, build_record_url("contracting_process", ocid)) for ocid in frameworks]
    return tuple(links)


def _link_department_projects(record: Record) -> Link | None:
    """Return a link from a department, or from one of its major projects, to all its major projects."""
    department = record.value("department") if record.kind == "scheme" else None
    if record.kind == "organisation" and record.title in DEPARTMENT_BY_ABBREVIATION.values():
        department = record.title
    if not department:
        return None
    query = {"q": department, "kind": "project", "all": "1"}
    return Link(_("Major projects of %s") % formatting.format_department(department), build_url("search", query))


def _link_unannounced_changes(snapshot: snapshot_access.Snapshot, record: Record) -> Link | None:
    """Return a link to the known changes that a publisher made to a procurement without a new notice, or None."""
    ocid = record.value("ocid") if record.kind in COMPARABLE_KINDS else ""
    changes = snapshot_access.list_process_unannounced_changes(snapshot, ocid) if ocid else ()
    if not changes:
        return None
    edit_count = sum(change.edit for change in changes)
    vanished_count = len(changes) - edit_count
    edited = ngettext(
        "%(n)d notice was changed without a new notice", "%(n)d notices were changed without a new notice", edit_count
    )
    vanished = ngettext(
        "%(n)d notice is no longer in its file", "%(n)d notices are no longer in their files", vanished_count
    )
    sentences = [words % {"n": n} for words, n in ((edited, edit_count), (vanished, vanished_count)) if n]
    return Link(" · ".join(sentences), build_url("changes", {"of": str(ocid)}))


COMPARABLE_KINDS = ("contracting_process", "contract", "award", "scheme")


def _build_compare_url(record: Record, basket: tuple[str, ...]) -> str:
    """Return the URL that adds a record to the comparison; empty if it cannot be compared or is already in it."""
    if record.kind not in COMPARABLE_KINDS or record.id in basket:
        return ""
    return build_url("compare", {"id": [*basket, record.id]})
