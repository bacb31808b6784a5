"""Where the page of a thing is."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

# The path of each kind of thing, and what one is called.
PATH_BY_KIND = {
    "contracting_process": "processes",
    "contract": "contracts",
    "award": "awards",
    "organisation": "organisations",
    "scheme": "projects",
    "spend": "payments",
    "sale": "sales",
    "pipeline_entry": "plans",
}
API_PATH = "/api/v1"
KIND_BY_PATH = {path: kind for kind, path in PATH_BY_KIND.items()}
RECORD_KIND_LABELS = {
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


def build_url(name: str, asked: Mapping[str, str | Sequence[str]], *of: str) -> str:
    """Return the address of that name in urls.py, with what is asked there."""
    path = reverse(name, args=of)
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def build_record_url(kind: str, ident: str) -> str:
    """The address of a thing's page. Ids hold slashes, which stay; whatever else has a meaning in addresses is quoted."""
    return f"/{PATH_BY_KIND[kind]}/{quote(ident, safe='/')}"


def build_missing_fields_url(publisher: str) -> str:
    """Return the address of what a publisher has not reported; empty for a name with a line's end, which no address holds."""
    try:
        return reverse("gap", args=[publisher])
    except NoReverseMatch:
        return ""


def build_record_api_url(kind: str, ident: str) -> str:
    """The address of the same thing as data, in the API; `?format=csv` gives a row a fact."""
    return f"{API_PATH}{build_record_url(kind, ident)}"
