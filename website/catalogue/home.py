"""The home page: what is in here, and what was published last."""

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
    """What is in here, where to begin, and what was published last."""
    snapshot = snapshot_access.get_snapshot(request)
    wish = snapshot_access.SearchRequest(
        only={"kind": ("contract", "project")}, order="newest", size=MAX_NEWEST_RECORDS, counted=()
    )
    hits = snapshot_access.search_records(snapshot, wish).hits
    outline = snapshot_access.summarise_snapshot(snapshot)
    front = {
        "held": _summarise_contents(snapshot, outline),
        "newest": [
            (Link(hit.shown.get("title") or hit.id, search_labels.build_hit_url(hit)), _format_latest_event(hit))
            for hit in hits
        ],
        "synthetic": bool(set(outline.notices) & set(SYNTHETIC_GROUPS)),
        "partly": bool(set(outline.notices) - set(SYNTHETIC_GROUPS)) or bool(snapshot.manifest["tables"].get("scheme")),
    }
    return render(request, "catalogue/home.html", {"front": front})


def _summarise_contents(snapshot: snapshot_access.Snapshot, outline: snapshot_access.SnapshotSummary) -> str:
    """What is in here, in one line: notices by who published them, of which years lists are, and what was made up."""
    projects, unread = snapshot.manifest["tables"].get("scheme", 0), snapshot.manifest.get("quarantined", 0)
    made_up, home = sum(outline.notices.get(group, 0) for group in SYNTHETIC_GROUPS), outline.notices.get("uk", 0)
    others, ours = sum(outline.notices.values()) - home - made_up, outline.payments_made_up
    told = [
        (ngettext("%(n)s notice of UK publishers", "%(n)s notices of UK publishers", home), home),
        (ngettext("%(n)s notice of others", "%(n)s notices of others", others), others),
        (ngettext("%(n)s major project", "%(n)s major projects", projects), projects),
        *_count_list_rows(outline),
        (ngettext("%(n)s notice that was made up", "%(n)s notices that were made up", made_up), made_up),
        (ngettext("%(n)s payment that was made up", "%(n)s payments that were made up", ours), ours),
    ]
    could_not = ngettext("%(n)s part we could not read", "%(n)s parts we could not read", unread)
    return " · ".join(words % {"n": f"{n:,}"} for words, n in [*(one for one in told if one[1]), (could_not, unread)])


def _count_list_rows(outline: snapshot_access.SnapshotSummary) -> list[tuple[str, int]]:
    """Of each list the words for its lines, with the first and last year of theirs, and how many there are."""
    payments, sales, plans = (outline.lines[name] for name in ("spend", "sale", "pipeline_entry"))
    said = (
        (ngettext("%(n)s payment", "%(n)s payments", payments[0]), payments),
        (ngettext("%(n)s sale", "%(n)s sales", sales[0]), sales),
        (ngettext("%(n)s plan to buy", "%(n)s plans to buy", plans[0]), plans),
    )
    return [(words + _format_year_range(first, last), number) for words, (number, first, last) in said]


def _format_year_range(first: int | None, last: int | None) -> str:
    """The first and last year of a list, in brackets; empty where nothing tells."""
    if not first:
        return ""
    return f" ({first})" if first == last else _(" (%(first)d to %(last)d)") % {"first": first, "last": last}


def _format_latest_event(hit: snapshot_access.SearchHit) -> str:
    """One plain line: who, where it stands, when."""
    who = hit.shown.get("buyer") or _("a body without a name")
    status = search_labels.format_status(hit)
    made_up = _("synthetic") if hit.shown.get("synthetic") else ""
    return " · ".join(part for part in (who, status, search_labels.format_newest_day(hit), made_up) if part)
