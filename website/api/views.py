"""The pages about the API and about whole datasets, and their files."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from threepoint.presentation import formatting
from threepoint.standard.data_package import SUMS
from threepoint.standard.field_states import STATES
from website.api import downloads, problems, search
from website.api.responses import MOST, USUAL
from website.common import snapshot_access, value_display
from website.common.components import Column, Entry, Table
from website.common.page_cache import of_snapshot
from website.common.record_urls import API, data_of

MOST_SHOWN = 100  # files of a package; its SHA256SUMS names all
RETRY = 60  # seconds
FORMATS = {
    "csv": gettext_lazy("Tables as CSV"),
    "parquet": gettext_lazy("Tables as Parquet"),
    "ocds": gettext_lazy("Notices as OCDS"),
    "oc4ids": gettext_lazy("Major projects as OC4IDS"),
}
MEANT = {
    "csv": gettext_lazy(
        "Every table of a snapshot. For spreadsheets, R and pandas; a text that looks like a formula has an apostrophe before"
        " it."
    ),
    "parquet": gettext_lazy(
        "Every table of a snapshot. For DuckDB, pandas and Spark; smaller than CSV, and every value has its type."
    ),
    "ocds": gettext_lazy(
        "Every release as it was said, and records of what they come to, in OCDS 1.1. For tools of the standard."
    ),
    "oc4ids": gettext_lazy("Major projects with every figure that was published of them, in OC4IDS 0.9."),
}


@of_snapshot
def about(request):
    """What the API gives, with examples out of what is in here."""
    page = {
        "api": API, "root": request.build_absolute_uri(f"{API}/"), "examples": _examples(snapshot_access.current(request)),
        "most": MOST, "usual": USUAL, "deepest": search.DEEPEST, "rate": settings.API_RATE, "states": _states(), "problems": _problems(),
    }  # fmt: skip
    return render(request, "api/about.html", page)


def _examples(snapshot: snapshot_access.Snapshot) -> list[tuple[str, str]]:
    """Addresses that answer, of things that are in this snapshot, and what each gives."""
    wish = snapshot_access.Wish(only={"kind": ("contract",)}, technology=False, order="newest", size=2)
    ids = [hit.id for hit in snapshot_access.search(snapshot, wish).hits]
    made = [
        (f"{API}/", _("what this is: the snapshot, and where to go")),
        (f"{API}/search?q=hosting&size=5", _("search, the first five")),
        (f"{API}/search?all=1&order=largest&format=csv", _("the largest of everything, as CSV")),
    ]
    if ids:
        record = data_of("contracting_process", ids[0])
        made += [
            (record, _("the record of one procurement")),
            (f"{record}?format=csv", _("the same as CSV, a row a fact")),
            (f"{API}/tables/notice?{urlencode({'ocid': ids[0]})}", _("its notices, as rows of a table")),
        ]
    if len(ids) > 1:
        made.append((f"{API}/compare?{urlencode({'id': ids}, doseq=True)}", _("two side by side")))
    return [
        *made,
        (f"{API}/tables", _("the tables, with what each column means")),
        (f"{API}/tables/contracting_process?size=50", _("a table, fifty rows at a time")),
        (f"{API}/coverage?format=csv", _("how full the data is, as CSV")),
    ]


def _states() -> Table:
    heads = (Column(_("In the data")), Column(_("On the pages")), Column(_("What it means")))
    rows = ((code, state.words, state.meaning) for code, state in STATES.items())
    return value_display.make_table(_("States"), heads, rows)


def _problems() -> Table:
    rows = ((str(status), title) for status, title in problems.TITLES.items() if status != 403)
    return value_display.make_table(_("Statuses"), (Column(_("Status")), Column(_("What it means"))), rows)


@require_safe
def downloads_page(request):
    """Whole datasets as files, with size, date, licence and checksums."""
    found, others = downloads.packages()
    try:
        now = snapshot_access.current(request).name
    except snapshot_access.Unready:
        now = ""  # files are there all the same
    page = {
        "shown": [_shown(package, now) for package in found],
        "others": others,
        "now": now,
        "root": request.build_absolute_uri("/downloads/"),
    }
    return render(request, "api/downloads.html", page)


def _shown(package: downloads.Package, now: str) -> dict[str, Any]:
    """A package as the page shows it; `older`: made of another snapshot than `now`, the one that is shown."""
    return {
        "package": package,
        "title": FORMATS.get(package.format, package.format),
        "meant": MEANT.get(package.format, ""),
        "day": formatting.in_words(date.fromisoformat(package.day)),
        "sums": f"/downloads/{package.name}/{SUMS}",
        "table": _table(package),
        "older": bool(package.snapshot and now and package.snapshot != now),
    }


def _table(package: downloads.Package) -> Table:
    rows = (
        (Entry(file.path, href=f"/downloads/{package.name}/{file.path}"), file.size, file.sha256)
        for file in package.files[:MOST_SHOWN]
    )
    left = len(package.files) - MOST_SHOWN
    more = ngettext("%d more file is named in SHA256SUMS.", "%d more files are named in SHA256SUMS.", left) % left
    heads = (Column(_("File")), Column(_("Bytes"), numeric=True), Column("sha256"))
    return value_display.make_table(_("Files of %s") % package.name, heads, rows, note=more if left > 0 else "")


@require_safe
def download(request, package, path):
    """One file of a package."""
    held = downloads.package(package)
    try:
        sent = held and downloads.send(request, held, path)
    except downloads.Busy:
        told = _("As many files as this site sends at once are on their way. Try again in a minute.")
        return HttpResponse(
            f"{told}\n", content_type="text/plain; charset=utf-8", status=503, headers={"Retry-After": str(RETRY)}
        )
    if not sent:
        raise Http404
    return sent
