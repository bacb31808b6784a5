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
from website.catalogue.cited_figures import SHOWN, Cited, cited
from website.catalogue.fact_display import Values, named
from website.common import snapshot_access
from website.common.components import Link
from website.common.rate_limits import ReaderThrottle
from website.common.record_urls import NAMES, address

SNAPSHOT = re.compile(r"[0-9A-Za-z-]{1,60}")  # what a snapshot can be called
MOST = 20  # addresses a minute that are made for one reader: each is kept for good
THROTTLE = ReaderThrottle("cite", MOST)
MOST_PARTS = 20  # awards and contracts of a procurement that are linked to
SHORT = re.compile(rf"[0-9a-f]{{{SHOWN}}}")


def ask_address(ident: str) -> str:
    """The address at which a figure of a thing is chosen; with `&fact=` and a name behind it, of that fact alone."""
    return address("cite", {"id": ident})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form to choose a figure, which makes nothing; sent back, it makes the citation and leads to its address.

    Of what is sent only the address of the thing and the name of the fact are taken: all else is read from the snapshot.
    """
    sent = request.POST if request.method == "POST" else request.GET
    ident, name = sent.get("id", "").strip(), sent.get("fact", "")
    snapshot = snapshot_access.current(request)
    found = citable_records.at(snapshot, ident) if ident else None
    if found is None:
        return _nothing(request, ident)
    if request.method == "POST" and not THROTTLE.allow_request(request):
        return _too_many(request, found, THROTTLE.seconds_to_wait())
    if request.method != "POST":
        return _choose(request, found, name if name in found.facts else "")
    if name not in found.facts:
        return _choose(request, found, trouble=_("Choose a figure from the list."), status=422)
    return HttpResponseRedirect(citation_model.keep(cited(snapshot, found, name)).get_absolute_url())


def _too_many(request: HttpRequest, found: Record, wait: int) -> HttpResponse:
    """Refuse someone who makes more addresses than anyone cites."""
    said = _("At most %(most)d addresses a minute are made for each reader. Try again in %(wait)d seconds.")
    response = _choose(request, found, trouble=said % {"most": MOST, "wait": wait}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _nothing(request: HttpRequest, ident: str) -> HttpResponse:
    """No record was named, or none that there is."""
    return render(request, "catalogue/cite_nothing.html", {"ident": ident[:200]}, status=404 if ident else 200)


def _choose(request: HttpRequest, found: Record, name: str = "", trouble: str = "", status: int = 200) -> HttpResponse:
    values = Values(found)
    shown = {"found": found, "kind": NAMES[found.kind], "href": citable_records.page_of(found), "trouble": trouble}
    shown["parts"] = [
        Link(named(row[f"{table}_id"], found.id)[0], ask_address(row[f"{table}_id"]))
        for table, rows in (("award", found.rows.get("awards", ())), ("contract", found.rows.get("contracts", ())))
        for row in rows
    ][:MOST_PARTS]
    years = [row["report_year"] for row in found.rows.get("years", ())]
    shown["reports"] = [Link(str(year), ask_address(citable_records.report_of(found.id, year))) for year in years]
    if name:
        shown |= {"chosen": values.facts([found.facts[name]]), "name": name, "others": ask_address(found.id)}
    else:
        shown["lines"] = [
            (fact.name, line) for fact in citable_records.to_choose(found) for line in values.facts([fact]).lines
        ]
    return render(request, "catalogue/cite.html", shown, status=status)


@never_cache
@require_safe
def show(request: HttpRequest, snapshot: str, short: str) -> HttpResponse:
    """A citation as it was made, and what the current snapshot tells of the same fact."""
    known = SNAPSHOT.fullmatch(snapshot) and SHORT.fullmatch(short)
    held = citation_model.at(snapshot, short) if known else None
    if held is None or not held.whole:
        return render(request, "catalogue/no_citation.html", {"altered": held is not None}, status=404)
    figure = held.figure
    form = request.GET.get("format")
    if form == "canonical":
        return HttpResponse(figure.canonical, content_type="text/plain; charset=utf-8")
    address = request.build_absolute_uri(held.get_absolute_url())
    now = citation_status.now(request, figure)
    if form == "json":
        return JsonResponse(
            citation_status.as_json(held, address, now), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    return render(request, "catalogue/citation.html", _shown(held, figure, address, now))


def _shown(held: citation_model.Citation, figure: Cited, address: str, now: citation_status.Now) -> dict[str, Any]:
    return {
        "figure": figure,
        "label": formatting.capital(figure.label),
        "told_for": citation_status.day(figure.as_of),
        "kind": NAMES.get(figure.kind, figure.kind),
        "said": citation_status.said(figure),
        "name": figure.title or figure.id,
        "record": now.record,
        "held": held,
        "reference": citation_status.reference(held, figure, address),
        "address": address,
        "now": now,
    }
