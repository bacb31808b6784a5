"""API middleware: allowed methods, CORS, and one form for all errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from website.api import problems
from website.common.json_logs import request_id
from website.common.record_urls import API

METHODS = "GET, HEAD, OPTIONS"
# Any site may read: nothing here is told by who asks, and no cookie is looked at.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After, X-Request-ID",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",  # seconds
}


class Front:
    """Middleware: concerns addresses of the API alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"{request.path_info}/".startswith(f"{API}/"):
            return self.get_response(request)
        response = self._answer(request)
        for name, value in OPEN.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method not in ("GET", "HEAD"):
            return _not_allowed(request)
        method, request.method = request.method, "GET"
        response = _in_words(self.get_response(request))
        request.method = method
        if method == "HEAD":
            length = response.headers.get("Content-Length", str(len(response.content)))
            response.content = b""
            response.headers["Content-Length"] = length
        return response


def _in_words(response: HttpResponse) -> HttpResponse:
    """Errors that came as a page, as a problem."""
    if response.status_code < 400 or response.headers.get("Content-Type") == problems.MEDIA:
        return response
    more = {"request_id": request_id()} if response.status_code >= 500 else {}
    return problems.answer(response.status_code, **more)


def _not_allowed(request: HttpRequest) -> HttpResponse:
    detail = _("%s is not possible: nothing can be changed through the API.") % problems.quoted(request.method or "")
    response = problems.answer(405, detail, _("Use GET."))
    response.headers["Allow"] = METHODS
    return response
