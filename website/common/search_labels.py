"""Words for what search gives: values of facets, and what a hit shows."""

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
    "status": gettext_lazy("Where it stands"),
    "year": gettext_lazy("Newest year"),
    "band": gettext_lazy("Size"),
    "category": gettext_lazy("Category"),
    "cpv": gettext_lazy("What was bought (CPV)"),
    "notice_type": gettext_lazy("Has a notice of the type"),
    "buyer": gettext_lazy("Buyer"),
    "supplier": gettext_lazy("Supplier"),
    "publisher": gettext_lazy("Published by"),
}
STATUS_LABELS = {
    **STAGE_LABELS,
    **CODE_LABELS["phase"],
    "reported": "in the newest report",
    "not_reported_now": "no longer reported",
}
VALUE_BASIS_LABELS = {
    "contract": gettext_lazy("value of its contracts"),
    "award": gettext_lazy("value of its awards"),
    "estimate": gettext_lazy("estimate"),
    "whole-life cost": gettext_lazy("whole-life cost"),
    "sale": gettext_lazy("sold in a month"),
    "plan": gettext_lazy("planned"),
}
COMPARABLE_HIT_KINDS = ("contract", "project")  # kinds that can be set side by side


# Why there is no sum.
MISSING_VALUE_LABELS = {
    "none": gettext_lazy("not reported"),
    "withheld": gettext_lazy("withheld in the newest report"),
    "gross": gettext_lazy("published with VAT alone"),
    "part": gettext_lazy("published for a part of it alone"),
    "currency": gettext_lazy("no currency stated for a part of it"),
    "currencies": gettext_lazy("in several currencies"),
}


def format_facet_value(snapshot: snapshot_access.Snapshot, facet: str, code: str) -> str:
    """A value of a facet in words; an organisation by its name."""
    if facet in ("buyer", "supplier"):
        found = snapshot_access.get_by_id(snapshot, code)
        unnamed = _("name not published (%s)") % code if found else code
        return found.title if found and found.title else unnamed
    if facet == "cpv":
        said = snapshot_access.read_cpv_groups(snapshot).get(code) or next(
            (text for group, text in TECHNOLOGY_CPV_PREFIXES.items() if code.startswith(group)), ""
        )
        return f"{code}: {said}" if said else code
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
    """Where a hit leads: to its one contract, where it became one, else to the procurement."""
    if hit.kind == "contract" and hit.shown.get("contract"):
        return build_record_url("contract", hit.shown["contract"])
    kind = {"contract": "contracting_process", "project": "scheme", "plan": "pipeline_entry"}.get(hit.kind, hit.kind)
    return build_record_url(kind, hit.id)


def get_compared_id(hit: snapshot_access.SearchHit) -> str:
    """The id that a hit is compared by."""
    return str(hit.shown.get("contract") or hit.id)


def format_kind(hit: snapshot_access.SearchHit) -> str:
    """What a hit is called."""
    if hit.kind == "contract" and not hit.shown.get("contracts"):
        return _("Procurement")
    return str(KIND_LABELS_SINGULAR[hit.kind])


def format_buyer(hit: snapshot_access.SearchHit) -> str:
    """Who buys; a project's department in full."""
    named = hit.shown.get("buyer") or "–"
    return formatting.format_department(named) if hit.kind == "project" else named


def format_suppliers(hit: snapshot_access.SearchHit) -> str:
    """The suppliers of a hit, three at most and how many more."""
    named, more = hit.shown.get("suppliers") or [], hit.shown.get("more_suppliers") or 0
    return ", ".join(named) + (_(" and %d more") % more if more else "") or "–"


def make_value_entry(hit: snapshot_access.SearchHit) -> TableEntry:
    """What a hit is worth, and of what that is the value."""
    amount = hit.shown.get("value")
    if not amount:
        return TableEntry(state=str(MISSING_VALUE_LABELS.get(hit.shown.get("gap") or "", MISSING_VALUE_LABELS["none"])))
    currency = hit.shown.get("currency")
    of, told_for = VALUE_BASIS_LABELS.get(hit.shown.get("of") or "", ""), hit.shown.get("value_on")
    if told_for and told_for != hit.shown.get("day"):  # an older report than the newest
        of = _("%(of)s, as of %(day)s") % {"of": of, "day": formatting.format_date(date.fromisoformat(told_for))}
    return value_display.make_entry(Amount(Decimal(amount), currency), state=of)


def format_newest_day(hit: snapshot_access.SearchHit) -> str:
    """The day of a hit's newest notice or report; the month of a sale."""
    told = hit.shown.get("day")
    if not told:
        return "–"
    day = date.fromisoformat(told)
    return f"{day:%B %Y}" if hit.kind == "sale" else formatting.format_date(day)


def format_other_day(hit: snapshot_access.SearchHit, name: str) -> str:
    """Another day of a hit: the last one on which a contract in delivery of it `ends`, or a plan's `approach` to the market."""
    told = hit.shown.get(name)
    return formatting.format_date(date.fromisoformat(told)) if told else ""


def format_status(hit: snapshot_access.SearchHit) -> str:
    """Where a hit stands."""
    return STATUS_LABELS.get(hit.shown.get("status") or "", "")
