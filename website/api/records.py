"""The record of one thing, and a few things side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from ninja import Field, Query, Router

from threepoint.compare import MAX_COMPARED_RECORDS, compare_records
from threepoint.errors import AmbiguousIdError, UserError
from threepoint.presentation.jsonable import make_jsonable
from threepoint.presentation.records import Record
from website.api import schemas
from website.api.problems import RequestRefused, quote_input
from website.api.responses import Asked, EndpointResult, serve_json_or_csv
from website.common import snapshot_access
from website.common.record_urls import KIND_BY_PATH, build_record_api_url, build_record_url

router = Router()
FACT_FIELDS = tuple(schemas.Fact.model_fields)
RECORD_CSV_HEADING = ("kind", "id", "fact", *FACT_FIELDS[1:])  # its name is headed “fact”


def _make_record_endpoint(place: str) -> Any:
    """The endpoint of one kind of thing."""

    @serve_json_or_csv(Asked)
    def record(request: HttpRequest, ident: str, asked: Query[Asked]) -> EndpointResult | HttpResponse:
        snapshot = snapshot_access.get_snapshot(request)
        thing = snapshot_access.get_by_id(snapshot, ident)
        if thing is None or thing.kind != KIND_BY_PATH[place]:
            return _redirect_to_record(request, ident)
        found = snapshot_access.read_record(snapshot, thing)
        links = {"page": request.build_absolute_uri(build_record_url(found.kind, found.id))}
        return EndpointResult(make_jsonable(found), RECORD_CSV_HEADING, _list_fact_rows(found), place, links)

    return record


for _place in KIND_BY_PATH:
    router.get(
        f"/{_place}/{{path:ident}}", response=schemas.Record, operation_id=_place, url_name=_place, summary=f"One of {_place}",
        description="Its record: each fact with value, state, source and date. An id may hold slashes. Another name of a"
        " thing, such as a notice's number or a company's, leads on to its own address.",
    )(_make_record_endpoint(_place))  # fmt: skip


def _list_fact_rows(found: Record) -> list[tuple[Any, ...]]:
    """A row a fact."""
    return [(found.kind, found.id, *(getattr(fact, name) for name in FACT_FIELDS)) for fact in found.facts.values()]


def _redirect_to_record(request: HttpRequest, ident: str) -> HttpResponse:
    """The address of what is called so."""
    thing = _find_record(snapshot_access.get_snapshot(request), ident)
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return HttpResponseRedirect(build_record_api_url(thing.kind, thing.id) + query)


def _find_record(snapshot: snapshot_access.Snapshot, ident: str) -> snapshot_access.RecordReference:
    try:
        return snapshot_access.resolve_identifier(snapshot, ident)
    except AmbiguousIdError as why:
        told = " ".join(str(why).split())
        raise RequestRefused(404, _("The name %s is that of several things.") % quote_input(ident), told) from None
    except UserError:
        raise RequestRefused(
            404, _("Nothing in this snapshot is called %s.") % quote_input(ident),
            _("Give an ocid, or a contract, notice, GMPP, company or organisation id; or look for it with /api/v1/search."),
        ) from None  # fmt: skip


class Sides(Asked):
    """What is compared."""

    id: list[str] = Field(
        description="The ids of two to six things, in the order of the columns.", min_length=2, max_length=MAX_COMPARED_RECORDS,
        json_schema_extra={"uniqueItems": True},
    )  # fmt: skip


@router.get(
    "/compare", response=schemas.Comparison, operation_id="compare", url_name="compare", summary="A few side by side"
)
@serve_json_or_csv(Sides)
def describe_comparison(request: HttpRequest, asked: Query[Sides]) -> EndpointResult:
    """Two to six things side by side. Where figures cannot be compared, the reason stands in their place."""
    snapshot = snapshot_access.get_snapshot(request)
    things = {thing.id: thing for thing in (_find_record(snapshot, ident) for ident in asked.id)}
    if len(things) < 2:
        raise RequestRefused(400, _("These ids are all of one thing."), _("Give the ids of two to six things."))
    try:
        told = compare_records([snapshot_access.read_record(snapshot, thing) for thing in things.values()])
    except UserError as why:
        raise RequestRefused(
            422, str(why), _("Compare contracts, procurements and awards, or major projects.")
        ) from None
    rows = [
        (line.group, line.label, ident, cell.text, cell.state, cell.note, cell.source)
        for line in told.lines
        for ident, cell in zip(told.ids, line.cells, strict=True)
    ]
    heading = ("group", "label", "id", "text", "state", "note", "source")
    return EndpointResult(told.in_words(), heading, rows, "compare")
