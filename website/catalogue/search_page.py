"""The search page: results, filters, and URLs that hold every choice."""

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
MAX_PAGE_NUMBER = 500
MAX_CSV_ROWS = 5_000
MAX_FACET_VALUES, MAX_VALUE_CHARS = 20, 300  # values read for one parameter, characters read of a value
MIN_SHOWN_CHOICES = 6  # of a facet, before "Show all"
ORDER_LABELS = {
    "best": gettext_lazy("best match"),
    "newest": gettext_lazy("newest"),
    "largest": gettext_lazy("largest value"),
    "ending": gettext_lazy("ending soonest"),
}
MATCH_FIELD_LABELS = {
    "buyer": gettext_lazy("Buyer:"),
    "suppliers": gettext_lazy("Supplier:"),
    "codes": gettext_lazy("What is bought:"),
}


@cache_per_snapshot
def show_search_results(request):
    snapshot, basket = snapshot_access.get_snapshot(request), read_basket(request)
    parameters = _limit_parameters(request.GET)
    search_request = parse_search_request(parameters)
    result = snapshot_access.search_records(snapshot, search_request)
    last_page = min(-(-result.total // RESULTS_PER_PAGE), MAX_PAGE_NUMBER)
    page = {
        "result_count": _format_result_count(result, search_request),
        "results": [_make_result(hit, basket) for hit in result.hits],
        "facets": _make_facets(snapshot, parameters, result, search_request),
        "orders": _make_order_choices(parameters, search_request),
        "lens": _make_technology_choice(parameters, result, search_request),
        "basket": _make_basket(snapshot, parameters, basket),
        # A new search keeps the technology choice, the order and the comparison, but no filters: they fit the old results.
        "hidden": [(name, value) for name in ("all", "order", "c") for value in parameters.getlist(name)],
        "pagination": make_pagination(
            search_request.page, last_page, lambda number: _build_search_url(parameters, page=str(number))
        )
        if last_page > 1
        else None,
        "csv": _make_csv_link(parameters, result),
        "loosened": result.loosened and bool(result.hits),
        "also": ", ".join(result.also),
        "nearly": " ".join(result.nearly),
        "empty": None if result.hits else _make_empty_message(parameters, result, search_request),
    }
    return render(request, "catalogue/search.html", {"page": page, "q": request.GET.get("q", "").strip()})


def download_search_csv(request):
    """Send the results as a CSV file; its name has the snapshot, the number of rows and the number of all results."""
    snapshot = snapshot_access.get_snapshot(request)
    result = snapshot_access.search_records(
        snapshot, replace(parse_search_request(request.GET), page=1, size=MAX_CSV_ROWS, marked=False, counted=())
    )
    file_name = f"three-point-search-{snapshot.name}-{len(result.hits)}-of-{result.total}.csv"
    return csv_export.build_csv_response([CSV_HEADINGS, *map(_make_csv_row, result.hits)], file_name)


def read_basket(request: HttpRequest) -> tuple[str, ...]:
    """Return the distinct ids in the URL that are chosen for comparison, at most as many as can be compared."""
    return tuple(dict.fromkeys(request.GET.getlist("c")))[:MAX_COMPARED_RECORDS]


def parse_search_request(parameters: QueryDict) -> snapshot_access.SearchRequest:
    """Return the search that URL parameters request; a wrong page number counts as page 1."""
    number = parameters.get("page", "1")
    only = {
        name: tuple(value[:MAX_VALUE_CHARS] for value in parameters.getlist(name)[:MAX_FACET_VALUES])
        for name in search_labels.FACET_LABELS
        if parameters.getlist(name)
    }
    return snapshot_access.SearchRequest(
        parameters.get("q", ""), only, technology=parameters.get("all") != "1", order=parameters.get("order", "best"),
        page=min(int(number), MAX_PAGE_NUMBER) if number.isascii() and number.isdigit() and len(number) < 5 and int(number) else 1,
        size=RESULTS_PER_PAGE,
    )  # fmt: skip


def _limit_parameters(parameters: QueryDict) -> QueryDict:
    """Return the known parameters, cut to a length that a person would choose: every link on the page repeats them."""
    limited = QueryDict(mutable=True)
    for name in ("q", "order", "all", "page", "show", "c", *search_labels.FACET_LABELS):
        if values := parameters.getlist(name):
            limited.setlist(name, [value[:MAX_VALUE_CHARS] for value in values[:MAX_FACET_VALUES]])
    return limited


def _make_csv_link(parameters: QueryDict, result: snapshot_access.SearchResult) -> Link:
    label = _("Download these results (CSV)")
    if result.total > MAX_CSV_ROWS:
        label = _("Download the first %(n)s of these results (CSV)") % {"n": f"{MAX_CSV_ROWS:,}"}
    return Link(label, reverse("search-csv") + _build_search_url(parameters))


def _format_result_count(result: snapshot_access.SearchResult, search_request: snapshot_access.SearchRequest) -> str:
    count = ngettext("%(n)s result", "%(n)s results", result.total) % {"n": f"{result.total:,}"}
    if search_request.technology:
        return _("%s in technology") % count
    return count


def _make_result(hit: snapshot_access.SearchHit, basket: tuple[str, ...]) -> dict[str, Any]:
    """Return the template context of one result."""
    compared_id = search_labels.get_compared_id(hit)
    basket_query = f"?{urlencode({'c': basket}, doseq=True)}" if basket else ""
    can_be_added = hit.kind in search_labels.COMPARABLE_HIT_KINDS and compared_id not in basket
    return {
        "hit": hit,
        "href": search_labels.build_hit_url(hit) + basket_query,
        "kind": search_labels.format_kind(hit),
        "where": MATCH_FIELD_LABELS.get(hit.where, ""),
        "status": search_labels.format_status(hit),
        "day": search_labels.format_newest_day(hit),
        "ends": search_labels.format_other_day(hit, "ends"),
        "to_market": search_labels.format_other_day(hit, "approach"),
        "buyer": search_labels.format_buyer(hit),
        "suppliers": search_labels.format_suppliers(hit) if hit.kind in ("contract", "sale") else "",
        "worth": search_labels.make_value_entry(hit),
        "compare": build_url("compare", {"id": [*basket, compared_id]}) if can_be_added else "",
    }


def _build_search_url(parameters: QueryDict, *without: str, **changed: str) -> str:
    """Return the query string of this search, on its first page, without some parameters and with others changed."""
    query = parameters.copy()
    for name in ("page", *without):
        query.pop(name, None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _make_facets(
    snapshot: snapshot_access.Snapshot,
    parameters: QueryDict,
    result: snapshot_access.SearchResult,
    search_request: snapshot_access.SearchRequest,
) -> FacetList:
    sections = []
    for name, title in search_labels.FACET_LABELS.items():
        chosen = list(search_request.only.get(name, ()))
        counts = dict(result.facets[name])
        values = [*chosen, *(value for value in counts if value not in chosen)]
        shown = values if parameters.get("show") == name else values[: max(MIN_SHOWN_CHOICES, len(chosen))]
        if len(counts) < 2 and not chosen:
            continue
        choices = tuple(
            FacetLink(
                search_labels.format_facet_value(snapshot, name, value),
                _build_toggle_url(parameters, name, value),
                counts.get(value),
                value in chosen,
            )
            for value in shown
        )
        show_all = _build_search_url(parameters, show=name) if len(values) > len(shown) else ""
        short = result.short.get(name, 0)
        note = _("These numbers may be too low, by up to %(n)s.") % {"n": f"{short:,}"} if short else ""
        sections.append(FacetSection(title, choices, show_all, note))
    clear = _build_search_url(parameters, "show", *search_labels.FACET_LABELS) if search_request.only else ""
    return FacetList(tuple(sections), clear)


def _build_toggle_url(parameters: QueryDict, name: str, value: str) -> str:
    query, chosen = parameters.copy(), parameters.getlist(name)
    query.setlist(name, [other for other in chosen if other != value] if value in chosen else [*chosen, value])
    return _build_search_url(query)


def _make_order_choices(parameters: QueryDict, search_request: snapshot_access.SearchRequest) -> tuple[FacetLink, ...]:
    chosen = search_request.order if search_request.order in ORDER_LABELS else "best"
    return tuple(
        FacetLink(label, _build_search_url(parameters, order=name), selected=name == chosen)
        for name, label in ORDER_LABELS.items()
    )


def _make_technology_choice(
    parameters: QueryDict, result: snapshot_access.SearchResult, search_request: snapshot_access.SearchRequest
) -> FacetLink | None:
    if search_request.technology:
        label = _("Search everything, not only technology")
        return FacetLink(label, _build_search_url(parameters, all="1"), result.without_lens)
    return FacetLink(_("Search technology only"), _build_search_url(parameters, "all"))


def _make_basket(snapshot: snapshot_access.Snapshot, parameters: QueryDict, basket: tuple[str, ...]) -> CompareBasket:
    references = [(ident, snapshot_access.get_by_id(snapshot, ident)) for ident in basket]
    chosen = tuple(
        Link(reference.title or ident, build_record_url(reference.kind, reference.id))
        for ident, reference in references
        if reference
    )
    without_basket = parameters.copy()
    without_basket.pop("c", None)
    compare_url = build_url("compare", {"id": [ident for ident, reference in references if reference]})
    return CompareBasket(chosen, compare_url, f"?{without_basket.urlencode()}")


def _make_empty_message(
    parameters: QueryDict, result: snapshot_access.SearchResult, search_request: snapshot_access.SearchRequest
) -> EmptyState:
    steps = []
    if search_request.only:
        steps.append(Link(_("Clear all choices"), _build_search_url(parameters, *search_labels.FACET_LABELS)))
    found_elsewhere = search_request.technology and result.without_lens
    if found_elsewhere:
        label = _("Search everything: %s found") % f"{result.without_lens:,}"
        steps.append(Link(label, _build_search_url(parameters, all="1")))
    steps.append(Link(_("See what was loaded, and what is missing"), "/sources/"))
    if found_elsewhere:
        explanation = _("The matching records do not count as technology.")
        return EmptyState(_("No results in technology"), explanation, tuple(steps))
    explanation = _(
        "We have no matching records. They may not have been published, or we may not have loaded them yet."
    )
    return EmptyState(_("No results"), explanation, tuple(steps))


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
