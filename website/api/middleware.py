"""API middleware: allowed methods, CORS, and one form for all errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from website.api import problems
from website.common.json_logs import get_request_id
from website.common.record_urls import API_PATH

ALLOWED_METHODS = "GET, HEAD, OPTIONS"
# Any site may read: nothing here is told by who asks, and no cookie is looked at.
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
    """Middleware: concerns addresses of the API alone."""

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
    """Errors that came as a page, as a problem."""
    if response.status_code < 400 or response.headers.get("Content-Type") == problems.PROBLEM_MEDIA_TYPE:
        return response
    more = {"request_id": get_request_id()} if response.status_code >= 500 else {}
    return problems.build_problem_response(response.status_code, **more)


def _refuse_method(request: HttpRequest) -> HttpResponse:
    detail = _("%s is not possible: nothing can be changed through the API.") % problems.quote_input(
        request.method or ""
    )
    response = problems.build_problem_response(405, detail, _("Use GET."))
    response.headers["Allow"] = ALLOWED_METHODS
    return response
