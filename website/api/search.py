"""Search: the same words, choices and orders as on the site's page."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router

from website.api import schemas
from website.api.responses import EndpointResult, PageParameters, build_request_url, serve_json_or_csv
from website.common import search_labels, snapshot_access
from website.common.record_urls import API_PATH

MAX_SEARCH_CHARACTERS, MAX_PARAMETER_VALUES = 300, 20  # characters of a value, values of one choice
MAX_SEARCH_PAGE = 100  # pages
router = Router()
FacetValues = Annotated[
    list[Annotated[str, Field(max_length=MAX_SEARCH_CHARACTERS)]],
    Field(default_factory=list, max_length=MAX_PARAMETER_VALUES),
]
SEARCH_CSV_HEADING = tuple(name for name in schemas.Hit.model_fields if name != "extract")


class Wanted(PageParameters):
    """What is looked for. Of one choice any value may hold; of several choices, all must."""

    q: str = Field(
        "", max_length=MAX_SEARCH_CHARACTERS, description="Words that it should have; “…” for words side by side."
    )
    all: Literal["0", "1"] = Field("0", description="1: everything, not technology alone.")
    order: Literal["best", "newest", "largest", "ending"] = Field(
        "best", description="What stands first; ending: contracts in delivery alone, by their end."
    )
    page: int = Field(1, ge=1, le=MAX_SEARCH_PAGE, description="Which page of what was found.")
    kind: FacetValues = Field(description="contract, project, sale, plan or organisation.")
    status: FacetValues = Field(description="Where it stands.")
    year: FacetValues = Field(
        description="The year of its newest notice or report, of a sale, or in which a plan was published."
    )
    band: FacetValues = Field(description="Its size, such as “£5m to £20m”.")
    category: FacetValues = Field(description="The category of a major project.")
    cpv: FacetValues = Field(description="What was bought, as a group of CPV.")
    notice_type: FacetValues = Field(description="Has a notice of this type, such as UK6.")
    buyer: FacetValues = Field(description="The id of its buyer.")
    supplier: FacetValues = Field(description="The id of a supplier.")
    publisher: FacetValues = Field(description="Who publishes it.")


@router.get("/search", response=schemas.Search, operation_id="search", url_name="search", summary="Search")
@serve_json_or_csv(Wanted)
def list_search_results(request: HttpRequest, asked: Query[Wanted]) -> EndpointResult:
    """What is found for words and choices: at most 100 of it a page, and 100 pages. Narrow the search to come to the rest."""
    only = {name: tuple(values) for name in search_labels.FACET_LABELS if (values := getattr(asked, name))}
    wish = snapshot_access.SearchRequest(
        asked.q, only, technology=asked.all != "1", order=asked.order, page=asked.page, size=asked.size
    )  # fmt: skip
    found = snapshot_access.search_records(snapshot_access.get_snapshot(request), wish)
    hits = [_describe_hit(request, hit) for hit in found.hits]
    body = {
        "total": found.total, "everything": found.without_lens, "loosened": found.loosened,
        "page": asked.page, "size": asked.size, "results": hits,
        "facets": {name: [{"value": value, "count": count} for value, count in told] for name, told in found.facets.items()},
        "short": found.short, "also": list(found.also), "nearly": list(found.nearly),
    }  # fmt: skip
    rows = [[_format_csv_cell(hit[name]) for name in SEARCH_CSV_HEADING] for hit in hits]
    return EndpointResult(body, SEARCH_CSV_HEADING, rows, "search", _build_page_links(request, asked, found.total))


def _build_page_links(request: HttpRequest, asked: Wanted, total: int) -> dict[str, str]:
    made = {}
    if asked.page > 1:
        made["prev"] = build_request_url(request, page=str(asked.page - 1))
    if asked.page * asked.size < total and asked.page < MAX_SEARCH_PAGE:
        made["next"] = build_request_url(request, page=str(asked.page + 1))
    return made


def _describe_hit(request: HttpRequest, hit: snapshot_access.SearchHit) -> dict[str, Any]:
    shown: Mapping[str, Any] = hit.shown
    value, place = shown.get("value"), search_labels.build_hit_url(hit)
    no_value = (
        None
        if value or hit.kind == "organisation"
        else str(
            search_labels.MISSING_VALUE_LABELS.get(shown.get("gap") or "", search_labels.MISSING_VALUE_LABELS["none"])
        )
    )
    return {
        "kind": hit.kind, "id": hit.id, "contract": shown.get("contract"), "title": shown.get("title") or "",
        "buyer": shown.get("buyer"), "suppliers": [one for one in shown.get("suppliers") or () if one],
        "more_suppliers": shown.get("more_suppliers") or 0, "value": str(value) if value else None,
        "currency": shown.get("currency"), "value_of": shown.get("of") if value else None, "no_value": no_value,
        "status": search_labels.format_status(hit), "newest": shown.get("day"), "ends": shown.get("ends"),
        "to_market": shown.get("approach"), "may_repeat": bool(shown.get("repeats")), "synthetic": bool(shown.get("synthetic")),
        "extract": "".join(part.text for part in hit.extract),
        "page": request.build_absolute_uri(place), "data": request.build_absolute_uri(f"{API_PATH}{place}"),
    }  # fmt: skip


def _format_csv_cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
