"""Pages about the API and the downloads, and the downloads themselves."""

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
from threepoint.standard.value_states import STATE_BY_CODE
from website.api import downloads, problems, search
from website.api.responses import DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS
from website.common import snapshot_access, value_display
from website.common.components import PageTable, TableColumn, TableEntry
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import API_PATH, build_record_api_url

MAX_LISTED_FILES = 100  # of a package; its SHA256SUMS names all files
DOWNLOAD_RETRY_SECONDS = 60
TITLE_BY_FORMAT = {
    "csv": gettext_lazy("Tables as CSV"),
    "parquet": gettext_lazy("Tables as Parquet"),
    "ocds": gettext_lazy("Notices as OCDS"),
    "oc4ids": gettext_lazy("Major projects as OC4IDS"),
}
DESCRIPTION_BY_FORMAT = {
    "csv": gettext_lazy(
        "Every table of a snapshot, for spreadsheets, R and pandas. A text that looks like a formula has an apostrophe before"
        " it."
    ),
    "parquet": gettext_lazy(
        "Every table of a snapshot, for DuckDB, pandas and Spark. Smaller than CSV, and every value has its type."
    ),
    "ocds": gettext_lazy(
        "Every release as it was published, and records that merge the releases, in OCDS 1.1. For OCDS tools."
    ),
    "oc4ids": gettext_lazy("Major projects with every figure that was published about them, in OC4IDS 0.9."),
}


@cache_per_snapshot
def show_api_guide(request):
    """Show the guide to the API, with example requests for records in this snapshot."""
    page = {
        "api": API_PATH, "root": request.build_absolute_uri(f"{API_PATH}/"),
        "examples": _list_example_requests(snapshot_access.get_snapshot(request)),
        "most": MAX_PAGE_ROWS, "usual": DEFAULT_PAGE_ROWS, "deepest": search.MAX_SEARCH_PAGE,
        "rate": settings.API_RATE, "states": _make_states_table(), "problems": _make_problems_table(),
    }  # fmt: skip
    return render(request, "api/about.html", page)


def _list_example_requests(snapshot: snapshot_access.Snapshot) -> list[tuple[str, str]]:
    """Return URLs that work with this snapshot, each with a short description."""
    search_request = snapshot_access.SearchRequest(
        only={"kind": ("contract",)}, technology=False, order="newest", size=2
    )
    ids = [hit.id for hit in snapshot_access.search_records(snapshot, search_request).hits]
    examples = [
        (f"{API_PATH}/", _("the current snapshot, and links to everything else")),
        (f"{API_PATH}/search?q=hosting&size=5", _("a search, with its first 5 results")),
        (f"{API_PATH}/search?all=1&order=largest&format=csv", _("the records with the largest values, as CSV")),
    ]
    if ids:
        record_url = build_record_api_url("contracting_process", ids[0])
        examples += [
            (record_url, _("the record of one procurement")),
            (f"{record_url}?format=csv", _("the same record as CSV, with a row for each fact")),
            (f"{API_PATH}/tables/notice?{urlencode({'ocid': ids[0]})}", _("its notices, as rows of a table")),
        ]
    if len(ids) > 1:
        examples.append((f"{API_PATH}/compare?{urlencode({'id': ids}, doseq=True)}", _("2 records side by side")))
    return [
        *examples,
        (f"{API_PATH}/tables", _("all tables, and the meaning of each column")),
        (f"{API_PATH}/tables/contracting_process?size=50", _("a table, 50 rows at a time")),
        (f"{API_PATH}/coverage?format=csv", _("how complete the data is, as CSV")),
    ]


def _make_states_table() -> PageTable:
    columns = (TableColumn(_("In the data")), TableColumn(_("On the pages")), TableColumn(_("What it means")))
    rows = ((code, state.words, state.meaning) for code, state in STATE_BY_CODE.items())
    return value_display.make_table(_("States"), columns, rows)


def _make_problems_table() -> PageTable:
    rows = ((str(status), title) for status, title in problems.TITLE_BY_STATUS.items() if status != 403)
    return value_display.make_table(_("Statuses"), (TableColumn(_("Status")), TableColumn(_("What it means"))), rows)


@require_safe
def show_downloads(request):
    """Show the packages that can be downloaded, with size, date, licence and checksums."""
    packages, other_folders = downloads.list_packages()
    try:
        current_snapshot = snapshot_access.get_snapshot(request).name
    except snapshot_access.SnapshotNotReady:
        current_snapshot = ""  # the files can be downloaded without a snapshot
    page = {
        "shown": [_describe_package(package, current_snapshot) for package in packages],
        "others": other_folders,
        "now": current_snapshot,
        "root": request.build_absolute_uri("/downloads/"),
    }
    return render(request, "api/downloads.html", page)


def _describe_package(package: downloads.DownloadPackage, current_snapshot: str) -> dict[str, Any]:
    """Return the page context of a package; `older` is True if it is from another snapshot than the current one."""
    return {
        "package": package,
        "title": TITLE_BY_FORMAT.get(package.format, package.format),
        "meant": DESCRIPTION_BY_FORMAT.get(package.format, ""),
        "day": formatting.format_date(date.fromisoformat(package.day)),
        "sums": f"/downloads/{package.name}/{CHECKSUMS_FILE_NAME}",
        "table": _make_files_table(package),
        "older": bool(package.snapshot and current_snapshot and package.snapshot != current_snapshot),
    }


def _make_files_table(package: downloads.DownloadPackage) -> PageTable:
    rows = (
        (TableEntry(file.path, href=f"/downloads/{package.name}/{file.path}"), file.size, file.sha256)
        for file in package.files[:MAX_LISTED_FILES]
    )
    unlisted = len(package.files) - MAX_LISTED_FILES
    note = ngettext("SHA256SUMS names %d more file.", "SHA256SUMS names %d more files.", unlisted) % unlisted
    columns = (TableColumn(_("File")), TableColumn(_("Bytes"), numeric=True), TableColumn("sha256"))
    return value_display.make_table(_("Files of %s") % package.name, columns, rows, note=note if unlisted > 0 else "")


@require_safe
def send_download(request, package, path):
    """Send one file of a package."""
    found_package = downloads.read_package(package)
    try:
        response = found_package and downloads.send_package_file(request, found_package, path)
    except downloads.TooManyDownloads:
        message = _("This site is already sending as many files as it can. Try again in a minute.")
        return HttpResponse(
            f"{message}\n",
            content_type="text/plain; charset=utf-8",
            status=503,
            headers={"Retry-After": str(DOWNLOAD_RETRY_SECONDS)},
        )
    if not response:
        raise Http404
    return response
