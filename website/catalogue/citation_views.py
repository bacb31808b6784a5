"""Cite a figure: choose it, get a permanent address for it, and see there what it was and what it is now.

Anyone may ask, signed in or not: what is kept is what was published, and nothing of who asked.
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

SNAPSHOT_NAME_PATTERN = re.compile(r"[0-9A-Za-z-]{1,60}")  # what a snapshot can be called
MAX_CITATIONS_PER_MINUTE = 20  # addresses a minute that are made for one reader: each is kept for good
CITATION_THROTTLE = ReaderThrottle("cite", MAX_CITATIONS_PER_MINUTE)
MAX_LINKED_PARTS = 20  # awards and contracts of a procurement that are linked to
SHORT_HASH_PATTERN = re.compile(rf"[0-9a-f]{{{SHORT_HASH_DIGITS}}}")


def build_cite_url(ident: str) -> str:
    """The address at which a figure of a thing is chosen; with `&fact=` and a name behind it, of that fact alone."""
    return build_url("cite", {"id": ident})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cite_figure(request: HttpRequest) -> HttpResponse:
    """The form to choose a figure, which makes nothing; sent back, it makes the citation and leads to its address.

    Of what is sent only the address of the thing and the name of the fact are taken: all else is read from the snapshot.
    """
    sent = request.POST if request.method == "POST" else request.GET
    ident, name = sent.get("id", "").strip(), sent.get("fact", "")
    snapshot = snapshot_access.get_snapshot(request)
    found = citable_records.find_by_id(snapshot, ident) if ident else None
    if found is None:
        return _render_unknown_record(request, ident)
    if request.method == "POST" and not CITATION_THROTTLE.allow_request(request):
        return _refuse_over_limit(request, found, CITATION_THROTTLE.seconds_to_wait())
    if request.method != "POST":
        return _render_cite_form(request, found, name if name in found.facts else "")
    if name not in found.facts:
        return _render_cite_form(request, found, trouble=_("Choose a figure from the list."), status=422)
    return HttpResponseRedirect(
        citation_model.get_or_create_citation(make_cited_figure(snapshot, found, name)).get_absolute_url()
    )


def _refuse_over_limit(request: HttpRequest, found: Record, wait: int) -> HttpResponse:
    """Refuse someone who makes more addresses than anyone cites."""
    said = _("At most %(most)d addresses a minute are made for each reader. Try again in %(wait)d seconds.")
    response = _render_cite_form(
        request, found, trouble=said % {"most": MAX_CITATIONS_PER_MINUTE, "wait": wait}, status=429
    )
    response.headers["Retry-After"] = str(wait)
    return response


def _render_unknown_record(request: HttpRequest, ident: str) -> HttpResponse:
    """No record was named, or none that there is."""
    return render(request, "catalogue/cite_nothing.html", {"ident": ident[:200]}, status=404 if ident else 200)


def _render_cite_form(
    request: HttpRequest, found: Record, name: str = "", trouble: str = "", status: int = 200
) -> HttpResponse:
    values = RecordValues(found)
    shown = {
        "found": found,
        "kind": RECORD_KIND_LABELS[found.kind],
        "href": citable_records.build_page_url(found),
        "trouble": trouble,
    }
    shown["parts"] = [
        Link(format_part_name(row[f"{table}_id"], found.id)[0], build_cite_url(row[f"{table}_id"]))
        for table, rows in (("award", found.rows.get("awards", ())), ("contract", found.rows.get("contracts", ())))
        for row in rows
    ][:MAX_LINKED_PARTS]
    years = [row["report_year"] for row in found.rows.get("years", ())]
    shown["reports"] = [
        Link(str(year), build_cite_url(citable_records.format_report_id(found.id, year))) for year in years
    ]
    if name:
        shown |= {"chosen": values.facts([found.facts[name]]), "name": name, "others": build_cite_url(found.id)}
    else:
        shown["lines"] = [
            (fact.name, line)
            for fact in citable_records.list_citable_facts(found)
            for line in values.facts([fact]).lines
        ]
    return render(request, "catalogue/cite.html", shown, status=status)


@never_cache
@require_safe
def show_citation(request: HttpRequest, snapshot: str, short: str) -> HttpResponse:
    """A citation as it was made, and what the current snapshot tells of the same fact."""
    known = SNAPSHOT_NAME_PATTERN.fullmatch(snapshot) and SHORT_HASH_PATTERN.fullmatch(short)
    held = citation_model.find_citation(snapshot, short) if known else None
    if held is None or not held.whole:
        return render(request, "catalogue/no_citation.html", {"altered": held is not None}, status=404)
    figure = held.figure
    form = request.GET.get("format")
    if form == "canonical":
        return HttpResponse(figure.canonical, content_type="text/plain; charset=utf-8")
    address = request.build_absolute_uri(held.get_absolute_url())
    now = citation_status.find_citation_status(request, figure)
    if form == "json":
        return JsonResponse(
            citation_status.make_citation_json(held, address, now),
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
    return render(request, "catalogue/citation.html", _make_citation_context(held, figure, address, now))


def _make_citation_context(
    held: citation_model.Citation, figure: CitedFigure, address: str, now: citation_status.CitationStatus
) -> dict[str, Any]:
    return {
        "figure": figure,
        "label": formatting.capitalise_text(figure.label),
        "told_for": citation_status.format_iso_date(figure.as_of),
        "kind": RECORD_KIND_LABELS.get(figure.kind, figure.kind),
        "said": citation_status.present_figure(figure),
        "name": figure.title or figure.id,
        "record": now.record,
        "held": held,
        "reference": citation_status.format_reference(held, figure, address),
        "address": address,
        "now": now,
    }
