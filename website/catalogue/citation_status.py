"""The content of a citation, and its status now: unchanged, changed or gone."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from threepoint.presentation import formatting
from website.catalogue import citable_records
from website.catalogue.citation_model import Citation
from website.catalogue.cited_figures import CitedFigure, make_cited_figure
from website.common import snapshot_access, value_display
from website.common.components import FactValue, PageTable, TableColumn
from website.common.record_urls import RECORD_KIND_LABELS


@dataclass(frozen=True)
class CitationStatus:
    """Status of a cited figure: `code` is same, changed, gone or unknown, with a heading, a reason and a table of old and new.

    `record` is the URL of the record's page, empty if it has none; `figure` is the current figure.
    """

    code: str
    title: str
    why: str = ""
    table: PageTable | None = None
    record: str = ""
    figure: CitedFigure | None = None


def find_citation_status(request: HttpRequest, cited: CitedFigure) -> CitationStatus:
    """Return how the current snapshot gives the same fact; `unknown` if there is no snapshot."""
    try:
        snapshot = snapshot_access.get_snapshot(request)
    except snapshot_access.SnapshotNotReady as error:
        return CitationStatus("unknown", _("We cannot say whether it has changed"), str(error))
    record = citable_records.find_by_any_id(snapshot, cited.id)
    if record is None or record.kind != cited.kind:
        why = _("No record in the current snapshot has the id %(id)s. Its publisher may have removed it or changed its id,"
                " or this site may have loaded different files since.") % {"id": cited.id}  # fmt: skip
        return CitationStatus("gone", _("No longer in the data"), why)
    record_url = citable_records.build_page_url(record)
    if cited.fact not in record.facts:
        why = _("The record is still there, but the standard that it follows no longer has this fact.")
        return CitationStatus("gone", _("No longer in the standard"), why, record=record_url)
    return _compare_figures(cited, make_cited_figure(snapshot, record, cited.fact), record_url)


def _compare_figures(cited: CitedFigure, current: CitedFigure, record_url: str) -> CitationStatus:
    moved = _("The record now has the id %s.") % current.id if current.id != cited.id else ""
    if cited.differs(current):
        is_gone = cited.value is not None and current.value is None
        title = _("Changed since: no longer published") if is_gone else _("Changed since")
        why = _("It was published when it was cited. It is now: %s.") % current.text if is_gone else ""
        table = _make_comparison_table(cited, current)
        return CitationStatus("changed", title, f"{why} {moved}".strip(), table, record_url, current)
    has_new_source = (cited.source, cited.source_date) != (current.source, current.source_date)
    new_source = (
        _("The figure is the same, but its source is now: %s.") % format_figure_source(current)
        if has_new_source and current.source
        else ""
    )
    title = _("Unchanged as of %s") % format_iso_date(current.as_of)
    return CitationStatus("same", title, f"{new_source} {moved}".strip(), None, record_url, current)


def _make_comparison_table(cited: CitedFigure, current: CitedFigure) -> PageTable:
    rows = (
        (_("Figure"), format_figure(cited), format_figure(current)),
        (_("State"), cited.state_words, current.state_words),
        (_("Source"), format_figure_source(cited), format_figure_source(current)),
        (_("As of"), format_iso_date(cited.as_of), format_iso_date(current.as_of)),
        (_("Snapshot"), cited.snapshot, current.snapshot),
    )
    heads = (TableColumn(""), TableColumn(_("As cited")), TableColumn(_("Now")))
    return value_display.make_table(_("As cited, and now"), heads, rows)


def format_figure(figure: CitedFigure) -> str:
    """Return the exact figure with the basis of an amount."""
    return f"{figure.text} {formatting.format_basis(figure.basis)}".strip() if figure.value is not None else figure.text


def format_figure_source(figure: CitedFigure) -> str:
    """Return the notice or report that a figure is from, with its day."""
    source = " · ".join(part for part in (figure.source, formatting.format_date(figure.source_day)) if part)
    return source or _("no single notice")


def format_iso_date(iso: str) -> str:
    """Return an ISO date as on pages: 30 June 2026."""
    return formatting.format_date(date.fromisoformat(iso))


def present_figure(figure: CitedFigure) -> FactValue:
    """Return the cited figure with its state and source."""
    source: dict[str, Any] = {"source": figure.source, "href": figure.source_url, "date": figure.source_day}
    if figure.value is None:
        return FactValue(state=figure.text, **source)
    return FactValue(format_figure(figure), figure.state_words, detail=figure.detail, **source)


def format_reference(citation: Citation, figure: CitedFigure, address: str) -> str:
    """Return the citation as plain text to copy."""
    kind = str(RECORD_KIND_LABELS.get(figure.kind, figure.kind)).lower()
    label = formatting.capitalise_text(figure.label)
    lines = [
        _("Synthetic data: nothing here is real.") if figure.synthetic else "",
        f"{figure.title or figure.id} ({kind} {figure.id}). {label}: {format_figure(figure)} ({figure.state_words}).",
        _("Source: %s.") % ", ".join(part for part in (figure.publisher, format_figure_source(figure)) if part),
        _("As of %(day)s, in the snapshot %(snapshot)s of Three Point.")
        % {"day": format_iso_date(figure.as_of), "snapshot": figure.snapshot},
        f"{address} sha256 {citation.sha256}",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def make_citation_json(citation: Citation, address: str, status: CitationStatus) -> dict[str, Any]:
    """Return the citation as JSON: the figure, its hash, when it was first cited (UTC), and its status now."""
    now = {"state_now": status.code, "words": " ".join(part for part in (status.title, status.why) if part)}
    return {
        "citation": asdict(citation.figure),
        "sha256": citation.sha256,
        "canonical": citation.canonical_text,
        "address": address,
        "first_cited": citation.created_at.isoformat(timespec="seconds"),
        "now": now | {"figure": status.figure and asdict(status.figure)},
    }
