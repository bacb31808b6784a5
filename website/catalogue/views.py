"""The page of one thing, and the way to it from an id of any kind."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from threepoint.errors import UserError
from website.catalogue import record_page
from website.catalogue.search_page import read_basket
from website.common import snapshot_access
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import KIND_BY_PATH, build_record_url, build_url


def redirect_to_record(request):
    """From an id of any kind to the page of what it names; to the search where it names nothing, or several things."""
    wanted = request.GET.get("q", "").strip()
    try:
        found = snapshot_access.resolve_identifier(snapshot_access.get_snapshot(request), wanted)
    except UserError:
        return HttpResponseRedirect(build_url("search", {"q": wanted, "all": "1"}))
    return HttpResponseRedirect(build_record_url(found.kind, found.id))


@cache_per_snapshot
def show_record(request, place, ident):
    """The page of one thing. Another name of it leads to its own address."""
    snapshot, kind = snapshot_access.get_snapshot(request), KIND_BY_PATH[place]
    thing = snapshot_access.get_by_id(snapshot, ident)
    if thing is None or thing.kind != kind:
        return _redirect_other_id(snapshot, ident)
    made = record_page.make_record_page(snapshot, snapshot_access.read_record(snapshot, thing), read_basket(request))
    return render(request, "catalogue/record.html", {"page": made})


def _redirect_other_id(snapshot, ident):
    try:
        found = snapshot_access.resolve_identifier(snapshot, ident)
    except UserError as why:
        raise Http404 from why
    return HttpResponseRedirect(build_record_url(found.kind, found.id))
