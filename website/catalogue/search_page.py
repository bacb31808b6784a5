"""The page of a search: what was found, ways to narrow it, and addresses that hold every choice."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from threepoint.compare import MAX_COMPARED_RECORDS
from website.common import csv_export, search_labels, snapshot_access
from website.common.components import (
    CompareBasket,
    EmptyState,
    FacetLink,
    FacetList,
    FacetSection,
    Link,
    make_pagination,
)
from website.common.page_cache import cache_per_snapshot
from website.common.record_urls import build_record_url, build_url

RESULTS_PER_PAGE = 20
MAX_PAGE_NUMBER = 500  # pages
MAX_CSV_ROWS = 5_000  # of a search as a file
MAX_FACET_VALUES, MAX_VALUE_CHARS = 20, 300  # values of one facet, characters of a value
MIN_SHOWN_CHOICES = 6  # choices of a facet that are shown
ORDER_LABELS = {
    "best": gettext_lazy("best match"),
    "newest": gettext_lazy("newest"),
    "largest": gettext_lazy("largest value"),
    "ending": gettext_lazy("ending next"),
}
MATCH_FIELD_LABELS = {
    "buyer": gettext_lazy("Buyer:"),
    "suppliers": gettext_lazy("Supplier:"),
    "codes": gettext_lazy("What was bought:"),
}


@cache_per_snapshot
def show_search_results(request):
    """What is found for words and choices, all of them in the address."""
    snapshot, basket, asked = (
        snapshot_access.get_snapshot(request),
        read_basket(request),
        _limit_parameters(request.GET),
    )
    wanted = parse_search_request(asked)
    found = snapshot_access.search_records(snapshot, wanted)
    last = min(-(-found.total // RESULTS_PER_PAGE), MAX_PAGE_NUMBER)
    page = {
        "said": _format_result_count(found, wanted),
        "results": [_make_result(hit, basket) for hit in found.hits],
        "facets": _make_facets(snapshot, asked, found, wanted),
        "orders": _make_order_choices(asked, wanted),
        "lens": _make_technology_choice(asked, found, wanted),
        "basket": _make_basket(snapshot, asked, basket),
        # What a new search keeps: the lens, the order and what is chosen for comparing, but no choices among old results.
        "hidden": [(name, value) for name in ("all", "order", "c") for value in asked.getlist(name)],
        "turns": make_pagination(wanted.page, last, lambda number: _build_search_url(asked, page=str(number)))
        if last > 1
        else None,
        "csv": _make_csv_link(asked, found),
        "loosened": found.loosened and bool(found.hits),
        "also": ", ".join(found.also),
        "nearly": " ".join(found.nearly),
        "empty": None if found.hits else _make_empty_message(asked, found, wanted),
    }
    return render(request, "catalogue/search.html", {"page": page, "q": request.GET.get("q", "").strip()})


def download_search_csv(request):
    """What is found as a file. Its name says of which snapshot it is and how many of all it has."""
    snapshot = snapshot_access.get_snapshot(request)
    found = snapshot_access.search_records(
        snapshot, replace(parse_search_request(request.GET), page=1, size=MAX_CSV_ROWS, marked=False, counted=())
    )
    name = f"three-point-search-{snapshot.name}-{len(found.hits)}-of-{found.total}.csv"
    return csv_export.build_csv_response([CSV_HEADINGS, *map(_make_csv_row, found.hits)], name)


def read_basket(request: HttpRequest) -> tuple[str, ...]:
    """Return what is chosen for comparing: ids in the address, each once, as many as can be compared."""
    return tuple(dict.fromkeys(request.GET.getlist("c")))[:MAX_COMPARED_RECORDS]


def parse_search_request(asked: QueryDict) -> snapshot_access.SearchRequest:
    """What an address asks for. What it says wrongly counts as not said."""
    number = asked.get("page", "1")
    only = {
        name: tuple(value[:MAX_VALUE_CHARS] for value in asked.getlist(name)[:MAX_FACET_VALUES])
        for name in search_labels.FACET_LABELS
        if asked.getlist(name)
    }
    return snapshot_access.SearchRequest(
        asked.get("q", ""), only, technology=asked.get("all") != "1", order=asked.get("order", "best"),
        page=min(int(number), MAX_PAGE_NUMBER) if number.isascii() and number.isdigit() and len(number) < 5 and int(number) else 1,
        size=RESULTS_PER_PAGE,
    )  # fmt: skip


def _limit_parameters(asked: QueryDict) -> QueryDict:
    """What an address says that we know, no more of it than a person would choose: every link of the page repeats it."""
    made = QueryDict(mutable=True)
    for name in ("q", "order", "all", "page", "show", "c", *search_labels.FACET_LABELS):
        if values := asked.getlist(name):
            made.setlist(name, [value[:MAX_VALUE_CHARS] for value in values[:MAX_FACET_VALUES]])
    return made


def _make_csv_link(asked: QueryDict, found: snapshot_access.SearchResult) -> Link:
    """What was found as a file, and how much of it that has."""
    all_of_it, first = _("Download what was found (CSV)"), _("Download the first %(n)s of what was found (CSV)")
    words = first % {"n": f"{MAX_CSV_ROWS:,}"} if found.total > MAX_CSV_ROWS else all_of_it
    return Link(words, reverse("search-csv") + _build_search_url(asked))


def _format_result_count(found: snapshot_access.SearchResult, wanted: snapshot_access.SearchRequest) -> str:
    number = ngettext("%(n)s found", "%(n)s found", found.total) % {"n": f"{found.total:,}"}
    if wanted.technology:
        return _("%s in technology") % number
    return number


def _make_result(hit: snapshot_access.SearchHit, basket: tuple[str, ...]) -> dict[str, Any]:
    """One thing found, as it is listed."""
    subject, carried = search_labels.get_compared_id(hit), f"?{urlencode({'c': basket}, doseq=True)}" if basket else ""
    can_be_added = hit.kind in search_labels.COMPARABLE_HIT_KINDS and subject not in basket
    return {
        "hit": hit,
        "href": search_labels.build_hit_url(hit) + carried,
        "kind": search_labels.format_kind(hit),
        "where": MATCH_FIELD_LABELS.get(hit.where, ""),
        "status": search_labels.format_status(hit),
        "day": search_labels.format_newest_day(hit),
        "ends": search_labels.format_other_day(hit, "ends"),
        "to_market": search_labels.format_other_day(hit, "approach"),
        "buyer": search_labels.format_buyer(hit),
        "suppliers": search_labels.format_suppliers(hit) if hit.kind in ("contract", "sale") else "",
        "worth": search_labels.make_value_entry(hit),
        "compare": build_url("compare", {"id": [*basket, subject]}) if can_be_added else "",
    }


def _build_search_url(asked: QueryDict, *without: str, **changed: str) -> str:
    """Return the address of this search, on its first page, without some parameters and with others changed."""
    made = asked.copy()
    for name in ("page", *without):
        made.pop(name, None)
    for name, value in changed.items():
        made[name] = value
    return f"?{made.urlencode()}"


def _make_facets(
    snapshot: snapshot_access.Snapshot,
    asked: QueryDict,
    found: snapshot_access.SearchResult,
    wanted: snapshot_access.SearchRequest,
) -> FacetList:
    made = []
    for name, title in search_labels.FACET_LABELS.items():
        chosen = list(wanted.only.get(name, ()))
        told = dict(found.facets[name])
        values = [*chosen, *(value for value in told if value not in chosen)]
        shown = values if asked.get("show") == name else values[: max(MIN_SHOWN_CHOICES, len(chosen))]
        if len(told) < 2 and not chosen:
            continue
        choices = tuple(
            FacetLink(
                search_labels.format_facet_value(snapshot, name, value),
                _build_toggle_url(asked, name, value),
                told.get(value),
                value in chosen,
            )
            for value in shown
        )
        rest = _build_search_url(asked, show=name) if len(values) > len(shown) else ""
        short = found.short.get(name, 0)
        note = _("Numbers may be too low, by %(n)s at most.") % {"n": f"{short:,}"} if short else ""
        made.append(FacetSection(title, choices, rest, note))
    return FacetList(tuple(made), _build_search_url(asked, "show", *search_labels.FACET_LABELS) if wanted.only else "")


def _build_toggle_url(asked: QueryDict, name: str, value: str) -> str:
    made, held = asked.copy(), asked.getlist(name)
    made.setlist(name, [one for one in held if one != value] if value in held else [*held, value])
    return _build_search_url(made)


def _make_order_choices(asked: QueryDict, wanted: snapshot_access.SearchRequest) -> tuple[FacetLink, ...]:
    chosen = wanted.order if wanted.order in ORDER_LABELS else "best"
    return tuple(
        FacetLink(words, _build_search_url(asked, order=name), selected=name == chosen)
        for name, words in ORDER_LABELS.items()
    )


def _make_technology_choice(
    asked: QueryDict, found: snapshot_access.SearchResult, wanted: snapshot_access.SearchRequest
) -> FacetLink | None:
    if wanted.technology:
        return FacetLink(
            _("Search everything, not technology alone"), _build_search_url(asked, all="1"), found.without_lens
        )
    return FacetLink(_("Search technology alone"), _build_search_url(asked, "all"))


def _make_basket(snapshot: snapshot_access.Snapshot, asked: QueryDict, basket: tuple[str, ...]) -> CompareBasket:
    things = [(ident, snapshot_access.get_by_id(snapshot, ident)) for ident in basket]
    chosen = tuple(
        Link(thing.title or ident, build_record_url(thing.kind, thing.id)) for ident, thing in things if thing
    )
    without = asked.copy()
    without.pop("c", None)
    compare = build_url("compare", {"id": [ident for ident, thing in things if thing]})
    return CompareBasket(chosen, compare, f"?{without.urlencode()}")


def _make_empty_message(
    asked: QueryDict, found: snapshot_access.SearchResult, wanted: snapshot_access.SearchRequest
) -> EmptyState:
    steps = []
    if wanted.only:
        steps.append(Link(_("Take away the choices you made"), _build_search_url(asked, *search_labels.FACET_LABELS)))
    elsewhere = wanted.technology and found.without_lens
    if elsewhere:
        steps.append(
            Link(_("Search everything: %s found") % f"{found.without_lens:,}", _build_search_url(asked, all="1"))
        )
    steps.append(Link(_("See what was loaded, and what is missing"), "/sources/"))
    if elsewhere:
        return EmptyState(
            _("Nothing in technology"), _("What has these words is not counted as technology."), tuple(steps)
        )
    why = _("Nothing that we hold is like this. It may never have been published, or not be loaded here.")
    return EmptyState(_("Nothing was found"), why, tuple(steps))


CSV_HEADINGS = (
    "kind", "id", "title", "buyer", "suppliers", "value", "currency", "value_of", "status", "newest", "ends", "to_market",
    "may_repeat", "synthetic",
)  # fmt: skip


def _make_csv_row(hit: snapshot_access.SearchHit) -> list[str]:
    shown = hit.shown
    cells = (
        search_labels.format_kind(hit), hit.id, shown.get("title"), shown.get("buyer"), "; ".join(shown.get("suppliers") or ()),
        shown.get("value"), shown.get("currency"), shown.get("of"), search_labels.format_status(hit), shown.get("day"),
        shown.get("ends"), shown.get("approach"), "yes" if shown.get("repeats") else "no", "yes" if shown.get("synthetic") else "no",
    )  # fmt: skip
    return [str(cell or "") for cell in cells]
