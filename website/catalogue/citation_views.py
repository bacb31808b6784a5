"""Pages for choosing and citing a figure, and for comparing the cited figure with the current one.

Anyone can cite without signing in: a citation stores only published data, and nothing about the reader.
"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from threepoint.presentation import formatting
from threepoint.presentation.records import Record
from website.catalogue import citable_records, citation_model, citation_status
from website.catalogue.cited_figures import SHORT_HASH_DIGITS, CitedFigure, make_cited_figure
from website.catalogue.fact_display import RecordValues, format_part_name
from website.common import snapshot_access
from website.common.components import Link
from website.common.rate_limits import ReaderThrottle
from website.common.record_urls import RECORD_KIND_LABELS, build_url

SNAPSHOT_NAME_PATTERN = re.compile(r"[0-9A-Za-z-]{1,60}")
MAX_CITATIONS_PER_MINUTE = 20  # for one reader: citations are never deleted
CITATION_THROTTLE = ReaderThrottle("cite", MAX_CITATIONS_PER_MINUTE)
MAX_LINKED_PARTS = 20  # awards and contracts of a procurement
SHORT_HASH_PATTERN = re.compile(rf"[0-9a-f]{{{SHORT_HASH_DIGITS}}}")


def build_cite_url(ident: str) -> str:
    """Return the URL for choosing a figure of a record; append `&fact=` and a name for the form of that fact only."""
    return build_url("cite", {"id": ident})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cite_figure(request: HttpRequest) -> HttpResponse:
    """Show the form for choosing a figure (GET), or create the citation and redirect to its URL (POST).

    The form sends only the ids of the record and the fact; the figure itself is read from the snapshot.
    """
    parameters = request.POST if request.method == "POST" else request.GET
    ident, name = parameters.get("id", "").strip(), parameters.get("fact", "")
    snapshot = snapshot_access.get_snapshot(request)
    record = citable_records.find_by_id(snapshot, ident) if ident else None
    if record is None:
        return _render_unknown_record(request, ident)
    if request.method == "POST" and not CITATION_THROTTLE.allow_request(request):
        return _refuse_over_limit(request, record, CITATION_THROTTLE.seconds_to_wait())
    if request.method != "POST":
        return _render_cite_form(request, record, name if name in record.facts else "")
    if name not in record.facts:
        return _render_cite_form(request, record, error=_("Choose a figure from the list."), status=422)
    citation = citation_model.get_or_create_citation(make_cited_figure(snapshot, record, name))
    return HttpResponseRedirect(citation.get_absolute_url())


def _refuse_over_limit(request: HttpRequest, record: Record, wait: int) -> HttpResponse:
    message = _("You can make at most %(most)d addresses a minute. Try again in %(wait)d seconds.")
    error = message % {"most": MAX_CITATIONS_PER_MINUTE, "wait": wait}
    response = _render_cite_form(request, record, error=error, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _render_unknown_record(request: HttpRequest, ident: str) -> HttpResponse:
    """Return a page that says how to find a record; with status 404 if the request named an unknown one."""
    return render(request, "catalogue/cite_nothing.html", {"ident": ident[:200]}, status=404 if ident else 200)


def _render_cite_form(
    request: HttpRequest, record: Record, name: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    values = RecordValues(record)
    context = {
        "record": record,
        "kind": RECORD_KIND_LABELS[record.kind],
        "href": citable_records.build_page_url(record),
        "error": error,
    }
    context["parts"] = [
        Link(format_part_name(row[f"{table}_id"], record.id)[0], build_cite_url(row[f"{table}_id"]))
        for table, rows in (("award", record.rows.get("awards", ())), ("contract", record.rows.get("contracts", ())))
        for row in rows
    ][:MAX_LINKED_PARTS]
    years = [row["report_year"] for row in record.rows.get("years", ())]
    context["reports"] = [
        Link(str(year), build_cite_url(citable_records.format_report_id(record.id, year))) for year in years
    ]
    if name:
        context |= {"chosen": values.facts([record.facts[name]]), "name": name, "others": build_cite_url(record.id)}
    else:
        context["lines"] = [
            (fact.name, line)
            for fact in citable_records.list_citable_facts(record)
            for line in values.facts([fact]).lines
        ]
    return render(request, "catalogue/cite.html", context, status=status)


@never_cache
@require_safe
def show_citation(request: HttpRequest, snapshot: str, short: str) -> HttpResponse:
    """Show a citation, and the same fact in the current snapshot."""
    is_valid_url = SNAPSHOT_NAME_PATTERN.fullmatch(snapshot) and SHORT_HASH_PATTERN.fullmatch(short)
    citation = citation_model.find_citation(snapshot, short) if is_valid_url else None
    if citation is None or not citation.whole:
        return render(request, "catalogue/no_citation.html", {"altered": citation is not None}, status=404)
    figure = citation.figure
    output_format = request.GET.get("format")
    if output_format == "canonical":
        return HttpResponse(figure.canonical, content_type="text/plain; charset=utf-8")
    address = request.build_absolute_uri(citation.get_absolute_url())
    status = citation_status.find_citation_status(request, figure)
    if output_format == "json":
        return JsonResponse(
            citation_status.make_citation_json(citation, address, status),
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
    return render(request, "catalogue/citation.html", _make_citation_context(citation, figure, address, status))


def _make_citation_context(
    citation: citation_model.Citation, figure: CitedFigure, address: str, status: citation_status.CitationStatus
) -> dict[str, Any]:
    return {
        "figure": figure,
        "label": formatting.capitalise_text(figure.label),
        "as_of": citation_status.format_iso_date(figure.as_of),
        "kind": RECORD_KIND_LABELS.get(figure.kind, figure.kind),
        "value": citation_status.present_figure(figure),
        "name": figure.title or figure.id,
        "record_url": status.record,
        "citation": citation,
        "reference": citation_status.format_reference(citation, figure, address),
        "address": address,
        "now": status,
    }
