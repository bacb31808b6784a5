"""Labels for search: values of facets, and the fields of a hit."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threepoint.presentation import formatting
from threepoint.standard.amounts import Amount
from threepoint.standard.code_lists import CODE_LABELS, NOTICE_TYPES, STAGE_LABELS, TECHNOLOGY_CPV_PREFIXES
from website.common import snapshot_access, value_display
from website.common.components import TableEntry
from website.common.record_urls import build_record_url

KIND_LABELS_PLURAL = {
    "contract": gettext_lazy("Procurements and contracts"),
    "project": gettext_lazy("Major projects"),
    "sale": gettext_lazy("Sales"),
    "plan": gettext_lazy("Plans to buy"),
    "organisation": gettext_lazy("Organisations"),
}
KIND_LABELS_SINGULAR = {
    "contract": gettext_lazy("Contract"),
    "project": gettext_lazy("Major project"),
    "sale": gettext_lazy("Sale"),
    "plan": gettext_lazy("Plan to buy"),
    "organisation": gettext_lazy("Organisation"),
}
FACET_LABELS = {
    "kind": gettext_lazy("Kind"),
    "status": gettext_lazy("Status"),
    "year": gettext_lazy("Year of latest notice or report"),
    "band": gettext_lazy("Size"),
    "category": gettext_lazy("Category"),
    "cpv": gettext_lazy("What is bought (CPV)"),
    "notice_type": gettext_lazy("Notice type"),
    "buyer": gettext_lazy("Buyer"),
    "supplier": gettext_lazy("Supplier"),
    "publisher": gettext_lazy("Published by"),
}
STATUS_LABELS = {
    **CODE_LABELS["phase"],
    **STAGE_LABELS,
    "reported": "in the latest report",
    "not_reported_now": "not in the latest report",
}
VALUE_BASIS_LABELS = {
    "contract": gettext_lazy("value of its contracts"),
    "award": gettext_lazy("value of its awards"),
    "estimate": gettext_lazy("estimate"),
    "whole-life cost": gettext_lazy("whole-life cost"),
    "sale": gettext_lazy("sold in a month"),
    "plan": gettext_lazy("planned"),
}
COMPARABLE_HIT_KINDS = ("contract", "project")
MISSING_VALUE_LABELS = {
    "none": gettext_lazy("not reported"),
    "withheld": gettext_lazy("withheld in the latest report"),
    "gross": gettext_lazy("published with VAT only"),
    "part": gettext_lazy("published for part of it only"),
    "currency": gettext_lazy("no currency stated for part of it"),
    "currencies": gettext_lazy("in several currencies"),
}


def format_facet_value(snapshot: snapshot_access.Snapshot, facet: str, code: str) -> str:
    """Return the label of a facet's value; the name of an organisation."""
    if facet in ("buyer", "supplier"):
        organisation = snapshot_access.get_by_id(snapshot, code)
        unnamed = _("name not published (%s)") % code if organisation else code
        return organisation.title if organisation and organisation.title else unnamed
    if facet == "cpv":
        meaning = snapshot_access.read_cpv_groups(snapshot).get(code) or next(
            (text for group, text in TECHNOLOGY_CPV_PREFIXES.items() if code.startswith(group)), ""
        )
        return f"{code}: {meaning}" if meaning else code
    if facet == "notice_type":
        return f"{code} {NOTICE_TYPES[code][0]}" if code in NOTICE_TYPES else code
    if facet == "category":
        return formatting.format_code("gmpp_category", code)
    return str(
        KIND_LABELS_PLURAL.get(code, code)
        if facet == "kind"
        else STATUS_LABELS.get(code, code)
        if facet == "status"
        else code
    )


def build_hit_url(hit: snapshot_access.SearchHit) -> str:
    """Return the URL of a hit: its contract if it has exactly one, otherwise its procurement."""
    if hit.kind == "contract" and hit.shown.get("contract"):
        return build_record_url("contract", hit.shown["contract"])
    kind = {"contract": "contracting_process", "project": "scheme", "plan": "pipeline_entry"}.get(hit.kind, hit.kind)
    return build_record_url(kind, hit.id)


def get_compared_id(hit: snapshot_access.SearchHit) -> str:
    """Return the id under which a hit is compared."""
    return str(hit.shown.get("contract") or hit.id)


def format_kind(hit: snapshot_access.SearchHit) -> str:
    if hit.kind == "contract" and not hit.shown.get("contracts"):
        return _("Procurement")
    return str(KIND_LABELS_SINGULAR[hit.kind])


def format_buyer(hit: snapshot_access.SearchHit) -> str:
    """Return the buyer; for a project, the department's full name."""
    buyer = hit.shown.get("buyer") or "–"
    return formatting.format_department(buyer) if hit.kind == "project" else buyer


def format_suppliers(hit: snapshot_access.SearchHit) -> str:
    """Return the names of at most three suppliers, and how many more there are."""
    names, more = hit.shown.get("suppliers") or [], hit.shown.get("more_suppliers") or 0
    return ", ".join(names) + (_(" and %d more") % more if more else "") or "–"


def make_value_entry(hit: snapshot_access.SearchHit) -> TableEntry:
    """Return the value of a hit and what the value is of (contracts, awards, estimate), or why there is none."""
    amount = hit.shown.get("value")
    if not amount:
        return TableEntry(state=str(MISSING_VALUE_LABELS.get(hit.shown.get("gap") or "", MISSING_VALUE_LABELS["none"])))
    currency = hit.shown.get("currency")
    basis, value_day = VALUE_BASIS_LABELS.get(hit.shown.get("of") or "", ""), hit.shown.get("value_on")
    if value_day and value_day != hit.shown.get("day"):  # the value is from an older report than the newest
        basis = _("%(of)s, as of %(day)s") % {
            "of": basis,
            "day": formatting.format_date(date.fromisoformat(value_day)),
        }
    return value_display.make_entry(Amount(Decimal(amount), currency), state=basis)


def format_newest_day(hit: snapshot_access.SearchHit) -> str:
    """Return the day of a hit's newest notice or report; for a sale, its month."""
    if not hit.shown.get("day"):
        return "–"
    day = date.fromisoformat(hit.shown["day"])
    return f"{day:%B %Y}" if hit.kind == "sale" else formatting.format_date(day)


def format_other_day(hit: snapshot_access.SearchHit, name: str) -> str:
    """Return another day of a hit: `ends`, the latest end of its contracts in delivery, or `approach`, when a plan goes to market."""
    day = hit.shown.get(name)
    return formatting.format_date(date.fromisoformat(day)) if day else ""


def format_status(hit: snapshot_access.SearchHit) -> str:
    return STATUS_LABELS.get(hit.shown.get("status") or "", "")
