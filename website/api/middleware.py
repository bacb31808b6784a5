"""API middleware: allowed methods, CORS, and one format for all errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from website.api import problems
from website.common.json_logs import get_request_id
from website.common.record_urls import API_PATH

ALLOWED_METHODS = "GET, HEAD, OPTIONS"
# Any site may read the API, because no response depends on the reader or on cookies.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After, X-Request-ID",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT_HEADERS = {
    "Allow": ALLOWED_METHODS,
    "Access-Control-Allow-Methods": ALLOWED_METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",  # seconds
}


class ApiMiddleware:
    """Middleware for URLs of the API; other requests pass through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"{request.path_info}/".startswith(f"{API_PATH}/"):
            return self.get_response(request)
        response = self._answer(request)
        for name, value in CORS_HEADERS.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT_HEADERS)
        if request.method not in ("GET", "HEAD"):
            return _refuse_method(request)
        method, request.method = request.method, "GET"
        response = _convert_error_page(self.get_response(request))
        request.method = method
        if method == "HEAD":
            length = response.headers.get("Content-Length", str(len(response.content)))
            response.content = b""
            response.headers["Content-Length"] = length
        return response


def _convert_error_page(response: HttpResponse) -> HttpResponse:
    if response.status_code < 400 or response.headers.get("Content-Type") == problems.PROBLEM_MEDIA_TYPE:
        return response
    extra_fields = {"request_id": get_request_id()} if response.status_code >= 500 else {}
    return problems.build_problem_response(response.status_code, **extra_fields)


def _refuse_method(request: HttpRequest) -> HttpResponse:
    method = problems.quote_input(request.method or "")
    detail = _("%s is not possible: you cannot change anything through the API.") % method
    response = problems.build_problem_response(405, detail, _("Use GET."))
    response.headers["Allow"] = ALLOWED_METHODS
    return response
