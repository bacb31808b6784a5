"""URLs of records, on the pages and in the API."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

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


def build_url(name: str, parameters: Mapping[str, str | Sequence[str]], *path_arguments: str) -> str:
    """Return the URL of a named pattern, with query parameters."""
    path = reverse(name, args=path_arguments)
    return f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path


def build_record_url(kind: str, ident: str) -> str:
    """Return the URL of a record's page. Slashes in ids stay; other special characters are quoted."""
    return f"/{PATH_BY_KIND[kind]}/{quote(ident, safe='/')}"


def build_missing_fields_url(publisher: str) -> str:
    """Return the URL of a publisher's missing fields; empty for a name with a line break, which no URL can contain."""
    try:
        return reverse("gap", args=[publisher])
    except NoReverseMatch:
        return ""


def build_record_api_url(kind: str, ident: str) -> str:
    """Return the URL of a record in the API; with `?format=csv` it has one row a fact."""
    return f"{API_PATH}{build_record_url(kind, ident)}"
