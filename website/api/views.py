"""The pages about the API and about whole datasets, and their files."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from threepoint.standard import words
from threepoint.standard.package import SUMS
from threepoint.standard.states import STATES
from website.api import files, finding, problems
from website.api.asked import MOST, USUAL
from website.common import facts
from website.common.addresses import API, data_of
from website.common.parts import Column, Entry, Table
from website.common.snapshots import of_snapshot

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


@dataclass(frozen=True)
class Example:
    """An address that can be tried, and what it gives."""

    href: str
    words: str


@of_snapshot
def about(request):
    """What the API gives, with examples out of what is in here."""
    page = {
        "api": API, "root": request.build_absolute_uri(f"{API}/"), "examples": _examples(facts.current(request)),
        "most": MOST, "usual": USUAL, "deepest": finding.DEEPEST, "rate": settings.API_RATE, "states": _states(), "problems": _problems(),
    }  # fmt: skip
    return render(request, "api/about.html", page)


def _examples(snapshot: facts.Snapshot) -> list[Example]:
    """Addresses that answer, of things that are in this snapshot."""
    hits = facts.search(
        snapshot, facts.Wish(only={"kind": ("contract",)}, technology=False, order="newest", size=2)
    ).hits
    made = [
        Example(f"{API}/", _("what this is: the snapshot, and where to go")),
        Example(f"{API}/search?q=hosting&size=5", _("search, the first five")),
        Example(f"{API}/search?all=1&order=largest&format=csv", _("the largest of everything, as CSV")),
    ]
    if hits:
        ident = hits[0].id
        made += [
            Example(data_of("contracting_process", ident), _("the record of one procurement")),
            Example(f"{data_of('contracting_process', ident)}?format=csv", _("the same as CSV, a row a fact")),
            Example(f"{API}/tables/notice?{urlencode({'ocid': ident})}", _("its notices, as rows of a table")),
        ]
    if len(hits) > 1:
        made.append(
            Example(f"{API}/compare?{urlencode({'id': [hit.id for hit in hits]}, doseq=True)}", _("two side by side"))
        )
    made += [
        Example(f"{API}/tables", _("the tables, with what each column means")),
        Example(f"{API}/tables/contracting_process?size=50", _("a table, fifty rows at a time")),
        Example(f"{API}/coverage?format=csv", _("how full the data is, as CSV")),
    ]
    return made


def _states() -> Table:
    rows = tuple((Entry(code), Entry(state.words), Entry(state.meaning)) for code, state in STATES.items())
    return Table(
        _("States"),
        (Column(_("In the data")), Column(_("On the pages")), Column(_("What it means"))),
        rows,
        hide_caption=True,
    )


def _problems() -> Table:
    rows = tuple((Entry(str(status)), Entry(title)) for status, title in problems.TITLES.items() if status != 403)
    return Table(_("Statuses"), (Column(_("Status")), Column(_("What it means"))), rows, hide_caption=True)


@dataclass(frozen=True)
class Shown:
    """A package as the page shows it."""

    package: files.Package
    title: str
    meant: str
    count: str
    table: Table
    older: bool  # made of another snapshot than the one that is shown now

    @property
    def day(self) -> str:
        """The day that it speaks for, in words."""
        return words.in_words(date.fromisoformat(self.package.day))

    @property
    def folder(self) -> str:
        """Its address."""
        return f"/downloads/{self.package.name}/"

    @property
    def sums(self) -> str:
        """The address of its checksums."""
        return f"{self.folder}{SUMS}"


@require_safe
def downloads(request):
    """Whole datasets as files, with size, date, licence and checksums."""
    found, others = files.packages()
    now = _snapshot(request)
    page = {
        "shown": [_shown(one, now) for one in found], "others": others, "now": now, "root": request.build_absolute_uri("/downloads/"),
    }  # fmt: skip
    return render(request, "api/downloads.html", page)


def _snapshot(request) -> str:
    """The name of the snapshot that is shown now; empty where there is none, since files are there all the same."""
    try:
        return facts.current(request).name
    except facts.Unready:
        return ""


def _shown(one: files.Package, now: str) -> Shown:
    count = ngettext("%d file", "%d files", len(one.files)) % len(one.files)
    older = bool(one.snapshot and now and one.snapshot != now)
    return Shown(
        one, str(FORMATS.get(one.format, one.format)), str(MEANT.get(one.format, "")), count, _table(one), older
    )


def _table(one: files.Package) -> Table:
    listed = one.files[:MOST_SHOWN]
    rows = tuple(
        (
            Entry(file.path, href=f"/downloads/{one.name}/{file.path}"),
            Entry(f"{file.size:,}"),
            Entry(file.sha256),
        )
        for file in listed
    )
    left = len(one.files) - len(listed)
    note = (
        ngettext("%d more file is named in SHA256SUMS.", "%d more files are named in SHA256SUMS.", left) % left
        if left
        else ""
    )
    heads = (Column(_("File")), Column(_("Bytes"), numeric=True), Column("sha256"))
    return Table(_("Files of %s") % one.name, heads, rows, note=note, hide_caption=True)


@require_safe
def download(request, package, path):
    """One file of a package."""
    held = files.package(package)
    try:
        sent = held and files.send(request, held, path)
    except files.Busy:
        told = _("As many files as this site sends at once are on their way. Try again in a minute.")
        return HttpResponse(
            f"{told}\n", content_type="text/plain; charset=utf-8", status=503, headers={"Retry-After": str(RETRY)}
        )
    if not sent:
        raise Http404
    return sent
