"""What this is, what it was made from, and how full it is."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from threepoint.presentation.jsonable import plain
from website.api import schemas
from website.api.responses import Answer, Asked, Nothing, answering
from website.common import snapshot_access
from website.common.record_urls import API, KINDS

router = Router()
PLACES = ("search", "compare", "tables", "sources", "coverage", "openapi.json")
HEADING = tuple(schemas.Covered.model_fields)


@router.get("/", response=schemas.Root, operation_id="root", url_name="root", summary="What this is")
@answering(Nothing)
def root(request: HttpRequest) -> Answer:
    """The snapshot that is read, and where to go from here."""
    links = {name: request.build_absolute_uri(f"{API}/{name}") for name in PLACES}
    links |= {name: request.build_absolute_uri(f"/{name}/") for name in ("api", "downloads")}
    return Answer({"name": "Three Point", "kinds": list(KINDS)}, links=links)


@router.get("/sources", response=schemas.Sources, operation_id="sources", url_name="sources", summary="Sources")
@answering(Nothing)
def sources(request: HttpRequest) -> Answer:
    """What this snapshot was made from, by publisher, and what was left out of it."""
    return Answer(plain(snapshot_access.holdings(snapshot_access.current(request))))


@router.get("/coverage", response=schemas.Coverage, operation_id="coverage", url_name="coverage", summary="Coverage")
@answering(Asked)
def coverage(request: HttpRequest, asked: Query[Asked]) -> Answer:
    """How much of what a comparison needs is published, by publisher and fact, in all and by type of notice."""
    told = snapshot_access.coverage(snapshot_access.current(request))
    found = [_covered(told, None, key, cell) for key, cell in sorted(told.cells.items())]
    for notice, cells in told.of_notices.items():
        found += [_covered(told, notice, key, cell) for key, cell in sorted(cells.items())]
    rows = [[one[name] for name in HEADING] for one in found]
    return Answer({"groups": plain(told.counted), "facts": found}, HEADING, rows, "coverage")


def _covered(told: Any, notice: str | None, key: tuple[str, str], cell: Any) -> dict[str, Any]:
    publisher, fact = key
    return {
        "publisher": publisher, "group": told.groups.get(publisher), "notice": notice, "fact": fact,
        "due": cell.due, "filled": cell.filled, "missing": cell.missing,
    }  # fmt: skip
