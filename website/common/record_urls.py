"""Where the page of a thing is."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

# The path of each kind of thing, and what one is called.
PATHS = {
    "contracting_process": "processes",
    "contract": "contracts",
    "award": "awards",
    "organisation": "organisations",
    "scheme": "projects",
    "spend": "payments",
    "sale": "sales",
    "pipeline_entry": "plans",
}
API = "/api/v1"
KINDS = {path: kind for kind, path in PATHS.items()}
NAMES = {
    "contracting_process": _("Procurement"),
    "contract": _("Contract"),
    "award": _("Award"),
    "organisation": _("Organisation"),
    "scheme": _("Major project"),
    "spend": _("Payment"),
    "sale": _("Sale"),
    "pipeline_entry": _("Plan to buy"),
    "scheme_year": _("Report on a major project"),
}


def address(name: str, asked: Mapping[str, str | Sequence[str]], *of: str) -> str:
    """Return the address of that name in urls.py, with what is asked there."""
    path = reverse(name, args=of)
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def address_of(kind: str, ident: str) -> str:
    """The address of a thing's page. Ids hold slashes, which stay; whatever else has a meaning in addresses is quoted."""
    return f"/{PATHS[kind]}/{quote(ident, safe='/')}"


def address_of_gaps(publisher: str) -> str:
    """Return the address of what a publisher has not reported; empty for a name with a line's end, which no address holds."""
    try:
        return reverse("gap", args=[publisher])
    except NoReverseMatch:
        return ""


def data_of(kind: str, ident: str) -> str:
    """The address of the same thing as data, in the API; `?format=csv` gives a row a fact."""
    return f"{API}{address_of(kind, ident)}"
