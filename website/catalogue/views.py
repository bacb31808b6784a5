"""HTTP in, HTTP out: search, find, records, compare."""

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from website.catalogue import front, pages, results, sides
from website.common import csvs, facts
from website.common.addresses import KINDS, address_of
from website.common.snapshots import of_snapshot


@of_snapshot
def home(request):
    """What is in here, where to begin, and what was published last."""
    return render(request, "catalogue/home.html", {"front": front.front(facts.current(request))})


@of_snapshot
def search(request):
    """What is found for words and choices, all of them in the address."""
    snapshot, basket = facts.current(request), _basket(request)
    return render(
        request, "catalogue/search.html", {"page": results.page(snapshot, request.GET, basket), "q": _words(request)}
    )


def search_csv(request):
    """The same as a file."""
    name, rows = results.as_file(facts.current(request), request.GET)
    answer = HttpResponse(csvs.text(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def find(request):
    """From an id of any kind to the page of what it names; to the search where it names nothing, or several things."""
    wanted = _words(request)
    try:
        found = facts.find(facts.current(request), wanted)
    except facts.Problem:
        asked = QueryDict(mutable=True)
        asked.update({"q": wanted, "all": "1"})
        return HttpResponseRedirect(f"{reverse('search')}?{asked.urlencode()}")
    return HttpResponseRedirect(address_of(found.kind, found.id))


@of_snapshot
def record(request, place, ident):
    """The page of one thing. Another name of it leads to its own address."""
    snapshot, kind = facts.current(request), KINDS[place]
    thing = facts.at(snapshot, ident)
    if thing is None or thing.kind != kind:
        return _elsewhere(snapshot, ident)
    made = pages.page(snapshot, facts.record(snapshot, thing), _basket(request))
    return render(request, "catalogue/record.html", {"page": made})


def _elsewhere(snapshot, ident):
    try:
        found = facts.find(snapshot, ident)
    except facts.Problem as why:
        raise Http404 from why
    return HttpResponseRedirect(address_of(found.kind, found.id))


@of_snapshot
def compare(request):
    """Two to six things side by side. The address holds them all, in their order."""
    snapshot = facts.current(request)
    wanted = list(dict.fromkeys(one.strip() for one in request.GET.getlist("id") if one.strip()))
    return render(request, "catalogue/compare.html", {"page": sides.page(snapshot, wanted), "q": ""})


def _basket(request):
    """What is chosen for comparing: ids in the address, each once, as many as can be compared."""
    return tuple(dict.fromkeys(request.GET.getlist("c")))[: facts.compare.MOST]


def _words(request):
    return request.GET.get("q", "").strip()
