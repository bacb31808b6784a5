"""Version 1 of the API: all endpoints, and the OpenAPI document at /api/v1/openapi.json."""

import math
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ninja import NinjaAPI
from ninja.errors import Throttled, ValidationError

from website.api import about, problems, records, search, tables
from website.api.problems import Problem, RequestRefused
from website.api.responses import CSV_MEDIA_TYPE
from website.common import snapshot_access
from website.common.rate_limits import ReaderThrottle

API_DESCRIPTION = """Contracts, major projects, payments and the organisations in them, as public bodies published them. Each fact \
has its state, source and date. The API is read-only. Every answer names the snapshot it was read from, and has an ETag. Read \
/api/ first."""
REFUSAL_STATUSES = (400, 404, 405, 406, 409, 422, 429, 500, 503)
SNAPSHOT_RETRY_SECONDS = 300


class ThreePointApi(NinjaAPI):
    """An API whose OpenAPI document also describes errors, CSV, and redirects and 304. The document is built once."""

    openapi_document: Any = None

    def get_openapi_schema(self, *, path_prefix: Any = None, path_params: Any = None) -> Any:
        """Return the OpenAPI document."""
        if self.openapi_document is not None:
            return self.openapi_document
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        ref = "#/components/schemas/{model}"
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema(ref_template=ref)
        for path in document["paths"].values():
            for operation in path.values():
                _add_common_responses(operation)
        self.openapi_document = document
        return document


def _add_common_responses(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    problem_content = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status in REFUSAL_STATUSES:
        responses[status] = {
            "description": str(problems.TITLE_BY_STATUS[status]),
            "content": {problems.PROBLEM_MEDIA_TYPE: problem_content},
        }
    responses[302] = {"description": "The record is at the URL in the Location header."}
    responses[304] = {"description": "You already have this answer: its ETag is in If-None-Match."}
    if any(parameter["name"] == "format" for parameter in operation["parameters"]):
        responses[200]["content"][CSV_MEDIA_TYPE] = {"schema": {"type": "string"}}


api = ThreePointApi(
    title="Three Point",
    version="1",
    description=API_DESCRIPTION,
    docs_url=None,  # ninja's page has inline script, which the content policy blocks; our guide is at /api/
    urls_namespace="api-v1",
    throttle=ReaderThrottle("api", settings.API_RATE),
)
for _router in (about.router, search.router, records.router, tables.router):
    api.add_router("", _router)


@api.exception_handler(RequestRefused)
def _handle_refused_request(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.build_problem_response(error.status, error.detail, error.what_to_do)


@api.exception_handler(ValidationError)
def _handle_invalid_value(request: HttpRequest, error: Any) -> HttpResponse:
    return _handle_refused_request(request, problems.make_invalid_value_error(error.errors))


@api.exception_handler(Throttled)
def _handle_throttled_request(request: HttpRequest, error: Any) -> HttpResponse:
    """Refuse a reader who sends too many requests; ninja adds Retry-After."""
    rate, seconds = settings.API_RATE, math.ceil(error.wait or 60)
    limit = (
        ngettext("Each reader may send %d request a minute", "Each reader may send %d requests a minute", rate) % rate
    )
    wait = ngettext("Wait %d second, then try again.", "Wait %d seconds, then try again.", seconds) % seconds
    advice = _("%s To get all of the data, download the files at /downloads/ instead.") % wait
    return problems.build_problem_response(429, _("%s, and you have sent more.") % limit, advice)


@api.exception_handler(Http404)
def _handle_not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.build_problem_response(404)


@api.exception_handler(snapshot_access.SnapshotNotReady)
def _handle_missing_snapshot(request: HttpRequest, error: Any) -> HttpResponse:
    response = problems.build_problem_response(
        503, str(error), _("Try again later. Only the operator of this site can run these commands.")
    )
    response.headers["Retry-After"] = str(SNAPSHOT_RETRY_SECONDS)
    return response
