"""The page of one thing, and the way to it from an id of any kind."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from threepoint.errors import Problem
from website.catalogue import record_page
from website.catalogue.search_page import basket_of
from website.common import snapshot_access
from website.common.page_cache import of_snapshot
from website.common.record_urls import KINDS, address, address_of


def find(request):
    """From an id of any kind to the page of what it names; to the search where it names nothing, or several things."""
    wanted = request.GET.get("q", "").strip()
    try:
        found = snapshot_access.find(snapshot_access.current(request), wanted)
    except Problem:
        return HttpResponseRedirect(address("search", {"q": wanted, "all": "1"}))
    return HttpResponseRedirect(address_of(found.kind, found.id))


@of_snapshot
def record(request, place, ident):
    """The page of one thing. Another name of it leads to its own address."""
    snapshot, kind = snapshot_access.current(request), KINDS[place]
    thing = snapshot_access.at(snapshot, ident)
    if thing is None or thing.kind != kind:
        return _elsewhere(snapshot, ident)
    made = record_page.page(snapshot, snapshot_access.record(snapshot, thing), basket_of(request))
    return render(request, "catalogue/record.html", {"page": made})


def _elsewhere(snapshot, ident):
    try:
        found = snapshot_access.find(snapshot, ident)
    except Problem as why:
        raise Http404 from why
    return HttpResponseRedirect(address_of(found.kind, found.id))
