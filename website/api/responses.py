"""What may be asked, and in which form the answer is given: JSON or CSV, with the snapshot's own ETag."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers
from ninja import Field, Schema

from threepoint.standard.sdes import ATTRIBUTION_TEXTS, SDES_VERSION
from website.api import problems
from website.api.problems import RequestRefused
from website.common import csv_export, page_cache, snapshot_access

MAX_PAGE_ROWS, DEFAULT_PAGE_ROWS = 100, 20  # rows of a page
JSON_MEDIA_TYPE, CSV_MEDIA_TYPE = "application/json", "text/csv"


class Asked(Schema):
    """What every endpoint may be asked that answers as a table too."""

    format: Literal["json", "csv"] | None = Field(None, description="json or csv; else as the header Accept says.")


class PageParameters(Asked):
    """What may be asked of a list."""

    size: int = Field(DEFAULT_PAGE_ROWS, ge=1, le=MAX_PAGE_ROWS, description="How many rows of it to give.")


class NoParameters(Schema):
    """Nothing may be asked."""


@dataclass(frozen=True)
class EndpointResult:
    """What is found: as JSON, and as a heading and rows of CSV where it is a table. `links` lead on from it."""

    body: Mapping[str, Any]
    heading: Sequence[str] = ()
    rows: Iterable[Sequence[Any]] = ()
    name: str = "three-point"  # of the file
    links: Mapping[str, str] = field(default_factory=dict)


EndpointView = Callable[..., EndpointResult | HttpResponse]


def serve_json_or_csv(known: type[Schema]) -> Callable[[EndpointView], Callable[..., HttpResponse]]:
    """Marks a view that gives an Answer: refuses what it does not know, and gives JSON or CSV, or “you have it already”."""
    names = {(one.alias or name): one for name, one in known.model_fields.items()}
    forms = (JSON_MEDIA_TYPE, CSV_MEDIA_TYPE) if "format" in names else (JSON_MEDIA_TYPE,)

    def etag(request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
        _refuse_unknown_parameters(request, names)
        return page_cache.etag_for(request, _choose_media_type(request, forms))

    def decorate(view: EndpointView) -> Callable[..., HttpResponse]:
        @wraps(view)
        @page_cache.require_revalidation
        @vary_on_headers("Accept", "Accept-Language")
        @condition(etag_func=etag)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            found = view(request, *args, **kwargs)
            return (
                found
                if isinstance(found, HttpResponse)
                else _write_response(request, found, _choose_media_type(request, forms))
            )

        return answer

    return decorate


def _refuse_unknown_parameters(request: HttpRequest, names: Mapping[str, Any]) -> None:
    for name, values in request.GET.lists():
        if name not in names:
            raise problems.make_unknown_parameter_error(name, names)
        if len(values) > 1 and "list" not in str(names[name].annotation):
            raise RequestRefused(400, _("The parameter “%s” is given more than once.") % name, _("Give it once."))


def _choose_media_type(request: HttpRequest, forms: Sequence[str]) -> str:
    """The form that is wanted: as `format` says, else the first that Accept takes."""
    wanted = {"json": JSON_MEDIA_TYPE, "csv": CSV_MEDIA_TYPE}.get(request.GET.get("format", ""))
    found = wanted or request.get_preferred_type(forms)
    if found is None:
        told = _("Send no header Accept, or one that takes %s.") % _(" or ").join(forms)
        raise RequestRefused(406, _("This answer cannot be given in the form that the header Accept asks for."), told)
    return str(found)


def _write_response(request: HttpRequest, found: EndpointResult, form: str) -> HttpResponse:
    if form == CSV_MEDIA_TYPE:
        made = csv_export.build_csv_response([found.heading, *found.rows], f"{found.name}.csv")
    else:
        told = {
            **found.body,
            "links": dict(found.links),
            "about": describe_snapshot(snapshot_access.get_snapshot(request)),
        }
        text = json.dumps(told, ensure_ascii=False)
        made = HttpResponse(text.encode("utf-8", "backslashreplace"), content_type=JSON_MEDIA_TYPE)
    on = [f'<{href}>; rel="{name}"' for name, href in found.links.items() if name in ("next", "prev")]
    if on:
        made.headers["Link"] = ", ".join(on)
    return made


def describe_snapshot(snapshot: snapshot_access.Snapshot) -> dict[str, str]:
    """What every answer says of itself: the snapshot it was read from, and whose data it is."""
    return {
        "snapshot": snapshot.name,
        "as_of": snapshot.as_of.isoformat(),
        "made": snapshot.made.isoformat(),
        "standard": SDES_VERSION,
        "licence": ATTRIBUTION_TEXTS["data"],
    }


def build_request_url(request: HttpRequest, **changed: str) -> str:
    """The address of this request with some parameters changed."""
    asked = request.GET.copy()
    for name, value in changed.items():
        asked[name] = value
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
