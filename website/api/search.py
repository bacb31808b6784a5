"""Search endpoint, with the same words, choices and orders as the search page."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router

from website.api import schemas
from website.api.responses import EndpointResult, PageParameters, build_request_url, serve_json_or_csv
from website.common import search_labels, snapshot_access
from website.common.record_urls import API_PATH

MAX_SEARCH_CHARACTERS, MAX_PARAMETER_VALUES = 300, 20
MAX_SEARCH_PAGE = 100
router = Router()
FacetValues = Annotated[
    list[Annotated[str, Field(max_length=MAX_SEARCH_CHARACTERS)]],
    Field(default_factory=list, max_length=MAX_PARAMETER_VALUES),
]
SEARCH_CSV_HEADING = tuple(name for name in schemas.Hit.model_fields if name != "extract")


class SearchParameters(PageParameters):
    """Parameters of a search. A result needs any of the values of one parameter, and all parameters."""

    q: str = Field("", max_length=MAX_SEARCH_CHARACTERS, description="Words to search for; “…” for an exact phrase.")
    all: Literal["0", "1"] = Field("0", description="1: everything, not only technology.")
    order: Literal["best", "newest", "largest", "ending"] = Field(
        "best", description="The order of the results; ending: only contracts in delivery, by their end."
    )
    page: int = Field(1, ge=1, le=MAX_SEARCH_PAGE, description="The page of results.")
    kind: FacetValues = Field(description="contract, project, sale, plan or organisation.")
    status: FacetValues = Field(description="The status.")
    year: FacetValues = Field(
        description="The year of the newest notice or report, of a sale, or in which a plan was published."
    )
    band: FacetValues = Field(description="The size, such as “£5m to £20m”.")
    category: FacetValues = Field(description="The category of a major project.")
    cpv: FacetValues = Field(description="What is bought, as a group of CPV codes.")
    notice_type: FacetValues = Field(description="A notice type that the record has, such as UK6.")
    buyer: FacetValues = Field(description="The id of the buyer.")
    supplier: FacetValues = Field(description="The id of a supplier.")
    publisher: FacetValues = Field(description="The publisher.")


@router.get("/search", response=schemas.Search, operation_id="search", url_name="search", summary="Search")
@serve_json_or_csv(SearchParameters)
def list_search_results(request: HttpRequest, parameters: Query[SearchParameters]) -> EndpointResult:
    """List the results of a search: at most 100 on a page, and 100 pages. Narrow the search to see the rest."""
    choices = {name: tuple(values) for name in search_labels.FACET_LABELS if (values := getattr(parameters, name))}
    search = snapshot_access.SearchRequest(
        parameters.q, choices, technology=parameters.all != "1", order=parameters.order,
        page=parameters.page, size=parameters.size,
    )  # fmt: skip
    results = snapshot_access.search_records(snapshot_access.get_snapshot(request), search)
    hits = [_describe_hit(request, hit) for hit in results.hits]
    body = {
        "total": results.total, "everything": results.without_lens, "loosened": results.loosened,
        "page": parameters.page, "size": parameters.size, "results": hits,
        "facets": {name: [{"value": value, "count": count} for value, count in counts] for name, counts in results.facets.items()},
        "short": results.short, "also": list(results.also), "nearly": list(results.nearly),
    }  # fmt: skip
    rows = [[_format_csv_cell(hit[name]) for name in SEARCH_CSV_HEADING] for hit in hits]
    return EndpointResult(
        body, SEARCH_CSV_HEADING, rows, "search", _build_page_links(request, parameters, results.total)
    )


def _build_page_links(request: HttpRequest, parameters: SearchParameters, total: int) -> dict[str, str]:
    links = {}
    if parameters.page > 1:
        links["prev"] = build_request_url(request, page=str(parameters.page - 1))
    if parameters.page * parameters.size < total and parameters.page < MAX_SEARCH_PAGE:
        links["next"] = build_request_url(request, page=str(parameters.page + 1))
    return links


def _describe_hit(request: HttpRequest, hit: snapshot_access.SearchHit) -> dict[str, Any]:
    shown: Mapping[str, Any] = hit.shown
    value, record_url = shown.get("value"), search_labels.build_hit_url(hit)
    no_value = (
        None
        if value or hit.kind == "organisation"
        else str(
            search_labels.MISSING_VALUE_LABELS.get(shown.get("gap") or "", search_labels.MISSING_VALUE_LABELS["none"])
        )
    )
    return {
        "kind": hit.kind, "id": hit.id, "contract": shown.get("contract"), "title": shown.get("title") or "",
        "buyer": shown.get("buyer"), "suppliers": [name for name in shown.get("suppliers") or () if name],
        "more_suppliers": shown.get("more_suppliers") or 0, "value": str(value) if value else None,
        "currency": shown.get("currency"), "value_of": shown.get("of") if value else None, "no_value": no_value,
        "status": search_labels.format_status(hit), "newest": shown.get("day"), "ends": shown.get("ends"),
        "to_market": shown.get("approach"), "may_repeat": bool(shown.get("repeats")), "synthetic": bool(shown.get("synthetic")),
        "extract": "".join(part.text for part in hit.extract),
        "page": request.build_absolute_uri(record_url), "data": request.build_absolute_uri(f"{API_PATH}{record_url}"),
    }  # fmt: skip


def _format_csv_cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
