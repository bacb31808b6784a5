"""What a citation says, and how what it says stands now: the same, changed since, or no longer there."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from threepoint.presentation import formatting
from website.catalogue import citable_records
from website.catalogue.citation_model import Citation
from website.catalogue.cited_figures import Cited, cited
from website.common import snapshot_access, value_display
from website.common.components import Column, Said, Table
from website.common.record_urls import NAMES


@dataclass(frozen=True)
class Now:
    """How a figure stands: `code` is same, changed, gone or unknown; then a heading, why, and old and new side by side.

    `record` is where its thing is read now, empty where it is not; `figure` what is told now.
    """

    code: str
    title: str
    why: str = ""
    table: Table | None = None
    record: str = ""
    figure: Cited | None = None


def now(request: HttpRequest, was: Cited) -> Now:
    """What the current snapshot tells of the same fact. A citation can be read where there is no snapshot, too."""
    try:
        snapshot = snapshot_access.current(request)
    except snapshot_access.Unready as trouble:
        return Now("unknown", _("What it is now cannot be told"), str(trouble))
    found = citable_records.called(snapshot, was.id)
    if found is None or found.kind != was.kind:
        why = _("Nothing in the snapshot of today has this id: %(id)s. Its publisher may have taken it back or given it another,"
                " or this site may have been given other files since.") % {"id": was.id}  # fmt: skip
        return Now("gone", _("No longer in the data"), why)
    record = citable_records.page_of(found)
    if was.fact not in found.facts:
        why = _("The record is still there, but the standard that it follows no longer has this fact.")
        return Now("gone", _("No longer told"), why, record=record)
    return _compared(was, cited(snapshot, found, was.fact), record)


def _compared(was: Cited, here: Cited, record: str) -> Now:
    moved = _("The record now has the id %s.") % here.id if here.id != was.id else ""
    if was.differs(here):
        gone = was.value is not None and here.value is None
        title = _("Changed since: no longer given") if gone else _("Changed since")
        why = _("It was given then, and now: %s.") % here.text if gone else ""
        return Now("changed", title, f"{why} {moved}".strip(), _side_by_side(was, here), record, here)
    other = (was.source, was.source_date) != (here.source, here.source_date)
    resourced = _("The same is now told by another source: %s.") % source(here) if other and here.source else ""
    title = _("Unchanged as of %s") % day(here.as_of)
    return Now("same", title, f"{resourced} {moved}".strip(), None, record, here)


def _side_by_side(was: Cited, here: Cited) -> Table:
    lines = (
        (_("Figure"), said_words(was), said_words(here)),
        (_("State"), was.state_words, here.state_words),
        (_("Source"), source(was), source(here)),
        (_("Told for"), day(was.as_of), day(here.as_of)),
        (_("Snapshot"), was.snapshot, here.snapshot),
    )
    heads = (Column(""), Column(_("As cited")), Column(_("Now")))
    return value_display.make_table(_("As cited, and now"), heads, lines)


def said_words(figure: Cited) -> str:
    """The figure in full words, with what an amount is in."""
    return f"{figure.text} {formatting.format_basis(figure.basis)}".strip() if figure.value is not None else figure.text


def source(figure: Cited) -> str:
    """The notice or report that a figure is from, with its day; words for none."""
    told = " · ".join(part for part in (figure.source, formatting.in_words(figure.source_day)) if part)
    return told or _("no one notice")


def day(iso: str) -> str:
    """An ISO day in words."""
    return formatting.in_words(date.fromisoformat(iso))


def said(figure: Cited) -> Said:
    """The figure as it was shown, with its state and source."""
    told: dict[str, Any] = {"source": figure.source, "href": figure.source_url, "date": figure.source_day}
    if figure.value is None:
        return Said(state=figure.text, **told)
    return Said(said_words(figure), figure.state_words, detail=figure.detail, **told)


def reference(held: Citation, figure: Cited, address: str) -> str:
    """The citation as one text to copy."""
    thing = f"{figure.title or figure.id} ({str(NAMES.get(figure.kind, figure.kind)).lower()} {figure.id})"
    lines = [
        _("Synthetic data: nothing here is real.") if figure.synthetic else "",
        f"{thing}. {formatting.capital(figure.label)}: {said_words(figure)} ({figure.state_words}).",
        _("Source: %s.") % ", ".join(part for part in (figure.publisher, source(figure)) if part),
        _("As of %(day)s, in the snapshot %(snapshot)s of Three Point.") % {"day": day(figure.as_of), "snapshot": figure.snapshot},
        f"{address} sha256 {held.sha256}",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def as_json(held: Citation, address: str, here: Now) -> dict[str, Any]:
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
