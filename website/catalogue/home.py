"""The home page: contents of the snapshot and the newest records."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.standard.publishers import SYNTHETIC_GROUPS
from website.common import search_labels, snapshot_access
from website.common.components import Link
from website.common.page_cache import cache_per_snapshot

MAX_NEWEST_RECORDS = 3


@cache_per_snapshot
def show_home_page(request):
    snapshot = snapshot_access.get_snapshot(request)
    search_request = snapshot_access.SearchRequest(
        only={"kind": ("contract", "project")}, order="newest", size=MAX_NEWEST_RECORDS, counted=()
    )
    hits = snapshot_access.search_records(snapshot, search_request).hits
    summary = snapshot_access.summarise_snapshot(snapshot)
    front = {
        "contents": _summarise_contents(snapshot, summary),
        "newest": [
            (Link(hit.shown.get("title") or hit.id, search_labels.build_hit_url(hit)), _format_latest_event(hit))
            for hit in hits
        ],
        "synthetic": bool(set(summary.notices) & set(SYNTHETIC_GROUPS)),
        "partly": bool(set(summary.notices) - set(SYNTHETIC_GROUPS)) or bool(snapshot.manifest["tables"].get("scheme")),
    }
    return render(request, "catalogue/home.html", {"front": front})


def _summarise_contents(snapshot: snapshot_access.Snapshot, summary: snapshot_access.SnapshotSummary) -> str:
    """Return one line of counts: notices by publisher group, projects, rows of lists with their years, and synthetic data."""
    projects, unread = snapshot.manifest["tables"].get("scheme", 0), snapshot.manifest.get("quarantined", 0)
    synthetic, uk = sum(summary.notices.get(group, 0) for group in SYNTHETIC_GROUPS), summary.notices.get("uk", 0)
    others, synthetic_payments = sum(summary.notices.values()) - uk - synthetic, summary.payments_made_up
    counts = [
        (ngettext("%(n)s notice from UK publishers", "%(n)s notices from UK publishers", uk), uk),
        (ngettext("%(n)s notice from other publishers", "%(n)s notices from other publishers", others), others),
        (ngettext("%(n)s major project", "%(n)s major projects", projects), projects),
        *_count_list_rows(summary),
        (ngettext("%(n)s synthetic notice", "%(n)s synthetic notices", synthetic), synthetic),
        (ngettext("%(n)s synthetic payment", "%(n)s synthetic payments", synthetic_payments), synthetic_payments),
    ]
    unread_label = ngettext(
        "%(n)s part of a file that we could not read", "%(n)s parts of files that we could not read", unread
    )
    shown = [*((label, n) for label, n in counts if n), (unread_label, unread)]
    return " · ".join(label % {"n": f"{n:,}"} for label, n in shown)


def _count_list_rows(summary: snapshot_access.SnapshotSummary) -> list[tuple[str, int]]:
    """Return a label with the first and last year, and the number of rows, for each list."""
    payments, sales, plans = (summary.lines[name] for name in ("spend", "sale", "pipeline_entry"))
    lists = (
        (ngettext("%(n)s payment", "%(n)s payments", payments[0]), payments),
        (ngettext("%(n)s sale", "%(n)s sales", sales[0]), sales),
        (ngettext("%(n)s plan to buy", "%(n)s plans to buy", plans[0]), plans),
    )
    return [(label + _format_year_range(first, last), number) for label, (number, first, last) in lists]


def _format_year_range(first: int | None, last: int | None) -> str:
    """Return the years in brackets; empty where no year is known."""
    if not first:
        return ""
    return f" ({first})" if first == last else _(" (%(first)d to %(last)d)") % {"first": first, "last": last}


def _format_latest_event(hit: snapshot_access.SearchHit) -> str:
    """Return the buyer, the status and the newest day, in one line."""
    buyer = search_labels.format_buyer(hit) if hit.shown.get("buyer") else _("buyer not named")
    status = search_labels.format_status(hit)
    synthetic = _("synthetic") if hit.shown.get("synthetic") else ""
    return " · ".join(part for part in (buyer, status, search_labels.format_newest_day(hit), synthetic) if part)
