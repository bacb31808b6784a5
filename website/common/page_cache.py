"""Cache for pages that depend only on the snapshot, in memory and in browsers (ETag), until there is a new snapshot."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache as cache_forever
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers

from website.common import snapshot_access

PAGE_SOURCE_SUFFIXES = (".py", ".html", ".txt", ".css", ".js", ".json")  # of files that can change a page
MAX_CACHED_PAGE_BYTES = 300_000
View = Callable[..., HttpResponse]

# Any cache may store a response, and must revalidate it each time.
require_revalidation = cache_control(public=True, max_age=0, must_revalidate=True)


class SnapshotNotReadyMiddleware:
    """Middleware: answer `SnapshotNotReady` with a page that says what to do."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, snapshot_access.SnapshotNotReady):
            return None
        return render(request, "common/unready.html", {"why": str(error)}, status=503)


def cache_per_snapshot(view: View) -> View:
    """Decorate a page that depends only on its URL and the snapshot, and is the same for everyone, signed in or not.

    The page stays in memory until there is a new snapshot, and a browser that has it gets 304.
    """
    make_page = gzip_page(view)

    @wraps(view)
    @require_revalidation
    @vary_on_headers("Accept-Language")
    @condition(etag_func=lambda request, *_args, **_kwargs: etag_for(request))
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = "packed" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
        key = f"{etag_for(request)}-{form}"
        response: HttpResponse | None = cache.get(key)
        if response is None:
            response = make_page(request, *args, **kwargs)
            if (
                response.status_code == 200
                and len(response.content) <= MAX_CACHED_PAGE_BYTES
                and not _is_personal(request)
            ):
                cache.set(key, response)
        return response

    return answer


def _is_personal(request: HttpRequest) -> bool:
    """Return True if the page contains a CSRF token or read the session; middleware adds the cookie after the view."""
    session = getattr(request, "session", None)
    return "CSRF_COOKIE_NEEDS_UPDATE" in request.META or bool(session and session.accessed)


def etag_for(request: HttpRequest, form: str = "") -> str:
    """Return the ETag of the response in one of its forms; weak, because the response may be compressed."""
    url = request.build_absolute_uri()  # with the host, because a page may contain its own URL
    identity = f"{snapshot_access.get_snapshot(request).folder}|{_hash_program()}|{get_language()}|{url}|{form}"
    return f'W/"{hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:24]}"'


@cache_forever
def _hash_program() -> str:
    """Return a hash of the source files and settings that can change the pages of a snapshot."""
    root = Path(__file__).resolve().parents[2]
    files = sorted(
        path
        for name in ("website", "threepoint")
        for path in (root / name).rglob("*")
        if path.suffix in PAGE_SOURCE_SUFFIXES
    )
    stamps = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256(
        "|".join([*stamps, settings.CONTACT, settings.DOCS, str(settings.API_RATE)]).encode()
    ).hexdigest()[:12]


def add_snapshot_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `snapshot_shown`, also on pages that do not read the snapshot themselves; None if there is none."""
    if request.method in ("GET", "HEAD"):
        with suppress(snapshot_access.SnapshotNotReady):
            snapshot_access.get_snapshot(request)
    return {"snapshot_shown": getattr(request, "snapshot", None)}
