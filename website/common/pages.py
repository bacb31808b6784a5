"""What every page shows around itself: the navigation and the foot. Each address is named once, here.

A place whose address does not exist yet is left out, so a page never links to nothing.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
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
    """Context processor: `service` and `foot`, each a list of links; `search` is the address of the search, if there is one."""
    return {
        "service": links(SERVICE, request.path),
        "foot": links(FOOT, request.path),
        "search": address("search"),
    }


def links(places: tuple[Place, ...], here: str = "") -> list[dict[str, object]]:
    """The places that exist; `active` is the one whose page, or a page below it, is shown."""
    found = [(place, address(place.name)) for place in places]
    return [{"words": p.words, "href": href, "active": here.startswith(href)} for p, href in found if href]


def address(name: str, *of: str) -> str:
    """The address of that name, of a publisher and such; empty where there is none, as for a name with a line's end in it."""
    try:
        return reverse(name, args=of)
    except NoReverseMatch:
        return ""
