"""The record of one thing, and a few things side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from ninja import Field, Query, Router

from threepoint.compare import MOST, side_by_side
from threepoint.errors import Ambiguous, Problem
from threepoint.presentation.jsonable import plain
from threepoint.presentation.records import Record
from website.api import schemas
from website.api.problems import Refused, quoted
from website.api.responses import Answer, Asked, answering
from website.common import snapshot_access
from website.common.record_urls import KINDS, address_of, data_of

router = Router()
FACT = tuple(schemas.Fact.model_fields)
HEADING = ("kind", "id", "fact", *FACT[1:])  # its name is headed “fact”


def _record_of(place: str) -> Any:
    """The endpoint of one kind of thing."""

    @answering(Asked)
    def record(request: HttpRequest, ident: str, asked: Query[Asked]) -> Answer | HttpResponse:
        snapshot = snapshot_access.current(request)
        thing = snapshot_access.at(snapshot, ident)
        if thing is None or thing.kind != KINDS[place]:
            return _elsewhere(request, ident)
        found = snapshot_access.record(snapshot, thing)
        links = {"page": request.build_absolute_uri(address_of(found.kind, found.id))}
        return Answer(plain(found), HEADING, _rows(found), place, links)

    return record


for _place in KINDS:
    router.get(
        f"/{_place}/{{path:ident}}", response=schemas.Record, operation_id=_place, url_name=_place, summary=f"One of {_place}",
        description="Its record: each fact with value, state, source and date. An id may hold slashes. Another name of a"
        " thing, such as a notice's number or a company's, leads on to its own address.",
    )(_record_of(_place))  # fmt: skip


def _rows(found: Record) -> list[tuple[Any, ...]]:
    """A row a fact."""
    return [(found.kind, found.id, *(getattr(fact, name) for name in FACT)) for fact in found.facts.values()]


def _elsewhere(request: HttpRequest, ident: str) -> HttpResponse:
    """The address of what is called so."""
    thing = _found(snapshot_access.current(request), ident)
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return HttpResponseRedirect(data_of(thing.kind, thing.id) + query)


def _found(snapshot: snapshot_access.Snapshot, ident: str) -> snapshot_access.Thing:
    try:
        return snapshot_access.find(snapshot, ident)
    except Ambiguous as why:
        told = " ".join(str(why).split())
        raise Refused(404, _("The name %s is that of several things.") % quoted(ident), told) from None
    except Problem:
        raise Refused(
            404, _("Nothing in this snapshot is called %s.") % quoted(ident),
            _("Give an ocid, or a contract, notice, GMPP, company or organisation id; or look for it with /api/v1/search."),
        ) from None  # fmt: skip


class Sides(Asked):
    """What is compared."""

    id: list[str] = Field(
        description="The ids of two to six things, in the order of the columns.", min_length=2, max_length=MOST,
        json_schema_extra={"uniqueItems": True},
    )  # fmt: skip


@router.get(
    "/compare", response=schemas.Comparison, operation_id="compare", url_name="compare", summary="A few side by side"
)
@answering(Sides)
def compare(request: HttpRequest, asked: Query[Sides]) -> Answer:
    """Two to six things side by side. Where figures cannot be compared, the reason stands in their place."""
    snapshot = snapshot_access.current(request)
    things = {thing.id: thing for thing in (_found(snapshot, ident) for ident in asked.id)}
    if len(things) < 2:
        raise Refused(400, _("These ids are all of one thing."), _("Give the ids of two to six things."))
    try:
        told = side_by_side([snapshot_access.record(snapshot, thing) for thing in things.values()])
    except Problem as why:
        raise Refused(422, str(why), _("Compare contracts, procurements and awards, or major projects.")) from None
    rows = [
        (line.group, line.label, ident, cell.text, cell.state, cell.note, cell.source)
        for line in told.lines
        for ident, cell in zip(told.ids, line.cells, strict=True)
    ]
    heading = ("group", "label", "id", "text", "state", "note", "source")
    return Answer(told.in_words(), heading, rows, "compare")
