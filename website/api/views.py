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
from threepoint.standard.data_package import CHECKSUMS_FILE_NAME
from threepoint.standard.field_states import STATE_BY_CODE
from website.api import downloads, problems, search
from website.api.responses import DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS
from website.common import snapshot_access, value_display
from website.common.components import PageTable, TableColumn, TableEntry
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import API_PATH, build_record_api_url

MAX_LISTED_FILES = 100  # files of a package; its SHA256SUMS names all
DOWNLOAD_RETRY_SECONDS = 60  # seconds
TITLE_BY_FORMAT = {
    "csv": gettext_lazy("Tables as CSV"),
    "parquet": gettext_lazy("Tables as Parquet"),
    "ocds": gettext_lazy("Notices as OCDS"),
    "oc4ids": gettext_lazy("Major projects as OC4IDS"),
}
DESCRIPTION_BY_FORMAT = {
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


@cache_per_snapshot
def show_api_guide(request):
    """What the API gives, with examples out of what is in here."""
    page = {
        "api": API_PATH, "root": request.build_absolute_uri(f"{API_PATH}/"),
        "examples": _list_example_requests(snapshot_access.get_snapshot(request)),
        "most": MAX_PAGE_ROWS, "usual": DEFAULT_PAGE_ROWS, "deepest": search.MAX_SEARCH_PAGE,
        "rate": settings.API_RATE, "states": _make_states_table(), "problems": _make_problems_table(),
    }  # fmt: skip
    return render(request, "api/about.html", page)


def _list_example_requests(snapshot: snapshot_access.Snapshot) -> list[tuple[str, str]]:
    """Addresses that answer, of things that are in this snapshot, and what each gives."""
    wish = snapshot_access.SearchRequest(only={"kind": ("contract",)}, technology=False, order="newest", size=2)
    ids = [hit.id for hit in snapshot_access.search_records(snapshot, wish).hits]
    made = [
        (f"{API_PATH}/", _("what this is: the snapshot, and where to go")),
        (f"{API_PATH}/search?q=hosting&size=5", _("search, the first five")),
        (f"{API_PATH}/search?all=1&order=largest&format=csv", _("the largest of everything, as CSV")),
    ]
    if ids:
        record = build_record_api_url("contracting_process", ids[0])
        made += [
            (record, _("the record of one procurement")),
            (f"{record}?format=csv", _("the same as CSV, a row a fact")),
            (f"{API_PATH}/tables/notice?{urlencode({'ocid': ids[0]})}", _("its notices, as rows of a table")),
        ]
    if len(ids) > 1:
        made.append((f"{API_PATH}/compare?{urlencode({'id': ids}, doseq=True)}", _("two side by side")))
    return [
        *made,
        (f"{API_PATH}/tables", _("the tables, with what each column means")),
        (f"{API_PATH}/tables/contracting_process?size=50", _("a table, fifty rows at a time")),
        (f"{API_PATH}/coverage?format=csv", _("how full the data is, as CSV")),
    ]


def _make_states_table() -> PageTable:
    heads = (TableColumn(_("In the data")), TableColumn(_("On the pages")), TableColumn(_("What it means")))
    rows = ((code, state.words, state.meaning) for code, state in STATE_BY_CODE.items())
    return value_display.make_table(_("States"), heads, rows)


def _make_problems_table() -> PageTable:
    rows = ((str(status), title) for status, title in problems.TITLE_BY_STATUS.items() if status != 403)
    return value_display.make_table(_("Statuses"), (TableColumn(_("Status")), TableColumn(_("What it means"))), rows)


@require_safe
def show_downloads(request):
    """Whole datasets as files, with size, date, licence and checksums."""
    found, others = downloads.list_packages()
    try:
        now = snapshot_access.get_snapshot(request).name
    except snapshot_access.SnapshotNotReady:
        now = ""  # files are there all the same
    page = {
        "shown": [_describe_package(package, now) for package in found],
        "others": others,
        "now": now,
        "root": request.build_absolute_uri("/downloads/"),
    }
    return render(request, "api/downloads.html", page)


def _describe_package(package: downloads.DownloadPackage, now: str) -> dict[str, Any]:
    """A package as the page shows it; `older`: made of another snapshot than `now`, the one that is shown."""
    return {
        "package": package,
        "title": TITLE_BY_FORMAT.get(package.format, package.format),
        "meant": DESCRIPTION_BY_FORMAT.get(package.format, ""),
        "day": formatting.format_date(date.fromisoformat(package.day)),
        "sums": f"/downloads/{package.name}/{CHECKSUMS_FILE_NAME}",
        "table": _make_files_table(package),
        "older": bool(package.snapshot and now and package.snapshot != now),
    }


def _make_files_table(package: downloads.DownloadPackage) -> PageTable:
    rows = (
        (TableEntry(file.path, href=f"/downloads/{package.name}/{file.path}"), file.size, file.sha256)
        for file in package.files[:MAX_LISTED_FILES]
    )
    left = len(package.files) - MAX_LISTED_FILES
    more = ngettext("%d more file is named in SHA256SUMS.", "%d more files are named in SHA256SUMS.", left) % left
    heads = (TableColumn(_("File")), TableColumn(_("Bytes"), numeric=True), TableColumn("sha256"))
    return value_display.make_table(_("Files of %s") % package.name, heads, rows, note=more if left > 0 else "")


@require_safe
def send_download(request, package, path):
    """One file of a package."""
    held = downloads.read_package(package)
    try:
        sent = held and downloads.send_package_file(request, held, path)
    except downloads.TooManyDownloads:
        told = _("As many files as this site sends at once are on their way. Try again in a minute.")
        return HttpResponse(
            f"{told}\n",
            content_type="text/plain; charset=utf-8",
            status=503,
            headers={"Retry-After": str(DOWNLOAD_RETRY_SECONDS)},
        )
    if not sent:
        raise Http404
    return sent
