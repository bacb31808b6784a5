"""Endpoints for one record, and for a few records side by side."""

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
from website.api.responses import EndpointResult, FormatParameters, serve_json_or_csv
from website.common import snapshot_access
from website.common.record_urls import KIND_BY_PATH, build_record_api_url, build_record_url

router = Router()
FACT_FIELDS = tuple(schemas.Fact.model_fields)
RECORD_CSV_HEADING = ("kind", "id", "fact", *FACT_FIELDS[1:])  # the column of the fact's name is called “fact”


def _make_record_endpoint(path: str) -> Any:
    @serve_json_or_csv(FormatParameters)
    def answer_with_record(
        request: HttpRequest, ident: str, parameters: Query[FormatParameters]
    ) -> EndpointResult | HttpResponse:
        snapshot = snapshot_access.get_snapshot(request)
        reference = snapshot_access.get_by_id(snapshot, ident)
        if reference is None or reference.kind != KIND_BY_PATH[path]:
            return _redirect_to_record(request, ident)
        record = snapshot_access.read_record(snapshot, reference)
        links = {"page": request.build_absolute_uri(build_record_url(record.kind, record.id))}
        return EndpointResult(make_jsonable(record), RECORD_CSV_HEADING, _list_fact_rows(record), path, links)

    return answer_with_record


for _path in KIND_BY_PATH:
    router.get(
        f"/{_path}/{{path:ident}}", response=schemas.Record, operation_id=_path, url_name=_path, summary=f"One of {_path}",
        description="One record: each fact with its value, state, source and date. An id may contain slashes. Other"
        " identifiers, such as a notice number or a company number, redirect to the record.",
    )(_make_record_endpoint(_path))  # fmt: skip


def _list_fact_rows(record: Record) -> list[tuple[Any, ...]]:
    return [(record.kind, record.id, *(getattr(fact, name) for name in FACT_FIELDS)) for fact in record.facts.values()]


def _redirect_to_record(request: HttpRequest, ident: str) -> HttpResponse:
    record = _find_record(snapshot_access.get_snapshot(request), ident)
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return HttpResponseRedirect(build_record_api_url(record.kind, record.id) + query)


def _find_record(snapshot: snapshot_access.Snapshot, ident: str) -> snapshot_access.RecordReference:
    try:
        return snapshot_access.resolve_identifier(snapshot, ident)
    except AmbiguousIdError as error:
        advice = " ".join(str(error).split())
        raise RequestRefused(404, _("Several records are called %s.") % quote_input(ident), advice) from None
    except UserError:
        raise RequestRefused(
            404, _("This snapshot has no record called %s.") % quote_input(ident),
            _("Give an ocid, or a contract, notice, GMPP, company or organisation id; or search with /api/v1/search."),
        ) from None  # fmt: skip


class CompareParameters(FormatParameters):
    """Parameters of a comparison."""

    id: list[str] = Field(
        description="The ids of 2 to 6 records, in the order of the columns.", min_length=2, max_length=MAX_COMPARED_RECORDS,
        json_schema_extra={"uniqueItems": True},
    )  # fmt: skip


@router.get(
    "/compare", response=schemas.Comparison, operation_id="compare", url_name="compare", summary="Records side by side"
)
@serve_json_or_csv(CompareParameters)
def describe_comparison(request: HttpRequest, parameters: Query[CompareParameters]) -> EndpointResult:
    """Compare 2 to 6 records side by side. If figures cannot be compared, the response gives the reason instead."""
    snapshot = snapshot_access.get_snapshot(request)
    references = {record.id: record for record in (_find_record(snapshot, ident) for ident in parameters.id)}
    if len(references) < 2:
        raise RequestRefused(400, _("These ids all belong to one record."), _("Give the ids of 2 to 6 records."))
    try:
        comparison = compare_records([snapshot_access.read_record(snapshot, record) for record in references.values()])
    except UserError as error:
        raise RequestRefused(
            422, str(error), _("Compare contracts, procurements and awards, or major projects.")
        ) from None
    rows = [
        (line.group, line.label, ident, cell.text, cell.state, cell.note, cell.source)
        for line in comparison.lines
        for ident, cell in zip(comparison.ids, line.cells, strict=True)
    ]
    heading = ("group", "label", "id", "text", "state", "note", "source")
    return EndpointResult(comparison.in_words(), heading, rows, "compare")
