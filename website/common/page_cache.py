"""Pages that are read from a snapshot: kept, and known to browsers, until there is another snapshot."""

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

PAGE_SOURCE_SUFFIXES = (".py", ".html", ".css", ".js", ".json")  # suffixes of what pages are made of
MAX_CACHED_PAGE_BYTES = 300_000  # of a page that is kept in memory
View = Callable[..., HttpResponse]

# Anyone may keep an answer, and asks each time whether it is still true.
require_revalidation = cache_control(public=True, max_age=0, must_revalidate=True)


class SnapshotNotReadyMiddleware:
    """Middleware: where there is no snapshot to read, a page that says what to do."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, why: Exception) -> HttpResponse | None:
        """The page for Unready; anything else goes on."""
        if not isinstance(why, snapshot_access.SnapshotNotReady):
            return None
        return render(request, "common/unready.html", {"why": str(why)}, status=503)


def cache_per_snapshot(view: View) -> View:
    """Decorate a page that depends on its address and the snapshot alone, and is the same for everyone, signed in or not.

    It is kept in memory until there is another snapshot, and a browser that has it gets 304.
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
    """Return whether the page holds a form's token or looked at who asks; middleware adds the cookie after the view."""
    session = getattr(request, "session", None)
    return "CSRF_COOKIE_NEEDS_UPDATE" in request.META or bool(session and session.accessed)


def etag_for(request: HttpRequest, form: str = "") -> str:
    """Return the ETag of the answer to a request, in one of its forms; weak, since it may be packed."""
    address = request.build_absolute_uri()  # with the host: a page may hold its own address
    told = f"{snapshot_access.get_snapshot(request).folder}|{_hash_program()}|{get_language()}|{address}|{form}"
    return f'W/"{hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:24]}"'


@cache_forever
def _hash_program() -> str:
    """The program and the settings that pages are made with: another one makes other pages of the same snapshot."""
    home = Path(__file__).resolve().parents[2]
    files = sorted(
        path
        for name in ("website", "threepoint")
        for path in (home / name).rglob("*")
        if path.suffix in PAGE_SOURCE_SUFFIXES
    )
    told = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256(
        "|".join([*told, settings.CONTACT, settings.DOCS, str(settings.API_RATE)]).encode()
    ).hexdigest()[:12]


def add_snapshot_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `snapshot_shown`, on every page that is asked for and not only where it was read; None without one."""
    if request.method in ("GET", "HEAD"):
        with suppress(snapshot_access.SnapshotNotReady):
            snapshot_access.get_snapshot(request)
    return {"snapshot_shown": getattr(request, "snapshot", None)}
