"""Endpoints about the data itself: the root, sources and coverage."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from threepoint.presentation.jsonable import make_jsonable
from website.api import schemas
from website.api.responses import EndpointResult, FormatParameters, NoParameters, serve_json_or_csv
from website.common import snapshot_access
from website.common.record_urls import API_PATH, KIND_BY_PATH

router = Router()
LINKED_ENDPOINTS = ("search", "compare", "tables", "sources", "coverage", "openapi.json")
COVERAGE_CSV_HEADING = tuple(schemas.Covered.model_fields)


@router.get("/", response=schemas.Root, operation_id="root", url_name="root", summary="About this API")
@serve_json_or_csv(NoParameters)
def describe_api(request: HttpRequest) -> EndpointResult:
    """Describe the current snapshot, and link to everything else."""
    links = {name: request.build_absolute_uri(f"{API_PATH}/{name}") for name in LINKED_ENDPOINTS}
    links |= {name: request.build_absolute_uri(f"/{name}/") for name in ("api", "downloads")}
    return EndpointResult({"name": "Three Point", "kinds": list(KIND_BY_PATH)}, links=links)


@router.get("/sources", response=schemas.Sources, operation_id="sources", url_name="sources", summary="Sources")
@serve_json_or_csv(NoParameters)
def describe_sources(request: HttpRequest) -> EndpointResult:
    """List the sources of this snapshot by publisher, and what was left out."""
    return EndpointResult(make_jsonable(snapshot_access.read_sources(snapshot_access.get_snapshot(request))))


@router.get("/coverage", response=schemas.Coverage, operation_id="coverage", url_name="coverage", summary="Coverage")
@serve_json_or_csv(FormatParameters)
def describe_coverage(request: HttpRequest, parameters: Query[FormatParameters]) -> EndpointResult:
    """Report how much of what a comparison needs is published, by publisher and fact: overall and by type of notice."""
    coverage = snapshot_access.read_coverage(snapshot_access.get_snapshot(request))
    facts = [_describe_coverage_cell(coverage, None, key, cell) for key, cell in sorted(coverage.cells.items())]
    for notice, cells in coverage.of_notices.items():
        facts += [_describe_coverage_cell(coverage, notice, key, cell) for key, cell in sorted(cells.items())]
    rows = [[fact[name] for name in COVERAGE_CSV_HEADING] for fact in facts]
    return EndpointResult(
        {"groups": make_jsonable(coverage.counted), "facts": facts}, COVERAGE_CSV_HEADING, rows, "coverage"
    )


def _describe_coverage_cell(coverage: Any, notice: str | None, key: tuple[str, str], cell: Any) -> dict[str, Any]:
    publisher, fact = key
    return {
        "publisher": publisher, "group": coverage.groups.get(publisher), "notice": notice, "fact": fact,
        "due": cell.due, "filled": cell.filled, "missing": cell.missing,
    }  # fmt: skip
