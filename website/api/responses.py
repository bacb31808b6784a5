"""Parameters and responses of endpoints: JSON or CSV, with an ETag that depends on the snapshot."""

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

MAX_PAGE_ROWS, DEFAULT_PAGE_ROWS = 100, 20
JSON_MEDIA_TYPE, CSV_MEDIA_TYPE = "application/json", "text/csv"


class FormatParameters(Schema):
    """Parameters of every endpoint that can also answer with CSV."""

    format: Literal["json", "csv"] | None = Field(
        None, description="json or csv; default: what the Accept header asks for."
    )


class PageParameters(FormatParameters):
    """Parameters of a list."""

    size: int = Field(DEFAULT_PAGE_ROWS, ge=1, le=MAX_PAGE_ROWS, description="The number of rows on a page.")


class NoParameters(Schema):
    """Parameters of an endpoint that takes none."""


@dataclass(frozen=True)
class EndpointResult:
    """The result of an endpoint: a JSON body, heading and rows if it can also be CSV, and links to related URLs."""

    body: Mapping[str, Any]
    heading: Sequence[str] = ()
    rows: Iterable[Sequence[Any]] = ()
    name: str = "three-point"  # of the CSV file
    links: Mapping[str, str] = field(default_factory=dict)


EndpointView = Callable[..., EndpointResult | HttpResponse]


def serve_json_or_csv(parameters_schema: type[Schema]) -> Callable[[EndpointView], Callable[..., HttpResponse]]:
    """Decorate a view that returns an `EndpointResult`: refuse unknown parameters, and answer with JSON, CSV or 304."""
    known_fields = {(field.alias or name): field for name, field in parameters_schema.model_fields.items()}
    media_types = (JSON_MEDIA_TYPE, CSV_MEDIA_TYPE) if "format" in known_fields else (JSON_MEDIA_TYPE,)

    def etag(request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
        _refuse_unknown_parameters(request, known_fields)
        return page_cache.etag_for(request, _choose_media_type(request, media_types))

    def decorate(view: EndpointView) -> Callable[..., HttpResponse]:
        @wraps(view)
        @page_cache.require_revalidation
        @vary_on_headers("Accept", "Accept-Language")
        @condition(etag_func=etag)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            result = view(request, *args, **kwargs)
            return (
                result
                if isinstance(result, HttpResponse)
                else _write_response(request, result, _choose_media_type(request, media_types))
            )

        return answer

    return decorate


def _refuse_unknown_parameters(request: HttpRequest, known_fields: Mapping[str, Any]) -> None:
    for name, values in request.GET.lists():
        if name not in known_fields:
            raise problems.make_unknown_parameter_error(name, known_fields)
        if len(values) > 1 and "list" not in str(known_fields[name].annotation):
            raise RequestRefused(400, _("The parameter “%s” is given more than once.") % name, _("Give it once."))


def _choose_media_type(request: HttpRequest, media_types: Sequence[str]) -> str:
    """Return the type that `format` names, otherwise the first that the Accept header accepts."""
    requested = {"json": JSON_MEDIA_TYPE, "csv": CSV_MEDIA_TYPE}.get(request.GET.get("format", ""))
    media_type = requested or request.get_preferred_type(media_types)
    if media_type is None:
        advice = _("Send no Accept header, or one that accepts %s.") % _(" or ").join(media_types)
        raise RequestRefused(
            406, _("This answer is not available in the format that the Accept header asks for."), advice
        )
    return str(media_type)


def _write_response(request: HttpRequest, result: EndpointResult, media_type: str) -> HttpResponse:
    if media_type == CSV_MEDIA_TYPE:
        response = csv_export.build_csv_response([result.heading, *result.rows], f"{result.name}.csv")
    else:
        document = {
            **result.body,
            "links": dict(result.links),
            "about": describe_snapshot(snapshot_access.get_snapshot(request)),
        }
        text = json.dumps(document, ensure_ascii=False)
        response = HttpResponse(text.encode("utf-8", "backslashreplace"), content_type=JSON_MEDIA_TYPE)
    page_links = [f'<{href}>; rel="{name}"' for name, href in result.links.items() if name in ("next", "prev")]
    if page_links:
        response.headers["Link"] = ", ".join(page_links)
    return response


def describe_snapshot(snapshot: snapshot_access.Snapshot) -> dict[str, str]:
    """Return the `about` object of every answer: its snapshot, and the licence of the data."""
    return {
        "snapshot": snapshot.name,
        "as_of": snapshot.as_of.isoformat(),
        "built_at": snapshot.built_at.isoformat(),
        "standard": SDES_VERSION,
        "licence": ATTRIBUTION_TEXTS["data"],
    }


def build_request_url(request: HttpRequest, **changed: str) -> str:
    """Return the URL of this request with some parameters changed."""
    parameters = request.GET.copy()
    for name, value in changed.items():
        parameters[name] = value
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
