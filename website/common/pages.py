"""What every page shows around itself: the navigation and the foot. Each address is named once, here.

A place whose address does not exist yet is left out, so a page never links to nothing.
"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Place:
    """A link: its words, and the name of its address in urls.py."""

    words: str | Promise
    name: str


SERVICE = (
    Place(_("Search"), "search"),
    Place(_("Compare"), "compare"),
    Place(_("Sources and coverage"), "sources"),
    Place(_("How it is worked out"), "method"),
)
FOOT = (
    Place(_("Check before you publish"), "check"),
    Place(_("Changed without a notice"), "changes"),
    Place(_("Accessibility statement"), "accessibility"),
    Place(_("Privacy"), "privacy"),
    Place(_("API"), "api"),
    Place(_("Downloads"), "downloads"),
    Place(_("Design"), "design"),
)


def around(request):
    """Context processor: `frame`, what stands around each page, and `search`, the address of the search, if there is one."""
    urls, here = settings.ROOT_URLCONF, request.path
    active = tuple(place.name for place, href in _existing(SERVICE, urls) if here.startswith(href))
    return {"frame": frame(active), "search": _search(urls)}


def frame(active: tuple[str, ...] = ()) -> dict[str, str]:
    """What stands around a page, drawn; nothing of it hangs on the request but which place is active."""
    return _frame(settings.ROOT_URLCONF, get_language(), active)


@cache
def _frame(_urls: str, language: str | None, active: tuple[str, ...]) -> dict[str, str]:
    """The head and the foot of all pages of which the same place is active: the same words and links each time."""
    return {
        "language": language or settings.LANGUAGE_CODE,
        "name": gettext("Three Point"),
        "head": render_to_string("common/head.html"),
        "header": render_to_string("common/header.html", {"service": links(SERVICE, active)}),
        "footer": render_to_string("common/footer.html", {"foot": links(FOOT)}),
    }


@cache
def _search(_urls: str) -> str:
    return address("search")


def links(places: tuple[Place, ...], active: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """The places that exist; those named in `active` are the page that is shown, or stand above it."""
    found = _existing(places, settings.ROOT_URLCONF)
    return [{"words": place.words, "href": href, "active": place.name in active} for place, href in found]


@cache
def _existing(places: tuple[Place, ...], _urls: str) -> list[tuple[Place, str]]:
    """The places with their addresses, which no request changes."""
    return [(place, href) for place in places if (href := address(place.name))]


def address(name: str, *of: str) -> str:
    """The address of that name, of a publisher and such; empty where there is none, as for a name with a line's end in it."""
    try:
        return reverse(name, args=of)
    except NoReverseMatch:
        return ""
