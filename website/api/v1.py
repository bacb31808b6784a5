"""The endpoints together, with their OpenAPI at /api/v1/openapi.json."""

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

API_DESCRIPTION = """Contracts, major projects, payments and who is in them, as public bodies published them, each fact with its \
state, its source and its date. Reading only. Every answer names the snapshot it was read from, and has its ETag. Read /api/ first."""
REFUSAL_STATUSES = (400, 404, 405, 406, 409, 422, 429, 500, 503)
SNAPSHOT_RETRY_SECONDS = 300  # seconds


class ThreePointApi(NinjaAPI):
    """An API whose OpenAPI tells of refusals, of CSV, and of “you have it already” too. It is made once."""

    made: Any = None

    def get_openapi_schema(self, *, path_prefix: Any = None, path_params: Any = None) -> Any:
        """The OpenAPI document."""
        if self.made is not None:
            return self.made
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        ref = "#/components/schemas/{model}"
        made["components"]["schemas"]["Problem"] = Problem.model_json_schema(ref_template=ref)
        for path in made["paths"].values():
            for operation in path.values():
                _add_common_responses(operation)
        self.made = made
        return made


def _add_common_responses(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    refused = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status in REFUSAL_STATUSES:
        answers[status] = {
            "description": str(problems.TITLE_BY_STATUS[status]),
            "content": {problems.PROBLEM_MEDIA_TYPE: refused},
        }
    answers[302] = {"description": "It is at the address in Location."}
    answers[304] = {"description": "You have it already: its ETag is the one in If-None-Match."}
    if any(one["name"] == "format" for one in operation["parameters"]):
        answers[200]["content"][CSV_MEDIA_TYPE] = {"schema": {"type": "string"}}


api = ThreePointApi(
    title="Three Point",
    version="1",
    description=API_DESCRIPTION,
    docs_url=None,  # its page holds script of its own, and ours is at /api/
    urls_namespace="api-v1",
    throttle=ReaderThrottle("api", settings.API_RATE),
)
for _router in (about.router, search.router, records.router, tables.router):
    api.add_router("", _router)


@api.exception_handler(RequestRefused)
def _handle_refused_request(request: HttpRequest, why: Any) -> HttpResponse:
    return problems.build_problem_response(why.status, why.detail, why.what_to_do)


@api.exception_handler(ValidationError)
def _handle_invalid_value(request: HttpRequest, why: Any) -> HttpResponse:
    return _handle_refused_request(request, problems.make_invalid_value_error(why.errors))


@api.exception_handler(Throttled)
def _handle_throttled_request(request: HttpRequest, why: Any) -> HttpResponse:
    """Refuse a reader who asks too often; ninja adds Retry-After."""
    rate, seconds = settings.API_RATE, math.ceil(why.wait or 60)
    limit = ngettext("%d request a minute is answered", "%d requests a minute are answered", rate) % rate
    wait = ngettext("Wait %d second, then go on.", "Wait %d seconds, then go on.", seconds) % seconds
    said = _("%s For all of the data, take the files at /downloads/ instead.") % wait
    return problems.build_problem_response(429, _("%s for each reader, and you have sent more.") % limit, said)


@api.exception_handler(Http404)
def _handle_not_found(request: HttpRequest, why: Any) -> HttpResponse:
    return problems.build_problem_response(404)


@api.exception_handler(snapshot_access.SnapshotNotReady)
def _handle_missing_snapshot(request: HttpRequest, why: Any) -> HttpResponse:
    made = problems.build_problem_response(
        503, str(why), _("Try again later. What has to be run is for whoever runs this site.")
    )
    made.headers["Retry-After"] = str(SNAPSHOT_RETRY_SECONDS)
    return made
