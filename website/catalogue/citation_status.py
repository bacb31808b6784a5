"""What a citation says, and how what it says stands now: the same, changed since, or no longer there."""

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
    """How a figure stands: `code` is same, changed, gone or unknown; then a heading, why, and old and new side by side.

    `record` is where its thing is read now, empty where it is not; `figure` what is told now.
    """

    code: str
    title: str
    why: str = ""
    table: PageTable | None = None
    record: str = ""
    figure: CitedFigure | None = None


def find_citation_status(request: HttpRequest, was: CitedFigure) -> CitationStatus:
    """What the current snapshot tells of the same fact. A citation can be read where there is no snapshot, too."""
    try:
        snapshot = snapshot_access.get_snapshot(request)
    except snapshot_access.SnapshotNotReady as trouble:
        return CitationStatus("unknown", _("What it is now cannot be told"), str(trouble))
    found = citable_records.find_by_any_id(snapshot, was.id)
    if found is None or found.kind != was.kind:
        why = _("Nothing in the snapshot of today has this id: %(id)s. Its publisher may have taken it back or given it another,"
                " or this site may have been given other files since.") % {"id": was.id}  # fmt: skip
        return CitationStatus("gone", _("No longer in the data"), why)
    record = citable_records.build_page_url(found)
    if was.fact not in found.facts:
        why = _("The record is still there, but the standard that it follows no longer has this fact.")
        return CitationStatus("gone", _("No longer told"), why, record=record)
    return _compare_figures(was, make_cited_figure(snapshot, found, was.fact), record)


def _compare_figures(was: CitedFigure, here: CitedFigure, record: str) -> CitationStatus:
    moved = _("The record now has the id %s.") % here.id if here.id != was.id else ""
    if was.differs(here):
        gone = was.value is not None and here.value is None
        title = _("Changed since: no longer given") if gone else _("Changed since")
        why = _("It was given then, and now: %s.") % here.text if gone else ""
        return CitationStatus(
            "changed", title, f"{why} {moved}".strip(), _make_comparison_table(was, here), record, here
        )
    other = (was.source, was.source_date) != (here.source, here.source_date)
    resourced = (
        _("The same is now told by another source: %s.") % format_figure_source(here) if other and here.source else ""
    )
    title = _("Unchanged as of %s") % format_iso_date(here.as_of)
    return CitationStatus("same", title, f"{resourced} {moved}".strip(), None, record, here)


def _make_comparison_table(was: CitedFigure, here: CitedFigure) -> PageTable:
    lines = (
        (_("Figure"), format_figure(was), format_figure(here)),
        (_("State"), was.state_words, here.state_words),
        (_("Source"), format_figure_source(was), format_figure_source(here)),
        (_("Told for"), format_iso_date(was.as_of), format_iso_date(here.as_of)),
        (_("Snapshot"), was.snapshot, here.snapshot),
    )
    heads = (TableColumn(""), TableColumn(_("As cited")), TableColumn(_("Now")))
    return value_display.make_table(_("As cited, and now"), heads, lines)


def format_figure(figure: CitedFigure) -> str:
    """The figure in full words, with what an amount is in."""
    return f"{figure.text} {formatting.format_basis(figure.basis)}".strip() if figure.value is not None else figure.text


def format_figure_source(figure: CitedFigure) -> str:
    """The notice or report that a figure is from, with its day; words for none."""
    told = " · ".join(part for part in (figure.source, formatting.format_date(figure.source_day)) if part)
    return told or _("no one notice")


def format_iso_date(iso: str) -> str:
    """An ISO day in words."""
    return formatting.format_date(date.fromisoformat(iso))


def present_figure(figure: CitedFigure) -> FactValue:
    """The figure as it was shown, with its state and source."""
    told: dict[str, Any] = {"source": figure.source, "href": figure.source_url, "date": figure.source_day}
    if figure.value is None:
        return FactValue(state=figure.text, **told)
    return FactValue(format_figure(figure), figure.state_words, detail=figure.detail, **told)


def format_reference(held: Citation, figure: CitedFigure, address: str) -> str:
    """The citation as one text to copy."""
    thing = f"{figure.title or figure.id} ({str(RECORD_KIND_LABELS.get(figure.kind, figure.kind)).lower()} {figure.id})"
    lines = [
        _("Synthetic data: nothing here is real.") if figure.synthetic else "",
        f"{thing}. {formatting.capitalise_text(figure.label)}: {format_figure(figure)} ({figure.state_words}).",
        _("Source: %s.") % ", ".join(part for part in (figure.publisher, format_figure_source(figure)) if part),
        _("As of %(day)s, in the snapshot %(snapshot)s of Three Point.")
        % {"day": format_iso_date(figure.as_of), "snapshot": figure.snapshot},
        f"{address} sha256 {held.sha256}",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def make_citation_json(held: Citation, address: str, here: CitationStatus) -> dict[str, Any]:
    """The same as JSON: the figure, its hash, when it was first cited (UTC), and how it stands now."""
    today = {"state_now": here.code, "words": " ".join(part for part in (here.title, here.why) if part)}
    return {
        "citation": asdict(held.figure),
        "sha256": held.sha256,
        "canonical": held.said,
        "address": address,
        "first_cited": held.made.isoformat(timespec="seconds"),
        "now": today | {"figure": here.figure and asdict(here.figure)},
    }
