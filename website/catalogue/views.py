"""The page of a record, and redirects to it from an id of any kind."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from threepoint.errors import UserError
from website.catalogue import record_page
from website.catalogue.search_page import read_basket
from website.common import snapshot_access
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import KIND_BY_PATH, build_record_url, build_url


def redirect_to_record(request):
    """Redirect from an id of any kind to its record; to the search if no record or several records have that id."""
    ident = request.GET.get("q", "").strip()
    try:
        reference = snapshot_access.resolve_identifier(snapshot_access.get_snapshot(request), ident)
    except UserError:
        return HttpResponseRedirect(build_url("search", {"q": ident, "all": "1"}))
    return HttpResponseRedirect(build_record_url(reference.kind, reference.id))


@cache_per_snapshot
def show_record(request, place, ident):
    """Show the page of a record; redirect from another of its ids to its own address."""
    snapshot, kind = snapshot_access.get_snapshot(request), KIND_BY_PATH[place]
    reference = snapshot_access.get_by_id(snapshot, ident)
    if reference is None or reference.kind != kind:
        return _redirect_other_id(snapshot, ident)
    record = snapshot_access.read_record(snapshot, reference)
    page = record_page.make_record_page(snapshot, record, read_basket(request))
    return render(request, "catalogue/record.html", {"page": page})


def _redirect_other_id(snapshot, ident):
    try:
        reference = snapshot_access.resolve_identifier(snapshot, ident)
    except UserError as error:
        raise Http404 from error
    return HttpResponseRedirect(build_record_url(reference.kind, reference.id))
