"""What every page that reads a snapshot has in common: it is that snapshot's page, until there is another snapshot."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache as cache_forever
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from website.common import facts
from website.common.addresses import API

MADE_OF = (".py", ".html", ".css", ".js", ".json")  # suffixes of what pages are made of
View = Callable[..., HttpResponse]
NEVER_KEPT = (f"{API}/", "/static/", "/downloads/", "/healthz", "/readyz")
LONGEST_KEPT = 300_000  # bytes of a page that is kept in memory


class Unready:
    """Middleware: where there is no snapshot to read, a page that says what to do."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, why: Exception) -> HttpResponse | None:
        """The page for Unready; anything else goes on."""
        if not isinstance(why, facts.Unready):
            return None
        return render(request, "common/unready.html", {"why": str(why)}, status=503)


class Kept:
    """Middleware: a page that was made before is given again as it left the site, packed and with its headers.

    It stands before all others but the one that names requests. So it keeps only what they let through and what is the same for
    everyone: answers of `of_snapshot` without a cookie, each for its scheme, host and address, packed or not.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _kept_as(request)
        held = cache.get(key) if key else None
        if held is not None:
            return HttpResponse(held[0], headers=held[1])
        response = self.get_response(request)
        if key and getattr(response, "of_snapshot", False) and not response.cookies:
            cache.set(key, (response.content, dict(response.headers)))
        return response


def _kept_as(request: HttpRequest) -> str:
    """What the answer to a request is kept as; empty for requests whose answer is never kept."""
    if (
        request.method not in ("GET", "HEAD")
        or "If-None-Match" in request.headers
        or request.path.startswith(NEVER_KEPT)
    ):
        return ""
    try:
        packed = "packed" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
        return f"{tag_of(request)}-{packed}"
    except (SuspiciousOperation, facts.Unready):  # told in words by those who come after
        return ""


def of_snapshot(view: View) -> View:
    """Marks a view whose answer is told by its address and the snapshot alone: for everyone the same, signed in or not.

    `Kept` keeps its answers in memory, and a browser that has the newest is told so.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tag = tag_of(request)
        if is_held(request, tag):
            return marked(HttpResponse(status=304), tag)
        made = view(request, *args, **kwargs)
        if made.status_code != 200 or made.streaming:
            return made
        kept = len(made.content) <= LONGEST_KEPT
        made.of_snapshot = kept  # type: ignore[attr-defined]  # an answer holds what is told to a middleware
        return marked(made, tag)

    return answer


def tag_of(request: HttpRequest, form: str = "") -> str:
    """The ETag of the answer to a request, in one of the forms that its address may have; weak, since it may be packed."""
    snapshot = facts.current(request)
    where = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"  # a page may hold its own address
    told = f"{snapshot.folder}|{_program()}|{get_language()}|{where}|{form}"
    return f'W/"{hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:24]}"'


def is_held(request: HttpRequest, tag: str) -> bool:
    """Whether the reader has the answer of that ETag already."""
    return tag in parse_etags(request.headers.get("If-None-Match", ""))


@cache_forever
def _program() -> str:
    """The program and the settings that pages are made with: another one makes other pages of the same snapshot."""
    home = Path(__file__).resolve().parents[2]
    files = sorted(
        path for name in ("website", "threepoint") for path in (home / name).rglob("*") if path.suffix in MADE_OF
    )
    told = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256(
        "|".join([*told, settings.CONTACT, settings.DOCS, str(settings.API_RATE)]).encode()
    ).hexdigest()[:12]


def marked(response: HttpResponse, tag: str) -> HttpResponse:
    """The answer with its ETag: anyone may keep it, and asks each time whether it still holds."""
    response.headers["ETag"] = tag
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def as_of(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `as_of` says which snapshot a page was read from, where it was read from one."""
    held = getattr(request, "snapshot", None)
    return {"as_of": _as_of(held.name, held.made, held.manifest["as_of"], get_language()) if held else ""}


@lru_cache(maxsize=20)  # languages, and snapshots that are still being read
def _as_of(name: str, made: datetime, day: str, _language: str | None) -> str:
    told = {"snapshot": {"name": name, "as_of": date.fromisoformat(day), "made": made}}
    return render_to_string("common/as_of.html", told)
